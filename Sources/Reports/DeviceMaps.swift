import Charts
import Trace
import Units

/// Maps of devices: who took part in which round, and who holds which samples.
enum DeviceMaps {
  /// Rows and columns that a map of single cells has at most.
  private static let most = 160

  /// What became of every device in every round; shares of rounds or devices where there are too many cells.
  static func outcomes(_ outcomes: [[Outcome]], names: [String]) -> HeatMap? {
    let rounds = outcomes.map(\.count).max() ?? 0
    guard rounds > 0 else { return nil }
    guard outcomes.count > most || rounds > most else {
      var order: [Outcome] = [.ok, .late, .noTime, .noPower, .notSelected, .noLink]
      var words = ["took part", "late", "no time", "no power", "not selected", "no link"]
      if outcomes.contains(where: { $0.contains(.away) || $0.contains(.left) }) {
        order += [.away, .left]
        words += ["away", "left"]
      }
      return HeatMap(
        "Who took part",
        summary:
          "What became of each device in each round: whether it took part, missed the deadline, could not meet it "
          + "by computing alone or within its power, had no link, "
          + (order.contains(.away) ? "left before it had finished, was away, " : "") + "or was left out by the policy.",
        row: "device", column: "round", rows: names, columns: (1...rounds).map { "\($0)" },
        values: outcomes.map { row in row.map { order.firstIndex(of: $0).map(Double.init) } },
        content: .classes(words))
    }
    let (rowStep, columnStep) = ((outcomes.count + most - 1) / most, (rounds + most - 1) / most)
    let rows = stride(from: 0, to: outcomes.count, by: rowStep).map { $0..<min($0 + rowStep, outcomes.count) }
    let columns = stride(from: 0, to: rounds, by: columnStep).map { $0..<min($0 + columnStep, rounds) }
    return HeatMap(
      "Who took part",
      summary:
        "Share of rounds that a device completed; a cell stands for \(counted(rowStep, "device")) and "
        + "\(counted(columnStep, "round")).",
      row: "device", column: "round", rows: rows.map { "\($0.lowerBound)" },
      columns: columns.map { "\($0.lowerBound + 1)" },
      values: rows.map { row in
        columns.map { column in
          let cells = outcomes[row].flatMap { $0.indices.overlaps(column) ? $0[column.clamped(to: $0.indices)] : [] }
          return cells.isEmpty ? nil : Double(cells.count { $0 == .ok }) / Double(cells.count)
        }
      },
      content: .figures(Axis("share completed")))
  }

  /// Samples by device and class.
  static func partition(_ table: PartitionTable, names: [String]) -> HeatMap? {
    guard let classes = table.counts.map(\.count).max(), classes > 0 else { return nil }
    return HeatMap(
      "Who holds which samples", summary: "Training samples of each device by class.", row: "device", column: "class",
      rows: table.counts.indices.map { names.indices.contains($0) ? names[$0] : "\($0)" },
      columns: (0..<classes).map { "\($0)" },
      values: table.counts.map { $0.map(Double.init) }, content: .figures(Axis("samples")))
  }
}
