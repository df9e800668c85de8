/// Everybody sends the same number of bits; powers and blocks are optimal for it. At full precision this is the
/// paper's benchmark NQ, no quantisation.
public struct FixedBitsPolicy: Policy {
  /// The bits of every participant; must be among the problem's levels, so that the optimum includes this choice.
  public var bits: Int
  /// What devices are matched to blocks by.
  public var matching: MatchingCriterion
  private let name: String

  /// Fixed bits, blocks by value unless said otherwise.
  public init(bits: Int, matching: MatchingCriterion = .value) {
    self.init(bits: bits, matching: matching, name: "fixed-bits")
  }

  private init(bits: Int, matching: MatchingCriterion, name: String) {
    self.bits = bits
    self.matching = matching
    self.name = name
  }

  /// The best allocation at those bits.
  ///
  /// - Throws: ``PolicyError`` where the problem has no such level.
  public func allocate(_ problem: Problem, in context: RoundContext) throws -> Allocation {
    _ = try problem.level(bits: bits, for: name, remedy: "set policies.\(name).bits within them")
    return Allocation(assignments: matching.solve(problem, restriction: Restriction(bits: bits...bits)))
  }

  /// The registry's line of `fixed-bits`.
  public static let entry = PolicyEntry(
    name: "fixed-bits", summary: "the same bits for all; powers and blocks optimal for them",
    options: options(default: 8), make: { make($0, name: "fixed-bits") })

  /// The registry's line of `nq`.
  public static let unquantizedEntry = PolicyEntry(
    name: "nq", summary: "no quantisation: 32 bits for all; powers and blocks optimal for them",
    options: options(default: 32), make: { make($0, name: "nq") })

  private static func options(default bits: Int) -> [PolicyOption] {
    [
      PolicyOption(
        "bits", .integer(default: bits, range: 1...32), "the bits of every participant, within bits_min to bits_max"),
      MatchingCriterion.option(default: .value),
    ]
  }

  private static func make(_ settings: PolicySettings, name: String) -> FixedBitsPolicy {
    FixedBitsPolicy(bits: settings.integer("bits"), matching: MatchingCriterion(settings), name: name)
  }
}

extension Problem {
  /// The level of `bits` bits.
  ///
  /// - Throws: ``PolicyError`` that names the policy and ends with what to do.
  func level(bits: Int, for policy: String, remedy: String) throws -> QuantizationLevel {
    if let level = levels.first(where: { $0.bits == bits }) { return level }
    let range = "\(levels[0].bits) to \(levels[levels.count - 1].bits)"
    throw PolicyError("\(policy) sends \(bits) bits, which are not among the levels \(range); \(remedy)")
  }
}
