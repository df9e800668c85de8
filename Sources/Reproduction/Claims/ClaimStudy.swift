import Allocation
import Experiments
import Scenario
import Units
import Wireless

/// Runs what the claims are about under a base and judges them, with one policy after another as the proposal.
package struct ClaimStudy: Sendable {
  /// What the base is called: `paper`, `calibrated`, or a file.
  package var base: String
  /// The studies of Fig. 4a-c, Fig. 4d-f and Fig. 5.
  package var passes, deadlines, frameworks: Study

  /// The policies that may stand for the proposal, the paper's first.
  package static let proposals = ["bcd", "exact"]

  /// Reads the studies.
  ///
  /// - Parameters:
  ///   - root: The folder with `scenarios/paper` in it.
  ///   - base: What the base is called.
  ///   - file: The base's scenario file; `nil`: the figures' own values, which are the paper's.
  ///   - repetitions: Draws in place of the files'.
  ///   - overrides: Values laid over the base.
  /// - Throws: `ScenarioErrors`, `SimulationError`, ``ReproductionError``.
  package init(
    root: String, base: String, file: String?, repetitions: Int? = nil, overrides: [ScenarioOverride] = []
  ) throws {
    func study(_ name: String) throws -> Study {
      let path = "scenarios/paper/\(name).yaml"
      return try Study(
        path: root.isEmpty ? path : "\(root)/\(path)", over: file, repetitions: repetitions, overrides: overrides)
    }
    self.base = base
    passes = try study("fig4-iterations")
    deadlines = try study("fig4-deadline")
    frameworks = try study("fig5")
  }

  /// Runs everything once and judges every claim, for each of `proposals`.
  ///
  /// - Throws: ``ReproductionError``, `SimulationError`.
  package func findings(for proposals: [String], jobs: Int, report: (String) -> Void) throws -> [Finding] {
    report("\(base): \(passes.points.count) points of passes")
    let passTable = try PassTable(passes)
    report("\(base): \(deadlines.points.count) points of Fig. 4d-f")
    let deadlineResult = StudyResult(try deadlines.run(jobs: jobs), study: deadlines)
    report("\(base): \(frameworks.points.count) points of Fig. 5")
    let frameworkResult = StudyResult(try frameworks.run(jobs: jobs), study: frameworks)
    return try proposals.flatMap { proposal in
      let evidence = Evidence(
        base: base, proposed: proposal, blocks: deadlines.points.first?.scenario.uplink.blocks ?? 0,
        passes: passTable, deadlines: deadlineResult, frameworks: frameworkResult)
      return try Claim.all.map { try $0.judged(by: evidence) }
    }
  }

  /// The resolved scenarios behind the findings.
  package var resolved: [String] {
    [passes, deadlines, frameworks].flatMap { study in
      [study.resolved.yaml] + (study.base == nil ? [] : study.points.prefix(1).map(\.scenario.resolved.yaml))
    }
  }

  /// What stands for the paper's deadlines and powers, where the base is another.
  package var scaling: String? {
    guard deadlines.base != nil else { return nil }
    var texts: [String] = []
    for point in deadlines.points {
      guard let label = point.settings.first(where: { $0.path == "deadline" })?.label else { continue }
      let text = "\(Figures.short(point.scenario.deadline.value.value)) s for \(label)"
      if !texts.contains(text) { texts.append(text) }
    }
    for point in deadlines.points {
      guard let setting = point.settings.first(where: { $0.path == "policy" }), setting.label.hasPrefix("ep "),
        case .power(let power)? = point.scenario.settings(of: "ep")?["power"]
      else { continue }
      let text = "\(Figures.short(power.value)) W for \(setting.label.dropFirst(3))"
      if !texts.contains(text) { texts.append(text) }
    }
    return texts.joined(separator: ", ")
  }
}

extension ClaimReport {
  /// Runs every study, and judges the claims on training by the traces under `root`.
  ///
  /// - Throws: ``ReproductionError``, `SimulationError`, `TraceError`.
  package init(
    _ studies: [ClaimStudy], proposals: [String], root: String, jobs: Int, report: (String) -> Void
  ) throws {
    self.init(
      findings: try studies.flatMap { try $0.findings(for: proposals, jobs: jobs, report: report) },
      scalings: studies.compactMap { study in study.scaling.map { (study.base, $0) } })
    for claim in TrainingClaim.all {
      let table = "results/training/fig\(claim.figure)-rounds.csv"
      findings.append(try claim.judged(by: TrainingTraces(reading: root.isEmpty ? table : "\(root)/\(table)")))
    }
  }

  /// Puts `claims.md` and `claims.csv` into a folder.
  ///
  /// - Throws: `TraceError`, ``ReproductionError``.
  package func write(into folder: ReproductionFolder, command: String, studies: [ClaimStudy]) throws {
    let hash = ReproductionFolder.hash(studies.flatMap(\.resolved))
    func entry(_ file: String, _ title: String, _ findings: [String] = []) -> ReproductionFolder.Entry {
      ReproductionFolder.Entry(
        file: file, title: title, command: command, sources: ["scenarios/paper", "results/training"], hash: hash,
        draws: studies.map(\.deadlines.repetitions).max(), findings: findings)
    }
    try folder.write(csv, as: entry("claims.csv", "every comparison behind the claims, with its interval"))
    try folder.write(Array(markdown.utf8), as: entry("claims.md", "the claims of Sec. VII, one by one", sentences))
  }
}
