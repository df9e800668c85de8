import Experiments
import Scenario
import Simulation
import Statistics
import Units

/// The runs of a study, found by what varies: `series("objective", ["deadline": "5 s", "policy": "ep 2 W"])`.
package struct StudyResult: Sendable {
  /// The runs.
  package let table: RunTable
  /// Draws of every point.
  package let draws: Int
  /// The deadline in force at every point, where it is known.
  private let deadlines: [Double?]
  private let places: [String: Int]
  private let figures: [[RunMetrics?]]

  /// The result of `study`, or of a table made otherwise.
  package init(_ table: RunTable, study: Study? = nil) {
    self.table = table
    let draws = study?.repetitions ?? (table.rows.map(\.repetition).max() ?? -1) + 1
    self.draws = draws
    deadlines = table.points.indices.map { study?.points[$0].scenario.deadline.value.value }
    places = Dictionary(
      table.points.enumerated().map { (Self.key($1.settings.map { ($0.path, $0.label) }), $0) },
      uniquingKeysWith: { first, _ in first })
    var figures: [[RunMetrics?]] = Array(
      repeating: Array(repeating: nil, count: draws), count: table.points.count)
    for row in table.rows { figures[row.point][row.repetition] = row.figures }
    self.figures = figures
  }

  /// The values of a key that varies, in their order, as labels.
  package func values(of path: String) -> [String] {
    var values: [String] = []
    for point in table.points {
      for setting in point.settings where setting.path == path && !values.contains(setting.label) {
        values.append(setting.label)
      }
    }
    return values
  }

  /// A metric at a point, draw by draw; one of participants with their numbers.
  ///
  /// - Throws: ``ReproductionError`` where there is no such point or metric.
  package func series(_ metric: String, _ settings: [String: String]) throws -> DrawSeries {
    try series(metric, at: place(settings))
  }

  /// The same at the point of this index.
  func series(_ metric: String, at place: Int) throws -> DrawSeries {
    guard let metric = Metric.named(metric) else { throw ReproductionError("there is no metric '\(metric)'") }
    return metric.series(of: figures[place])
  }

  /// The deadline in force at a point, in seconds.
  package func deadline(_ settings: [String: String]) -> Double? {
    (try? place(settings)).flatMap { deadlines[$0] }
  }

  private func place(_ settings: [String: String]) throws -> Int {
    if let place = places[Self.key(settings.map { ($0.key, $0.value) })] { return place }
    let shown = settings.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: ", ")
    throw ReproductionError("there are no runs of \(shown)")
  }

  private static func key(_ settings: [(path: String, label: String)]) -> String {
    settings.map { "\($0.path)=\($0.label)" }.sorted().joined(separator: "\n")
  }
}

extension SweepSetting {
  /// The value for readers: `{name: ep, power: 0.5 W}` is `ep 0.5 W`, `{name: bcd, restarts: 10}` is `bcd restarts 10`.
  package var label: String {
    guard value.hasPrefix("{"), value.hasSuffix("}") else { return value }
    let words = value.dropFirst().dropLast().split(separator: ",").map { item -> String in
      let parts = item.split(separator: ":", maxSplits: 1).map { $0.trimmingSpaces }
      guard parts.count == 2 else { return item.trimmingSpaces }
      switch parts[0] {
      case "name", "kind", "power", "weight": return parts[1]
      case "bits": return "\(parts[1]) bits"
      default: return "\(parts[0]) \(parts[1])"
      }
    }
    return words.joined(separator: " ")
  }
}

extension Substring {
  fileprivate var trimmingSpaces: String {
    var text = self
    while text.first == " " { text.removeFirst() }
    while text.last == " " { text.removeLast() }
    return String(text)
  }
}
