/// Which round's weights of a run are asked for.
public enum WeightsChoice: String, Sendable, Hashable, CaseIterable {
  /// The last round's.
  case last
  /// Those of the first of the rounds with the highest test accuracy.
  case best
}
