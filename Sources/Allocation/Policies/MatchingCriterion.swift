/// How devices come to blocks.
public enum MatchingCriterion: String, Sendable, Hashable, CaseIterable {
  /// The largest sum of values, Eq. (21); participation is optional.
  case value
  /// The least energy of a perfect matching, Eq. (30)–(32), as in the paper's P3.
  case energy
  /// At random, without a look at the deadline, so that some blocks may stay empty.
  case random
  /// The devices come in random order, and each takes a random one of the free blocks on which it meets the deadline.
  case randomFeasible = "random-feasible"
}
