import Scenario
import Simulation
import Statistics
import Trace

extension Comparison {
  /// One row per value and metric, what else varies in front.
  public var csv: [UInt8] {
    var row = CSVRow()
    let paths = rows.first?.settings.map(\.path) ?? []
    let columns = [
      path, "metric", "n", "mean", "ci95_half_width", "paired_difference", "paired_ci95_half_width", "p", "p_adjusted",
      "win_rate",
    ]
    for column in paths + columns { row.append(column) }
    row.endLine()
    for entry in rows {
      for setting in entry.settings { row.append(setting.value) }
      row.append(entry.value)
      row.append(entry.metric.name)
      row.append(entry.count)
      for figure in entry.figures { figure.value.write(to: &row) }
      row.endLine()
    }
    return row.bytes
  }
}

extension Comparison.Row {
  /// The numbers of the row by the names of their columns.
  public var figures: [(name: String, value: Double?)] {
    [
      ("mean", mean?.value), ("ci95_half_width", mean?.halfWidth()), ("paired_difference", difference?.value),
      ("paired_ci95_half_width", difference?.halfWidth()), ("p", difference?.p), ("p_adjusted", adjusted),
      ("win_rate", wins?.share),
    ]
  }
}
