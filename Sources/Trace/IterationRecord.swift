import Units

/// A row of `bcd.csv`: one pass of an iterative policy.
public struct IterationRecord: TraceRecord, Hashable {
  /// The round, from 1.
  public var round = 0
  /// The pass, from 1.
  public var iteration = 0
  /// U after the pass, Eq. (21).
  public var objective = 0.0
  /// Summed E_n of its participants.
  public var energy = Joules.zero
  /// Devices whose block, or lack of one, differs from the pass before.
  public var assignmentsChanged = 0
  /// Devices whose bits differ from the pass before.
  public var bitsChanged = 0
  /// Devices that take part after the pass.
  public var participants = 0
  /// Devices that meet the deadline on their reference blocks after P1 and P2, before P3 chooses among them.
  public var candidates = 0
  /// Summed E_n of the candidates on their reference blocks.
  public var candidateEnergy = Joules.zero

  /// A row of zeros.
  public init() {}

  /// `bcd.csv`.
  public static let fileName = "bcd.csv"

  /// The columns of `bcd.csv`.
  public static let columns: [Column<IterationRecord>] = [
    Column("round", \.round),
    Column("iteration", \.iteration),
    Column("objective", \.objective),
    Column("energy_j", \.energy),
    Column("assignments_changed", \.assignmentsChanged),
    Column("bits_changed", \.bitsChanged),
    Column("participants", \.participants),
    Column("candidates", \.candidates),
    Column("candidate_energy_j", \.candidateEnergy),
  ]
}

/// A row of `timing.csv`: seconds on the wall. The one file of a run whose bytes differ from run to run.
public struct TimingRecord: TraceRecord, Hashable {
  /// The round, from 1.
  public var round = 0
  /// The policy's answer.
  public var allocate = Seconds.zero
  /// The events of the round.
  public var events = Seconds.zero
  /// Training and evaluation.
  public var train = Seconds.zero
  /// The whole round but writing it.
  public var total = Seconds.zero
  /// The largest memory that the process has had so far, bytes.
  public var peakMemory = 0

  /// A row of zeros.
  public init() {}

  /// `timing.csv`.
  public static let fileName = "timing.csv"

  /// The columns of `timing.csv`.
  public static let columns: [Column<TimingRecord>] = [
    Column("round", \.round),
    Column("allocate_wall_s", \.allocate),
    Column("events_wall_s", \.events),
    Column("train_wall_s", \.train, if: .training),
    Column("round_wall_s", \.total),
    Column("peak_memory_b", \.peakMemory, if: .training),
  ]
}
