/// Somebody's text on its way into a message: cut to a readable length, control characters escaped.
package enum ShownText {
  /// `text` in single quotes, at most 60 characters of it.
  package static func quoted(_ text: String) -> String { "'\(shortened(text, to: 60))'" }

  /// The first `length` characters of `text`, and an ellipsis where there are more.
  package static func shortened(_ text: String, to length: Int) -> String {
    var result = ""
    for (count, scalar) in text.unicodeScalars.enumerated() {
      if count == length { return result + "…" }
      switch scalar.properties.generalCategory {
      case .control, .format, .lineSeparator, .paragraphSeparator: result += "\\u{\(String(scalar.value, radix: 16))}"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}
