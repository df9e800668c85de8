import Randomness
import Units
import Wireless

/// The paper's block coordinate descent, Alg. 3: power (P1, Alg. 1), options (P2, Alg. 2) and blocks (P3) in turn, each
/// with the others fixed, until the objective settles.
///
/// Every device has a reference block for which P1 and P2 choose its power and option; P3 then matches all devices to
/// all blocks at those powers and options, and a matched device's block becomes its reference. A device that misses the
/// deadline on its block does not take part.
///
/// The paper leaves open where it begins; here with the largest power, the most bits and random reference blocks. Its
/// P3 takes least energy and looks neither at data shares nor at bits, so that the objective may fall from one pass to
/// the next; the last pass is the answer. `bcd-value` matches by value instead; `bcd-ep`, `bcd-nq` and `bcd-rb` put the
/// benchmarks' given power, bits and blocks in the place of P1, P2 and P3, so that what is compared is the same loop.
public struct BCDPolicy: Policy {
  /// How P1 is solved. Both give the same powers.
  public enum PowerMethod: String, Sendable, CaseIterable {
    /// Alg. 1, successive convex approximation.
    case sca
    /// p* in closed form.
    case closedForm = "closed-form"
  }

  /// How P1 is solved.
  public var power: PowerMethod
  /// What P1 and P2 leave as it is given: nothing in the paper.
  public var restriction: Restriction
  /// What P3 matches by.
  public var matching: MatchingCriterion
  /// The passes end when |U − U_prev| ≤ tolerance × max(1, |U|).
  public var tolerance: Double
  /// Passes at most.
  public var maxIterations: Int
  /// Starts, each from reference blocks of its own; the answer is that of largest U. The paper has one.
  public var restarts: Int
  /// P3 by ``CheapestMatching`` always, or only where it has to be; nil: by what is faster.
  var matchesPlainly: Bool?
  private let name: String

  /// A descent, the paper's unless said otherwise.
  public init(
    power: PowerMethod = .sca, restriction: Restriction = Restriction(), matching: MatchingCriterion = .energy,
    tolerance: Double = 1e-6, maxIterations: Int = 50, restarts: Int = 1
  ) {
    self.init(
      power: power, restriction: restriction, matching: matching, tolerance: tolerance, maxIterations: maxIterations,
      restarts: restarts, name: "bcd")
  }

  init(
    power: PowerMethod, restriction: Restriction, matching: MatchingCriterion, tolerance: Double, maxIterations: Int,
    restarts: Int, name: String
  ) {
    self.power = power
    self.restriction = restriction
    self.matching = matching
    self.tolerance = tolerance
    self.maxIterations = maxIterations
    self.restarts = restarts
    self.name = name
  }

  /// The last pass's allocation, with what every pass reached; that of the best start.
  ///
  /// - Throws: ``PolicyError`` where the context's blocks or devices are not those of the problem, or the problem has
  ///   none of the bits.
  public func allocate(_ problem: Problem, in context: RoundContext) throws -> Allocation {
    try restriction.check(problem, for: name)
    var best = try descend(problem, in: context, restart: 0)
    for restart in stride(from: 1, to: restarts, by: 1) {
      let other = try descend(problem, in: context, restart: restart)
      if other.objective > best.objective { best = other }
    }
    return best
  }

  private func descend(_ problem: Problem, in context: RoundContext, restart: Int) throws -> Allocation {
    let start = try context.initialBlocks(for: problem, restart: restart)
    var descent = Descent(problem, restriction: restriction, matching: matching, referenceBlocks: start)
    if let matchesPlainly { descent.matchesPlainly = matchesPlainly }
    var iterations: [Allocation.Iteration] = []
    while true {
      let pass = try descent.pass(power, in: context)
      let previous = iterations.last?.objective ?? .infinity
      iterations.append(pass)
      if abs(pass.objective - previous) <= tolerance * max(1, abs(pass.objective))
        || iterations.count >= maxIterations
      {
        return Allocation(assignments: descent.assignments, iterations: iterations)
      }
    }
  }
}
