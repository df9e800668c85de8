import ArgumentParser
import Charts
import Experiments
import JSON
import Reproduction
import Scenario
import Statistics
import Units

/// `airsplit sensitivity`.
struct SensitivityCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sensitivity",
    abstract: "Varies one assumed parameter after another: what changes, and which claims no longer hold.",
    discussion: """
      The file of ranges says which values each key takes while all else stays as the scenario has it. Effects are paired by \
      draw, one round each. The claims are those of 'airsplit claims', judged again under every value; that takes most of \
      the time, and --no-claims leaves it out.

        airsplit sensitivity
        airsplit sensitivity --figure bcd_gap --no-claims
        airsplit sensitivity my.yaml --ranges my-ranges.yaml --no-claims --format csv
      """)

  /// How the effects are printed.
  enum Format: String, CaseIterable, ExpressibleByArgument {
    case table, json, csv
  }

  @Argument(
    help: ArgumentHelp("A scenario file. (default: scenarios/paper.yaml)", valueName: "scenario"),
    completion: .file(extensions: ["yaml", "yml"]))
  var path: String?

  @Option(
    help: ArgumentHelp("The file of ranges. (default: scenarios/paper/sensitivity.yaml)", valueName: "file"),
    completion: .file(extensions: ["yaml", "yml"]))
  var ranges: String?

  @Option(help: ArgumentHelp("The figure that the table shows.", valueName: "name"))
  var figure = SensitivityFigure.all[0].name

  @Option(parsing: .unconditional, help: ArgumentHelp("Draws.", valueName: "n"))
  var repetitions = 50

  @Flag(inversion: .prefixedNo, help: "Judge the claims.")
  var claims = true

  @OptionGroup var overrides: Overrides

  @OptionGroup var jobs: Jobs

  @Option(help: "How to print; csv: every figure.")
  var format = Format.table

  @Option(
    help: ArgumentHelp(
      "Folder of sensitivity.csv, sensitivity-claims.csv and sensitivity.svg. (default: results/paper; none where anything but --figure, --format or --jobs is given)",
      valueName: "folder"))
  var out: String?

  func validate() throws {
    try Draws.validate(repetitions)
    if !SensitivityFigure.all.contains(where: { $0.name == figure }) {
      throw ValidationError("--figure: " + unknown("figure", figure, among: SensitivityFigure.all.map(\.name)))
    }
  }

  func run() throws {
    try Draws.requireTwo(repetitions)
    let needsRoot = path == nil || ranges == nil || claims
    let root = needsRoot ? try ProjectFolder.ofPaper() : ""
    func inRoot(_ path: String) -> String { root.isEmpty ? path : "\(root)/\(path)" }
    let settings = try overrides.settings.map(ScenarioOverride.init(setting:))
    let study = try SensitivityStudy(
      path: path ?? inRoot("scenarios/paper.yaml"), ranges: ranges ?? inRoot("scenarios/paper/sensitivity.yaml"),
      overrides: settings, repetitions: repetitions)
    let place = out ?? (isStandard ? "results/paper" : nil)
    let folder = try place.map { path in try rejectingInput { try ReproductionFolder(path) } }
    for warning in study.warnings { StandardStreams.note("\(warning)") }
    if !study.unranged.isEmpty {
      StandardStreams.note("note: assumed, but without a range: \(study.unranged.joined(separator: ", "))")
    }
    var progress = CountReport(of: 0, quiet: true)
    let result = try study.run(jobs: jobs.count) { done, total in
      if done == 1 { progress = CountReport(of: total, quiet: false) }
      progress.update(done, failed: 0)
    }
    progress.end()
    for problem in result.problems { StandardStreams.note("warning: \(problem)") }
    let table = SensitivityTable(result)
    let verdicts = try claims ? judged(study, root, settings) : nil
    if let folder { try write(table, verdicts, study, into: folder) }
    switch format {
    case .table: try StandardStreams.write(text(table, study) + (verdicts.map(Self.text) ?? ""))
    case .csv: try StandardStreams.write(String(decoding: table.csv, as: UTF8.self))
    case .json:
      try StandardStreams.write(
        JSONValue(omittingNil: ["effects": table.json, "claims": verdicts?.json]))
    }
  }

  /// Whether the results are those that the project keeps.
  private var isStandard: Bool {
    path == nil && ranges == nil && overrides.settings.isEmpty && claims && repetitions == 50
  }

  private func judged(
    _ study: SensitivityStudy, _ root: String, _ settings: [ScenarioOverride]
  ) throws -> SensitivityClaims {
    let verdicts = try SensitivityClaims(
      study, root: root, file: path, overrides: settings, jobs: jobs.count, report: { StandardStreams.note($0) })
    for problem in verdicts.problems { StandardStreams.note("note: claims are not judged under \(problem)") }
    return verdicts
  }

  private func write(
    _ table: SensitivityTable, _ verdicts: SensitivityClaims?, _ study: SensitivityStudy,
    into folder: ReproductionFolder
  ) throws {
    func entry(_ file: String, _ title: String, _ findings: [String] = []) -> ReproductionFolder.Entry {
      ReproductionFolder.Entry(
        file: file, title: title, command: command,
        sources: [path ?? "scenarios/paper.yaml", ranges ?? "scenarios/paper/sensitivity.yaml"], hash: study.hash,
        draws: repetitions, findings: findings)
    }
    try folder.write(
      table.csv, as: entry("sensitivity.csv", "what one parameter after another does to the figures, paired by draw"))
    if let chosen = SensitivityFigure.all.first(where: { $0.name == figure }),
      let chart = SensitivityTornado(table.effects).chart(of: chosen)
    {
      try folder.write(
        Array(chart.svg.utf8), as: entry("sensitivity.svg", "the tornado of `\(figure)`: \(chosen.summary)"))
    }
    if let verdicts {
      try folder.write(
        verdicts.csv,
        as: entry(
          "sensitivity-claims.csv", "claims whose verdict one parameter changes", verdicts.sentences))
    }
  }

  /// The command line that the manifest names.
  private var command: String {
    var words = ["airsplit", "sensitivity"] + (path.map { [ShellWord.quoted($0)] } ?? [])
    if let ranges { words += ["--ranges", ShellWord.quoted(ranges)] }
    if figure != SensitivityFigure.all[0].name { words += ["--figure", figure] }
    if repetitions != 50 { words += ["--repetitions", "\(repetitions)"] }
    words += overrides.settings.flatMap { ["--set", ShellWord.quoted($0)] }
    if !claims { words.append("--no-claims") }
    return words.joined(separator: " ")
  }

  private func text(_ table: SensitivityTable, _ study: SensitivityStudy) -> String {
    let bars = table.bars(of: figure)
    let base = bars.first?.low.base
    let summary = SensitivityFigure.all.first { $0.name == figure }?.summary ?? ""
    var rows = TextTable([
      .words("parameter"), .words("source"), .words("lowest at"), .numbers("effect"), .numbers("+-"),
      .words("highest at"), .numbers("effect"), .numbers("+-"),
    ])
    for bar in bars where bar.spread > 0 {
      rows.append(
        [bar.path, bar.low.change.source?.rawValue ?? "-"]
          + [bar.low, bar.high].flatMap { end in
            [
              end.change.label, TextTable.cell(end.effect?.value),
              TextTable.cell(end.effect?.interval.map { ($0.upperBound - $0.lowerBound) / 2 }),
            ]
          })
    }
    let still = bars.filter { $0.spread == 0 }.map(\.path)
    return "\(figure): \(summary); \(TextTable.cell(base?.value)) as the scenario is, \(repetitions) draws\n\n"
      + rows.text
      + (still.isEmpty ? "" : "\nNothing moves with \(still.joined(separator: ", ")).\n")
  }

  private static func text(_ verdicts: SensitivityClaims) -> String {
    var table = TextTable([
      .words("claims that turn over"), .numbers("claim"), .words("Fig."), .words("proposal"), .words("was"),
      .words("is"), .words(""),
    ])
    let flips = verdicts.shifts.filter(\.isFlip)
    for flip in flips {
      let heading = SensitivityClaims.heading(flip.claim)
      table.append([
        "\(flip.change.path)=\(flip.change.label)", "\(flip.claim)", heading?.figure ?? "", flip.proposed,
        flip.before.rawValue, flip.after.rawValue, heading?.text ?? "",
      ])
    }
    let others = verdicts.shifts.count - flips.count
    return "\n" + (flips.isEmpty ? "No claim turns over.\n" : table.text)
      + "\(others) more verdicts become or cease to be separable.\n"
  }
}
