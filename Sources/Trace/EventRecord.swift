import Units

/// A row of `events.csv`: one event of the simulation, in the order in which it happened.
public struct EventRecord: TraceRecord, Hashable {
  /// Simulated time, exact.
  public var time = Nanoseconds(0)
  /// forward, uplink, server, backward, model_upload, deadline or aggregated.
  public var kind = ""
  /// The device, if it is one's event.
  public var device: Int?
  /// The block that the device holds.
  public var block: Int?
  /// The round, from 1.
  public var round = 0
  /// The mini-batch step of the round, from 1.
  public var step: Int?
  /// What the part that ends here cost the device.
  public var energy: Joules?

  /// A row of zeros.
  public init() {}

  /// `events.csv`.
  public static let fileName = "events.csv"

  /// The columns of `events.csv`.
  public static let columns: [Column<EventRecord>] = [
    Column("time_s", \.time),
    Column("kind", \.kind),
    Column("device", \.device),
    Column("block", \.block),
    Column("round", \.round),
    Column("step", \.step),
    Column("energy_j", \.energy),
  ]
}

/// Simulated time in whole nanoseconds, written in seconds with all its digits: `12.000000001`, `12.5`, `12.0`.
public struct Nanoseconds: Sendable, Hashable, CSVValue {
  /// The count.
  public var count: Int64

  /// So many nanoseconds.
  public init(_ count: Int64) { self.count = count }

  /// Writes decimal seconds.
  public func write(to row: inout CSVRow) { row.append(nanoseconds: count) }

  /// Reads decimal seconds with at most nine digits behind the point.
  public init?(csv text: String) {
    let negative = text.hasPrefix("-")
    let parts = text.dropFirst(negative ? 1 : 0).split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count <= 2, let whole = parts.first, case let fraction = parts.count == 2 ? parts[1] : "0",
      !whole.isEmpty, !fraction.isEmpty, fraction.count <= 9,
      (whole + fraction).utf8.allSatisfy({ (48...57).contains($0) })
    else { return nil }
    let digits = (negative ? "-" : "") + whole + fraction + String(repeating: "0", count: 9 - fraction.count)
    guard let count = Int64(digits) else { return nil }
    self.count = count
  }

  /// `a time in seconds`.
  public static var kind: String { "a time in seconds" }
}
