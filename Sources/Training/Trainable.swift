/// Which parameters training changes.
public enum Trainable: String, Sendable, Hashable, CaseIterable {
  /// All of them.
  case all
  /// Weight and bias of the classification head alone; the rest stays as it was loaded.
  case head
}
