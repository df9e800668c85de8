import Charts
import JSON
import Simulation
import Trace
import Units

/// The page that compares several runs.
struct RunsReport {
  /// A run with what it is called among the others.
  private struct Entry {
    var folder: String
    var name: String
    var look: Look
    var manifest: Manifest
    var rounds: [RoundRecord]
  }

  private let entries: [Entry]
  /// Keys whose values differ between runs, with the value of each.
  private let differences: [(path: String, values: [String])]

  /// Reads the runs in `folders`.
  ///
  /// - Throws: `TraceError`, ``ReportError``.
  init(folders: [String]) throws {
    let runs = try folders.map { folder -> (Manifest, [RoundRecord]) in
      try RunReport.check(folder)
      let traces = try RunTraces(folder: folder, areRoundsOnly: true)
      return (traces.manifest, traces.rounds)
    }
    differences = RunDifferences.find(runs.map(\.0))
    let names = RunDifferences.names(folders: folders, runs.map(\.0), differences)
    let looks = Look.looks(of: names.identities)
    entries = folders.indices.map { index in
      Entry(
        folder: folders[index], name: names.texts[index], look: looks[index], manifest: runs[index].0,
        rounds: runs[index].1)
    }
  }

  /// The page.
  func page(title: String?) -> Page {
    Page(
      title: title ?? "\(entries.count) runs compared",
      lead: "<p>Runs of \(Set(entries.map(\.manifest.name)).sorted().joined(separator: ", ")).</p>\n",
      sections: [
        .init(id: "remarks", title: "Remarks", body: remarks),
        .init(id: "learning", title: "What was learnt, and what it took", body: learning),
        .init(id: "rounds", title: "Round by round", body: Blocks.charts(rounds.map { ($0, false) })),
        .init(id: "figures", title: "Key figures", body: figures),
        .init(id: "differences", title: "What differs", body: differing),
      ], version: Recorder.version)
  }

  private var remarks: HTML {
    "\(entries.filter { !$0.manifest.finished }.map { Blocks.note("\($0.folder) has not finished; it is shown as far as it is.", isBad: true) })"
  }

  private var learning: HTML {
    let curves = entries.compactMap { entry in
      AccuracyCharts.curve(entry.name, entry.rounds, look: entry.look, of: \.testAccuracy)
    }
    return Blocks.charts(AccuracyCharts(curves: curves).charts.map { ($0, false) })
  }

  private var rounds: [LineChart] {
    func chart(_ title: String, _ summary: String, _ y: Axis, _ figure: (RoundRecord) -> Double?) -> LineChart? {
      let series = entries.map { entry -> LineChart.Series in
        let step = max(1, (entry.rounds.count + 399) / 400)
        return .init(
          entry.name,
          stride(from: 0, to: entry.rounds.count, by: step).map { start -> LineChart.Point in
            let group = entry.rounds[start..<min(start + step, entry.rounds.count)]
            let values = group.compactMap(figure)
            let mean = values.isEmpty ? Double.nan : values.reduce(0, +) / Double(values.count)
            return .init(Double(group[start].round), Estimate(mean))
          }, look: entry.look)
      }
      guard series.contains(where: { $0.points.contains { $0.y.value.isFinite } }) else { return nil }
      var y = y
      let values = series.flatMap { $0.points.map(\.y.value) }.filter { $0 > 0 }
      if let low = values.min(), let high = values.max(), high > 100 * low {
        (y.isLogarithmic, y.includesZero) = (true, false)
      }
      return LineChart(title, summary: summary, x: Axis("round", isWhole: true), y: y, series: series)
    }
    return [
      chart(
        "Time of a round", "From the start of a round to its aggregation.",
        Axis("round time", unit: "s", includesZero: true), { $0.duration.value }),
      chart(
        "Energy of a round", "What the devices spend.", Axis("energy", unit: "J", includesZero: true),
        { $0.roundEnergy.value }),
      chart(
        "Devices that finish in time", "Devices whose update is aggregated.",
        Axis("devices", includesZero: true, isWhole: true),
        { Double($0.devicesCompleted) }),
      chart("Objective", "U(t), Eq. (21).", Axis("objective U", includesZero: true), { $0.objective }),
      chart(
        "Training loss", "Mean over a round's training samples.", Axis("loss", includesZero: true), { $0.trainLoss }),
    ].compactMap(\.self)
  }

  private var figures: HTML {
    let summaries = entries.map { RunSummary.figures(in: $0.manifest) }
    var keys: [SummaryFigure] = []
    for figure in summaries.joined() where !keys.contains(where: { $0.key == figure.key }) { keys.append(figure) }
    let columns = ["run"] + keys.map { String($0.label.drop { $0 == " " }) + ($0.unit.isEmpty ? "" : " (\($0.unit))") }
    let rows = zip(entries, summaries).map { entry, summary in
      [entry.name] + keys.map { key in NumberText.short(summary.first { $0.key == key.key }?.value) }
    }
    return Blocks.table(ChartTable(columns: columns, rows: rows), named: "Key figures")
  }

  private var differing: HTML {
    guard !differences.isEmpty else { return "<p>The runs differ in nothing but their folders.</p>\n" }
    let columns = ["run"] + differences.map { SeriesName.key($0.path) } + ["seed", "folder"]
    let rows = entries.indices.map { index in
      [entries[index].name] + differences.map { SeriesName.of($0.values[index]) }
        + ["\(entries[index].manifest.seed)", entries[index].folder]
    }
    return Blocks.table(ChartTable(columns: columns, rows: rows), named: "What differs")
  }
}
