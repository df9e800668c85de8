extension JSONReader {
  /// The text whose opening quote stands here.
  mutating func string() throws(JSONSyntaxError) -> String {
    let start = position
    position += 1
    var content: [UInt8] = []
    var plain = position
    while let byte = peek {
      switch byte {
      case UInt8(ascii: "\""):
        let rest = bytes[plain..<position]
        position += 1
        let text =
          content.isEmpty ? String(validating: rest, as: UTF8.self) : String(validating: content + rest, as: UTF8.self)
        guard let text else { throw damage("the text that begins here is not UTF-8", at: start) }
        return text
      case UInt8(ascii: "\\"):
        content += bytes[plain..<position]
        content += String(try escape()).utf8
        plain = position
      case 0..<32: throw damage("a control character stands in a text")
      default: position += 1
      }
    }
    throw damage("the text that begins here does not end", at: start)
  }

  private mutating func escape() throws(JSONSyntaxError) -> Unicode.Scalar {
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

  private mutating func hexadecimal() throws(JSONSyntaxError) -> UInt32 {
    var code: UInt32 = 0
    let start = position
    for _ in 0..<4 {
      guard let byte = peek, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
        throw damage("four hexadecimal digits are expected", at: start)
      }
      code = code << 4 + UInt32(digit)
      position += 1
    }
    return code
  }
}
