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
  /// A number under a key that goes with `condition` only, if there is one: refused and not noted elsewhere.
  func number(
    _ key: String, _ summary: String, _ kind: NumberKind, default value: Double, only condition: Condition?
  ) -> Double {
    if let condition, !condition.holds {
      refuse(key, summary, default: kind.shown(value), "this key goes with '\(condition.text)' only")
      return value
    }
    return number(key, summary, kind, default: value)
  }

  /// A word under a key that goes with `condition` only: refused and not noted elsewhere.
  func choice<Choice: RawRepresentable & CaseIterable>(
    _ key: String, _ summary: String, default choice: Choice, only condition: Condition
  ) -> Choice where Choice.RawValue == String {
    if condition.holds { return self.choice(key, summary, default: choice) }
    refuse(key, summary, default: choice.rawValue, "this key goes with '\(condition.text)' only")
    return choice
  }

  /// Declares a key that may not be given here, and reports it where it is.
  func refuse(_ key: String, _ summary: String, default text: String?, _ message: String) {
    if let given = declare(key, summary, default: text) { fail(key, given, message) }
  }
}
