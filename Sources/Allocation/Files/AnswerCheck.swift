/// One claim of an answer held against the constraints, the closed form and our optimum.
public struct AnswerCheck: Sendable {
  /// The policy that claims.
  public let policy: String
  /// U of the choices by the closed form, Eq. (21); choices that name nothing in the problem add nothing.
  public let objective: Double
  /// U as claimed, where it is.
  public let claimedObjective: Double?
  /// U* of the problem.
  public let optimum: Double
  /// What breaks (22a–g).
  public let violations: [AllocationChecker.Violation]

  /// 1 − U / U*; `nil` where U* is 0.
  public var gap: Double? { optimum > 0 ? 1 - objective / optimum : nil }

  /// A claimed objective may differ from the closed form by this share of it.
  public static let claimTolerance = 1e-8

  /// Checks `claim`, an answer to `problem`, whose optimum is `optimum`.
  public init(_ claim: Answer.Claim, to problem: Problem, optimum: Double) {
    policy = claim.policy
    claimedObjective = claim.objective
    self.optimum = optimum
    let (violations, priced) = AllocationChecker.check(claim.choices, in: problem)
    objective = priced.reduce(0) { $0 + ($1?.value ?? 0) }
    self.violations = violations
  }

  /// Whether a claimed objective is the closed form's.
  public var claimHolds: Bool {
    guard let claimedObjective else { return true }
    return abs(claimedObjective - objective) <= Self.claimTolerance * max(1e-12, abs(objective))
  }

  /// Everything that is wrong, a sentence each; empty if all holds.
  public var findings: [String] {
    var sentences = violations.map(\.description)
    if let claimedObjective, !claimHolds {
      sentences.append("(21) the objective is given as \(claimedObjective), but the values sum to \(objective)")
    }
    return sentences
  }

  /// Checks every claim of `answer` to `instance`.
  public static func checks(of answer: Answer, to instance: Instance) -> [AnswerCheck] {
    let problem = instance.problem
    let optimum = ExactPolicy().allocate(problem, in: instance.context()).objective
    return answer.claims.map { AnswerCheck($0, to: problem, optimum: optimum) }
  }
}
