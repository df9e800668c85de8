/// Optional features of a run; each adds its columns.
public struct TraceFeatures: OptionSet, Sendable, Hashable {
  /// Bits of the set.
  public let rawValue: Int

  /// A set of features by its bits.
  public init(rawValue: Int) { self.rawValue = rawValue }

  /// The server has a power figure: `round_server_energy_j`.
  public static let serverEnergy = TraceFeatures(rawValue: 1)
  /// The optimum is computed beside the policy's answer: `objective_optimum`, `optimality_gap`.
  public static let optimum = TraceFeatures(rawValue: 2)
  /// Devices choose their clock: `clock_hz`.
  public static let clockChoice = TraceFeatures(rawValue: 4)
  /// A model is trained: losses and accuracies of `rounds.csv`, its time and memory in `timing.csv`.
  public static let training = TraceFeatures(rawValue: 8)
  /// A program decides, and may break constraints without ending the run: `violations`.
  public static let violations = TraceFeatures(rawValue: 1 << 10)
  /// The participants' own models are evaluated too: `test_accuracy_local`.
  public static let localEvaluation = TraceFeatures(rawValue: 16)
  /// Activations go up in every step: bits, payload and the objective.
  public static let stepOnAir = TraceFeatures(rawValue: 32)
  /// Something goes up at all: blocks, powers, gains and rates.
  public static let uplink = TraceFeatures(rawValue: 64)
  /// The policy keeps a deadline of its steps: `step_slack_s`.
  public static let deadline = TraceFeatures(rawValue: 128)
  /// Sums over the rounds so far: `time_total_s`, `energy_total_j`. Every run has them now; older ones did not.
  public static let totals = TraceFeatures(rawValue: 256)
  /// Somebody knows where devices stand: `distance_m`.
  public static let distances = TraceFeatures(rawValue: 1 << 11)
  /// The server has a number of accelerators: waits, `server_utilization`, `server_queue_mean`.
  public static let accelerators = TraceFeatures(rawValue: 1 << 13)
  /// Gradients and models come down: times and joules of receiving.
  public static let downlink = TraceFeatures(rawValue: 1 << 14)
  /// U is held against who knows the future: `objective_clairvoyant`, `regret`.
  public static let clairvoyant = TraceFeatures(rawValue: 1 << 16)
  /// Devices come and go: `devices_available`, `devices_left`, `energy_wasted_j`.
  public static let availability = TraceFeatures(rawValue: 1 << 17)
  /// Models merge when some are done: `energy_wasted_j`.
  public static let merging = TraceFeatures(rawValue: 1 << 18)
  /// Work is carried over from round to round: staleness, `devices_at_work`, `versions_kept`.
  public static let carrying = TraceFeatures(rawValue: 1 << 19)
  /// Energy may run out: `battery_j` and what batteries take in and give.
  public static let battery = TraceFeatures(rawValue: 1 << 20)
  /// Radios sleep: `round_sleep_energy_j`.
  public static let sleep = TraceFeatures(rawValue: 1 << 21)
  /// Devices choose where the model is cut: `cut`.
  public static let cutChoice = TraceFeatures(rawValue: 1 << 22)
  /// Devices' adapters have ranks of their own: `lora_rank`.
  public static let adapterRanks = TraceFeatures(rawValue: 1 << 23)
  /// The fleet's file names devices: `name`.
  public static let names = TraceFeatures(rawValue: 1 << 12)
}

/// One row of a trace file. A type lists its columns once; writing, reading and the header follow.
public protocol TraceRecord: Sendable {
  /// Name of its file in a run's folder.
  static var fileName: String { get }

  /// Its columns, in the order of the file.
  static var columns: [Column<Self>] { get }

  /// A row with every value zero or absent, to be read into.
  init()
}

/// One column: its name, the property it stands for and the feature that it belongs to.
public struct Column<Record>: Sendable {
  /// The name in the header, with the unit as its suffix.
  public let name: String
  /// The features of which one must be on; empty for a column that is always there.
  public let feature: TraceFeatures
  /// What every field of it that is not empty holds.
  public let type: FieldType
  /// The SI symbol of its unit, empty for plain numbers and words.
  public let unit: String
  /// Whether a field may be empty.
  public let mayBeEmpty: Bool
  /// What a field of it holds, as the end of "is not …".
  @usableFromInline let kind: String
  /// Appends the record's field.
  @usableFromInline let write: @Sendable (Record, inout CSVRow) -> Void
  /// Sets the record's property from a field; false where the text is no such value.
  @usableFromInline let read: @Sendable (inout Record, String) -> Bool

  /// The column `name` for a property; its unit is the property's unless another is given.
  public init<Value: CSVValue>(
    _ name: String, _ property: any WritableKeyPath<Record, Value> & Sendable, unit: String? = nil,
    if feature: TraceFeatures = []
  ) {
    self.name = name
    self.feature = feature
    type = Value.type
    self.unit = unit ?? Value.unit
    mayBeEmpty = Value.mayBeEmpty
    kind = Value.kind
    write = { record, row in record[keyPath: property].write(to: &row) }
    read = { record, text in
      guard let value = Value(csv: text) else { return false }
      record[keyPath: property] = value
      return true
    }
  }

  /// Whether a run with these features has the column.
  func isOn(_ features: TraceFeatures) -> Bool {
    feature.isEmpty || !feature.isDisjoint(with: features)
  }
}
