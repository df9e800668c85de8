import Charts
import Experiments
import Simulation
import Statistics

private typealias Estimate = Charts.Estimate

/// A sweep's metrics as charts: means over the repetitions with their 95 % intervals.
///
/// A chart has at most eight lines. More of them are small charts on common axes, one per kind of policy, with all the others
/// in grey behind; keys beyond the two that a chart shows make small charts too.
struct SweepCharts {
  /// Small charts that stand for one metric.
  private static let mostPanels = 24

  let table: RunTable
  let axes: SweepAxes
  /// Metrics that any run has.
  let present: [Metric]
  private let known = KnownMeans()

  /// The means of metrics that somebody has asked for, by point.
  private final class KnownMeans {
    var ofMetric: [Metric: [Statistics.Estimate?]] = [:]
  }

  init(_ table: RunTable) {
    self.table = table
    axes = SweepAxes(table.points.map(\.settings))
    present = Metric.all.indices.filter { index in table.rows.contains { $0.figures.values[index] != nil } }
      .map { Metric.all[$0] }
  }

  /// By point, the mean of a metric over its runs; `nil` where none has it.
  func means(_ metric: Metric) -> [Statistics.Estimate?] {
    if let known = known.ofMetric[metric] { return known }
    var means: [Statistics.Estimate?] = Array(repeating: nil, count: table.points.count)
    var rest = table.rows[...]
    while let point = rest.first?.point {
      let runs = rest.prefix { $0.point == point }
      means[point] = metric.estimate(of: runs.map(\.figures))
      rest = rest[runs.endIndex...]
    }
    known.ofMetric[metric] = means
    return means
  }

  /// By point, the mean with its 95 % interval, as charts take it.
  func estimates(_ metric: Metric) -> [Charts.Estimate?] {
    means(metric).map { mean in
      guard let mean else { return nil }
      guard let half = mean.halfWidth() else { return Estimate(mean.value) }
      return Estimate(mean.value, low: mean.value - half, high: mean.value + half)
    }
  }

  /// What is shown unless metrics are chosen, the answers first: what was learnt and what it took, or the objective and what
  /// it is made of. What is the same at every point is left out.
  var chosen: [Metric] {
    let interesting: [Metric] = [
      .testAccuracyBest, .targetTime, .targetEnergy, .objective, .optimalityGap, .stepEnergy, .stepEnergyPerParticipant,
      .devicesSelected, .bits, .roundTime, .roundEnergy, .participationJain,
    ]
    let present = Set(present)
    let there = interesting.filter(present.contains)
    let varying = there.filter { metric in
      Set(means(metric).compactMap { $0?.value }).count > 1
    }
    return Array((varying.isEmpty ? there : varying).prefix(8))
  }

  /// The chart of a metric; small charts as ``Panels`` where one does not hold it.
  func chart(of metric: Metric) -> any Chart {
    var y = metric.axis
    let all = estimates(metric)
    let means = all.compactMap { $0?.value }
    // Times and energies of frameworks lie far apart; of what has no unit, 0 is what the others are measured from.
    if !y.unit.isEmpty, let low = means.min(), let high = means.max(), low > 0, high > 100 * low {
      (y.isLogarithmic, y.includesZero) = (true, false)
    }
    let reachesZero = y.isLogarithmic && all.contains { ($0?.low ?? 1) <= 0 }
    let summary =
      "\(Metric.sentence(metric.summary)). \(draws(metric))"
      + (reachesZero ? " Intervals that reach 0 are not metric." : "")
    let drawing = MetricDrawing(axes: axes, estimates: all, y: y)
    let panels = drawing.panels
    guard panels.count > 1 else {
      var chart: any Chart = panels.first ?? DotChart("", row: "point", x: y, rows: [])
      chart.title = metric.chartTitle
      chart.summary = summary
      return chart
    }
    let shown = panels.prefix(Self.mostPanels)
    let rest =
      panels.count > shown.count
      ? " The first \(shown.count) of \(panels.count) charts are shown; runs.csv and the table of points have the rest."
      : ""
    let grey = drawing.hasContext ? " Grey: the others, for comparison." : ""
    return Panels(
      metric.chartTitle, summary: summary + grey + rest, columns: 4, isLettered: false, Array(shown))
  }

  private func draws(_ metric: Metric) -> String {
    let counts = means(metric).compactMap { $0?.count }
    guard let least = counts.min(), let most = counts.max() else { return "No run has it." }
    let count = least == most ? "\(least)" : "\(least) to \(most)"
    return most < 2
      ? "One draw per point, so there are no intervals."
      : "Mean of \(count) draws per point, with its 95 % interval (Student's t)."
  }
}
