import Charts
import Statistics
import Trace
import Units

/// What was learnt against what it took: test accuracy by simulated time, by the devices' energy and by rounds, for one run
/// or several.
struct AccuracyCharts {
  /// An evaluated round.
  struct Point {
    var round: Double
    /// Simulated seconds at its end.
    var time: Double
    /// Joules that the devices had spent until then.
    var energy: Double
    var accuracy: Charts.Estimate
  }

  /// The evaluations of a run, or the means of several runs.
  struct Curve {
    var name: String
    var look: Look?
    var points: [Point]
  }

  /// Points that a line has at most.
  private static let most = 400

  /// Curves that one chart shows, under what they have in common; several groups become small charts on common axes.
  var groups: [(name: String, curves: [Curve])]

  /// Curves of one chart.
  init(curves: [Curve]) { groups = [("", curves)] }

  /// Curves of a chart per group; a group without any has none.
  init(groups: [(name: String, curves: [Curve])]) { self.groups = groups.filter { !$0.curves.isEmpty } }

  /// The curve of a run's rounds; `nil` where nothing was evaluated.
  static func curve(
    _ name: String, _ rounds: [RoundRecord], look: Look? = nil, of accuracy: (RoundRecord) -> Double?
  ) -> Curve? {
    var energy = 0.0
    let points = rounds.compactMap { round -> Point? in
      energy += round.roundEnergy.value
      return accuracy(round).map {
        Point(round: Double(round.round), time: round.end.value, energy: energy, accuracy: Estimate($0))
      }
    }
    guard !points.isEmpty else { return nil }
    let step = max(1, (points.count + most - 1) / most)
    return Curve(name: name, look: look, points: stride(from: 0, to: points.count, by: step).map { points[$0] })
  }

  /// The mean of curves of the same setting at the rounds that all of them have, with its 95 % interval.
  static func mean(_ name: String, _ curves: [Curve], look: Look? = nil) -> Curve? {
    guard let first = curves.first else { return nil }
    let points = first.points.compactMap { point -> Point? in
      let same = curves.compactMap { curve in curve.points.first { $0.round == point.round } }
      guard same.count == curves.count else { return nil }
      let accuracy = Sample(same.map(\.accuracy.value))
      guard let mean = accuracy.mean, let time = Sample(same.map(\.time)).mean,
        let energy = Sample(same.map(\.energy)).mean
      else { return nil }
      let half = accuracy.halfWidth()
      return Point(
        round: point.round, time: time, energy: energy,
        accuracy: Estimate(mean, low: half.map { mean - $0 }, high: half.map { mean + $0 }))
    }
    return points.isEmpty ? nil : Curve(name: name, look: look, points: points)
  }

  private static let accuracy = Axis("test accuracy", includesZero: true, limits: 0...1)

  /// Accuracy against time and against energy, and against rounds where several are compared.
  var charts: [any Chart] {
    let curves = groups.flatMap(\.curves)
    guard !curves.isEmpty else { return [] }
    let about = "Share of the test set that is classified right"
    var charts = [
      chart("Accuracy against time", "\(about), by simulated time.", Axis("simulated time", unit: "s"), \.time),
      chart(
        "Accuracy against energy", "\(about), by what the devices had spent until then.",
        Axis("energy of the devices", unit: "J"), \.energy),
    ]
    if Set(curves.map(\.name)).count > 1 {
      charts.append(
        chart("Accuracy against rounds", "\(about), by round.", Axis("round", isWhole: true), \.round))
    }
    return charts
  }

  private func chart(
    _ title: String, _ summary: String, _ x: Axis, _ place: (Point) -> Double
  ) -> any Chart {
    var x = x
    let ends = groups.flatMap(\.curves).compactMap { $0.points.last.map(place) }.filter { $0 > 0 }
    // Where one run takes thirty times what another one takes, only ratios show both.
    x.isLogarithmic = !x.isWhole && (ends.max() ?? 1) > 30 * (ends.min() ?? 1)
    x.includesZero = !x.isLogarithmic && !x.isWhole
    return Self.figure(
      title, summary, x, Self.accuracy,
      groups.map { group in
        (
          group.name,
          group.curves.map { curve in
            .init(curve.name, curve.points.map { .init(place($0), $0.accuracy) }, look: curve.look)
          }
        )
      })
  }

  /// A chart of lines, or small ones on common axes where the lines are of several groups.
  static func figure(
    _ title: String, _ summary: String, _ x: Axis, _ y: Axis, _ groups: [(name: String, series: [LineChart.Series])]
  ) -> any Chart {
    guard groups.count > 1 else {
      return LineChart(title, summary: summary, x: x, y: y, series: groups.first?.series ?? [])
    }
    var (x, y) = (x, y)
    let points = groups.flatMap(\.series).flatMap(\.points)
    x.span = points.map(\.x).filter { $0.isFinite && (!x.isLogarithmic || $0 > 0) }
    y.span = points.flatMap { point in
      let value = point.y.within(y.limits)
      return [value.value, value.low, value.high].compactMap(\.self)
    }.filter(\.isFinite)
    return Panels(
      title, summary: summary, columns: 4, isLettered: false,
      groups.map { LineChart($0.name, summary: summary, x: x, y: y, series: $0.series) })
  }
}
