import Units

/// A value of a scenario file as it was written, with its place.
struct YAMLValue: Sendable {
  /// What was written.
  var content: Content
  /// Where.
  var position: Diagnostic.Position

  /// Text, a list, or keys with values.
  enum Content: Sendable {
    /// Text; `isPlain` where it had no quotes.
    case scalar(String, isPlain: Bool)
    /// Items.
    case list([YAMLValue])
    /// Keys with values, in order.
    case map([Pair])
  }

  /// A key with its value.
  struct Pair: Sendable {
    var key: String
    var position: Diagnostic.Position
    var value: YAMLValue
  }

  /// The text of a scalar.
  var text: String? {
    guard case .scalar(let text, _) = content else { return nil }
    return text
  }

  /// Whether it is YAML's nothing: no value, `~` or `null`.
  var isNull: Bool {
    guard case .scalar(let text, isPlain: true) = content else { return false }
    return ["", "~", "null", "Null", "NULL"].contains(text)
  }

  /// Whether it is a list.
  var isList: Bool { if case .list = content { true } else { false } }

  /// What was written, for messages.
  var shown: String {
    switch content {
    case .scalar(let text, _): isNull ? "nothing" : ShownText.quoted(text)
    case .list(let items): items.isEmpty ? "an empty list" : "a list of \(items.count)"
    case .map: "a mapping"
    }
  }
}
