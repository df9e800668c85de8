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
    abstract: "Compares policies, or the values of any other key, on the same draws, with intervals.",
    discussion: """
      A scenario is run once per value and draw of devices and fading, with the scenario's rounds; a sweep's folder is read \
      as it is. Means have 95 % intervals by Student's t over draws; differences are paired by draw; probabilities are \
      adjusted by Holm's rule for the whole table; a figure per participant is a ratio of sums over all draws. A win is a \
      draw with the better figure; ties count as half. Draws that are all equal are no evidence: they get no interval, and \
      exit code 3 where no others are.

        airsplit compare scenarios/paper.yaml --set rounds=1 --policies exact,bcd,ep,rb,nq --baseline bcd
        airsplit compare scenarios/paper.yaml --set rounds=1 --until-halfwidth '1 %' --format csv
        airsplit compare results/study --metric objective,bits_mean
        airsplit compare scenarios/paper.yaml --set rounds=1 --over framework --values sflam,sfl,fl
        airsplit compare results/study --over training.partition.alpha --metric test_accuracy
      """)

  @Argument(help: ArgumentHelp("A scenario file, or the folder of a sweep.", valueName: "scenario|folder"))
  var path: String

  @Option(
    help: ArgumentHelp(
      "Policies, commas between them. (default: exact,bcd,ep,rb,nq, or the sweep's)", valueName: "names"))
  var policies: String?

  @Option(
    help: ArgumentHelp(
      "The key whose values are compared: policy, framework, deadline, any that a sweep may vary.", valueName: "key"))
  var over = "policy"

  @Option(
    help: ArgumentHelp(
      "Values of that key, commas between them. (default: the sweep's; all frameworks)", valueName: "values"))
  var values: String?

  @Option(
    help: ArgumentHelp(
      "The value that the others are compared with. (default: bcd, or the first)", valueName: "value"))
  var baseline: String?

  @Option(help: ArgumentHelp("Metrics, commas between them; 'airsplit list metrics' shows all.", valueName: "names"))
  var metric = "objective,step_energy_j,bits_mean,round_time_s"

  @Option(parsing: .unconditional, help: ArgumentHelp("Draws of the scenario. (default: 200)", valueName: "n"))
  var repetitions: String?

  @Option(
    help: ArgumentHelp(
      "Add draws until the interval of every mean is at most this wide to either side: '5 %' of the mean, or as '0.1 J'.",
      valueName: "width"))
  var untilHalfwidth: String?

  @OptionGroup var overrides: Overrides

  @OptionGroup var programs: ExternalPrograms

  @OptionGroup var jobs: Jobs

  @Option(help: "How to print.")
  var format = Format.table

  enum Format: String, ExpressibleByArgument, CaseIterable { case table, json, csv }

  /// What is compared, and its figures.
  struct Subject {
    var table: RunTable
    /// The values of the key, in order.
    var values: [String]
    /// Keys that vary together with it.
    var companions: Set<String> = []
  }

  func run() throws {
    let metrics = try metric.split(separator: ",", omittingEmptySubsequences: false).map { name in
      guard let metric = Metric.named(String(name)) else {
        throw CommandError.badInput("--metric: " + unknown("metric", String(name), among: Metric.all.map(\.name)))
      }
      return metric
    }
    try refuseTwice(metrics.map(\.name), "--metric")
    if policies != nil, over != "policy" || values != nil {
      throw CommandError.badInput("--policies are the values of --over policy; name those of another key with --values")
    }
    try refuseTwice(named ?? [], values == nil ? "--policies" : "--values")
    let subject = SweepFolder.isSweep(path) ? try swept() : try drawn(metrics)
    let comparison = Comparison(
      subject.table, over: over, movingWith: subject.companions, values: subject.values,
      baseline: try chosenBaseline(subject.values), metrics: metrics)
    let best = comparison.rows.map(\.count).max() ?? 0
    guard best >= 2 else {
      throw CommandError(
        status: .notEnoughData,
        messages: ["an interval needs at least two draws, and there \(best == 1 ? "is one" : "are none")"])
    }
    let chosen = comparison.baseline
    for name in [chosen] + subject.values.filter({ $0 != chosen }) {
      guard let outage = subject.table.outage(of: name, over: over) else { continue }
      StandardStreams.note("warning: " + (name == chosen ? "the baseline " : "") + outage)
    }
    switch format {
    case .table: try StandardStreams.write(Self.text(comparison))
    case .csv: try StandardStreams.write(String(decoding: comparison.csv, as: UTF8.self))
    case .json: try StandardStreams.write(Self.json(comparison))
    }
    try Draws.requireDifferent(subject.table.repeatedPoints, draws: subject.table.mostDraws)
  }

  /// The values that the command line names, if any; commas within braces separate none.
  var named: [String]? {
    guard let text = values ?? policies else { return nil }
    var (items, depth) = ([""], 0)
    for character in text {
      if character == "{" || character == "[" { depth += 1 }
      if character == "}" || character == "]" { depth -= 1 }
      if character == ",", depth <= 0 { items.append("") } else { items[items.count - 1].append(character) }
    }
    return items.map { $0.trimmingCharacters(in: .whitespaces) }
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
