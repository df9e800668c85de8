import Charts

/// A chart of a figure's table: one metric against one of its keys, a line for each value of the others.
package struct FigureChart: Sendable {
  /// What it is called, `fig4d`.
  package var name: String
  var title: String
  var metric: String
  var x: (key: String, axis: Axis)
  var y: Axis
  /// Which rows it shows, by the values of some keys; all values of a key that is not here.
  var shown: [String: [String]] = [:]
  /// The metric whose mean is the place of a point, where that is no key: joules that were spent until a round.
  var place: String?

  /// The chart of `table`.
  func chart(of table: FigureTable) -> LineChart {
    var series: [LineChart.Series] = []
    var identities: [String] = []
    // Places that are means are those of the rows with the same labels.
    let places = place.map { place in
      table.rows.filter { $0.metric == place }.reduce(into: [[String]: Double]()) { $0[$1.labels] = $1.mean }
    }
    let keys = table.keys.enumerated().filter { key in
      key.element != x.key
        && (shown[key.element].map { $0.count > 1 } ?? (key.element != "blocks" || x.key != "devices"))
    }
    for row in table.rows where row.metric == metric && isShown(row, table.keys) {
      let parts = keys.filter { Self.name(row.labels[$0.offset], key: $0.element) != nil }
      let name = parts.compactMap { Self.name(row.labels[$0.offset], key: $0.element) }.joined(separator: ", ")
      guard let index = table.keys.firstIndex(of: x.key),
        let value = places.map({ $0[row.labels] }) ?? Double(row.labels[index])
      else { continue }
      let estimate = Charts.Estimate(row.mean, low: row.interval?.lowerBound, high: row.interval?.upperBound)
      let line = series.firstIndex { $0.name == name } ?? series.count
      if line == series.count {
        series.append(LineChart.Series(name, []))
        identities.append(parts.map { row.labels[$0.offset] }.joined(separator: ", "))
      }
      series[line].points.append(LineChart.Point(value, estimate))
    }
    for (line, look) in Look.looks(of: identities).enumerated() { series[line].look = look }
    return LineChart(title, x: x.axis, y: y, series: series)
  }

  /// What a key's value is called in a legend; nothing where it says no more than the framework does.
  private static func name(_ label: String, key: String) -> String? {
    switch (key, label) {
    case ("deadline_s", _): "T = \(Figures.short(Double(label))) s"
    case ("bits", _): "\(label) bit" + (label == "1" ? "" : "s")
    case ("policy", "fixed"), ("band", "one-block"): nil
    case ("band", "all"): "all blocks"
    case ("policy", _), ("framework", _): SeriesName.of(label)
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
  private static let joules = Axis(
    "energy of a device and step", unit: "J", includesZero: true, limits: 0 ... .infinity)
  private static let accuracy = Axis("test accuracy", includesZero: true, limits: 0...1)
  private static let paperPolicies = ["policy": ["bcd", "exact", "ep 0.5 W", "ep 1 W", "ep 2 W", "nq", "rb"]]

  /// The charts of a table, by the name of its file without its end.
  static func charts(of table: String) -> [FigureChart] {
    switch table {
    case "fig3":
      return [
        FigureChart(
          name: "fig3", title: "Fig. 3: accuracy by bits", metric: "test_accuracy", x: rounds, y: accuracy),
        FigureChart(
          name: "fig3-energy", title: "Fig. 3: accuracy by bits against energy", metric: "test_accuracy",
          x: (rounds.key, Axis("energy of the devices", unit: "J", isLogarithmic: true)), y: accuracy,
          place: "energy_j"),
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
        FigureChart(
          name: "fig4c", title: "Fig. 4c: objective", metric: "objective", x: passes,
          y: Axis("objective U", includesZero: true, limits: 0 ... .infinity)),
      ]
    case "fig4-deadline":
      return [
        FigureChart(
          name: "fig4d", title: "Fig. 4d: mean energy of a participant", metric: "participant_energy_j", x: deadline,
          y: joules, shown: paperPolicies),
        FigureChart(
          name: "fig4e", title: "Fig. 4e: objective", metric: "objective", x: deadline,
          y: Axis("objective U", includesZero: true, limits: 0 ... .infinity), shown: paperPolicies),
        FigureChart(
          name: "fig4f", title: "Fig. 4f: mean bits of a participant", metric: "participant_bits", x: deadline,
          y: Axis("bits", includesZero: true, limits: 0 ... .infinity), shown: paperPolicies),
        FigureChart(
          name: "fig4-participants", title: "Participants of a round", metric: "devices_selected", x: deadline,
          y: Axis("participants", includesZero: true, limits: 0 ... .infinity), shown: paperPolicies),
        FigureChart(
          name: "fig4-like-for-like", title: "Objective, benchmarks in the descent's own loop", metric: "objective",
          x: deadline, y: Axis("objective U", includesZero: true, limits: 0 ... .infinity),
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
          name: "fig5\(letter)", title: "Fig. 5\(letter): \(label), geometric mean of draws", metric: "round_\(metric)",
          x: counts, y: Axis("\(label), geometric mean", unit: unit, isLogarithmic: true))
      }
    case "fig6":
      return ["0.1", "0.3", "0.5"].flatMap { alpha in
        let ways: [(end: String, words: String, axis: Axis, place: String?)] = [
          ("", "rounds", rounds.axis, nil),
          ("-time", "simulated time", Axis("simulated time", unit: "s", isLogarithmic: true), "time_s"),
          ("-energy", "energy", Axis("energy of the devices", unit: "J", isLogarithmic: true), "energy_j"),
        ]
        return ways.map { way in
          FigureChart(
            name: "fig6-alpha-\(alpha)\(way.end)",
            title: "Fig. 6: accuracy against \(way.words), Dirichlet α = \(alpha)", metric: "test_accuracy",
            x: (rounds.key, way.axis), y: accuracy, shown: ["alpha": [alpha]], place: way.place)
        }
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
          y: kind.isEmpty
            ? Axis("1 - U / U*", includesZero: true, limits: 0...1)
            : Axis("U / U*", includesZero: true, limits: -.infinity...1),
          shown: kind.isEmpty ? [:] : ["objective": [kind]])
      }
    }
  }
}
