import ArgumentParser
import JSON
import Scenario
import Simulation
import Trace
import Units

/// `airsplit run`.
struct RunCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Simulates a scenario and writes its traces.",
    discussion: """
      The folder of results holds the resolved scenario, rounds.csv, devices.csv and, when the run has ended, \
      manifest.json. A finished run is overwritten only with --force. Options that stand in the scenario too win over it.

        airsplit run scenarios/quickstart.yaml
        airsplit run scenarios/paper.yaml --policy bcd --rounds 10 --out /tmp/bcd
        airsplit run scenarios/paper.yaml --set devices.count=20 --trace rounds,events
      """)

  @Argument(
    help: ArgumentHelp("A scenario file.", valueName: "scenario"), completion: .file(extensions: ["yaml", "yml"]))
  var path: String

  @Option(parsing: .unconditional, help: "Root of all random numbers.")
  var seed: String?

  @Option(parsing: .unconditional, help: "Training rounds.")
  var rounds: String?

  @Option(help: ArgumentHelp("Who decides; 'airsplit list policies' shows all.", valueName: "name"))
  var policy: String?

  @Option(help: ArgumentHelp("What is trained how; 'airsplit list frameworks' shows all.", valueName: "name"))
  var framework: String?

  @OptionGroup var overrides: Overrides

  @Option(help: ArgumentHelp("Folder of the results. (default: results/<name>)", valueName: "folder"))
  var out: String?

  @Option(
    help: ArgumentHelp(
      "Traces to write, commas between them: \(TraceSelection.words.map(\.word).joined(separator: ", ")).",
      valueName: "names"),
    transform: traces)
  var trace = TraceSelection.standard

  @Option(help: "How to print the summary.")
  var format = OutputFormat.table

  @Flag(help: "Compute the optimum beside the policy's answer however large the problem is.")
  var optimum = false

  @Flag(help: "Overwrite a finished run.")
  var force = false

  @Flag(help: "Show no progress.")
  var quiet = false

  func run() throws {
    let reading = try overrides.read(
      path,
      with: [
        ScenarioOverride("seed", seed), ScenarioOverride("rounds", rounds), ScenarioOverride("policy", policy),
        ScenarioOverride("framework", framework),
      ].compactMap(\.self))
    let scenario = reading.scenario
    let folder = out ?? "results/\(scenario.name)"
    let policy = try rejectingInput { try PolicyInForce(scenario) }
    let world = try rejectingInput { try World(scenario) }
    let deadlineWarnings = world.warnings(for: policy.policy)
    for warning in reading.warnings { StandardStreams.note("\(warning)") }
    for warning in deadlineWarnings { StandardStreams.note("warning: \(warning)") }
    if let note = policy.note { StandardStreams.note("note: \(note)") }

    var options = Run.Options()
    options.recordsEvents = trace.contains(.events)
    if optimum { options.computesOptimum = true }
    var run = try Run(world, policy: policy.policy, options: options)
    var recorder = try rejectingInput {
      try Recorder(
        path: folder, run: run, policy: policy, selection: trace,
        warnings: reading.warnings.map(\.message) + deadlineWarnings, force: force)
    }
    try simulate(&run, recorder)
    try recorder.finish(run)
    try show(run, policy: policy, folder: recorder.folder.path)
  }

  /// Simulates and records round after round.
  private func simulate(_ run: inout Run, _ recorder: Recorder) throws {
    Interruption.listen()
    let rounds = run.world.scenario.rounds
    var progress = ProgressReport(rounds: rounds, quiet: quiet)
    defer { progress.end() }
    while let result = try run.nextRound() {
      try recorder.record(result, of: run)
      progress.update(round: result.round, simulated: result.end.value, events: run.fingerprint.count)
      if Interruption.isRequested, result.round < rounds {
        progress.end()
        throw CommandError.failure(
          "interrupted after round \(result.round) of \(rounds); the traces so far are in \(recorder.folder.path)")
      }
    }
  }

  private func show(_ run: borrowing Run, policy: PolicyInForce, folder: String) throws {
    let scenario = run.world.scenario
    let summary = run.summary
    guard format == .table else {
      let members: JSONValue = [
        "name": .string(scenario.name), "seed": JSONValue(scenario.seed),
        "framework": .string(scenario.framework.rawValue), "policy": .string(policy.name),
        "fingerprint": .string("\(run.fingerprint)"), "results": .string(folder), "summary": summary.json,
      ]
      return try StandardStreams.write(members)
    }
    var table = TextTable([.words(""), .numbers(""), .words("")])
    for figure in summary.figures {
      table.append([figure.label, TextTable.cell(figure.value), figure.value == nil ? "" : figure.unit])
    }
    try StandardStreams.write(
      "\(scenario.name): framework \(scenario.framework.rawValue), policy \(policy.name), seed \(scenario.seed)\n\n"
        + table.text + "\nThe results are in \(folder).\n")
  }

  private static func traces(_ list: String) throws -> TraceSelection {
    var selection: TraceSelection = []
    for word in list.split(separator: ",", omittingEmptySubsequences: false) {
      guard let trace = TraceSelection.words.first(where: { $0.word == word }) else {
        throw ValidationError(unknown("trace", String(word), among: TraceSelection.words.map(\.word)))
      }
      selection.insert(trace.selection)
    }
    return selection
  }
}
