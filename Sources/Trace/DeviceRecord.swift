import Units

/// A row of `devices.csv`: one device in one round. What only a participant has is absent for the others.
public struct DeviceRecord: TraceRecord, Hashable {
  /// The round, from 1.
  public var round = 0
  /// n, from 0.
  public var device = 0
  /// What it is called, where the fleet's file says so.
  public var name: String?
  /// The rank of the adapters that stand on it, where devices have ranks of their own.
  public var adapterRank: Int?
  /// Distance to the base station, where it is known.
  public var distance: Meters?
  /// The gain h_{n,k} of the given block in decibels; absent without a block or at gain 0.
  public var gain: Decibels?
  /// k, from 0.
  public var block: Int?
  /// p_n.
  public var power: Watts?
  /// q_n.
  public var bits: Int?
  /// The clock that the device chose, where it may.
  public var clock: Hertz?
  /// The cut that was chosen, where there is a choice.
  public var cut: String?
  /// S(q_n) of one step.
  public var payload: Bits?
  /// R_n, Eq. (12).
  public var rate: BitsPerSecond?
  /// T_n^dev, Eq. (9).
  public var stepComputeTime: Seconds?
  /// T_n^com, Eq. (14).
  public var stepUplinkTime: Seconds?
  /// T^srv, Eq. (11).
  public var stepServerTime: Seconds?
  /// The mean wait of a step for an accelerator, where they are counted.
  public var stepWaitTime: Seconds?
  /// The time of receiving a step's gradient, where anything comes down.
  public var stepDownlinkTime: Seconds?
  /// T_n, Eq. (16), with the wait and the downlink where there are any.
  public var stepLatency: Seconds?
  /// T_max − T_n.
  public var stepSlack: Seconds?
  /// E_n, Eq. (17).
  public var stepEnergy: Joules?
  /// s_n = E ceil(D_n / b), the steps of the round.
  public var steps: Int?
  /// From the round's start to the end of this device's part.
  public var roundTime: Seconds?
  /// Computing energy of all its steps.
  public var roundComputeEnergy: Joules?
  /// Radio energy of all its steps and of the model upload.
  public var roundUplinkEnergy: Joules?
  /// What it waited for accelerators in the round.
  public var roundWaitTime: Seconds?
  /// Energy of receiving all steps' gradients and the model.
  public var roundDownlinkEnergy: Joules?
  /// Energy of its radio while that was asleep, where that is counted.
  public var roundSleepEnergy: Joules?
  /// When it began, where work is carried over.
  public var start: Seconds?
  /// How many versions it was behind when it ended, likewise.
  public var staleness: Int?
  /// What is in its battery when the round ends, where energy may run out.
  public var battery: Joules?
  /// What became of it.
  public var outcome = Outcome.notSelected

  /// A row of a device that was not selected.
  public init() {}

  /// `devices.csv`.
  public static let fileName = "devices.csv"

  /// The columns of `devices.csv`.
  public static let columns: [Column<DeviceRecord>] = [
    Column("round", \.round),
    Column("device", \.device),
    Column("name", \.name, if: .names),
    Column("lora_rank", \.adapterRank, if: .adapterRanks),
    Column("distance_m", \.distance, if: .distances),
    Column("gain_db", \.gain, if: .uplink),
    Column("block", \.block, if: .uplink),
    Column("power_w", \.power, if: .uplink),
    Column("bits", \.bits, unit: Bits.unit, if: .stepOnAir),
    Column("clock_hz", \.clock, if: .clockChoice),
    Column("cut", \.cut, if: .cutChoice),
    Column("payload_bits", \.payload, if: .stepOnAir),
    Column("rate_bps", \.rate, if: .uplink),
    Column("step_compute_time_s", \.stepComputeTime),
    Column("step_uplink_time_s", \.stepUplinkTime),
    Column("step_server_time_s", \.stepServerTime),
    Column("step_wait_time_s", \.stepWaitTime, if: .accelerators),
    Column("step_downlink_time_s", \.stepDownlinkTime, if: .downlink),
    Column("step_latency_s", \.stepLatency),
    Column("step_slack_s", \.stepSlack, if: .deadline),
    Column("step_energy_j", \.stepEnergy),
    Column("steps", \.steps),
    Column("round_time_s", \.roundTime),
    Column("round_compute_energy_j", \.roundComputeEnergy),
    Column("round_uplink_energy_j", \.roundUplinkEnergy),
    Column("round_wait_time_s", \.roundWaitTime, if: .accelerators),
    Column("round_downlink_energy_j", \.roundDownlinkEnergy, if: .downlink),
    Column("round_sleep_energy_j", \.roundSleepEnergy, if: .sleep),
    Column("t_start_s", \.start, if: .carrying),
    Column("staleness", \.staleness, if: .carrying),
    Column("battery_j", \.battery, if: .battery),
    Column("outcome", \.outcome),
  ]
}
