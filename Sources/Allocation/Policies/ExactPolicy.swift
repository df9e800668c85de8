/// The global optimum of Eq. (22): closed-form power, every option, one maximum-weight matching with optional
/// participation. See ``OptimalMatching``.
public struct ExactPolicy: Policy {
  /// Spares rounds of one cell the first look at all devices; shared by copies of the policy, changes no answer.
  private let cache = BoundOrderCache()

  /// The policy; it has no settings.
  public init() {}

  /// An optimal allocation.
  public func allocate(_ problem: Problem, in context: RoundContext) -> Allocation {
    Allocation(assignments: OptimalMatching.solve(problem, restriction: Restriction(), cache: cache))
  }

  /// The registry's line.
  public static let entry = PolicyEntry(
    name: "exact", summary: "the global optimum: closed-form power, all options, maximum-weight matching", options: [],
    make: { _ in ExactPolicy() })
}
