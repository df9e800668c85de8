import Units
import Wireless

/// Part of the decision given beforehand, and the rest optimal for it: the power, the bits, who is on which block.
///
/// The paper's benchmarks fix one of the three each: EP the power, NQ the bits, RB the blocks.
public struct RestrictedPolicy: Policy {
  /// The power and the bits that are left open.
  public var restriction: Restriction
  /// How devices come to blocks.
  public var matching: MatchingCriterion
  private let name: String
  /// As ``ExactPolicy`` has one; shared by copies of the policy, changes no answer.
  private let cache = BoundOrderCache()

  /// Everything open and blocks by value unless said otherwise.
  public init(_ restriction: Restriction = Restriction(), matching: MatchingCriterion = .value) {
    self.init(restriction, matching: matching, name: "restricted")
  }

  init(_ restriction: Restriction, matching: MatchingCriterion, name: String) {
    self.restriction = restriction
    self.matching = matching
    self.name = name
  }

  /// The best allocation that the restriction leaves, on the blocks that the matching gives.
  ///
  /// - Throws: ``PolicyError`` where the problem has none of the bits, or the context's devices are not those of the
  ///   problem.
  public func allocate(_ problem: Problem, in context: RoundContext) throws -> Allocation {
    try restriction.check(problem, for: name)
    let valuation = EdgeValuation(problem, restriction: restriction)
    let pairs: [(device: Int, block: Int)]
    switch matching {
    case .value:
      return Allocation(assignments: OptimalMatching.solve(problem, restriction: restriction, cache: cache))
    case .energy:
      let costs = GainCosts(problem.gains) { device, gain in
        valuation.best(device: device, gain: gain)?.energy.value ?? CheapestMatching.infeasible
      }
      pairs = CheapestMatching.match(costs)
    case .random: pairs = try context.randomPairs(problem)
    case .randomFeasible: pairs = context.feasiblePairs(problem) { valuation.best(device: $0, gain: $1) != nil }
    }
    return Allocation(
      assignments: pairs.compactMap { device, block in
        let gain = problem.gains.gain(device: device, block: block)
        return valuation.best(device: device, gain: gain).map {
          valuation.assignment(device: device, block: block, gain: gain, choice: $0)
        }
      },
      unlinked: matching == .random ? pairs.compactMap { problem.unlinked(device: $0, block: $1) } : [])
  }
}

extension Restriction {
  /// Refuses problems without a level of these bits.
  ///
  /// - Throws: ``PolicyError`` that names the policy and its setting.
  func check(_ problem: Problem, for policy: String) throws {
    if let cut, !problem.cuts.indices.contains(where: { allows(cut: $0, of: problem.cuts) }) {
      let known = problem.cuts.map(\.name).filter { !$0.isEmpty }
      throw PolicyError(
        "\(policy) cuts at '\(cut)', which is not among the cuts of the model"
          + (known.isEmpty ? ": it has one" : ", \(known.joined(separator: ", "))")
          + "; set policies.\(policy).cut to one of model.cut")
    }
    guard let bits, !problem.levels.contains(where: { allows(bits: $0.bits) }) else { return }
    let wanted = bits.count == 1 ? "\(bits.lowerBound)" : "\(bits.lowerBound) to \(bits.upperBound)"
    throw problem.noLevel(bits: wanted, for: policy, remedy: "set policies.\(policy).bits within them")
  }
}

extension Problem {
  /// The pair where it has no link; `nil` where it has one.
  func unlinked(device: Int, block: Int) -> Allocation.Pair? {
    gains.gain(device: device, block: block) > 0 ? nil : Allocation.Pair(device: device, block: block)
  }

  /// That a policy's bits are not among the levels, and what to do.
  func noLevel(bits: String, for policy: String, remedy: String) -> PolicyError {
    let range = "\(levels[0].bits) to \(levels[levels.count - 1].bits)"
    return PolicyError("\(policy) sends \(bits) bits, which are not among the levels \(range); \(remedy)")
  }
}
