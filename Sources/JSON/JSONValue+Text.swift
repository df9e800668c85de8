extension JSONValue {
  /// How values are laid out.
  public enum Layout: Sendable, Hashable {
    /// A line a member, two spaces a level.
    case indented
    /// One line, a space after each comma and colon: a line of JSON Lines.
    case line
  }

  /// The value as JSON text, without a line break at its end. Equal values give equal bytes.
  public func text(_ layout: Layout = .indented) -> String {
    var bytes: [UInt8] = []
    append(to: &bytes, layout: layout, level: 0)
    return String(decoding: bytes, as: UTF8.self)
  }

  private func append(to bytes: inout [UInt8], layout: Layout, level: Int) {
    switch self {
    case .null: bytes.append(contentsOf: "null".utf8)
    case .bool(let bool): bytes.append(contentsOf: bool.description.utf8)
    case .integer(let integer): bytes.append(contentsOf: integer.description.utf8)
    case .unsigned(let integer): bytes.append(contentsOf: integer.description.utf8)
    case .number(let number): Self.append(number, to: &bytes)
    case .string(let text): Self.append(text, to: &bytes)
    case .array(let elements):
      Self.appendList(elements, between: "[]", to: &bytes, layout: layout, level: level) { element, bytes in
        element.append(to: &bytes, layout: layout, level: level + 1)
      }
    case .numbers(let numbers):
      Self.appendList(numbers, between: "[]", to: &bytes, layout: layout, level: level, each: Self.append)
    case .object(let members):
      Self.appendList(members, between: "{}", to: &bytes, layout: layout, level: level) { member, bytes in
        Self.append(member.key, to: &bytes)
        bytes.append(contentsOf: ": ".utf8)
        member.value.append(to: &bytes, layout: layout, level: level + 1)
      }
    }
  }

  private static func appendList<Item>(
    _ items: [Item], between brackets: String, to bytes: inout [UInt8], layout: Layout, level: Int,
    each: (Item, inout [UInt8]) -> Void
  ) {
    func breakLine(_ level: Int, _ bytes: inout [UInt8]) {
      guard layout == .indented else { return }
      bytes.append(UInt8(ascii: "\n"))
      bytes.append(contentsOf: repeatElement(UInt8(ascii: " "), count: 2 * level))
    }
    bytes.append(contentsOf: brackets.utf8.prefix(1))
    for (index, item) in items.enumerated() {
      if index > 0 { bytes.append(contentsOf: (layout == .line ? ", " : ",").utf8) }
      breakLine(level + 1, &bytes)
      each(item, &bytes)
    }
    if !items.isEmpty { breakLine(level, &bytes) }
    bytes.append(contentsOf: brackets.utf8.suffix(1))
  }

  private static func append(_ number: Double, to bytes: inout [UInt8]) {
    bytes.append(contentsOf: (number.isFinite ? number.description : "null").utf8)
  }

  private static func append(_ text: String, to bytes: inout [UInt8]) {
    bytes.append(UInt8(ascii: "\""))
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"):
        bytes.append(UInt8(ascii: "\\"))
        bytes.append(byte)
      case UInt8(ascii: "\n"): bytes.append(contentsOf: "\\n".utf8)
      case UInt8(ascii: "\t"): bytes.append(contentsOf: "\\t".utf8)
      case 0..<32:
        let hexadecimal = String(byte, radix: 16)
        bytes.append(contentsOf: "\\u".utf8)
        bytes.append(contentsOf: String(repeating: "0", count: 4 - hexadecimal.utf8.count).utf8)
        bytes.append(contentsOf: hexadecimal.utf8)
      default: bytes.append(byte)
      }
    }
    bytes.append(UInt8(ascii: "\""))
  }
}
