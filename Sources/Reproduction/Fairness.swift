import Scenario
import Statistics
import Trace

/// How evenly devices take part against what it costs: the points of a study that no other point beats in both.
package struct Fairness: Sendable {
  /// A point.
  package struct Row: Sendable {
    /// What varies, a text for each of the table's keys.
    package var labels: [String]
    /// Its figures, by ``Fairness/figures``; `nil` where no draw has it.
    package var estimates: [DrawEstimate?]
    /// Whether no other point has both the higher index of Jain and the lower energy.
    package var isOnEnergyFront = false
    /// Whether no other point has both the higher index of Jain and the higher objective.
    package var isOnObjectiveFront = false
  }

  /// The metrics that a row has, Jain's index first.
  package static let figures = [
    "participation_jain", "never_selected_share", "step_energy_per_participant_j", "objective", "devices_selected",
  ]

  /// What varies, as columns.
  package var keys: [String]
  /// The points, in the order of the study.
  package var rows: [Row]

  /// The fronts of `rows`.
  package init(keys: [String], rows: [Row]) {
    self.keys = keys
    self.rows = rows
    func front(_ figure: Int, isBetterWhenLess: Bool) -> [Bool] {
      let points = rows.map { row -> (jain: Double, gain: Double)? in
        guard let jain = row.estimates[0]?.value, let value = row.estimates[figure]?.value else { return nil }
        return (jain, isBetterWhenLess ? -value : value)
      }
      return points.map { point in
        guard let point else { return false }
        return !points.contains { other in
          guard let other else { return false }
          return other.jain >= point.jain && other.gain >= point.gain
            && (other.jain > point.jain || other.gain > point.gain)
        }
      }
    }
    for (place, isOn) in front(2, isBetterWhenLess: true).enumerated() { self.rows[place].isOnEnergyFront = isOn }
    for (place, isOn) in front(3, isBetterWhenLess: false).enumerated() { self.rows[place].isOnObjectiveFront = isOn }
  }

  /// The fronts of a study's runs.
  ///
  /// - Throws: ``ReproductionError`` for a metric that there is not.
  init(_ study: Study, _ result: StudyResult) throws {
    self.init(
      keys: study.points.first?.settings.map { FigureTable.column($0.path) } ?? [],
      rows: try study.points.enumerated().map { place, point in
        Row(
          labels: FigureTable.labels(of: point),
          estimates: try Self.figures.map { try result.series($0, at: place).estimate })
      })
  }

  /// One row per point: the keys, each figure with `_ci95_low` and `_ci95_high`, `n`, `on_energy_front`,
  /// `on_objective_front`.
  package var csv: [UInt8] {
    var row = CSVRow()
    for title in keys { row.append(title) }
    for figure in Self.figures { for suffix in ["", "_ci95_low", "_ci95_high"] { row.append(figure + suffix) } }
    for title in ["n", "on_energy_front", "on_objective_front"] { row.append(title) }
    row.endLine()
    for point in rows {
      for label in point.labels { row.append(label) }
      for estimate in point.estimates {
        for number in [estimate?.value, estimate?.interval?.lowerBound, estimate?.interval?.upperBound] {
          number.write(to: &row)
        }
      }
      row.append(point.estimates.compactMap { $0?.count }.min() ?? 0)
      row.append(point.isOnEnergyFront ? "yes" : "no")
      row.append(point.isOnObjectiveFront ? "yes" : "no")
      row.endLine()
    }
    return row.bytes
  }
}
