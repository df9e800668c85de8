import Charts
import Trace
import Units

/// What happened round by round, as charts.
struct RoundCharts {
  let rounds: [RoundRecord]
  private let policy: String
  /// Rounds behind each point: more than one where a run is long.
  private let step: Int

  init(_ rounds: [RoundRecord], policy: String) {
    self.rounds = rounds
    self.policy = policy
    step = max(1, (rounds.count + 399) / 400)
  }

  private static let round = Axis("round", isWhole: true)

  /// A line of one figure by round; in a long run each point is the mean of a few rounds.
  /// A figure that only some rounds have, by design, is sparse: the line goes on from one to the next.
  private func line(
    _ name: String, look: Look? = nil, isSparse: Bool = false, _ figure: (RoundRecord) -> Double?
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
    return LineChart.Series(name, isSparse ? points.filter { $0.y.value.isFinite } : points, look: look)
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
        "Energy of a round", "What the devices spend, and its parts.",
        Axis("energy", unit: "J", includesZero: true),
        [
          line("all") { $0.roundEnergy.value }, line("computing") { $0.roundComputeEnergy.value },
          line("radio") { $0.roundUplinkEnergy.value }, line("receiving") { $0.roundDownlinkEnergy?.value },
          line("asleep") { $0.roundSleepEnergy?.value },
          line("server") { $0.roundServerEnergy?.value }, line("wasted") { $0.energyWasted?.value },
        ]),
      chart(
        "Devices in a round",
        "Those that could meet the deadline, those admitted, and those that finished in time"
          + (rounds.contains { $0.devicesAvailable != nil } ? "; those that were there when it began" : "")
          + (rounds.contains { $0.devicesLow != nil } ? "; those whose battery was below its reserve" : "")
          + (rounds.contains { $0.devicesAtWork != nil } ? "; those at work when it was merged" : "") + ".",
        Axis("devices", includesZero: true, isWhole: step == 1),
        [
          line("feasible") { $0.devicesFeasible.map(Double.init) }, line("selected") { Double($0.devicesSelected) },
          line("completed") { Double($0.devicesCompleted) }, line("there") { $0.devicesAvailable.map(Double.init) },
          line("low battery") { $0.devicesLow.map(Double.init) },
          line("at work") { $0.devicesAtWork.map(Double.init) },
        ]),
      chart(
        "Batteries", "What is in all batteries when a round ends; what came in and went out in the round.",
        Axis("energy", unit: "J", includesZero: true),
        [
          line("left") { $0.battery?.value }, line("charged") { $0.batteryCharged?.value },
          line("drawn") { $0.batterySpent?.value },
        ]),
      chart(
        "Staleness",
        "Versions that the devices were behind that merged: the mean and the largest, and how many are kept.",
        Axis("versions", includesZero: true),
        [
          line("mean") { $0.stalenessMean }, line("largest") { $0.stalenessMax.map(Double.init) },
          line("kept") { $0.versionsKept.map(Double.init) },
        ]),
      chart(
        "Queue at the server", "Devices that wait for an accelerator, the mean over each round.",
        Axis("devices", includesZero: true), [line("waiting") { $0.serverQueueMean }]),
      chart(
        "Accelerators at work", "The share of their time in which the server's accelerators serve, round by round.",
        Axis("share of time", includesZero: true), [line("at work") { $0.serverUtilization }]),
      chart(
        "Objective", "U(t), Eq. (21), of the policy; the optimum U* where it was computed.",
        Axis("objective U", includesZero: true),
        [
          line(SeriesName.of(policy), look: Look.looks(of: [policy])[0]) { $0.objective },
          line("optimum", look: Look.looks(of: ["exact"])[0]) { policy == "exact" ? nil : $0.objectiveOptimum },
        ]),
      chart(
        "Bits of an activation", "Mean q of the participants.",
        Axis("bits", unit: "bit", includesZero: true), [line("mean bits") { $0.bitsMean }]),
    ].compactMap(\.self)
  }

  /// Accuracy and loss against time, energy and rounds; empty where nothing was trained.
  var learning: [any Chart] {
    let curves = [
      AccuracyCharts.curve("after aggregation", rounds, of: \.testAccuracy),
      AccuracyCharts.curve("participants' own models", rounds, of: \.testAccuracyLocal),
    ].compactMap(\.self)
    let loss = chart(
      "Loss", "Mean over a round's training samples, and over the test set after aggregation.",
      Axis("loss", includesZero: true, limits: 0 ... .infinity),
      [line("training") { $0.trainLoss }, line("test", isSparse: true) { $0.testLoss }])
    return AccuracyCharts(curves: curves).charts.prefix(2) + (loss.map { [$0] } ?? [])
  }
}
