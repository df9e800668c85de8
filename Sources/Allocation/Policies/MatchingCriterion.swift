import Units

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

extension MatchingCriterion {
  /// The matched pairs, some of which may miss the deadline.
  ///
  /// By energy every block gets a device, pairs that miss the deadline only where it must.
  ///
  /// - Parameter price: energy and value of a device on a block of a gain; nil where it misses the deadline.
  /// - Throws: ``PolicyError`` where the context's devices are not those of the problem.
  func pairs(
    _ problem: Problem, in context: RoundContext,
    price: (_ device: Int, _ gain: Double) -> (energy: Joules, value: Double)?
  ) throws -> [(device: Int, block: Int)] {
    switch self {
    case .value: CheapestMatching.match(problem.gains) { price($0, $1).map { -max(0, $0.value) } ?? 0 }
    case .energy:
      CheapestMatching.match(problem.gains) { price($0, $1)?.energy.value ?? CheapestMatching.infeasible }
    case .random:
      try context.deviceOnBlock(for: problem).enumerated().compactMap { block, device in device.map { ($0, block) } }
    case .randomFeasible: context.feasiblePairs(problem) { price($0, $1) != nil }
    }
  }
}
