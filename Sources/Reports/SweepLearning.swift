import Charts
import Experiments
import Simulation
import Scenario
import Trace

/// What a sweep's runs learnt against what it took: curves where the runs kept their rounds, else one mark per point.
///
/// Policies and frameworks are lines of one chart; numbers that vary beside them make small charts.
struct SweepLearning {
  /// Runs whose rounds are read at most.
  private static let mostRuns = 400
  /// Settings that a chart of curves shows.
  private static let mostCurves = 12
  /// Small charts of one figure.
  private static let mostGroups = 12

  private static let isTooMuch =
    "What was learnt is not drawn: of its settings more than \(mostCurves) would be lines of one chart, or more than "
    + "\(mostGroups) charts. The tables have the accuracies; sweep fewer values for the charts."

  let charts: [any Chart]
  /// Why there is no chart though the runs were judged.
  private(set) var remark: String?

  init(folder: SweepFolder, _ inventory: SweepInventory, _ sweep: SweepCharts) {
    // More points than charts could show: what each of them is called need not be known.
    guard sweep.table.points.count <= Self.mostGroups * Self.mostCurves else {
      charts = []
      if sweep.present.contains(.testAccuracyBest) { remark = Self.isTooMuch }
      return
    }
    let settings = Settings(sweep.axes)
    guard settings.groups.count <= Self.mostGroups, settings.groups.allSatisfy({ $0.points.count <= Self.mostCurves })
    else {
      charts = []
      if Self.marks(sweep, settings).isEmpty { return }
      remark = Self.isTooMuch
      return
    }
    let curves = Self.curves(folder, inventory, sweep.table, settings)
    charts = curves.isEmpty ? Self.marks(sweep, settings) : AccuracyCharts(groups: curves).charts
  }

  /// What a sweep's points are called and how they are drawn: by point, the line; and the points of each chart.
  private struct Settings {
    let names: [String]
    let looks: [Look]
    private(set) var groups: [(name: String, points: [Int])] = []

    init(_ axes: SweepAxes) {
      let words = axes.axes.indices.filter { axes.axes[$0].numbers == nil }
      // Without any policy or framework the values of one number are the lines.
      let lines = words.isEmpty ? [axes.lines ?? axes.main].compactMap(\.self) : words
      func text(_ point: Int, _ shown: [Int], _ part: (SweepAxes.Axis) -> [String]) -> String {
        shown.map { part(axes.axes[$0])[axes.places[point][$0]] }.filter { !$0.isEmpty }.joined(separator: ", ")
      }
      names = axes.places.indices.map { text($0, lines, \.names) }
      looks = Look.looks(of: axes.places.indices.map { text($0, lines, \.identities) })
      let rest = axes.axes.indices.filter { !lines.contains($0) }
      for point in axes.places.indices {
        let name = text(point, rest, \.names)
        if let place = groups.firstIndex(where: { $0.name == name }) {
          groups[place].points.append(point)
        } else {
          groups.append((name, [point]))
        }
      }
    }
  }

  /// By chart, the mean curve of each point whose runs kept their rounds.
  private static func curves(
    _ folder: SweepFolder, _ inventory: SweepInventory, _ table: RunTable, _ settings: Settings
  ) -> [(name: String, curves: [AccuracyCharts.Curve])] {
    guard inventory.reading.plan.traces.contains("rounds"), table.rows.count <= mostRuns else { return [] }
    return settings.groups.map { group in
      let curves = group.points.compactMap { point -> AccuracyCharts.Curve? in
        let runs = table.rows.filter { $0.point == point }.compactMap { row -> AccuracyCharts.Curve? in
          let path = folder.traces(of: inventory.reading.points.name(at: point), repetition: row.repetition)
          guard let rounds = try? RunTraces.rounds(in: path) else { return nil }
          return AccuracyCharts.curve("", rounds, of: \.testAccuracy)
        }
        return AccuracyCharts.mean(settings.names[point], runs, look: settings.looks[point])
      }
      return (group.name, curves)
    }.filter { !$0.curves.isEmpty }
  }

  /// The best accuracy of each point against its simulated time and its energy.
  private static func marks(_ sweep: SweepCharts, _ settings: Settings) -> [any Chart] {
    let accuracy = sweep.estimates(.testAccuracyBest)
    guard accuracy.contains(where: { $0 != nil }) else { return [] }
    func chart(_ title: String, _ metric: Metric, _ summary: String) -> any Chart {
      var x = metric.axis
      let places = sweep.estimates(metric).map { $0?.value ?? .nan }
      let positive = places.filter { $0 > 0 }
      x.isLogarithmic = (positive.max() ?? 1) > 30 * (positive.min() ?? 1)
      x.includesZero = !x.isLogarithmic
      return AccuracyCharts.figure(
        title, "\(summary) One mark per point, the mean of its draws with its 95 % interval.", x,
        Metric.testAccuracyBest.axis,
        settings.groups.map { group in
          (
            group.name,
            group.points.map { point in
              .init(
                settings.names[point], [.init(places[point], accuracy[point] ?? Estimate(.nan))],
                look: settings.looks[point])
            }
          )
        })
    }
    return [
      chart("Accuracy against time", .duration, "Best test accuracy by the simulated time of the run."),
      chart("Accuracy against energy", .energy, "Best test accuracy by what the devices spent in the run."),
    ]
  }
}
