import Charts
import Trace

/// What happened round by round, as charts.
struct RoundCharts {
  let rounds: [RoundRecord]
  /// Rounds behind each point: more than one where a run is long.
  private let step: Int

  init(_ rounds: [RoundRecord]) {
    self.rounds = rounds
    step = max(1, (rounds.count + 399) / 400)
  }

  private static let round = Axis("round", isWhole: true)

  /// A line of one figure by round; in a long run each point is the mean of a few rounds.
  /// A figure that only some rounds have, by design, is sparse: the line goes on from one to the next.
  private func line(
    _ name: String, isSparse: Bool = false, _ figure: (RoundRecord) -> Double?
  ) -> LineChart.Series {
    let points = stride(from: 0, to: rounds.count, by: step).map { start -> LineChart.Point in
      let group = rounds[start..<min(start + step, rounds.count)]
      let values = group.compactMap(figure)
      let mean = values.isEmpty ? Double.nan : values.reduce(0, +) / Double(values.count)
      let middle = group.reduce(0) { $0 + Double($1.round) } / Double(group.count)
      guard step > 1, let low = values.min(), let high = values.max() else {
        return LineChart.Point(middle, Estimate(mean))
      }
      return LineChart.Point(middle, Estimate(mean, low: low, high: high))
    }
    return LineChart.Series(name, isSparse ? points.filter { $0.y.value.isFinite } : points)
  }

  private func chart(_ title: String, _ summary: String, _ y: Axis, _ series: [LineChart.Series]) -> LineChart? {
    let series = series.filter { $0.points.contains { $0.y.value.isFinite } }
    guard !series.isEmpty else { return nil }
    let grouping = step > 1 ? " Each point is the mean of \(step) rounds, its band their range." : ""
    return LineChart(title, summary: summary + grouping, x: Self.round, y: y, series: series)
  }

  /// Time, energy, participants, bits and objective.
  var all: [LineChart] {
    [
      chart(
        "Time of a round", "From the start of a round to its aggregation.",
        Axis("round time", unit: "s", includesZero: true), [line("round time") { $0.duration.value }]),
      chart(
        "Energy of a round", "What the devices spend, and its two parts.",
        Axis("energy", unit: "J", includesZero: true),
        [
          line("all") { $0.roundEnergy.value }, line("computing") { $0.roundComputeEnergy.value },
          line("radio") { $0.roundUplinkEnergy.value }, line("server") { $0.roundServerEnergy?.value },
        ]),
      chart(
        "Devices in a round", "Those that could meet the deadline, those admitted, and those that finished in time.",
        Axis("devices", includesZero: true, isWhole: step == 1),
        [
          line("feasible") { Double($0.devicesFeasible) }, line("selected") { Double($0.devicesSelected) },
          line("completed") { Double($0.devicesCompleted) },
        ]),
      chart(
        "Objective", "U(t), Eq. (21), of the policy; the optimum U* where it was computed.",
        Axis("objective"), [line("policy") { $0.objective }, line("optimum") { $0.objectiveOptimum }]),
      chart(
        "Bits of an activation", "Mean q of the participants.",
        Axis("bits", unit: "bit", includesZero: true), [line("mean bits") { $0.bitsMean }]),
    ].compactMap(\.self)
  }

  /// Accuracy and loss against time, energy and rounds; empty where nothing was trained.
  var learning: [LineChart] {
    let tested = rounds.contains { $0.testAccuracy != nil || $0.testLoss != nil }
    guard tested || rounds.contains(where: { $0.trainLoss != nil }) else { return [] }
    var energies: [Double] = []
    for round in rounds { energies.append((energies.last ?? 0) + round.roundEnergy.value) }
    func accuracy(_ title: String, _ summary: String, _ x: Axis, _ places: [Double]) -> LineChart? {
      func series(_ name: String, _ figure: (RoundRecord) -> Double?) -> LineChart.Series {
        let all = zip(places, rounds).compactMap { place, round in
          figure(round).map { LineChart.Point(place, Estimate($0)) }
        }
        let step = max(1, (all.count + 399) / 400)
        return .init(name, stride(from: 0, to: all.count, by: step).map { all[$0] })
      }
      let lines = [
        series("after aggregation", \.testAccuracy), series("participants' own models", \.testAccuracyLocal),
      ].filter { !$0.points.isEmpty }
      guard !lines.isEmpty else { return nil }
      return LineChart(title, summary: summary, x: x, y: Axis("test accuracy"), series: lines)
    }
    return [
      accuracy(
        "Accuracy against time", "Share of the test set that is classified right, by simulated time.",
        Axis("simulated time", unit: "s", includesZero: true), rounds.map(\.end.value)),
      accuracy(
        "Accuracy against energy", "The same, by what the devices had spent until then.",
        Axis("devices' energy", unit: "J", includesZero: true), energies),
      chart(
        "Loss", "Mean over a round's training samples, and over the test set after aggregation.", Axis("loss"),
        [line("training") { $0.trainLoss }, line("test", isSparse: true) { $0.testLoss }]),
    ].compactMap(\.self)
  }
}
