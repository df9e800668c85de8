import Charts

/// A chart of a figure's table: one metric against one of its keys, a line for each value of the others.
public struct FigureChart: Sendable {
  /// What it is called, `fig4d`.
  public var name: String
  var title: String
  var metric: String
  var x: (key: String, axis: Axis)
  var y: Axis
  /// Which rows it shows, by the values of some keys; all values of a key that is not here.
  var shown: [String: [String]] = [:]
  /// Medians without intervals, where single draws decide the means.
  var showsMedians = false

  /// The chart of `table`.
  func chart(of table: FigureTable) -> LineChart {
    var series: [LineChart.Series] = []
    let keys = table.keys.enumerated().filter { key in
      key.element != x.key
        && (shown[key.element].map { $0.count > 1 } ?? (key.element != "blocks" || x.key != "devices"))
    }
    for row in table.rows where row.metric == metric && isShown(row, table.keys) {
      let name = keys.compactMap { Self.name(row.labels[$0.offset], key: $0.element) }.joined(separator: ", ")
      guard let place = table.keys.firstIndex(of: x.key), let value = Double(row.labels[place]) else { continue }
      let estimate =
        showsMedians
        ? Charts.Estimate(row.median)
        : Charts.Estimate(row.mean, low: row.interval?.lowerBound, high: row.interval?.upperBound)
      let index = series.firstIndex { $0.name == name } ?? series.count
      if index == series.count { series.append(LineChart.Series(name, [])) }
      series[index].points.append(LineChart.Point(value, estimate))
    }
    return LineChart(title, x: x.axis, y: y, series: series)
  }

  /// What a key's value is called in a legend; nothing where it says no more than the framework does.
  private static func name(_ label: String, key: String) -> String? {
    switch (key, label) {
    case ("deadline_s", _): "T = \(Figures.short(Double(label))) s"
    case ("bits", _): "\(label) bit" + (label == "1" ? "" : "s")
    case ("policy", "fixed"), ("band", "one-block"): nil
    case ("band", "all"): "all blocks"
    default: label
    }
  }

  private func isShown(_ row: FigureTable.Row, _ keys: [String]) -> Bool {
    zip(keys, row.labels).allSatisfy { key, label in shown[key]?.contains(label) ?? true }
  }
}

extension FigureChart {
  private static let deadline = (key: "deadline_s", axis: Axis("deadline of a step", unit: "s"))
  private static let passes = (key: "pass", axis: Axis("pass", isWhole: true))
  private static let counts = (key: "devices", axis: Axis("devices", isWhole: true))
  private static let rounds = (key: "round", axis: Axis("round", isWhole: true))
  private static let joules = Axis("energy of a device and step", unit: "J", includesZero: true)
  private static let accuracy = Axis("test accuracy")
  private static let paperPolicies = ["policy": ["bcd", "exact", "ep 0.5 W", "ep 1 W", "ep 2 W", "nq", "rb"]]

  /// The charts of a table, by the name of its file without its end.
  static func charts(of table: String) -> [FigureChart] {
    switch table {
    case "fig3":
      return [
        FigureChart(
          name: "fig3", title: "Fig. 3: accuracy by bits", metric: "test_accuracy", x: rounds, y: accuracy)
      ]
    case "fig4-iterations":
      return [
        FigureChart(
          name: "fig4a", title: "Fig. 4a: mean energy once power and bits are chosen", metric: "candidate_energy_j",
          x: passes, y: joules),
        FigureChart(
          name: "fig4b", title: "Fig. 4b: mean energy once blocks are chosen", metric: "participant_energy_j",
          x: passes,
          y: joules),
        FigureChart(name: "fig4c", title: "Fig. 4c: objective", metric: "objective", x: passes, y: Axis("objective U")),
      ]
    case "fig4-deadline":
      return [
        FigureChart(
          name: "fig4d", title: "Fig. 4d: mean energy of a participant", metric: "participant_energy_j", x: deadline,
          y: joules, shown: paperPolicies),
        FigureChart(
          name: "fig4e", title: "Fig. 4e: objective", metric: "objective", x: deadline,
          y: Axis("objective U", includesZero: true), shown: paperPolicies),
        FigureChart(
          name: "fig4f", title: "Fig. 4f: mean bits of a participant", metric: "participant_bits", x: deadline,
          y: Axis("bits", includesZero: true), shown: paperPolicies),
        FigureChart(
          name: "fig4-participants", title: "Participants of a round", metric: "devices_selected", x: deadline,
          y: Axis("participants", includesZero: true), shown: paperPolicies),
        FigureChart(
          name: "fig4-like-for-like", title: "Objective, benchmarks in the descent's own loop", metric: "objective",
          x: deadline, y: Axis("objective U", includesZero: true),
          shown: ["policy": ["bcd", "bcd-ep 0.5 W", "bcd-ep 1 W", "bcd-ep 2 W", "bcd-nq", "bcd-rb"]]),
      ]
    case "fig5":
      let parts = [
        ("a", "compute_time_s", "time of computing", "s"), ("b", "compute_energy_j", "energy of computing", "J"),
        ("c", "uplink_time_s", "time of sending", "s"), ("d", "uplink_energy_j", "energy of sending", "J"),
        ("e", "time_s", "time of a round", "s"), ("f", "energy_j", "energy of a round", "J"),
      ]
      return parts.map { letter, metric, label, unit in
        FigureChart(
          name: "fig5\(letter)", title: "Fig. 5\(letter): \(label), median of draws", metric: "round_\(metric)",
          x: counts,
          y: Axis(label, unit: unit, includesZero: true), showsMedians: true)
      }
    case "fig6":
      return ["0.1", "0.3", "0.5"].map { alpha in
        FigureChart(
          name: "fig6-alpha-\(alpha)", title: "Fig. 6: accuracy by framework, alpha = \(alpha)",
          metric: "test_accuracy", x: rounds, y: accuracy, shown: ["alpha": [alpha]])
      }
    default:
      guard table.hasPrefix("gap-") else { return [] }
      let axis =
        switch table {
        case "gap-blocks": (key: "blocks", axis: Axis("blocks", isWhole: true))
        case "gap-devices": counts
        default: deadline
        }
      let kinds = table == "gap-objective" ? ["ratio", "difference 2 J", "difference 5 J"] : [""]
      return kinds.map { kind in
        FigureChart(
          name: table + (kind.isEmpty ? "" : "-\(kind.replacing(" ", with: "-").lowercased())"),
          title: kind.isEmpty ? "Optimality gap" : "What is kept of the optimum, objective \(kind)",
          metric: kind.isEmpty ? "optimality_gap" : "optimum_kept", x: axis,
          y: kind.isEmpty ? Axis("1 - U / U*", includesZero: true) : Axis("U / U*"),
          shown: kind.isEmpty ? [:] : ["objective": [kind]])
      }
    }
  }
}
