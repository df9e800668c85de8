import Units

/// A row of `gains.csv`: one device on one block in one round, whether it was selected or not. A scenario reads the file
/// as its own gains.
public struct GainRecord: TraceRecord, Hashable {
  /// The round, from 1.
  public var round = 0
  /// n, from 0.
  public var device = 0
  /// k, from 0.
  public var block = 0
  /// The gain h_{n,k} in decibels; absent at gain 0.
  public var gain: Decibels?

  /// A row of zeros.
  public init() {}

  /// `gains.csv`.
  public static let fileName = "gains.csv"

  /// The columns of `gains.csv`.
  public static let columns: [Column<GainRecord>] = [
    Column("round", \.round),
    Column("device", \.device),
    Column("block", \.block),
    Column("gain_db", \.gain),
  ]
}
