import ArgumentParser
import Experiments
import Reproduction

/// `airsplit claims`.
struct ClaimsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "claims",
    abstract: "Checks the paper's claims by runs of our own: holds, fails, or not separable.",
    discussion: """
      Each sentence of Sec. VII comes down to comparisons over the same draws, first with the paper's descent as the \
      proposal, then with the optimum; under the paper's values and under calibrated ones, whose deadlines are those that \
      as many devices can meet. Claims on training come from the traces in results/training. claims.md and claims.csv go \
      to --out, where every comparison stands with its interval.

        airsplit claims
        airsplit claims --base scenarios/calibrated.yaml --policy bcd --repetitions 50
      """)

  /// How the findings are printed.
  enum Format: String, CaseIterable, ExpressibleByArgument {
    case table, json, csv, markdown
  }

  /// Which policies stand for the proposal.
  enum Proposal: String, CaseIterable, ExpressibleByArgument {
    case bcd, exact, both
  }

  @Option(
    help: ArgumentHelp("paper, calibrated or a scenario file; may be repeated. (default: the first two)"))
  var base: [String] = []

  @Option(help: "Who is taken for the proposal.")
  var policy = Proposal.both

  @Option(parsing: .unconditional, help: ArgumentHelp("Draws of every point.", valueName: "n"))
  var repetitions = 200

  @OptionGroup var jobs: Jobs

  @Option(help: "How to print.")
  var format = Format.table

  @Option(
    help: ArgumentHelp(
      "Folder of claims.md and claims.csv. (default: results/paper; none where --base, --policy or --repetitions is given)",
      valueName: "folder"))
  var out: String?

  func validate() throws {
    try Draws.validate(repetitions)
  }

  func run() throws {
    try Draws.requireTwo(repetitions)
    let root = try ProjectFolder.ofPaper()
    let bases = base.isEmpty ? ["paper", "calibrated"] : base
    let proposals = policy == .both ? ClaimStudy.proposals : [policy.rawValue]
    let isStandard = base.isEmpty && policy == .both && repetitions == 200
    let folder = try (out ?? (isStandard ? "results/paper" : nil)).map { path in
      try rejectingInput { try ReproductionFolder(path) }
    }
    let studies = try bases.map { name in
      try rejectingInput {
        try ClaimStudy(root: root, base: name, file: Self.file(of: name, root: root), repetitions: repetitions)
      }
    }
    let report = try ClaimReport(
      studies, proposals: proposals, root: root, jobs: jobs.count, report: { StandardStreams.note($0) })
    if let folder { try report.write(into: folder, command: command, studies: studies) }
    switch format {
    case .table: try StandardStreams.write(table(report))
    case .json: try StandardStreams.write(report.json)
    case .csv: try StandardStreams.write(String(decoding: report.csv, as: UTF8.self))
    case .markdown: try StandardStreams.write(report.markdown)
    }
  }

  /// The command line that the manifest names.
  private var command: String {
    var words = ["airsplit", "claims"] + base.flatMap { ["--base", ShellWord.quoted($0)] }
    if policy != .both { words += ["--policy", policy.rawValue] }
    if repetitions != 200 { words += ["--repetitions", "\(repetitions)"] }
    return words.joined(separator: " ")
  }

  private static func file(of base: String, root: String) -> String? {
    switch base {
    case "paper": nil
    case "calibrated": root.isEmpty ? "scenarios/calibrated.yaml" : "\(root)/scenarios/calibrated.yaml"
    default: base
    }
  }

  private func table(_ report: ClaimReport) -> String {
    var table = TextTable(
      [.numbers(""), .words("Fig.")] + report.columns.map { .words("\($0.base), \($0.proposed)") } + [.words("claim")])
    for heading in ClaimReport.headings {
      let cells = report.columns.map { report.finding(heading.number, $0)?.summary ?? "-" }
      guard cells.contains(where: { $0 != "-" }) else { continue }
      table.append(["\(heading.number)", heading.figure] + cells + [heading.text])
    }
    return table.text
  }
}
