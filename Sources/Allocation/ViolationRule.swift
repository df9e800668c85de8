/// What becomes of a round in which a program's answer breaks (22a–g).
public enum ViolationRule: String, Sendable, Hashable, CaseIterable {
  /// The run ends and says what was broken.
  case error
  /// The round is played without the assignments that break a constraint: see ``AllocationChecker/admissible(_:in:)``.
  case skip
  /// The round is nobody's: no device takes part, and U is 0.
  case penalty
}
