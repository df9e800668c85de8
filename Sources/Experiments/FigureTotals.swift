import Allocation
import Network
import Simulation
import Trace
import Training
import Units

/// Adds the rounds of a run up to its figures, by the definitions of ``Metric/all``.
struct FigureTotals {
  /// What metrics see of a round.
  struct Round {
    /// Its row of `rounds.csv`.
    let record: RoundRecord
    /// How long its devices compute with their server, side by side or one after another.
    let computeTime: Double
    /// How long they send.
    let uplinkTime: Double
    /// Passes of the policy; `nil` where it does not iterate.
    let iterations: Int?
    /// Passes in which U fell.
    let falls: Int?
  }

  private var sums: [Double]
  private var counts: [Int]
  private let isSequential: Bool

  /// The places of the metrics that are means over rounds.
  private static let ofRounds: [(index: Int, value: @Sendable (Round) -> Double?)] =
    Metric.all.enumerated().compactMap { index, metric in
      guard case .ofRounds(let value) = metric.value else { return nil }
      return (index, value)
    }

  init(_ world: World) {
    isSequential = world.workload.traits.order == .sequential
    sums = Array(repeating: 0, count: Self.ofRounds.count)
    counts = Array(repeating: 0, count: Self.ofRounds.count)
  }

  /// All that it has added up, as bits.
  var bits: [UInt64] { sums.map(\.bitPattern) + counts.map { UInt64($0) } }

  /// Takes up what ``bits`` gave; whether it can be that.
  mutating func restore(_ bits: [UInt64]) -> Bool {
    guard bits.count == sums.count + counts.count, bits[sums.count...].allSatisfy({ $0 < 1 << 53 }) else {
      return false
    }
    counts = bits[sums.count...].map { Int($0) }
    sums = bits[..<sums.count].map(Double.init(bitPattern:))
    return true
  }

  /// Adds a round.
  mutating func add(_ result: RoundResult, _ record: RoundRecord) {
    let passes = result.allocation.iterations
    let round = Round(
      record: record, computeTime: together(result.devices.map { $0.computeTime + $0.serverTime }),
      uplinkTime: together(result.devices.map(\.uplinkTime)), iterations: passes.isEmpty ? nil : passes.count,
      falls: passes.isEmpty ? nil : zip(passes, passes.dropFirst()).count { $1.objective < $0.objective })
    for (place, metric) in Self.ofRounds.enumerated() {
      guard let value = metric.value(round) else { continue }
      sums[place] += value
      counts[place] += 1
    }
  }

  /// How long devices take that work side by side, or one after another.
  private func together(_ times: [Seconds]) -> Double {
    (isSequential ? times.reduce(.zero) { $0 + $1 } : times.reduce(.zero) { max($0, $1) }).value
  }

  /// The figures of the whole run.
  func finished(_ summary: RunSummary) -> RunMetrics {
    var figures = RunMetrics()
    for (place, metric) in Self.ofRounds.enumerated() where counts[place] > 0 {
      figures.values[metric.index] = sums[place] / Double(counts[place])
    }
    for (index, metric) in Metric.all.enumerated() {
      guard case .ofRun(let value) = metric.value else { continue }
      figures.values[index] = value(summary)
    }
    return figures
  }
}
