import Units
import Wireless

/// Proportional fairness: the matching of the largest sum of R_{n,k} / R̄_n, the rate at p_max over the device's average,
/// among pairs that can meet the deadline. Power and bits are the best of the pair.
///
/// The average is exponential, R̄_n ← (1 − 1/W) R̄_n + r_n / W with r_n the rate at p_max on the block that it had, 0
/// without one, as in P. Viswanath, D. Tse and R. Laroia, "Opportunistic Beamforming Using Dumb Antennas", IEEE
/// Transactions on Information Theory 48, 2002. It begins with the mean over the blocks of the first round (our choice).
/// The averages are its memory.
public struct ProportionalFairPolicy: RememberingPolicy {
  /// W: rounds that the average looks back.
  public var window: Int

  /// A policy of this window.
  public init(window: Int = 100) { self.window = window }

  /// The averages.
  public func session(resuming memory: PolicyMemory?) -> Session {
    Session(window: window, kept: memory ?? PolicyMemory())
  }

  /// The averages of a run.
  public struct Session: PolicySession {
    fileprivate let window: Int
    fileprivate var kept: PolicyMemory
    /// The averages, with all rounds in them that were allocated.
    public var memory: PolicyMemory? { kept }

    /// The round's allocation.
    public mutating func allocate(_ problem: Problem, in context: RoundContext) throws -> Allocation {
      try kept.begin(problem.devices.count) { device in
        let row = problem.gains.row(device: device)
        return row.reduce(0) { $0 + problem.peakRate(device: device, gain: $1) } / Double(max(1, row.count))
      }
      let averages = kept.numbers
      let valuation = EdgeValuation(problem)
      let allocation = valuation.matched { device, gain in
        guard averages[device] > 0, valuation.best(device: device, gain: gain) != nil else { return 0 }
        return problem.peakRate(device: device, gain: gain) / averages[device]
      }
      let share = 1 / Double(window)
      for device in averages.indices { kept.numbers[device] *= 1 - share }
      for assignment in allocation.assignments {
        let gain = problem.gains.gain(device: assignment.device, block: assignment.block)
        kept.numbers[assignment.device] += share * problem.peakRate(device: assignment.device, gain: gain)
      }
      // With a window of one round a device that goes without would have no average at all.
      for device in averages.indices { kept.numbers[device] = max(kept.numbers[device], 1) }
      return allocation
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
