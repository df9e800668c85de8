import Trace
import Allocation
import Network
import Units

/// Adds rounds up to a run's ``RunSummary`` and ``RunMetrics``: whatever tells of a run reads these sums.
struct RunTotals: Codable {
  /// What is counted; its means are found at the end.
  private(set) var summary = RunSummary()
  private(set) var completions: [Int32]
  /// What is added up, in the order of ``added``.
  private(set) var tallies: [Tally]
  let samples: [Int]
  private(set) var targetAccuracy: Double?

  /// The metrics that are added up round by round, each with its place among all.
  private static let added: [(index: Int, add: @Sendable (RoundReport, inout Tally) -> Void)] =
    Metric.all.enumerated().compactMap { index, metric in
      guard case .added(let add) = metric.value else { return nil }
      return (index, add)
    }

  /// The metrics that are found from all rounds together, likewise.
  private static let ofRun: [(index: Int, value: @Sendable (RunSummary) -> Double?)] =
    Metric.all.enumerated().compactMap { index, metric in
      guard case .ofRun(let value) = metric.value else { return nil }
      return (index, value)
    }

  /// Where each metric of ``added`` stands in it.
  private static let places = Dictionary(
    uniqueKeysWithValues: added.enumerated().map { (Metric.all[$1.index].name, $0) })

  init(samples: [Int], targetAccuracy: Double?, countsViolations: Bool) {
    self.samples = samples
    self.targetAccuracy = targetAccuracy
    completions = Array(repeating: 0, count: samples.count)
    tallies = Array(repeating: Tally(), count: Self.added.count)
    summary.deviceCount = samples.count
    if countsViolations { summary.violations = 0 }
  }

  /// Energy of all devices in all rounds.
  var energy: Joules { Joules(self[.roundEnergy].sum) }

  private subscript(metric: Metric) -> Tally { Self.places[metric.name].map { tallies[$0] } ?? Tally() }

  /// Adds one round.
  mutating func add(_ round: RoundReport) {
    summary.rounds += 1
    summary.duration = round.end
    for device in round.devices {
      switch device.outcome {
      case .noLink: summary.noLink += 1
      case .late: summary.late += 1
      case .left: summary.left += 1
      case .empty: summary.empty += 1
      case .withdrawn: summary.withdrawn += 1
      case .stale: summary.stale += 1
      default: completions[device.device] += 1
      }
    }
    summary.noLink += round.allocation.unlinked.count
    summary.participants += round.devices.count
    if round.devices.isEmpty { summary.emptyRounds += 1 }
    if let learning = round.learning {
      summary.learning = summary.learning ?? LearningSummary()
      summary.learning?.add(learning, round: round.round, target: targetAccuracy)
    }
    if let known = summary.violations { summary.violations = known + round.allocation.violations.count }
    for place in tallies.indices { Self.added[place].add(round, &tallies[place]) }
  }

  /// Whether the run would stand here under another accuracy that ends it.
  func allowsTarget(_ target: Double?) -> Bool {
    guard let target, target != targetAccuracy, let best = summary.learning?.testAccuracyBest else { return true }
    return target > best
  }

  /// Takes another accuracy that ends the run, one that ``allowsTarget(_:)``.
  mutating func setTarget(_ target: Double?) {
    guard target != targetAccuracy else { return }
    targetAccuracy = target
    summary.learning?.roundOfTarget = nil
  }

  /// Whether these can be the totals of the run whose totals were `fresh` at its beginning, after a number of rounds.
  func canReplace(_ fresh: RunTotals, after rounds: Int) -> Bool {
    let counts = [
      summary.late, summary.noLink, summary.left, summary.empty, summary.withdrawn, summary.stale,
      summary.violations ?? 0,
      summary.participants, summary.emptyRounds,
    ]
    return summary.rounds == rounds && summary.deviceCount == fresh.summary.deviceCount && samples == fresh.samples
      && (summary.violations == nil) == (fresh.summary.violations == nil)
      && completions.count == samples.count && completions.allSatisfy { (0...rounds).contains(Int($0)) }
      && tallies.count == fresh.tallies.count && counts.allSatisfy { (0...1 << 53).contains($0) }
  }

  /// The summary of all rounds added so far.
  func finished(events: UInt64) -> RunSummary {
    var result = summary
    let rounds = Double(max(1, summary.rounds))
    let counts = completions.map(Double.init)
    let total = counts.reduce(0, +)
    let squares = counts.reduce(0) { $0 + $1 * $1 }
    result.events = events
    result.energy = energy
    result.computeEnergy = Joules(self[.roundComputeEnergy].sum)
    result.uplinkEnergy = Joules(self[.roundUplinkEnergy].sum)
    result.downlinkEnergy = known(.roundDownlinkEnergy)
    result.sleepEnergy = known(.roundSleepEnergy)
    result.serverEnergy = known(.roundServerEnergy)
    result.stepWait = self[.stepWait].mean.map { Seconds($0) }
    result.serverUtilization = self[.serverUtilization].mean
    result.devicesCompletedMean = total / rounds
    result.bitsMean = self[.bits].mean
    result.powerMean = self[.power].mean.map { Watts($0) }
    result.powerAtMinimumShare = self[.powerAtMinimumShare].mean
    result.stepEnergyPerParticipant = self[.stepEnergyPerParticipant].mean.map { Joules($0) }
    result.objectiveMean = self[.objective].mean
    result.objectiveOptimumMean = self[.objectiveOptimum].mean
    result.optimalityGapMean = self[.optimalityGap].mean
    result.participationJain = squares > 0 ? total * total / (Double(counts.count) * squares) : nil
    if !samples.isEmpty {
      result.neverSelectedShare = Double(completions.count { $0 == 0 }) / Double(samples.count)
      let used = zip(samples, completions).reduce(0) { $0 + ($1.1 > 0 ? Double($1.0) : 0) }
      let all = samples.reduce(0) { $0 + Double($1) }
      result.dataUsedShare = all > 0 ? used / all : 0
    }
    return result
  }

  /// The energy of all rounds that have it; `nil` without any.
  private func known(_ metric: Metric) -> Joules? { self[metric].weight > 0 ? Joules(self[metric].sum) : nil }

  /// The figures of all rounds added so far.
  func metrics(events: UInt64) -> RunMetrics {
    let summary = finished(events: events)
    var figures = RunMetrics()
    for (place, metric) in Self.added.enumerated() { figures.values[metric.index] = tallies[place].mean }
    for metric in Self.ofRun { figures.values[metric.index] = metric.value(summary) }
    return figures
  }
}
