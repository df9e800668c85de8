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
/// the next; the last pass is the answer. `bcd-value` matches by value instead.
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
  /// What P3 matches by.
  public var matching: MatchingCriterion
  /// The passes end when |U − U_prev| ≤ tolerance × max(1, |U|).
  public var tolerance: Double
  /// Passes at most.
  public var maxIterations: Int

  /// A descent, the paper's unless said otherwise.
  public init(
    power: PowerMethod = .sca, matching: MatchingCriterion = .energy, tolerance: Double = 1e-6, maxIterations: Int = 50
  ) {
    self.power = power
    self.matching = matching
    self.tolerance = tolerance
    self.maxIterations = maxIterations
  }

  /// The last pass's allocation, with what every pass reached.
  ///
  /// - Throws: ``PolicyError`` where the context's initial blocks are not those of the problem.
  public func allocate(_ problem: Problem, in context: RoundContext) throws -> Allocation {
    var descent = Descent(problem, referenceBlocks: try context.initialBlocks(for: problem))
    var iterations: [Allocation.Iteration] = []
    while true {
      let levels = descent.levels
      let blocks = descent.blocks
      descent.choosePowers(by: power)
      descent.chooseOptions()
      let allocation = Allocation(assignments: descent.match(by: matching))
      iterations.append(
        Allocation.Iteration(
          objective: allocation.objective, energy: allocation.energy,
          assignmentsChanged: descent.changes(of: descent.blocks, since: blocks),
          bitsChanged: descent.changes(of: descent.levels, since: levels)))
      let previous = iterations.dropLast().last?.objective ?? .infinity
      if abs(allocation.objective - previous) <= tolerance * max(1, abs(allocation.objective))
        || iterations.count >= maxIterations
      {
        return Allocation(assignments: allocation.assignments, iterations: iterations)
      }
    }
  }

  /// The registry's line.
  public static let entry = PolicyEntry(
    name: "bcd", summary: "the paper's block coordinate descent, Alg. 1-3: blocks by least energy", options: options,
    make: { BCDPolicy($0, matching: .energy) })

  static let options = [
    PolicyOption(
      "power", .choice(default: PowerMethod.sca.rawValue, of: PowerMethod.allCases.map(\.rawValue)),
      "how P1 is solved: the paper's iteration or its closed form"),
    PolicyOption("tolerance", .positive(default: 1e-6), "relative change of the objective at which it ends"),
    PolicyOption("max_iterations", .integer(default: 50, range: 1...1_000_000), "passes at most"),
  ]

  init(_ settings: PolicySettings, matching: MatchingCriterion) {
    self.init(
      power: PowerMethod(rawValue: settings.word("power")) ?? .sca, matching: matching,
      tolerance: settings.number("tolerance"), maxIterations: settings.integer("max_iterations"))
  }
}
