import ArgumentParser
import Experiments
import Reproduction

/// `airsplit claims`.
struct ClaimsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "claims",
    abstract: "Checks claims by runs of our own: holds, fails, or not separable.",
    discussion: """
      The paper's: each sentence of Sec. VII comes down to comparisons over the same draws, first with the paper's descent as \
      the proposal, then with the optimum; under the paper's values and under calibrated ones, whose deadlines are those that \
      as many devices can meet. Claims on training come from the traces in results/training. Ours, by --group: server, what a \
      queue at the server does to plans by Eq. (11); dynamics, what a channel that stands still for a round hides, with \
      NR's rates, neighbours, and who knows the future (minutes); radio, which of the paper's energy claims outlast a radio of TR 38.840; cuts, what deciding each device's cut with everything else buys. claims.md and claims.csv go to --out, where every comparison stands with \
      its interval.

        airsplit claims
        airsplit claims --base scenarios/calibrated.yaml --policy bcd --repetitions 50
        airsplit claims --group server
        airsplit claims --group dynamics --repetitions 20
        airsplit claims --group cuts
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
    help: ArgumentHelp("Which claims: \(ClaimGroup.names.joined(separator: ", ")).", valueName: "group"),
    completion: .list(ClaimGroup.names))
  var group = ClaimGroup.paper

  @Option(
    help: ArgumentHelp(
      "paper, calibrated or a scenario file; may be repeated. (default: these two; the group's own)"))
  var base: [String] = []

  @Option(help: "Who is taken for the proposal.")
  var policy = Proposal.both

  @Option(
    name: .customLong("repetitions"), parsing: .unconditional,
    help: ArgumentHelp("Draws of every point. (default: 200; 60 of groups dynamics and radio)", valueName: "n"))
  var givenRepetitions: Int?

  @OptionGroup var jobs: Jobs

  @Option(help: "How to print.")
  var format = Format.table

  @Option(
    help: ArgumentHelp(
      "Folder of claims.md and claims.csv. (default: the group's own; none where --base, --policy or --repetitions is given)",
      valueName: "folder"))
  var out: String?

  /// The group that is ours; `nil` for the paper's claims.
  private var own: ClaimGroup? { ClaimGroup.all.first { $0.name == group } }
  private var usualRepetitions: Int { own?.draws ?? ClaimGroup.usualDraws }
  private var repetitions: Int { givenRepetitions ?? usualRepetitions }

  func validate() throws {
    guard ClaimGroup.names.contains(group) else {
      throw ValidationError("--group: " + unknown("group of claims", group, among: ClaimGroup.names))
    }
    try Draws.validate(repetitions)
  }

  func run() throws {
    try Draws.requireTwo(repetitions)
    let root = try ProjectFolder.ofPaper()
    let report =
      if let own {
        try judged(own, root: root)
      } else {
        try judgedPaper(root: root)
      }
    switch format {
    case .table: try StandardStreams.write(table(report))
    case .json: try StandardStreams.write(report.json)
    case .csv: try StandardStreams.write(String(decoding: report.csv, as: UTF8.self))
    case .markdown: try StandardStreams.write(report.markdown)
    }
  }

  /// The paper's claims, judged, and kept where they are to be.
  private func judgedPaper(root: String) throws -> ClaimReport {
    let bases = base.isEmpty ? ["paper", "calibrated"] : base
    let folder = try folder(standard: "results/paper")
    let studies = try bases.map { name in
      try rejectingInput {
        try ClaimStudy(
          root: root, base: name, file: name == "paper" ? nil : Self.file(of: name, root: root),
          repetitions: repetitions)
      }
    }
    let report = try ClaimReport(
      studies, proposals: proposals(ClaimStudy.proposals), root: root, jobs: jobs.count,
      report: { StandardStreams.note($0) })
    if let folder { try report.write(into: folder, command: command, studies: studies) }
    return report
  }

  /// A group's claims, judged, and kept where they are to be.
  private func judged(_ group: ClaimGroup, root: String) throws -> ClaimReport {
    let bases = base.isEmpty ? group.scenarios : base
    let folder = try folder(standard: group.folder, hasPage: false)
    let words = ["paper", "calibrated"] + group.scenarios
    let studies = try bases.map { name in
      try rejectingInput {
        try GroupStudy(
          group, base: name, file: Self.file(of: name, root: root, words: words), repetitions: repetitions)
      }
    }
    let report = try ClaimReport(
      group, studies, proposals: proposals(group.proposals), jobs: jobs.count, report: { StandardStreams.note($0) })
    if let folder {
      let sources = bases.map { Self.file(of: $0, root: "", words: words) }
      try report.write(into: folder, command: command, studies: studies, sources: sources)
    }
    return report
  }

  private func proposals(_ all: [String]) -> [String] { policy == .both ? all : [policy.rawValue] }

  /// Where the findings are kept: where `--out` says, or in the standard place if all else is standard.
  private func folder(standard: String, hasPage: Bool = true) throws -> ReproductionFolder? {
    let isStandard = base.isEmpty && policy == .both && repetitions == usualRepetitions
    return try (out ?? (isStandard ? standard : nil)).map { path in
      try rejectingInput { try ReproductionFolder(path, hasPage: hasPage) }
    }
  }

  /// The command line that the manifest names.
  private var command: String {
    var words = ["airsplit", "claims"]
    if group != ClaimGroup.paper { words += ["--group", group] }
    words += base.flatMap { ["--base", ShellWord.quoted($0)] }
    if policy != .both { words += ["--policy", policy.rawValue] }
    if repetitions != usualRepetitions { words += ["--repetitions", "\(repetitions)"] }
    return words.joined(separator: " ")
  }

  /// The file of a base: one of this repository where it is among `words`.
  private static func file(of base: String, root: String, words: [String] = ["calibrated"]) -> String {
    guard words.contains(base) else { return base }
    return (root.isEmpty ? "" : "\(root)/") + "scenarios/\(base).yaml"
  }

  private func table(_ report: ClaimReport) -> String {
    let headings = report.headings
    let hasFigures = headings.contains { !$0.figure.isEmpty }
    var table = TextTable(
      [.numbers("")] + (hasFigures ? [.words("Fig.")] : [])
        + report.columns.map { .words("\($0.base), \($0.proposed)") } + [.words("claim")])
    for heading in headings {
      let cells = report.columns.map { report.finding(heading.number, $0)?.summary ?? "-" }
      guard cells.contains(where: { $0 != "-" }) else { continue }
      table.append(["\(heading.number)"] + (hasFigures ? [heading.figure] : []) + cells + [heading.text])
    }
    return table.text
  }
}
