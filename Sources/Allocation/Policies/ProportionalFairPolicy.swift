import Units

/// Proportional fairness: the matching of the largest sum of R_{n,k} / R̄_n, the rate at p_max over the device's average,
/// among pairs that can meet the deadline. Power and bits are the best of the pair.
///
/// The average is exponential, R̄_n ← (1 − 1/W) R̄_n + r_n / W with r_n the rate at p_max on the block that it had, 0
/// without one, as in P. Viswanath, D. Tse and R. Laroia, "Opportunistic Beamforming Using Dumb Antennas", IEEE
/// Transactions on Information Theory 48, 2002. It begins with the mean over the blocks of the first round (our choice).
/// The averages are its memory.
public struct ProportionalFairPolicy: Policy {
  /// W: rounds that the average looks back.
  public var window: Int

  /// A policy of this window.
  public init(window: Int = 100) { self.window = window }

  /// The averages.
  public var remembersRounds: Bool { true }

  /// The round's allocation.
  public func allocate(_ problem: Problem, in context: RoundContext) -> Allocation {
    let averages = averages(problem, context)
    let valuation = EdgeValuation(problem)
    return valuation.matched { device, gain in
      guard averages[device] > 0, valuation.best(device: device, gain: gain) != nil else { return 0 }
      return problem.peakRate(device: device, gain: gain) / averages[device]
    }
  }

  /// The averages with this round in them.
  public func memory(after outcome: RoundOutcome, of problem: Problem, in context: RoundContext) -> PolicyMemory {
    let share = 1 / Double(window)
    var averages = averages(problem, context).map { (1 - share) * $0 }
    for assignment in outcome.allocation.assignments {
      let gain = problem.gains.gain(device: assignment.device, block: assignment.block)
      averages[assignment.device] += share * problem.peakRate(device: assignment.device, gain: gain)
    }
    // With a window of one round a device that goes without would have no average at all.
    return PolicyMemory(numbers: averages.map { max($0, 1) })
  }

  private func averages(_ problem: Problem, _ context: RoundContext) -> [Double] {
    guard context.memory.numbers.isEmpty else { return context.memory.numbers }
    return problem.devices.indices.map { device in
      let row = problem.gains.row(device: device)
      return row.reduce(0) { $0 + problem.peakRate(device: device, gain: $1) } / Double(max(1, row.count))
    }
  }

  /// The registry's line.
  public static let entry = PolicyEntry(
    name: "proportional-fair", summary: "the largest sum of rates, each over the device's average so far",
    options: [
      PolicyOption("window", .integer(default: 100, range: 1...1_000_000), "rounds that the average looks back")
    ],
    isResolvedUnused: false,
    make: { ProportionalFairPolicy(window: $0.integer("window")) })
}
