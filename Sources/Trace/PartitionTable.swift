/// Who holds how many training samples of which class: `partition.csv`, one row per device and one column per class.
public struct PartitionTable: Sendable, Hashable {
  /// Samples by device and class.
  public var counts: [[Int]]

  /// A table with as many counts a device as there are classes.
  public init(counts: [[Int]]) { self.counts = counts }

  /// `partition.csv`.
  public static let fileName = "partition.csv"

  /// The names of its columns.
  var header: [String] { ["device", "samples"] + (0..<(counts.first?.count ?? 0)).map { "class_\($0)" } }

  /// The file's bytes: `device,samples,class_0,class_1,…`, devices ascending.
  var csv: [UInt8] {
    var row = CSVRow()
    for name in header { row.append(name) }
    row.endLine()
    for (device, classes) in counts.enumerated() {
      row.append(device)
      row.append(classes.reduce(0, +))
      for count in classes { row.append(count) }
      row.endLine()
    }
    return row.bytes
  }
}
