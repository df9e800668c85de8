import Allocation
import ArgumentParser
import Experiments
import Foundation
import JSON
import Scenario
import Simulation
import Statistics
import Trace

/// `airsplit compare`.
struct CompareCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare",
    abstract: "Holds policies against each other on the same draws, with intervals.",
    discussion: """
      A scenario is run once a policy and draw of devices and fading, with the scenario's rounds; a sweep's folder is read \
      as it is. Means have 95 % intervals by Student's t over draws; differences are paired by draw; probabilities are \
      adjusted by Holm's rule for the whole table; a figure of a participant is a ratio of sums over all draws.

        airsplit compare scenarios/paper.yaml --set rounds=1 --policies exact,bcd,ep,rb,nq --baseline bcd
        airsplit compare scenarios/paper.yaml --set rounds=1 --until-halfwidth 1% --format csv
        airsplit compare results/study --metric objective,bits_mean
      """)

  @Argument(help: ArgumentHelp("A scenario file, or the folder of a sweep.", valueName: "scenario|folder"))
  var path: String

  @Option(
    help: ArgumentHelp(
      "Policies, commas between them. (default: exact,bcd,ep,rb,nq, or the sweep's)", valueName: "names"))
  var policies: String?

  @Option(help: ArgumentHelp("The policy to hold the others against. (default: bcd, or the first)", valueName: "name"))
  var baseline: String?

  @Option(help: ArgumentHelp("Metrics, commas between them; 'airsplit list metrics' shows all.", valueName: "names"))
  var metric = "objective,step_energy_j,bits_mean,round_time_s"

  @Option(parsing: .unconditional, help: ArgumentHelp("Draws of the scenario. (default: 200)", valueName: "n"))
  var repetitions: String?

  @Option(
    help: ArgumentHelp(
      "Add draws until the interval of every mean is at most this part of it to either side, as 1%.", valueName: "share"
    ))
  var untilHalfwidth: String?

  @OptionGroup var overrides: Overrides

  @OptionGroup var programs: ExternalPrograms

  @OptionGroup var jobs: Jobs

  @Option(help: "How to print. (values: table, json, csv)")
  var format = Format.table

  enum Format: String, ExpressibleByArgument, CaseIterable { case table, json, csv }

  /// Draws at which `--until-halfwidth` gives up.
  private static let mostDraws = 100_000

  func run() throws {
    let metrics = try metric.split(separator: ",", omittingEmptySubsequences: false).map { name in
      guard let index = Metric.index(of: String(name)) else {
        throw CommandError.badInput("--metric: " + unknown("metric", String(name), among: Metric.all.map(\.name)))
      }
      return Metric.all[index]
    }
    try refuseTwice(metrics.map(\.name), "--metric")
    try refuseTwice((policies ?? "").split(separator: ",").map(String.init), "--policies")
    let table: RunTable
    let names: [String]
    if SweepFolder.isSweep(path) {
      (table, names) = try swept()
    } else {
      (table, names) = try drawn(metrics)
    }
    let chosen = try chosenBaseline(names)
    let comparison = Comparison(table, policies: names, baseline: chosen, metrics: metrics)
    let best = comparison.rows.map(\.count).max() ?? 0
    guard best >= 2 else {
      throw CommandError(
        status: .notEnoughData,
        messages: ["an interval needs at least two draws, and there \(best == 1 ? "is one" : "are none")"])
    }
    for name in [chosen] + names.filter({ $0 != chosen }) {
      guard let outage = table.outage(of: name) else { continue }
      StandardStreams.note("warning: " + (name == chosen ? "the baseline " : "") + outage)
    }
    switch format {
    case .table: try StandardStreams.write(Self.text(comparison))
    case .csv: try StandardStreams.write(Self.csv(comparison))
    case .json: try StandardStreams.write(Self.json(comparison))
    }
  }

  // MARK: - Where figures come from

  /// The figures of a sweep that is there.
  private func swept() throws -> (RunTable, [String]) {
    if repetitions != nil || untilHalfwidth != nil || !overrides.settings.isEmpty {
      throw CommandError.badInput(
        "\(path) is a sweep that is done; --repetitions, --until-halfwidth and --set go with a scenario")
    }
    let folder = try rejectingInput { try SweepFolder(reading: path) }
    let inventory = try rejectingInput { try SweepInventory(of: folder, try folder.reading()) }
    if inventory.missing + inventory.failed > 0 {
      StandardStreams.note(
        "warning: of \(inventory.count) runs \(inventory.missing) are missing and \(inventory.failed) failed")
    }
    guard let axis = (inventory.reading.plan.grid + inventory.reading.plan.zip).first(where: { $0.path == "policy" })
    else {
      throw CommandError.badInput("\(path): the sweep does not vary 'policy', so there is nothing to compare")
    }
    guard let policies else { return (inventory.table, axis.values) }
    let names = policies.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    for name in names where !axis.values.contains(name) {
      throw CommandError.badInput("--policies: " + unknown("policy", name, among: axis.values) + " in this sweep")
    }
    return (inventory.table, names)
  }

  /// Draws the scenario under every policy.
  private func drawn(_ metrics: [Metric]) throws -> (RunTable, [String]) {
    let names = (policies ?? "exact,bcd,ep,rb,nq").split(separator: ",", omittingEmptySubsequences: false).map(
      String.init)
    for name in names where !ScenarioReader.policyNames.contains(name) {
      throw CommandError.badInput("--policies: " + unknown("policy", name, among: ScenarioReader.policyNames))
    }
    var count = 200
    if let repetitions {
      guard let given = Int(repetitions), (0...1_000_000).contains(given) else {
        throw CommandError.badInput("--repetitions is '\(repetitions)'; it may be from 2 to 1000000")
      }
      guard given >= 2 else {
        throw CommandError(
          status: .notEnoughData, messages: ["--repetitions is \(given), and an interval needs at least two draws"])
      }
      count = given
    }
    let target = try wantedHalfWidth()
    var plan = SweepPlan()
    plan.grid = [SweepPlan.Axis(path: "policy", values: names)]
    let reading = try ScenarioReader.read(
      path: path, sweeping: plan, overrides: overrides.settings.map(ScenarioOverride.init(setting:)))
    for warning in reading.warnings { StandardStreams.note("\(warning)") }
    try programs.check(reading.points.lazy.map(\.scenario))
    let trains = reading.base.training.trainer != .none
    let needsEvents = metrics.contains { ["round_server_energy_j", "late"].contains($0.name) }
    let runner = SweepRunner(
      points: reading.points, measure: trains || needsEvents ? .run : .allocation, jobs: jobs.count)
    var rows: [RunTable.Row] = []
    var done = 0
    let points = reading.points.map { RunTable.Point(name: $0.name, settings: $0.settings) }
    while true {
      let tasks = reading.points.indices.flatMap { point in
        (done..<count).map { SweepTask(point: point, repetition: $0) }
      }
      try rejectingInput {
        try runner.run(tasks) { outcome in
          switch outcome.result {
          case .success(let figures):
            rows.append(.init(point: outcome.task.point, repetition: outcome.task.repetition, figures: figures))
          case .failure(let error):
            throw SimulationError(
              "\(reading.points[outcome.task.point].name), repetition \(outcome.task.repetition): \(error)")
          }
        }
      }
      rows.sort { ($0.point, $0.repetition) < ($1.point, $1.repetition) }
      done = count
      let table = RunTable(points: points, rows: rows)
      guard let target else { return (table, names) }
      let wide = Comparison(table, policies: names, baseline: names[0], metrics: metrics).rows.filter { row in
        guard let mean = row.mean, let half = mean.halfWidth() else { return true }
        return half > target * abs(mean.value)
      }
      guard let widest = wide.first else {
        StandardStreams.note("note: \(done) draws")
        return (table, names)
      }
      guard done < Self.mostDraws else {
        StandardStreams.note(
          "warning: after \(done) draws \(widest.metric.name) of \(widest.policy) "
            + (widest.count < 2 ? "has no interval" : "is still wider than asked"))
        return (table, names)
      }
      count = min(Self.mostDraws, 2 * done)
    }
  }

  private func wantedHalfWidth() throws -> Double? {
    guard let untilHalfwidth else { return nil }
    let isPercent = untilHalfwidth.hasSuffix("%")
    guard let number = Double(isPercent ? String(untilHalfwidth.dropLast()) : untilHalfwidth), number.isFinite,
      number > 0
    else { throw CommandError.badInput("--until-halfwidth is '\(untilHalfwidth)'; write a share such as 1% or 0.01") }
    return isPercent ? number / 100 : number
  }

  private func refuseTwice(_ names: [String], _ option: String) throws {
    for (index, name) in names.enumerated() where names[..<index].contains(name) {
      throw CommandError.badInput("\(option): '\(name)' is named twice")
    }
  }

  private func chosenBaseline(_ names: [String]) throws -> String {
    guard let baseline else { return names.contains("bcd") ? "bcd" : names.first ?? "" }
    guard names.contains(baseline) else {
      throw CommandError.badInput(
        "--baseline: '\(baseline)' is not compared; there are \(names.joined(separator: ", "))")
    }
    return baseline
  }
}
