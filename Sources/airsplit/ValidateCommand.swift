import Allocation
import ArgumentParser
import Datasets
import External
import Scenario
import Simulation
import Training
import Units
import Wireless

/// `airsplit validate`.
struct ValidateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "validate",
    abstract: "Checks scenario files and names everything that is wrong with them.",
    discussion: """
      Each mistake stands with file, line and column, what is allowed and the nearest valid name. Warnings name values \
      outside a model's validity, what the deadline excludes, and data that is not there. Exit code 2 if any file is invalid.

        airsplit validate scenarios/*.yaml
        airsplit validate scenarios/paper.yaml --set deadline='4 s' --resolved
      """)

  @Argument(help: ArgumentHelp("Scenario files.", valueName: "file"), completion: .file(extensions: ["yaml", "yml"]))
  var paths: [String]

  @OptionGroup var overrides: Overrides

  @Flag(help: "Print the scenario with every default in force, as YAML.")
  var resolved = false

  func run() throws {
    if resolved && paths.count > 1 { throw ValidationError("--resolved prints one scenario; name one file") }
    var invalid = 0
    for path in paths {
      do {
        let reading = try overrides.read(path)
        for warning in reading.warnings { StandardStreams.note("\(warning)") }
        let scenario = reading.scenario
        let policy = try ResolvedPolicy(scenario, companions: ExternalProcessPool())
        for warning in try Self.warnings(of: scenario, for: policy) {
          StandardStreams.note("\(path): warning: \(warning)")
        }
        if let note = policy.note { StandardStreams.note("\(path): note: \(note)") }
        guard !resolved else {
          try StandardStreams.write(reading.resolved.yaml)
          continue
        }
        try StandardStreams.write(
          "\(path): ok: \(counted(scenario.devices.count, "device")), \(counted(scenario.uplink.blocks, "block")), "
            + "\(counted(scenario.rounds, "round")), "
            + "framework \(scenario.framework.rawValue), policy \(policy.name)"
            + (try sweep(path, reading).map { ", sweep of \($0)" } ?? "") + "\n")
      } catch let error as ScenarioErrors {
        invalid += 1
        StandardStreams.note("\(error)")
      } catch let error where error is SimulationError || error is PolicyError {
        invalid += 1
        StandardStreams.note("\(path): error: \(error)")
      }
    }
    if invalid > 0 { throw CommandError(status: .badInput, messages: []) }
  }

  /// `150 points, 30000 runs`, all points read and found valid; `nil` where the file has no sweep.
  private func sweep(_ path: String, _ reading: ScenarioReading) throws -> String? {
    guard reading.sweep != nil else { return nil }
    let sweep = try ScenarioReader.readSweep(
      path: ShippedScenarios.file(path), overrides: overrides.settings.map(ScenarioOverride.init(setting:)))
    for warning in sweep.warnings where !reading.warnings.contains(warning) { StandardStreams.note("\(warning)") }
    return counted(sweep.points.count, "point") + ", " + counted(sweep.points.count * sweep.plan.repetitions, "run")
  }

  /// What to know before a run. A data set that is not on this machine makes no file invalid.
  private static func warnings(of scenario: Scenario, for policy: ResolvedPolicy) throws -> [String] {
    do {
      return try World(scenario).warnings(for: policy.policy)
    } catch let error as DatasetError {
      return ["\(error)"]
    }
  }
}
