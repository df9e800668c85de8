import ArgumentParser
import Foundation
import JSON
import External
import Scenario
import Simulation
import Trace
import Units

/// `airsplit explain`.
struct ExplainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain",
    abstract: "Says why a device did or did not take part in a round, with the numbers.",
    discussion: """
      The round is simulated again from the run's resolved scenario and seed and, where the run has devices.csv, \
      compared with it.

        airsplit explain results/quickstart --round 3 --device 17
      """)

  @Argument(help: ArgumentHelp("The folder of a run.", valueName: "run"), completion: .directory)
  var folder: String

  @Option(parsing: .unconditional, help: ArgumentHelp("The round, from 1.", valueName: "t"))
  var round: Int

  @Option(
    name: .customLong("device"), parsing: .unconditional,
    help: ArgumentHelp("The device, from 0, or its name in the fleet's file.", valueName: "n"))
  var deviceText: String

  @Option(help: "How to print.")
  var format = OutputFormat.table

  @OptionGroup var programs: ExternalPrograms

  func run() throws {
    let manifest = try rejectingInput { try RunFolder.manifest(in: folder) }
    let scenario = try ScenarioReader.read(path: "\(folder)/\(RunFolder.scenarioName)").scenario
    guard (1...scenario.rounds).contains(round) else {
      throw CommandError.badInput("there is no round \(round); the run has rounds 1 to \(scenario.rounds)")
    }
    if let ended = manifest.summary["rounds"]?.integer, manifest.finished, round > ended {
      throw CommandError.badInput(
        "there was no round \(round): the run ended after round \(ended), when it had reached its target accuracy")
    }
    let device = try device(of: scenario)
    if manifest.version != Recorder.version {
      StandardStreams.note(
        "warning: the run was made by version \(manifest.version), this is \(Recorder.version); they may differ")
    }
    // Nothing is trained here, so a trainer is not started.
    var untrained = scenario
    untrained.training.trainer = .none
    try programs.check([untrained])
    let world = try rejectingInput { try World(scenario, repetition: UInt32(clamping: manifest.repetition)) }
    var options = Run.Options()
    options.recordsEvents = true
    var run = try Run(
      world, policy: try rejectingInput { try ResolvedPolicy(scenario, companions: ExternalProcessPool()) }.policy,
      options: options)
    try run.skip(to: round)
    guard let report = try run.nextRound() else { return }
    let explanation = report.explanation(of: device)
    let agrees = try traced(device).map { $0 == report.deviceRecords.first { $0.device == device } }
    switch format {
    case .table:
      let check = agrees == true ? "\(DeviceRecord.fileName) says the same.\n" : ""
      try StandardStreams.write(explanation.sentences.map { $0 + "\n" }.joined() + check)
    case .json:
      try StandardStreams.write([
        "round": .integer(round), "device": .integer(device),
        "name": scenario.devices.names.map { .string($0[device]) } ?? .null,
        "outcome": .string(explanation.outcome.rawValue),
        "sentences": .array(explanation.sentences.map(JSONValue.string)),
        "figures": .object(explanation.figures.map { JSONValue.Member($0.name, .number($0.value)) }),
        "agrees_with_trace": agrees.map(JSONValue.bool) ?? .null,
      ])
    }
    if agrees == false {
      throw CommandError.failure(
        "\(folder)/\(DeviceRecord.fileName) says something else about device \(device) in round \(round): it was "
          + "changed, or another version wrote it")
    }
  }

  /// The device that the option names, by its number or else its name.
  private func device(of scenario: Scenario) throws -> Int {
    let names = scenario.devices.names ?? []
    let number = Int(deviceText)
    if let number, (0..<scenario.devices.count).contains(number) { return number }
    if let named = names.firstIndex(of: deviceText) { return named }
    guard number == nil else {
      throw CommandError.badInput(
        "there is no device \(deviceText); the run has devices 0 to \(scenario.devices.count - 1)")
    }
    let shown = deviceText.count > 60 ? "\(deviceText.prefix(60))…" : deviceText
    guard !names.isEmpty else {
      throw CommandError.badInput("--device: '\(shown)' is no number, and the devices of this run have no names")
    }
    let hint = Spelling.nearest(to: deviceText, among: names).map { "; did you mean '\($0)'?" }
    throw CommandError.badInput("--device: there is no device '\(shown)'\(hint ?? "")")
  }

  /// The device's row in the run's trace; `nil` where the run has none.
  private func traced(_ device: Int) throws -> DeviceRecord? {
    let path = "\(folder)/\(DeviceRecord.fileName)"
    guard try FileSystem.kind(of: path) == .file else { return nil }
    var rows = try rejectingInput { try TraceReader<DeviceRecord>(path: path) }
    while let row = try rows.next() {
      if row.round > round { return nil }
      if row.round == round && row.device == device { return row }
    }
    return nil
  }
}
