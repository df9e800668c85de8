extension JSONValue {
  /// Reads one JSON value (RFC 8259) from UTF-8 bytes; a byte order mark before it is skipped.
  ///
  /// Values may nest 256 deep, which keeps hostile input off the stack's end. The RFC leaves open what a key that stands
  /// twice in an object means; it is refused, since one of the two was not meant.
  ///
  /// - Parameter packsNumbers: whether a list that holds nothing but numbers becomes ``numbers(_:)``, for readers to
  ///   whom whole numbers are doubles too.
  /// - Throws: ``JSONSyntaxError`` at the first byte that does not fit.
  public init(parsing bytes: UnsafeRawBufferPointer, packsNumbers: Bool = false) throws(JSONSyntaxError) {
    var reader = JSONReader(bytes: bytes, packsNumbers: packsNumbers)
    self = try reader.document()
  }

  /// Reads one JSON value from an array of UTF-8 bytes.
  ///
  /// - Throws: ``JSONSyntaxError`` at the first byte that does not fit.
  public init(parsing bytes: [UInt8], packsNumbers: Bool = false) throws(JSONSyntaxError) {
    let result = bytes.withUnsafeBytes { buffer in
      Result { () throws(JSONSyntaxError) in try JSONValue(parsing: buffer, packsNumbers: packsNumbers) }
    }
    self = try result.get()
  }

  /// Reads one JSON value from a text.
  ///
  /// - Throws: ``JSONSyntaxError`` at the first byte that does not fit.
  public init(parsing text: String, packsNumbers: Bool = false) throws(JSONSyntaxError) {
    try self.init(parsing: Array(text.utf8), packsNumbers: packsNumbers)
  }
}

/// Why a text is no JSON, and where.
public struct JSONSyntaxError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The line, from 1.
  public var line: Int
  /// The column in bytes, from 1.
  public var column: Int
  /// What is wrong there.
  public var reason: String

  /// An error at a place.
  public init(line: Int, column: Int, reason: String) {
    self.line = line
    self.column = column
    self.reason = reason
  }

  /// `line:column: reason`.
  public var description: String { "\(line):\(column): \(reason)" }
}

/// A recursive-descent reader over bytes. Every byte is read through ``peek``, which alone looks where the end is.
struct JSONReader {
  let bytes: UnsafeRawBufferPointer
  let packsNumbers: Bool
  var position = 0

  static let depthLimit = 256

  /// Keys of an object up to which each is compared with all before it.
  private static let fewKeys = 16

  mutating func document() throws(JSONSyntaxError) -> JSONValue {
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
    let value = try value(depth: 0)
    skipSpace()
    guard position == bytes.count else { throw damage("something follows the end of the value") }
    return value
  }

  private mutating func value(depth: Int) throws(JSONSyntaxError) -> JSONValue {
    guard depth < Self.depthLimit else { throw damage("values nest more than \(Self.depthLimit) deep") }
    skipSpace()
    switch peek {
    case UInt8(ascii: "{"): return try object(depth: depth)
    case UInt8(ascii: "["): return try array(depth: depth)
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "t"): return try word("true", .bool(true))
    case UInt8(ascii: "f"): return try word("false", .bool(false))
    case UInt8(ascii: "n"): return try word("null", .null)
    case _ where beginsNumber: return try number().value
    case UInt8(ascii: "N"), UInt8(ascii: "I"): throw damage("JSON has no NaN and no Infinity")
    case UInt8(ascii: "/"), UInt8(ascii: "#"): throw damage("JSON has no comments")
    case nil: throw damage("the text ends where a value is expected")
    default: throw damage("no JSON value begins here")
    }
  }

  private mutating func object(depth: Int) throws(JSONSyntaxError) -> JSONValue {
    position += 1
    var members: [JSONValue.Member] = []
    var keys: Set<String> = []
    skipSpace()
    if take(UInt8(ascii: "}")) { return .object(members) }
    repeat {
      skipSpace()
      let place = position
      guard peek == UInt8(ascii: "\"") else { throw expected("a key in quotes") }
      let key = try string()
      if members.count == Self.fewKeys { keys = Set(members.map(\.key)) }
      let isNew = members.count < Self.fewKeys ? !members.contains { $0.key == key } : keys.insert(key).inserted
      guard isNew else { throw damage("the key \(shown(key)) stands twice in this object", at: place) }
      skipSpace()
      guard take(UInt8(ascii: ":")) else { throw expected("':'", " after the key \(shown(key))") }
      members.append(JSONValue.Member(key, try value(depth: depth + 1)))
      skipSpace()
    } while take(UInt8(ascii: ","))
    guard take(UInt8(ascii: "}")) else { throw expected("',' or '}'") }
    return .object(members)
  }

  private mutating func array(depth: Int) throws(JSONSyntaxError) -> JSONValue {
    position += 1
    var numbers: [Double] = []
    var elements: [JSONValue] = []
    skipSpace()
    if take(UInt8(ascii: "]")) { return .array(elements) }
    repeat {
      skipSpace()
      if packsNumbers, elements.isEmpty, beginsNumber {
        numbers.append(try number().double)
      } else {
        if !numbers.isEmpty { elements = numbers.map(JSONValue.number) }
        numbers = []
        elements.append(try value(depth: depth + 1))
      }
      skipSpace()
    } while take(UInt8(ascii: ","))
    guard take(UInt8(ascii: "]")) else { throw expected("',' or ']'") }
    return numbers.isEmpty ? .array(elements) : .numbers(numbers)
  }

  private mutating func word(_ word: StaticString, _ value: JSONValue) throws(JSONSyntaxError) -> JSONValue {
    let start = position
    for byte in UnsafeBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount) {
      guard take(byte) else { throw damage("no JSON value begins here", at: start) }
    }
    return value
  }

  var peek: UInt8? { position < bytes.count ? bytes[position] : nil }

  mutating func take(_ byte: UInt8) -> Bool {
    guard peek == byte else { return false }
    position += 1
    return true
  }

  mutating func skipSpace() {
    while let byte = peek, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { position += 1 }
  }

  private var beginsNumber: Bool {
    guard let byte = peek else { return false }
    return byte == UInt8(ascii: "-") || UInt8(ascii: "0") <= byte && byte <= UInt8(ascii: "9")
  }

  private func shown(_ key: String) -> String {
    let start = key.prefix(40)
    return start.endIndex < key.endIndex ? "\"\(start)…\"" : "\"\(key)\""
  }

  private func expected(_ what: String, _ place: String = "") -> JSONSyntaxError {
    damage(peek == nil ? "the text ends where \(what) is expected\(place)" : "\(what) is expected\(place)")
  }

  func damage(_ reason: String, at place: Int? = nil) -> JSONSyntaxError {
    let before = bytes.prefix(place ?? position)
    let lineStart = before.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
    let line = before.reduce(1) { $1 == UInt8(ascii: "\n") ? $0 + 1 : $0 }
    return JSONSyntaxError(line: line, column: before.count - lineStart + 1, reason: reason)
  }
}
