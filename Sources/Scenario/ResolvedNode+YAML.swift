extension ResolvedNode {
  /// The tree as a YAML document; reading it gives the same scenario.
  ///
  /// Mappings of plain values and lists stand on one line where they are short, as people write them.
  public var yaml: String {
    guard case .map(let entries) = self else { return flowText + "\n" }
    var result = ""
    Self.write(entries, indentation: "", to: &result)
    return result
  }

  private static func write(_ entries: [Entry], indentation: String, to result: inout String) {
    for entry in entries {
      result += "\(indentation)\(quotedIfNeeded(entry.key)):"
      switch entry.value {
      case .map(let inner)
      where entry.value.flowText.utf8.count > 80 || (entry.value.depth > 1 && inner.count > 1):
        result += "\n"
        write(inner, indentation: indentation + "  ", to: &result)
      case .list(let items) where items.contains { $0.depth > 0 }:
        result += "\n"
        for item in items {
          guard case .map(let inner) = item, let first = inner.first else {
            result += "\(indentation)  - \(item.flowText)\n"
            continue
          }
          var block = ""
          write([first] + inner.dropFirst(), indentation: indentation + "    ", to: &block)
          result += "\(indentation)  - " + block.dropFirst(indentation.count + 4)
        }
      default:
        result += " \(entry.value.flowText)\n"
      }
    }
  }

  /// Lists and mappings inside each other.
  private var depth: Int {
    switch self {
    case .scalar: 0
    case .list(let items): 1 + (items.map(\.depth).max() ?? 0)
    case .map(let entries): 1 + (entries.map(\.value.depth).max() ?? 0)
    }
  }

  /// The tree on one line, `{uniform: [50.0 m, 1000.0 m]}`.
  public var flowText: String {
    switch self {
    case .scalar(.text(let text)): Self.quotedIfNeeded(text)
    case .scalar(.integer(let value)): "\(value)"
    case .scalar(.number(let value)): Self.shown(value)
    case .scalar(.bool(let value)): "\(value)"
    case .scalar(.null): "null"
    case .list(let items): "[" + items.map(\.flowText).joined(separator: ", ") + "]"
    case .map(let entries):
      "{" + entries.map { "\(Self.quotedIfNeeded($0.key)): \($0.value.flowText)" }.joined(separator: ", ") + "}"
    }
  }

  /// A number as YAML 1.1 and 1.2 both read it: `1.0e-29`, since PyYAML takes `1e-29` for text.
  private static func shown(_ value: Double) -> String {
    let text = "\(value)"
    guard let exponent = text.firstIndex(of: "e"), !text.contains(".") else { return text }
    return "\(text[..<exponent]).0\(text[exponent...])"
  }

  /// `text` plain where plain YAML reads it as this text, in double quotes elsewhere.
  private static func quotedIfNeeded(_ text: String) -> String {
    let isPlain = text.utf8.allSatisfy { byte in
      switch UnicodeScalar(byte) {
      case "a"..."z", "A"..."Z", "0"..."9", " ", ".", "_", "-", "+", "/", "^", "(", ")": true
      default: false
      }
    }
    let words = ["null", "true", "false", "yes", "no", "on", "off"]
    if isPlain, let first = text.first, let last = text.last, first != " ", last != " ",
      !(first == "-" && text.dropFirst().first.map { $0 == " " || $0 == "-" } ?? true), !text.hasPrefix("..."),
      text.utf8.count > 5 || !words.contains(text.lowercased())
    {
      return text
    }
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"", "\\": result += "\\\(scalar)"
      case _ where scalar.value < 0x20 || (0x7F..<0xA0).contains(scalar.value):
        let digits = String(scalar.value, radix: 16)
        result += "\\x" + (digits.count < 2 ? "0" : "") + digits
      case "\u{2028}", "\u{2029}", "\u{FEFF}", "\u{FFFE}", "\u{FFFF}":
        let digits = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}
