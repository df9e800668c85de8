/// Text for XML and HTML.
package enum Markup {
  /// The text with all that could be markup replaced, for content and for attributes in either kind of quotes.
  ///
  /// Characters that XML forbids become U+FFFD.
  package static func escaped(_ text: String) -> String {
    var result = ""
    result.reserveCapacity(text.utf8.count)
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "'": result += "&#39;"
      case "\t", "\n", "\r": result.unicodeScalars.append(scalar)
      case "\u{0}"..."\u{1F}", "\u{7F}"..."\u{9F}", "\u{FFFE}", "\u{FFFF}": result += "\u{FFFD}"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// The width of a text at a font size, near enough to lay out labels.
  static func width(_ text: String, size: Double) -> Double {
    text.unicodeScalars.reduce(0) { $0 + width($1) } * size
  }

  private static func width(_ scalar: Unicode.Scalar) -> Double {
    switch scalar {
    case "i", "l", "j", "I", ".", ",", ":", ";", "|", "'", " ": 0.32
    case "t", "f", "r", "(", ")", "[", "]", "-", "/": 0.41
    case "m", "w", "M", "W": 0.95
    case "A"..."Z": 0.7
    default: scalar.value >= 0x1100 ? 1 : 0.62
    }
  }

  /// The text, cut with an ellipsis where it is wider than `width`.
  static func shortened(_ text: String, to width: Double, size: Double) -> String {
    guard self.width(text, size: size) > width else { return text }
    var result = ""
    for character in text {
      guard self.width(result + String(character) + "…", size: size) <= width else { break }
      result.append(character)
    }
    return result + "…"
  }

  /// The text in lines no wider than `width`, broken at spaces; a longer word is cut.
  static func wrapped(_ text: String, to width: Double, size: Double) -> [String] {
    var lines: [String] = []
    for word in text.split(whereSeparator: \.isWhitespace) {
      if let last = lines.last, self.width("\(last) \(word)", size: size) <= width {
        lines[lines.count - 1] = "\(last) \(word)"
      } else {
        lines.append(shortened(String(word), to: width, size: size))
      }
    }
    return lines
  }
}
