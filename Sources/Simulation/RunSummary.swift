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
  /// Its part for radios that are asleep; `nil` where that is not counted.
  public var sleepEnergy: Joules?
  /// What devices had spent at the run's end that were at work or had not merged yet, which no round has in it; `nil` where
  /// no work is carried over from round to round.
  public var energyUnderWay: Joules?
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
  /// Admissions of devices that left before they had finished.
  public var left = 0
  /// Admissions of devices whose battery ran empty before they had finished.
  public var empty = 0
  /// Admissions of devices that were stopped when others merged.
  public var withdrawn = 0
  /// Admissions of devices that finished on too old a version of the model.
  public var stale = 0
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
