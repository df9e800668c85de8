import Charts
import Experiments
import JSON
import Scenario
import Simulation
import Statistics
import Trace

/// The page of a sweep.
struct SweepReport {
  private let folder: SweepFolder
  private let inventory: SweepInventory
  private let charts: SweepCharts
  private let learning: SweepLearning
  private let metrics: [Metric]
  private let repeated: (all: Int, equal: Int)
  private let failed: [[String]]

  /// Rows that a table of points, failures or missing runs has at most.
  private static let mostRows = 200

  /// Reads the sweep in `folder`, finished or not.
  ///
  /// - Throws: ``ReportError``, `TraceError`, `ScenarioErrors`.
  init(folder path: String, metrics names: [String]) throws {
    folder = try SweepFolder(reading: path)
    inventory = try SweepInventory(of: folder, folder.reading())
    let table = try inventory.table()
    charts = SweepCharts(table)
    learning = SweepLearning(folder: folder, inventory, charts)
    repeated = try inventory.repeatedPoints()
    failed = try inventory.failures(in: folder).prefix(Self.mostRows).map { failure in
      [failure.point.name, "\(failure.repetition)", failure.reason, failure.command]
    }
    let present = charts.present.map(\.name)
    for name in names where !present.contains(name) && !table.rows.isEmpty {
      guard Metric.named(name) != nil else { throw ReportError.unknownMetric(name, among: Metric.all.map(\.name)) }
      throw ReportError.tooLittle(
        path: path, reason: "no run has the metric '\(name)'; there are \(present.joined(separator: ", "))")
    }
    metrics = names.isEmpty ? charts.chosen : names.compactMap(Metric.named)
    guard !table.rows.isEmpty else {
      throw ReportError.tooLittle(
        path: path, reason: "no run of the sweep is done, \(inventory.failed) failed; a report needs at least one")
    }
  }

  /// The page; the scenario's name is its title unless another is given.
  func page(title: String?) -> Page {
    let name = inventory.reading.base.name
    return Page(
      title: title ?? name,
      lead: "<p>A sweep of the scenario \(name), from <code>\(folder.path)</code>.</p>\n",
      sections: [
        .init(id: "remarks", title: "Remarks", body: remarks),
        .init(id: "figures", title: "The sweep", body: overview),
        .init(
          id: "learning", title: "What was learnt, and what it took",
          body: Blocks.charts(learning.charts.map { ($0, false) })),
        .init(
          id: "results", title: "Results",
          body: Blocks.charts(metrics.map { (charts.chart(of: $0), false) })),
        .init(id: "points", title: "Points", body: points),
        .init(id: "failures", title: "Failed and missing runs", body: failures),
        .init(id: "parameters", title: "Parameters", body: parameters),
      ],
      version: Recorder.version)
  }

  private var remarks: HTML {
    var notes: [HTML] = []
    if inventory.missing > 0 {
      notes.append(
        Blocks.note(
          "The sweep has not finished: \(inventory.missing) of \(inventory.count) runs are missing. What is shown is of "
            + "those that are done.", isBad: true))
    }
    if inventory.failed > 0 {
      notes.append(
        Blocks.note("\(inventory.failed) of \(inventory.count) runs failed; no mean includes them.", isBad: true))
    }
    if inventory.damaged > 0 {
      notes.append(Blocks.note("\(inventory.damaged) damaged lines of the journals are ignored."))
    }
    if inventory.reading.plan.repetitions < 2 {
      notes.append(Blocks.note("Every point is drawn once: nothing here says how much of a difference is chance."))
    }
    if repeated.equal > 0 {
      notes.append(
        Blocks.note(
          "At \(repeated.equal) of \(repeated.all) points all draws are equal, since nothing random differs between "
            + "repetitions there: they are one draw, and have no interval."))
    }
    if let remark = learning.remark { notes.append(Blocks.note(remark)) }
    notes += inventory.reading.warnings.map { Blocks.note($0.message) }
    return "\(notes)"
  }

  private var overview: HTML {
    let plan = inventory.reading.plan
    let trouble = [("failed", inventory.failed), ("missing", inventory.missing)].filter { $0.1 > 0 }
    let tiles = Blocks.tiles(
      [
        ("runs done", "\(inventory.done)", "of \(inventory.count)"),
        ("points", "\(inventory.reading.points.count)", "settings"),
        ("draws", "\(plan.repetitions)", "per point"),
      ] + trouble.map { ($0.0, "\($0.1)", "runs") }, areLeading: true)
    let axes = (plan.grid + plan.zip).map { axis in
      [SeriesName.key(axis.path), axis.values.map(SeriesName.of).joined(separator: "; "), axis.path]
    }
    guard !axes.isEmpty else { return "\(tiles)<p>Nothing varies but the draw.</p>\n" }
    let condition: HTML = plan.condition.map { "<p>Only points with <code>\($0)</code>.</p>\n" } ?? .empty
    return """
      \(tiles)<h3>What varies</h3>
      \(Blocks.table(ChartTable(columns: ["what", "values", "key"], rows: axes), named: "What varies"))\(condition)
      """
  }

  private var points: HTML {
    let paths = inventory.reading.plan.paths
    let columns =
      (paths.isEmpty ? ["point"] : paths.map(SeriesName.key)) + ["done"]
      + metrics.flatMap { [$0.axis.title, "±"] }
    let means = metrics.map(charts.means)
    let rows = inventory.points.enumerated().map { index, point in
      (paths.isEmpty ? [point.name] : inventory.reading.points.settings(at: index).map { SeriesName.of($0.value) })
        + ["\(point.done)"]
        + means.flatMap { means in
          [NumberText.short(means[index]?.value), NumberText.short(means[index]?.halfWidth())]
        }
    }
    return """
      <p>Means in three significant digits, and half the width of their 95 % intervals.</p>
      \(Blocks.table(ChartTable(columns: columns, rows: rows), named: "Points"))
      """
  }

  private var failures: HTML {
    let repetitions = inventory.reading.plan.repetitions
    let missing = inventory.points.filter { $0.done + $0.failed < repetitions }.prefix(Self.mostRows).map { point in
      [point.name, "\(repetitions - point.done - point.failed)"]
    }
    let failedTable: HTML =
      failed.isEmpty
      ? .empty
      : """
      <h3>Failed</h3>
      \(Blocks.table(ChartTable(columns: ["point", "repetition", "error", "command"], rows: failed), named: "Failed runs"))
      """
    let missingTable: HTML =
      missing.isEmpty
      ? .empty
      : """
      <h3>Missing</h3>
      \(Blocks.table(ChartTable(columns: ["point", "missing runs"], rows: missing), named: "Missing runs"))
      """
    return "\(failedTable)\(missingTable)"
  }

  private var parameters: HTML {
    let scenario = JSONValue(inventory.reading.resolved)
    let plan = inventory.reading.plan
    let policies =
      [scenario["policy"]?.text ?? ""] + (plan.grid + plan.zip).filter { $0.path == "policy" }.flatMap(\.values)
    let table = ParameterTable(
      scenario, provenance: scenario["provenance"] ?? [:], policies: policies, varying: plan.paths)
    return """
      <p>The scenario before anything varies, with every default in force. The source says where a value comes from, as \
      the scenario marks it: the paper, the authors' release of their code, or an assumption, which a value given by an option is too. Settings of \
      policies that are not in use are left out.</p>
      \(table.html)
      """
  }
}
