import EventKernel
import Units

/// A row of `events.csv`: one event of the simulation, in the order in which it happened.
public struct EventRecord: TraceRecord, Hashable {
  /// Simulated time, exact.
  public var time = SimTime.zero
  /// downlink, forward, uplink, server, backward, model_upload, deadline, link_lost or aggregated.
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
  /// What the device waited for an accelerator before this service, where they are counted.
  public var wait: Seconds?

  /// A row of zeros.
  public init() {}

  /// `events.csv`.
  public static let fileName = "events.csv"

  /// The columns of `events.csv`.
  public static let columns: [Column<EventRecord>] = [
    Column("time_s", \.time),
    Column("kind", \.kind),
    Column("device", \.device),
    Column("block", \.block, if: .uplink),
    Column("round", \.round),
    Column("step", \.step),
    Column("energy_j", \.energy),
    Column("wait_s", \.wait, if: .accelerators),
  ]
}

extension SimTime: CSVValue {
  /// Seconds.
  public static var unit: String { Seconds.unit }
  /// Seconds with all their digits, `12.000000001`.
  public func write(to row: inout CSVRow) { row.append(self) }

  /// Reads decimal seconds with at most nine digits behind the point.
  public init?(csv text: String) {
    let parts = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
    guard let whole = parts.first, let fraction = parts.count == 2 ? parts.last : "0", !whole.isEmpty,
      !fraction.isEmpty, fraction.utf8.count <= 9, (whole + fraction).utf8.allSatisfy({ (48...57).contains($0) }),
      let count = UInt64(whole + fraction + String(repeating: "0", count: 9 - fraction.utf8.count))
    else { return nil }
    self.init(nanoseconds: count)
  }

  /// `a time in seconds`.
  public static var kind: String { "a time in seconds" }
}
