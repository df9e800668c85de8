import Units

/// A row of `rounds.csv`. Values are absent where nobody took part or the framework has no such figure.
public struct RoundRecord: TraceRecord, Hashable {
  /// The round, from 1.
  public var round = 0
  /// When it began.
  public var start = Seconds.zero
  /// When it ended.
  public var end = Seconds.zero
  /// end − start.
  public var duration = Seconds.zero
  /// Devices that were there when the round began, where they come and go.
  public var devicesAvailable: Int?
  /// Participants that left before they had finished, likewise.
  public var devicesLeft: Int?
  /// Devices whose battery was below its reserve when the round began, where energy may run out.
  public var devicesLow: Int?
  /// Participants whose battery ran empty before they had finished, likewise.
  public var devicesEmpty: Int?
  /// What is in all batteries when the round ends, likewise.
  public var battery: Joules?
  /// What came in to them in the round.
  public var batteryCharged: Joules?
  /// What devices drew from them in the round, for their work and beside it.
  public var batterySpent: Joules?
  /// Energy of participants whose work did not count, where devices come and go, run empty or do not all merge.
  public var energyWasted: Joules?
  /// Devices still at work when the round was merged, where work is carried over.
  public var devicesAtWork: Int?
  /// The mean number of versions that those who merged were behind, likewise.
  public var stalenessMean: Double?
  /// The largest such number.
  public var stalenessMax: Int?
  /// Versions of the model beside the newest that somebody still works on, likewise.
  public var versionsKept: Int?
  /// Devices that could meet the deadline on some block.
  public var devicesFeasible: Int?
  /// Devices that the policy admitted.
  public var devicesSelected = 0
  /// Devices that finished in time.
  public var devicesCompleted = 0
  /// The largest T_n, Eq. (16), of a participant.
  public var stepLatencyMax: Seconds?
  /// E(t), Eq. (18): the participants' energy of one step.
  public var stepEnergy: Joules?
  /// The devices' energy of the whole round: all steps and the model upload.
  public var roundEnergy = Joules.zero
  /// Its computing part.
  public var roundComputeEnergy = Joules.zero
  /// Its radio part.
  public var roundUplinkEnergy = Joules.zero
  /// Its receiving part, where anything comes down.
  public var roundDownlinkEnergy: Joules?
  /// Its part for radios that are asleep, where that is counted.
  public var roundSleepEnergy: Joules?
  /// Served time of the accelerators over the round's length times their number, where they are counted.
  public var serverUtilization: Double?
  /// The mean number of devices that waited for an accelerator.
  public var serverQueueMean: Double?
  /// The rounds so far: the sum of ``duration``.
  public var timeTotal: Seconds?
  /// The rounds so far: the sum of ``roundEnergy``.
  public var energyTotal: Joules?
  /// The server's energy while busy, where it has a power figure.
  public var roundServerEnergy: Joules?
  /// Mean q_n of the participants.
  public var bitsMean: Double?
  /// Mean p_n of the participants.
  public var powerMean: Watts?
  /// U(t), Eq. (21).
  public var objective: Double?
  /// The global optimum U* of (22).
  public var objectiveOptimum: Double?
  /// 1 − U / U*; absent where U* is 0.
  public var optimalityGap: Double?
  /// U of who knows the future of the round.
  public var objectiveClairvoyant: Double?
  /// 1 - U / that.
  public var regret: Double?
  /// Constraints of (22) that a program's answer broke, where that does not end the run.
  public var violations: Int?
  /// Mean loss over all samples of all steps.
  public var trainLoss: Double?
  /// Mean loss on the test set after aggregation, where it was evaluated.
  public var testLoss: Double?
  /// Share of the test set that is classified right after aggregation, where it was evaluated.
  public var testAccuracy: Double?
  /// The same, as the mean over the participants' own models before aggregation.
  public var testAccuracyLocal: Double?

  /// A row of zeros.
  public init() {}

  /// `rounds.csv`.
  public static let fileName = "rounds.csv"

  /// The columns of `rounds.csv`.
  public static let columns: [Column<RoundRecord>] = [
    Column("round", \.round),
    Column("t_start_s", \.start),
    Column("t_end_s", \.end),
    Column("round_time_s", \.duration),
    Column("devices_available", \.devicesAvailable, if: .availability),
    Column("devices_feasible", \.devicesFeasible),
    Column("devices_selected", \.devicesSelected),
    Column("devices_completed", \.devicesCompleted),
    Column("devices_left", \.devicesLeft, if: .availability),
    Column("devices_low_battery", \.devicesLow, if: .battery),
    Column("devices_empty", \.devicesEmpty, if: .battery),
    Column("devices_at_work", \.devicesAtWork, if: .carrying),
    Column("staleness_mean", \.stalenessMean, if: .carrying),
    Column("staleness_max", \.stalenessMax, if: .carrying),
    Column("versions_kept", \.versionsKept, if: .carrying),
    Column("step_latency_max_s", \.stepLatencyMax),
    Column("step_energy_j", \.stepEnergy),
    Column("round_energy_j", \.roundEnergy),
    Column("round_compute_energy_j", \.roundComputeEnergy),
    Column("round_uplink_energy_j", \.roundUplinkEnergy),
    Column("round_downlink_energy_j", \.roundDownlinkEnergy, if: .downlink),
    Column("round_sleep_energy_j", \.roundSleepEnergy, if: .sleep),
    Column("energy_wasted_j", \.energyWasted, if: [.availability, .battery, .merging]),
    Column("battery_j", \.battery, if: .battery),
    Column("battery_charged_j", \.batteryCharged, if: .battery),
    Column("battery_spent_j", \.batterySpent, if: .battery),
    Column("time_total_s", \.timeTotal, if: .totals),
    Column("energy_total_j", \.energyTotal, if: .totals),
    Column("round_server_energy_j", \.roundServerEnergy, if: .serverEnergy),
    Column("server_utilization", \.serverUtilization, if: .accelerators),
    Column("server_queue_mean", \.serverQueueMean, if: .accelerators),
    Column("bits_mean", \.bitsMean, unit: Bits.unit, if: .stepOnAir),
    Column("power_mean_w", \.powerMean, if: .uplink),
    Column("objective", \.objective, if: .stepOnAir),
    Column("objective_optimum", \.objectiveOptimum, if: .optimum),
    Column("optimality_gap", \.optimalityGap, if: .optimum),
    Column("objective_clairvoyant", \.objectiveClairvoyant, if: .clairvoyant),
    Column("regret", \.regret, if: .clairvoyant),
    Column("violations", \.violations, if: .violations),
    Column("train_loss", \.trainLoss, if: .training),
    Column("test_loss", \.testLoss, if: .training),
    Column("test_accuracy", \.testAccuracy, if: .training),
    Column("test_accuracy_local", \.testAccuracyLocal, if: .localEvaluation),
  ]
}
