/// What must hold for a key to have a meaning.
struct Condition {
  /// Whether it holds.
  let holds: Bool
  /// The condition as a scenario would say it, `name: sgd`.
  let text: String

  /// The condition that reads as `text`.
  init(_ text: String, _ holds: Bool) {
    self.text = text
    self.holds = holds
  }
}

extension Section {
  /// Whether `condition` holds, if there is one; if not, the key is declared and reported where the file gives it.
  func isOpen(
    _ key: String, _ summary: String, default text: @autoclosure () -> String,
    allowed: @autoclosure () -> String? = nil, _ condition: Condition?
  ) -> Bool {
    guard let condition, !condition.holds else { return true }
    let message = "this key goes with '\(condition.text)' only"
    if let given = declare(key, summary, default: text(), allowed: allowed()) { fail(key, given, message) }
    return false
  }

  /// Declares a key that may not be given here, and reports it where it is.
  func refuse(_ key: String, _ summary: String, default text: @autoclosure () -> String?, _ message: String) {
    if let given = declare(key, summary, default: text()) { fail(key, given, message) }
  }
}
