extension Answer {
  /// What becomes of one claim when it is held against the instance and our optimum.
  public struct Verdict: Sendable, Hashable {
    /// The policy.
    public var policy: String
    /// U of the choices by the closed form, Eq. (21); choices that name no device, block or option, or whose upload
    /// never ends, count 0.
    public var objective: Double
    /// U as the solver gave it, where it did.
    public var claimed: Double?
    /// U of `exact`.
    public var optimum: Double
    /// What breaks (22a–g).
    public var violations: [AllocationChecker.Violation]

    /// 1 − U/U*, `nil` where U* is 0.
    public var gap: Double? { optimum == 0 ? nil : 1 - objective / optimum }

    /// Whether the solver's own objective is the recomputed one within 1e-8 of it.
    public var objectiveAgrees: Bool {
      guard let claimed else { return true }
      return abs(claimed - objective) <= 1e-8 * max(abs(objective), 1e-12)
    }

    /// Whether all constraints hold and the objective is what it is said to be.
    public var holds: Bool { violations.isEmpty && objectiveAgrees }
  }

  /// Every claim of the answer held against `instance`, in order.
  public func verdicts(for instance: Instance) -> [Verdict] {
    let problem = instance.problem
    let optimum = Allocation(assignments: OptimalMatching.solve(problem)).objective
    return claims.map { claim in
      let (choices, violations) = OpenChoice.completed(claim.choices, in: problem)
      let (broken, priced) = AllocationChecker.check(choices, in: problem)
      let valued = priced.compactMap { $0 }.filter { $0.value.isFinite }
      return Verdict(
        policy: claim.policy, objective: Allocation(assignments: valued).objective, claimed: claim.objective,
        optimum: optimum, violations: violations + broken)
    }
  }
}
