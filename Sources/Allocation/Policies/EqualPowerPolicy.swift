import Units

/// The paper's benchmark EP: every device transmits with the same power, clipped to its limits; bits and blocks are
/// optimal for that power.
public struct EqualPowerPolicy: Policy {
  /// p_ep.
  public var power: Watts
  /// What devices are matched to blocks by.
  public var matching: MatchingCriterion

  /// Equal power, blocks by value unless said otherwise.
  public init(power: Watts = Watts(1), matching: MatchingCriterion = .value) {
    self.power = power
    self.matching = matching
  }

  /// The best allocation at that power.
  public func allocate(_ problem: Problem, in context: RoundContext) -> Allocation {
    Allocation(assignments: matching.solve(problem, restriction: Restriction(power: .fixed(power))))
  }

  /// The registry's line.
  public static let entry = PolicyEntry(
    name: "ep", summary: "equal power for all; bits and blocks optimal for it",
    options: [
      PolicyOption("power", .power(default: Watts(1)), "the power, clipped to each device's limits"),
      MatchingCriterion.option(default: .value),
    ],
    make: { EqualPowerPolicy(power: $0.power("power"), matching: MatchingCriterion($0)) })
}
