/// Whether the device's part of a split model is trained.
public enum EmbeddingRule: String, Sendable, Hashable, CaseIterable {
  /// Its gradients come back each step, and it goes up each round.
  case trained
  /// It stays as it was loaded: no gradient comes back and no model goes up.
  case frozen
}
