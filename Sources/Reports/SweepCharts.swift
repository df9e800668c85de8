import Charts
import Experiments
import Statistics

private typealias Estimate = Charts.Estimate

/// A sweep's metrics as charts: means over the repetitions with their 95 % intervals.
struct SweepCharts {
  private let table: RunTable
  let axes: SweepAxes
  /// By point, the rows of its runs.
  private let rows: [[RunTable.Row]]

  init(_ table: RunTable) {
    self.table = table
    axes = SweepAxes(table.points.map(\.settings))
    var rows = table.points.map { _ in [RunTable.Row]() }
    for row in table.rows where rows.indices.contains(row.point) { rows[row.point].append(row) }
    self.rows = rows
  }

  /// The values of a metric at a point.
  func sample(_ metric: Int, at point: Int) -> Sample {
    Sample(rows[point].compactMap { $0.figures.values[metric] })
  }

  private func estimate(_ metric: Int, at point: Int) -> Estimate? {
    let sample = sample(metric, at: point)
    guard let mean = sample.mean else { return nil }
    guard let half = sample.halfWidth() else { return Estimate(mean) }
    return Estimate(mean, low: mean - half, high: mean + half)
  }

  /// Metrics that any run has.
  var present: [Int] {
    Metric.all.indices.filter { metric in table.rows.contains { $0.figures.values[metric] != nil } }
  }

  /// What is shown unless metrics are chosen: those of most interest that differ between points.
  var chosen: [Int] {
    let interesting = [
      "objective", "optimality_gap", "step_energy_j", "round_time_s", "round_energy_j", "bits_mean",
      "devices_selected", "participation_jain", "test_accuracy_best", "target_time_s", "target_energy_j",
    ].compactMap(Metric.index)
    let present = Set(present)
    let there = interesting.filter(present.contains)
    let varying = there.filter { metric in
      Set(table.points.indices.compactMap { sample(metric, at: $0).mean }).count > 1
    }
    return Array((varying.isEmpty ? there : varying).prefix(8))
  }

  /// `step_energy_j` as `step energy` and `J`.
  static func axis(of metric: Metric) -> Axis {
    let units = [("_s", "s"), ("_j", "J"), ("_w", "W")]
    let found = units.first { metric.name.hasSuffix($0.0) }
    let name = found.map { String(metric.name.dropLast($0.0.count)) } ?? metric.name
    return Axis(name.replacing("_", with: " "), unit: found?.1 ?? "")
  }

  /// The charts of a metric: one, or one for each combination of what neither axis nor lines show.
  func charts(of metric: Int) -> [any Chart] {
    guard let main = axes.main else { return [chart(metric, table.points.indices.map { $0 }, nil, "")] }
    let others = axes.axes.indices.filter { $0 != main && $0 != axes.lines }
    var groups: [(key: [Int], points: [Int])] = []
    for point in table.points.indices {
      let key = others.map { axes.places[point][$0] }
      if let index = groups.firstIndex(where: { $0.key == key }) {
        groups[index].points.append(point)
      } else {
        groups.append((key, [point]))
      }
    }
    return groups.prefix(12).map { group in
      let fixed = zip(others, group.key).map { "\(axes.axes[$0].path) \(axes.axes[$0].values[$1])" }
      return chart(metric, group.points, main, fixed.joined(separator: ", "))
    }
  }

  private func chart(_ metric: Int, _ points: [Int], _ main: Int?, _ fixed: String) -> any Chart {
    let y = Self.axis(of: Metric.all[metric])
    let title = y.label.prefix(1).uppercased() + y.label.dropFirst() + (fixed.isEmpty ? "" : ", \(fixed)")
    let counts = points.map { sample(metric, at: $0).count }.filter { $0 > 0 }
    let what = Metric.all[metric].summary
    let summary = "\(what.prefix(1).uppercased())\(what.dropFirst()). \(Self.draws(counts))"
    let names = axes.lines.map { line in axes.axes[line].values } ?? [y.label]
    func place(_ point: Int) -> Int { axes.lines.map { axes.places[point][$0] } ?? 0 }
    guard let main else {
      return BarChart(
        title, summary: summary, category: "point", categories: points.map { table.points[$0].name }, y: y,
        series: [.init(y.label, points.map { estimate(metric, at: $0) })])
    }
    let axis = axes.axes[main]
    if let numbers = axis.numbers {
      let series = names.enumerated().map { number, name in
        LineChart.Series(
          name,
          points.filter { place($0) == number }.map { point in
            .init(numbers[axes.places[point][main]], estimate(metric, at: point) ?? Estimate(.nan))
          })
      }
      return LineChart(
        title, summary: summary, x: Axis(axis.path, unit: axis.unit), y: y, series: series.filter { !$0.points.isEmpty }
      )
    }
    return BarChart(
      title, summary: summary, category: axis.path, categories: axis.values, y: y,
      series: names.enumerated().map { number, name in
        .init(
          name,
          axis.values.indices.map { value in
            points.first { place($0) == number && axes.places[$0][main] == value }.flatMap { estimate(metric, at: $0) }
          })
      })
  }

  private static func draws(_ counts: [Int]) -> String {
    guard let least = counts.min(), let most = counts.max() else { return "No run has it." }
    let count = least == most ? "\(least)" : "\(least) to \(most)"
    return most < 2
      ? "One draw a point, so there are no intervals."
      : "Mean of \(count) draws a point; bands and bars are 95 % intervals (Student's t)."
  }
}
