/// What becomes of the classification head when weights are loaded from a file.
public enum HeadRule: String, Sendable, Hashable, CaseIterable {
  /// The file's head where it has the model's classes, a fresh one elsewhere.
  case keep
  /// Always a fresh one.
  case fresh
}
