extension JSONValue {
  /// Reads one JSON value (RFC 8259); `path` names the text in errors.
  ///
  /// - Throws: ``TraceError/damaged(path:line:column:reason:)`` at the first byte that does not fit. Values may nest
  ///   256 deep, which keeps hostile input off the stack's end.
  public init(parsing text: String, path: String = "JSON") throws(TraceError) {
    var reader = JSONReader(bytes: Array(text.utf8), path: path)
    self = try reader.document()
  }
}

/// A recursive-descent reader over bytes.
private struct JSONReader {
  let bytes: [UInt8]
  let path: String
  var position = 0

  static let depthLimit = 256

  mutating func document() throws(TraceError) -> JSONValue {
    let value = try value(depth: 0)
    skipSpace()
    guard position == bytes.count else { throw damage("something follows the end of the value") }
    return value
  }

  private mutating func value(depth: Int) throws(TraceError) -> JSONValue {
    guard depth < Self.depthLimit else { throw damage("values nest more than \(Self.depthLimit) deep") }
    skipSpace()
    guard let byte = peek else { throw damage("the text ends where a value is expected") }
    switch byte {
    case UInt8(ascii: "{"): return try object(depth: depth)
    case UInt8(ascii: "["): return try array(depth: depth)
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "t"): return try word("true", .bool(true))
    case UInt8(ascii: "f"): return try word("false", .bool(false))
    case UInt8(ascii: "n"): return try word("null", .null)
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try number()
    default: throw damage("no JSON value begins here")
    }
  }

  private mutating func object(depth: Int) throws(TraceError) -> JSONValue {
    position += 1
    var members: [JSONValue.Member] = []
    skipSpace()
    if take(UInt8(ascii: "}")) { return .object(members) }
    repeat {
      skipSpace()
      guard peek == UInt8(ascii: "\"") else { throw damage("a key in quotes is expected") }
      let key = try string()
      skipSpace()
      guard take(UInt8(ascii: ":")) else { throw damage("':' is expected after the key \"\(key)\"") }
      members.append(JSONValue.Member(key, try value(depth: depth + 1)))
      skipSpace()
    } while take(UInt8(ascii: ","))
    guard take(UInt8(ascii: "}")) else { throw damage("',' or '}' is expected") }
    return .object(members)
  }

  private mutating func array(depth: Int) throws(TraceError) -> JSONValue {
    position += 1
    var elements: [JSONValue] = []
    skipSpace()
    if take(UInt8(ascii: "]")) { return .array(elements) }
    repeat {
      elements.append(try value(depth: depth + 1))
      skipSpace()
    } while take(UInt8(ascii: ","))
    guard take(UInt8(ascii: "]")) else { throw damage("',' or ']' is expected") }
    return .array(elements)
  }

  private mutating func word(_ word: String, _ value: JSONValue) throws(TraceError) -> JSONValue {
    guard bytes[position...].starts(with: word.utf8) else { throw damage("no JSON value begins here") }
    position += word.utf8.count
    return value
  }

  private mutating func number() throws(TraceError) -> JSONValue {
    let start = position
    _ = take(UInt8(ascii: "-"))
    let whole = skipDigits()
    guard whole > 0, whole == 1 || bytes[position - whole] != UInt8(ascii: "0") else {
      throw damage("not a number", at: start)
    }
    var isWhole = true
    if take(UInt8(ascii: ".")) {
      isWhole = false
      guard skipDigits() > 0 else { throw damage("not a number", at: start) }
    }
    if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
      isWhole = false
      if !take(UInt8(ascii: "+")) { _ = take(UInt8(ascii: "-")) }
      guard skipDigits() > 0 else { throw damage("not a number", at: start) }
    }
    let text = String(decoding: bytes[start..<position], as: UTF8.self)
    if isWhole, let integer = Int(text) { return .integer(integer) }
    if isWhole, let integer = UInt64(text) { return .unsigned(integer) }
    guard let number = Double(text), number.isFinite else { throw damage("the number \(text) is too large", at: start) }
    return .number(number)
  }

  private mutating func string() throws(TraceError) -> String {
    let start = position
    position += 1
    var content: [UInt8] = []
    while let byte = peek {
      switch byte {
      case UInt8(ascii: "\""):
        position += 1
        guard let text = String(validating: content, as: UTF8.self) else { throw damage("not UTF-8", at: start) }
        return text
      case UInt8(ascii: "\\"): content.append(contentsOf: String(try escape()).utf8)
      case 0..<32: throw damage("a control character stands in a text")
      default:
        content.append(byte)
        position += 1
      }
    }
    throw damage("the text that begins here does not end", at: start)
  }

  private mutating func escape() throws(TraceError) -> Unicode.Scalar {
    let start = position
    position += 1
    guard let byte = peek else { throw damage("the text ends in an escape") }
    position += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(byte)
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{c}"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "u"):
      var code = try hexadecimal()
      if (0xD800..<0xDC00).contains(code), take(UInt8(ascii: "\\")), take(UInt8(ascii: "u")) {
        let low = try hexadecimal()
        guard (0xDC00..<0xE000).contains(low) else { throw damage("half a surrogate pair", at: start) }
        code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
      }
      guard let scalar = Unicode.Scalar(code) else { throw damage("half a surrogate pair", at: start) }
      return scalar
    default: throw damage("no such escape", at: start)
    }
  }

  private mutating func hexadecimal() throws(TraceError) -> UInt32 {
    let digits = bytes[position...].prefix(4)
    guard digits.count == 4, digits.allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }),
      let code = UInt32(String(decoding: digits, as: UTF8.self), radix: 16)
    else { throw damage("four hexadecimal digits are expected") }
    position += 4
    return code
  }

  private var peek: UInt8? { position < bytes.count ? bytes[position] : nil }

  private mutating func take(_ byte: UInt8) -> Bool {
    guard peek == byte else { return false }
    position += 1
    return true
  }

  private mutating func skipSpace() {
    while let byte = peek, [0x20, 0x09, 0x0A, 0x0D].contains(byte) { position += 1 }
  }

  private mutating func skipDigits() -> Int {
    let start = position
    while let byte = peek, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { position += 1 }
    return position - start
  }

  private func damage(_ reason: String, at place: Int? = nil) -> TraceError {
    let before = bytes[..<(place ?? position)]
    let lineStart = before.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
    let line = before.reduce(1) { $1 == UInt8(ascii: "\n") ? $0 + 1 : $0 }
    return .damaged(path: path, line: line, column: before.count - lineStart + 1, reason: reason)
  }
}
