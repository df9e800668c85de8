import Charts
import Trace
import Units

/// Maps of devices: who took part in which round, and who holds which samples.
enum DeviceMaps {
  /// Rows and columns that a map of single cells has at most.
  private static let most = 160

  private typealias Class = (outcome: Outcome, word: String, meaning: String)

  /// The first six are in every legend, so that maps of different runs have the same colours.
  private static let table: [Class] = [
    (.ok, "took part", "took part"), (.late, "late", "missed the deadline"),
    (.noTime, "no time", "could not meet it by computing alone"),
    (.noPower, "no power", "could not meet it within its power"),
    (.notSelected, "not selected", "was left out by the policy"), (.noLink, "no link", "had no link"),
    (.busy, "at work", "was at work on an earlier version"), (.away, "away", "was away"),
    (.withdrawn, "withdrawn", "was stopped when others merged"), (.left, "left", "left before it had finished"),
    (.lowBattery, "low battery", "had too little in its battery"), (.empty, "ran empty", "ran empty"),
    (.stale, "stale", "finished on too old a version"), (.noMemory, "no memory", "had no memory for any cut"),
  ]

  /// As many as there are colours: where more would be shown, those that occur.
  private static func classes(of outcomes: [[Outcome]]) -> [Class] {
    let seen = Set(outcomes.joined())
    let shown = table.enumerated().filter { $0.offset < 6 || seen.contains($0.element.outcome) }.map(\.element)
    return shown.count <= 8 ? shown : table.filter { seen.contains($0.outcome) }
  }

  /// What became of every device in every round; shares of rounds or devices where there are too many cells.
  static func outcomes(_ outcomes: [[Outcome]], names: [String]) -> HeatMap? {
    let rounds = outcomes.map(\.count).max() ?? 0
    guard rounds > 0 else { return nil }
    guard outcomes.count > most || rounds > most else {
      let shown = classes(of: outcomes)
      return HeatMap(
        "Who took part",
        summary: "What became of each device in each round: whether it "
          + shown.dropLast().map(\.meaning).joined(separator: ", ") + " or \(shown.last?.meaning ?? "").",
        row: "device", column: "round", rows: names, columns: (1...rounds).map { "\($0)" },
        values: outcomes.map { row in
          row.map { outcome in shown.firstIndex { $0.outcome == outcome }.map(Double.init) }
        },
        content: .classes(shown.map(\.word)))
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
