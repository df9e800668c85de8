import Charts
import Experiments
import Scenario
import Statistics
import Trace

/// What a sweep's runs learnt against what it took: curves where the runs kept their rounds, else one mark per point.
struct SweepLearning {
  /// Runs whose rounds are read at most.
  private static let mostRuns = 400
  /// Settings that a chart of curves shows.
  private static let mostCurves = 12

  let charts: [LineChart]

  init(folder: SweepFolder, _ inventory: SweepInventory, _ table: RunTable) {
    let axes = SweepAxes(table.points.map(\.settings))
    let names = table.points.indices.map { point in
      axes.axes.indices.map { axes.axes[$0].names[axes.places[point][$0]] }.joined(separator: ", ")
    }
    let looks = Look.looks(
      of: table.points.indices.map { point in
        axes.axes.indices.filter { axes.axes[$0].numbers == nil }.map {
          axes.axes[$0].identities[axes.places[point][$0]]
        }
        .joined(separator: ", ")
      })
    let curves = Self.curves(folder, inventory, table, names, looks)
    charts = curves.isEmpty ? Self.marks(table, names, looks) : AccuracyCharts(curves: curves).charts
  }

  /// The mean curve of each point whose runs all kept their rounds.
  private static func curves(
    _ folder: SweepFolder, _ inventory: SweepInventory, _ table: RunTable, _ names: [String], _ looks: [Look]
  ) -> [AccuracyCharts.Curve] {
    guard inventory.reading.plan.traces.contains("rounds"), table.rows.count <= mostRuns,
      table.points.count <= mostCurves
    else { return [] }
    return inventory.reading.points.compactMap { point in
      let runs = table.rows.filter { $0.point == point.index }.compactMap { row -> AccuracyCharts.Curve? in
        let path = folder.traces(of: point, repetition: row.repetition)
        guard let rounds = try? RunTraces.rounds(in: path) else { return nil }
        return AccuracyCharts.curve("", rounds, of: \.testAccuracy)
      }
      return AccuracyCharts.mean(names[point.index], runs, look: looks[point.index])
    }
  }

  /// The best accuracy of each point against its simulated time and its energy.
  private static func marks(_ table: RunTable, _ names: [String], _ looks: [Look]) -> [LineChart] {
    func means(_ metric: String) -> [Sample] {
      table.points.indices.map { point in
        Sample(table.rows.filter { $0.point == point }.compactMap { $0.figures[metric] })
      }
    }
    let accuracy = means("test_accuracy_best")
    guard accuracy.contains(where: { $0.mean != nil }), names.count <= 30 else { return [] }
    func chart(_ title: String, _ metric: String, _ summary: String) -> LineChart {
      var x = MetricWords.axis(of: metric)
      let places = means(metric).map { $0.mean ?? .nan }
      let positive = places.filter { $0 > 0 }
      x.isLogarithmic = (positive.max() ?? 1) > 30 * (positive.min() ?? 1)
      x.includesZero = !x.isLogarithmic
      return LineChart(
        title, summary: "\(summary) One mark per point, the mean of its draws with its 95 % interval.", x: x,
        y: MetricWords.axis(of: "test_accuracy_best"),
        series: names.indices.map { point in
          let half = accuracy[point].halfWidth()
          let mean = accuracy[point].mean ?? .nan
          return .init(
            names[point],
            [.init(places[point], Estimate(mean, low: half.map { mean - $0 }, high: half.map { mean + $0 }))],
            look: looks[point])
        })
    }
    return [
      chart("Accuracy against time", "duration_s", "Best test accuracy by the simulated time of the run."),
      chart("Accuracy against energy", "energy_j", "Best test accuracy by what the devices spent in the run."),
    ]
  }
}
