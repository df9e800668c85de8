import Charts
import Experiments
import Scenario
import Simulation
import Trace
import Training

/// Makes the tables behind the paper's figures, one file after another.
package struct Reproduction: Sendable {
  /// What can be made.
  package enum Part: String, Sendable, Hashable, CaseIterable {
    /// Tables I and II.
    case tables
    /// Accuracy against bits.
    case fig3
    /// The passes of the descent, and policies against the deadline.
    case fig4
    /// Frameworks against the number of devices.
    case fig5
    /// Accuracy against rounds, seconds and joules.
    case fig6
    /// What the paper's descent leaves on the table.
    case gap
    /// What each of the proposal's parts saves.
    case factorial
    /// How evenly devices take part, against energy and objective.
    case fairness
    /// What stands in pages of the project and is computed from the kept tables; nothing of a quick reproduction.
    case pages
  }

  /// The folder with `scenarios/paper` and `results/training` in it; empty for the current one.
  package var root: String
  /// Threads.
  package var jobs: Int
  /// Few draws of few points.
  package var isQuick: Bool
  /// The command line that the manifest names.
  package var command: String
  /// Is told what happens, a sentence at a time.
  package var report: @Sendable (String) -> Void

  /// Draws of a quick reproduction.
  package static let quickDraws = 20

  /// A reproduction.
  package init(
    root: String, jobs: Int, isQuick: Bool = false, command: String,
    report: @escaping @Sendable (String) -> Void = { _ in }
  ) {
    self.root = root
    self.jobs = jobs
    self.isQuick = isQuick
    self.command = command
    self.report = report
  }

  /// Makes `part` and puts its files into `folder`, each as soon as it is there.
  ///
  /// - Returns: The names of the files.
  /// - Throws: `ScenarioErrors`, `SimulationError`, `TraceError`, ``ReproductionError``.
  package func make(_ part: Part, into folder: ReproductionFolder) throws -> [String] {
    switch part {
    case .tables:
      try folder.write(
        PaperTables.csv,
        as: ReproductionFolder.Entry(
          file: "tables.csv", title: "Tables I and II: ours from first principles beside the paper's", command: command)
      )
      return ["tables.csv"]
    case .fig3: return try training("fig3", "Fig. 3: test accuracy against rounds, by bits", folder)
    case .fig6: return try training("fig6", "Fig. 6: test accuracy against rounds, by framework and alpha", folder)
    case .fig4:
      return try passes("fig4-iterations", "Fig. 4a-c: energy and objective over the passes of `bcd`", folder)
        + study(
          "fig4-deadline", "Fig. 4d-f: energy, objective and bits against the deadline", FigureMetric.ofAllocation,
          folder)
    case .fig5:
      return try study(
        "fig5", "Fig. 5: time and energy of a round against the number of devices", FigureMetric.ofRounds, folder)
    case .gap:
      return try ["deadline", "blocks", "devices", "objective"].flatMap { axis in
        try study(
          "gap-\(axis)", "what `bcd` leaves on the table, and what closes the gap, by \(axis)",
          FigureMetric.ofAllocation, folder)
      }
    case .factorial: return try factorial(into: folder)
    case .fairness: return try fairness(into: folder)
    case .pages: return isQuick ? [] : try GeneratedPages(root: root).refresh()
    }
  }

  /// Draws the charts again of all tables that are in `folder`.
  ///
  /// - Returns: The names of the files.
  /// - Throws: `TraceError`, ``ReproductionError``.
  package static func redraw(_ folder: ReproductionFolder) throws -> [String] {
    let entries = try folder.entries()
    return try entries.filter { $0.file.hasSuffix(".csv") }.flatMap { whole -> [String] in
      if whole.file == "sensitivity.csv" {
        guard let drawn = entries.first(where: { $0.file == "sensitivity.svg" }) else { return [] }
        return try redraw(sensitivity: drawn, into: folder)
      }
      let charts = FigureChart.charts(of: String(whole.file.dropLast(".csv".count)))
      guard !charts.isEmpty else { return [] }
      let path = "\(folder.path)/\(whole.file)"
      let table = try FigureTable(csv: try FileSystem.contents(of: path), named: path)
      return try draw(charts, of: table, like: whole, into: folder)
    }
  }

  /// Draws the figure that the tornado of the folder shows.
  private static func redraw(
    sensitivity entry: ReproductionFolder.Entry, into folder: ReproductionFolder
  ) throws -> [String] {
    let path = "\(folder.path)/sensitivity.csv"
    let tornado = try SensitivityTornado(csv: try FileSystem.contents(of: path), named: path)
    // The command names the figure unless it is the first one.
    let words = entry.command.split(separator: " ")
    let name = words.firstIndex(of: "--figure").flatMap { words.indices.contains($0 + 1) ? words[$0 + 1] : nil }
    let figure = SensitivityFigure.all.first { $0.name == name ?? Substring(SensitivityFigure.all[0].name) }
    guard let chart = figure.flatMap(tornado.chart) else { return [] }
    try folder.write(Array(chart.svg.utf8), as: entry)
    return [entry.file]
  }

  private static func draw(
    _ charts: [FigureChart], of table: FigureTable, like whole: ReproductionFolder.Entry,
    into folder: ReproductionFolder
  ) throws -> [String] {
    try charts.map { figure in
      let chart = figure.chart(of: table)
      var entry = whole
      (entry.file, entry.title, entry.findings) = ("\(figure.name).svg", "chart: \(chart.title)", [])
      try folder.write(Array(chart.svg.utf8), as: entry)
      return entry.file
    }
  }

  /// The study of a file of `scenarios/paper`.
  func study(_ name: String) throws -> Study {
    try Study(
      path: path("scenarios/paper/\(name).yaml"), repetitions: isQuick ? Self.quickDraws : nil, isQuick: isQuick)
  }

  private func study(
    _ name: String, _ title: String, _ metrics: [FigureMetric], _ folder: ReproductionFolder
  ) throws -> [String] {
    let study = try study(name)
    report("\(name): \(study.points.count) points, \(study.repetitions) draws each")
    let result = StudyResult(try study.run(jobs: jobs), study: study)
    return try write(try FigureTable(study, result, metrics: metrics), title, of: study, to: folder)
  }

  private func passes(_ name: String, _ title: String, _ folder: ReproductionFolder) throws -> [String] {
    let study = try study(name)
    report("\(name): \(study.points.count) points, \(study.repetitions) draws each")
    return try write(FigureTable(try PassTable(study)), title, of: study, to: folder)
  }

  private func training(_ name: String, _ title: String, _ folder: ReproductionFolder) throws -> [String] {
    let source = "results/training/\(name)-rounds.csv"
    let traces = try TrainingTraces(reading: path(source))
    return try write(
      FigureTable(traces), name, title, sources: [source], draws: traces.curves.map(\.seeds.count).max(), to: folder)
  }

  private func write(
    _ table: FigureTable, _ title: String, of study: Study, to folder: ReproductionFolder
  ) throws -> [String] {
    try write(
      table, study.name, title, sources: ["scenarios/paper/\(study.name).yaml"],
      hash: ReproductionFolder.hash([study.resolved.yaml]), draws: study.repetitions, to: folder)
  }

  /// Writes a table and its charts.
  private func write(
    _ table: FigureTable, _ name: String, _ title: String, sources: [String], hash: String? = nil, draws: Int?,
    to folder: ReproductionFolder
  ) throws -> [String] {
    let whole = ReproductionFolder.Entry(
      file: "\(name).csv", title: title, command: command, sources: sources, hash: hash, draws: draws,
      findings: name == "gap-deadline" ? table.gapFindings : [])
    try folder.write(table.csv, as: whole)
    return try ["\(name).csv"] + Self.draw(FigureChart.charts(of: name), of: table, like: whole, into: folder)
  }

  private func path(_ name: String) -> String { root.isEmpty ? name : "\(root)/\(name)" }
}

extension FigureTable {
  /// Sentences on how far each policy stays below the optimum, at the deadline where that is most.
  fileprivate var gapFindings: [String] {
    var worst: [(policy: String, row: Row)] = []
    for row in rows where row.metric == "optimality_gap" && row.labels.count == 2 {
      if let index = worst.firstIndex(where: { $0.policy == row.labels[1] }) {
        if row.mean > worst[index].row.mean { worst[index].row = row }
      } else {
        worst.append((row.labels[1], row))
      }
    }
    return worst.map { policy, row in
      "`\(policy)` stays \(Figures.percent(row.mean)) below the optimum at the deadline of \(Figures.short(Double(row.labels[0]))) s, "
        + "more than at any other (mean of \(row.count) draws, 95 % interval "
        + "\(Figures.percent(row.interval?.lowerBound)) to \(Figures.percent(row.interval?.upperBound)))."
    }
  }
}

/// Tables I and II as CSV: `table,column,figure,ours,paper,difference`.
enum PaperTables {
  static var csv: [UInt8] {
    var row = CSVRow()
    func line(_ cells: [String]) {
      for cell in cells { row.append(cell) }
      row.endLine()
    }
    func entry(_ table: String, _ column: String, _ figure: String, _ entry: TableEntry<Double>) {
      line([
        table, column, figure, entry.ours.map { "\($0)" } ?? "", "\(entry.paper)", entry.difference ?? "",
      ])
    }
    let tables = ModelTables.paper
    line(["table", "column", "figure", "ours", "paper", "difference"])
    for column in tables.frameworks {
      entry("I", column.name, "communication_mb", column.communication)
      entry("I", column.name, "compute_gflop", column.compute)
      entry("I", column.name, "memory_mb", column.memory)
    }
    for column in tables.embeddings {
      entry("II", column.name, "parameters_mb", column.parameters)
      entry("II", column.name, "compute_gflop", column.compute)
      entry("II", column.name, "memory_mb", column.memory)
      line([
        "II", column.name, "output_shape", column.outputShape.ours ?? "", column.outputShape.paper,
        column.outputShape.difference ?? "",
      ])
    }
    return row.bytes
  }
}
