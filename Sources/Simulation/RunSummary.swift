import Allocation
import Network
import Training
import Units

/// Totals of a run: what the summary table and the manifest show.
public struct RunSummary: Sendable, Hashable, Codable {
  /// Rounds simulated.
  public var rounds = 0
  /// Simulated time from the first round's start to the last one's end.
  public var duration = Seconds.zero
  /// Device energy of all rounds, the sum of `round_energy_j`.
  public var energy = Joules.zero
  /// Its part for computing.
  public var computeEnergy = Joules.zero
  /// Its part for the radio.
  public var uplinkEnergy = Joules.zero
  /// Its part for receiving; `nil` where nothing comes down.
  public var downlinkEnergy: Joules?
  /// Mean wait of a step at the server over all participants of all rounds; `nil` without participants, or where nobody counts
  /// accelerators.
  public var stepWait: Seconds?
  /// Served time of the accelerators over all time; `nil` where nobody counts them.
  public var serverUtilization: Double?
  /// Server energy of all rounds; `nil` where the server's power is not given.
  public var serverEnergy: Joules?
  /// Devices N.
  public var deviceCount = 0
  /// Mean number of devices that ended a round in time.
  public var devicesCompletedMean = 0.0
  /// Admissions that missed their deadline, over all rounds.
  public var late = 0
  /// Admissions lost to an outage, over all rounds: the policy drew a block on which the device has no link.
  public var noLink = 0
  /// Constraints that a program's answers broke, over all rounds; `nil` where that ends a run, or no program decides.
  public var violations: Int?
  /// Participants of all rounds, each counted once per round.
  public var participants = 0
  /// Mean bits over all participants of all rounds; `nil` without participants or activations on the air.
  public var bitsMean: Double?
  /// Mean transmit power over all participants of all rounds; `nil` without any that transmits.
  public var powerMean: Watts?
  /// Mean E_n of a step over all participants of all rounds; `nil` without participants.
  public var stepEnergyPerParticipant: Joules?
  /// Share of the participants of all rounds that transmit with their least power; `nil` without participants or activations
  /// on the air.
  public var powerAtMinimumShare: Double?
  /// Rounds in which no device took part.
  public var emptyRounds = 0
  /// Mean of U over rounds; `nil` where no step goes on the air.
  public var objectiveMean: Double?
  /// Mean of U* over rounds; `nil` where no optimum was computed.
  public var objectiveOptimumMean: Double?
  /// Mean of 1 − U / U* over rounds with U* > 0; `nil` without any.
  public var optimalityGapMean: Double?
  /// Jain's index of how often each device completed a round, (sum x)² / (N sum x²): 1 is even; `nil` if nobody did.
  public var participationJain: Double?
  /// Share of devices that never completed a round.
  public var neverSelectedShare = 0.0
  /// Samples of devices that completed a round at least once, over all samples.
  public var dataUsedShare = 0.0
  /// What training came to; `nil` where nothing was trained.
  public var learning: LearningSummary?
  /// Events popped.
  public var events: UInt64 = 0

  /// A summary of nothing.
  public init() {}
}

/// What training came to over all rounds; a figure is absent where no round had it.
public struct LearningSummary: Sendable, Hashable, Codable {
  /// The last round's training loss.
  public var trainLoss: Double?
  /// The loss on the test set at the last evaluation.
  public var testLoss: Double?
  /// The accuracy on the test set at the last evaluation.
  public var testAccuracy: Double?
  /// The best accuracy on the test set at any evaluation.
  public var testAccuracyBest: Double?
  /// The first round whose accuracy reached the scenario's target, and which ended the run.
  public var roundOfTarget: Int?

  /// A summary of nothing.
  public init() {}

  /// Adds the round of this number, from 1; `target` is the accuracy that ends the run.
  mutating func add(_ learning: RoundLearning, round: Int, target: Double?) {
    trainLoss = learning.trainLoss ?? trainLoss
    testLoss = learning.testLoss ?? testLoss
    guard let accuracy = learning.testAccuracy else { return }
    testAccuracy = accuracy
    testAccuracyBest = max(testAccuracyBest ?? accuracy, accuracy)
    if let target, accuracy >= target, roundOfTarget == nil { roundOfTarget = round }
  }
}

/// Adds rounds up to a ``RunSummary``.
struct RunTotals: Codable {
  private(set) var summary = RunSummary()
  private(set) var completions: [Int32]
  let samples: [Int]
  let hasStepOnAir: Bool
  private var served: Double?
  private var waited: Double?
  private(set) var targetAccuracy: Double?
  private var objective = 0.0
  private var bits = 0.0
  private var power = 0.0
  private var atMinimum = 0
  private(set) var assigned = 0
  private var stepEnergy = 0.0
  private var optimum = 0.0
  private(set) var optimumRounds = 0
  private var gap = 0.0
  private(set) var gapRounds = 0

  init(
    samples: [Int], hasStepOnAir: Bool, targetAccuracy: Double?, countsViolations: Bool, hasDownlink: Bool = false
  ) {
    self.samples = samples
    self.hasStepOnAir = hasStepOnAir
    self.targetAccuracy = targetAccuracy
    completions = Array(repeating: 0, count: samples.count)
    summary.deviceCount = samples.count
    if countsViolations { summary.violations = 0 }
    if hasDownlink { summary.downlinkEnergy = .zero }
  }

  /// Adds one round of devices with these constants.
  mutating func add(_ round: RoundResult, terms: [DeviceConstants]) {
    summary.rounds += 1
    summary.duration = round.end
    summary.computeEnergy += round.computeEnergy
    summary.uplinkEnergy += round.uplinkEnergy
    summary.energy += round.energy
    if let known = summary.downlinkEnergy { summary.downlinkEnergy = known + round.downlinkEnergy }
    if let server = round.server {
      served = (served ?? 0) + server.utilization * round.duration.value
      waited = (waited ?? 0) + round.devices.reduce(0) { $0 + $1.stepWait.value }
    }
    if let energy = round.serverEnergy { summary.serverEnergy = (summary.serverEnergy ?? .zero) + energy }
    for device in round.devices {
      if device.isLate { summary.late += 1 } else { completions[device.device] += 1 }
      stepEnergy += device.itinerary.stepEnergy.value
    }
    summary.noLink += round.allocation.unlinked.count
    summary.participants += round.devices.count
    if round.devices.isEmpty { summary.emptyRounds += 1 }
    for assignment in round.allocation.assignments {
      bits += Double(assignment.bits)
      power += assignment.power.value
      assigned += 1
      if assignment.power <= terms[assignment.device].powerMin { atMinimum += 1 }
    }
    if let learning = round.learning {
      summary.learning = summary.learning ?? LearningSummary()
      summary.learning?.add(learning, round: round.round, target: targetAccuracy)
    }
    if let known = summary.violations { summary.violations = known + round.allocation.violations.count }
    objective += round.allocation.objective
    if let value = round.optimum {
      optimum += value
      optimumRounds += 1
      if let roundGap = round.optimalityGap {
        gap += roundGap
        gapRounds += 1
      }
    }
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

  /// The summary of all rounds added so far.
  func finished(events: UInt64) -> RunSummary {
    var result = summary
    let rounds = Double(max(1, summary.rounds))
    let counts = completions.map(Double.init)
    let total = counts.reduce(0, +)
    let squares = counts.reduce(0) { $0 + $1 * $1 }
    result.events = events
    result.devicesCompletedMean = total / rounds
    result.objectiveMean = hasStepOnAir ? objective / rounds : nil
    if assigned > 0 {
      result.powerMean = Watts(power / Double(assigned))
      if hasStepOnAir {
        result.bitsMean = bits / Double(assigned)
        result.powerAtMinimumShare = Double(atMinimum) / Double(assigned)
      }
    }
    if summary.participants > 0 {
      result.stepEnergyPerParticipant = Joules(stepEnergy / Double(summary.participants))
    }
    if let waited, summary.participants > 0 { result.stepWait = Seconds(waited / Double(summary.participants)) }
    if let served, summary.duration > .zero { result.serverUtilization = served / summary.duration.value }
    result.objectiveOptimumMean = optimumRounds > 0 ? optimum / Double(optimumRounds) : nil
    result.optimalityGapMean = gapRounds > 0 ? gap / Double(gapRounds) : nil
    result.participationJain = squares > 0 ? total * total / (Double(counts.count) * squares) : nil
    if !samples.isEmpty {
      result.neverSelectedShare = Double(completions.count { $0 == 0 }) / Double(samples.count)
      let used = zip(samples, completions).reduce(0) { $0 + ($1.1 > 0 ? Double($1.0) : 0) }
      let all = samples.reduce(0) { $0 + Double($1) }
      result.dataUsedShare = all > 0 ? used / all : 0
    }
    return result
  }
}
