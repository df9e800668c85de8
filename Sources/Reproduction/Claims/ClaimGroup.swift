import Scenario
import Statistics

/// Claims of ours that are judged together over one scenario, beside those of the paper (``Claim``): `claims --group server`.
package struct ClaimGroup: Sendable {
  /// What it is called.
  package var name: String
  /// What it is about, in a few words.
  package var summary: String
  /// The scenarios of this repository that it is judged over, as the names of their files.
  package var scenarios: [String]
  /// The folder for what it came to.
  package var folder: String
  /// The policies that stand for the proposal, one after another.
  package var proposals: [String]
  /// Draws of every point unless asked otherwise.
  package var draws = ClaimGroup.usualDraws
  /// The page's first paragraph: what was run.
  var introduction: String
  /// What is run, by name, over a scenario with its values.
  ///
  /// - Throws: ``ReproductionError`` where it has nothing that the claims are about.
  var studies: @Sendable (Scenario) throws -> [(name: String, plan: SweepPlan)]
  /// The claims.
  var claims: [ScenarioClaim]

  /// The name of the paper's own claims.
  package static let paper = "paper"
  /// Every group but the paper's.
  package static let all = [server, dynamics, radio, cuts]
  /// Draws of every point of the paper's claims, and of most groups.
  package static let usualDraws = 200
  /// What `--group` may be.
  package static var names: [String] { [paper] + all.map(\.name) }

  /// The claims' numbers and words.
  package var headings: [ClaimReport.Heading] {
    claims.map { ClaimReport.Heading(number: $0.number, figure: "", text: $0.text) }
  }
}

/// A sentence of ours that the runs of a group speak for or against.
struct ScenarioClaim: Sendable {
  /// Its number, after those of the groups before.
  var number: Int
  /// What is claimed.
  var text: String
  /// The comparisons that it comes down to.
  var checks: @Sendable (ScenarioEvidence) throws -> [Check]

  init(_ number: Int, _ text: String, checks: @escaping @Sendable (ScenarioEvidence) throws -> [Check]) {
    self.number = number
    self.text = text
    self.checks = checks
  }
}

/// The runs that a group's claims are held against, with one policy as the proposal.
struct ScenarioEvidence: Sendable {
  /// The scenario whose values are in force.
  var base: Scenario
  /// The policy that stands for the proposal.
  var proposed: String
  /// The runs, by study.
  var results: [String: StudyResult]

  /// A metric of a study's point; without a policy in `settings`, under the proposal.
  ///
  /// - Throws: ``ReproductionError`` where there are no such runs.
  func series(_ metric: String, of study: String, _ settings: [String: String]) throws -> DrawSeries {
    try result(study).series(metric, settings.merging(["policy": proposed]) { given, _ in given })
  }

  /// The values of a key that varies in a study, in their order.
  func values(of key: String, in study: String) throws -> [String] { try result(study).values(of: key) }

  private func result(_ study: String) throws -> StudyResult {
    guard let result = results[study] else { throw ReproductionError("there are no runs of '\(study)'") }
    return result
  }
}

/// Runs what a group's claims are about over a scenario, and judges them.
package struct GroupStudy: Sendable {
  /// What the scenario is called.
  package var base: String
  /// Draws of every point.
  package var repetitions: Int
  private let group: ClaimGroup
  private let scenario: Scenario
  private let studies: [(name: String, study: Study)]

  /// Reads the scenario at `file`; what it may train is left out.
  ///
  /// - Parameters:
  ///   - base: What the scenario is called.
  ///   - repetitions: Draws of every point.
  /// - Throws: `ScenarioErrors`; ``ReproductionError`` where it has nothing that the claims are about.
  package init(_ group: ClaimGroup, base: String, file: String, repetitions: Int) throws {
    (self.group, self.base, self.repetitions) = (group, base, repetitions)
    let scenario = try ScenarioReader.read(path: file).scenario
    self.scenario = scenario
    do {
      studies = try group.studies(scenario).map { name, plan in
        (name, try Study(name, sweeping: plan, path: file, repetitions: repetitions))
      }
    } catch let error as ReproductionError {
      throw ReproductionError("\(file): \(error)")
    }
  }

  /// Runs everything once and judges every claim, for each of `proposals`.
  ///
  /// - Throws: ``ReproductionError``, `SimulationError`.
  func findings(for proposals: [String], jobs: Int, report: (String) -> Void) throws -> [Finding] {
    var results: [String: StudyResult] = [:]
    for (name, study) in studies {
      report("\(base): \(study.points.count) points of \(name)")
      results[name] = StudyResult(try study.run(jobs: jobs), study: study)
    }
    return try proposals.flatMap { proposal in
      let evidence = ScenarioEvidence(base: scenario, proposed: proposal, results: results)
      return try group.claims.map { claim in
        Finding(claim: claim.number, base: base, proposed: proposal, judging: try claim.checks(evidence))
      }
    }
  }

  /// The resolved scenarios behind the findings.
  var resolved: [String] { studies.map(\.study.resolved.yaml) }
}

extension ClaimReport {
  /// Runs every study, and judges the claims of `group`.
  ///
  /// - Throws: ``ReproductionError``, `SimulationError`.
  package init(
    _ group: ClaimGroup, _ studies: [GroupStudy], proposals: [String], jobs: Int, report: (String) -> Void
  ) throws {
    self.init(findings: try studies.flatMap { try $0.findings(for: proposals, jobs: jobs, report: report) })
    self.group = group
  }

  /// Puts `claims.md` and `claims.csv` into a folder; `sources` are the scenario files.
  ///
  /// - Throws: `TraceError`, ``ReproductionError``.
  package func write(
    into folder: ReproductionFolder, command: String, studies: [GroupStudy], sources: [String]
  ) throws {
    let hash = ReproductionFolder.hash(studies.flatMap(\.resolved))
    let draws = studies.map(\.repetitions).max()
    try folder.write(
      csv,
      as: ReproductionFolder.Entry(
        file: "claims.csv", title: "every comparison behind the claims, with its interval", command: command,
        sources: sources, hash: hash, draws: draws))
    try folder.write(
      Array(markdown.utf8),
      as: ReproductionFolder.Entry(
        file: "claims.md", title: "the claims, one by one", command: command, sources: sources, hash: hash,
        draws: draws, findings: sentences))
  }
}
