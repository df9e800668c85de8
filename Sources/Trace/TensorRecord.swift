import Units

/// A row of `tensors.csv`: one tensor that goes over the air in training.
public struct TensorRecord: TraceRecord, Hashable {
  /// The round, from 1.
  public var round = 0
  /// n, from 0.
  public var device = 0
  /// The mini-batch step of the round, from 1; absent for what goes with the model before or after all steps.
  public var step: Int?
  /// Which way: from the base station or to it.
  public var direction = Direction.up
  /// What it is: `activations`, `gradient`, `head_input`, `head_gradient`, `samples`, or a weight by its name.
  public var tensor = ""
  /// Its sizes, `64x49x768`.
  public var shape = ""
  /// Bits of each number of it.
  public var bits = 32
  /// All of it on the air, with sign and range where the scenario counts them.
  public var payload = Bits.zero

  /// A way over the air.
  public enum Direction: String, Sendable, Hashable, CaseIterable {
    /// To the base station.
    case up
    /// To the device.
    case down
  }

  /// A row of zeros.
  public init() {}

  /// `tensors.csv`.
  public static let fileName = "tensors.csv"

  /// The columns of `tensors.csv`, which are those of the trainers in `tools/python`.
  public static let columns: [Column<TensorRecord>] = [
    Column("round", \.round),
    Column("device", \.device),
    Column("step", \.step),
    Column("direction", \.direction),
    Column("tensor", \.tensor),
    Column("shape", \.shape),
    Column("bits", \.bits, unit: Bits.unit),
    Column("payload_bits", \.payload),
  ]
}

extension TensorRecord.Direction: CSVValue {
  /// A word.
  public static var type: FieldType { .string }
  /// Its name, `up`.
  public func write(to row: inout CSVRow) { row.append(rawValue) }
  /// Reads its name.
  public init?(csv text: String) { self.init(rawValue: text) }
  /// The names.
  public static var kind: String { "one of " + allCases.map(\.rawValue).joined(separator: ", ") }
}
