import ArgumentParser
import Foundation
import Scenario
import Trace

/// The option `--set`, which every command that reads a scenario has.
struct Overrides: ParsableArguments {
  @Option(
    name: .customLong("set"),
    help: ArgumentHelp(
      "Lays a value over the scenario, as --set devices.count=20; may be repeated.", valueName: "path=value"))
  var settings: [String] = []

  /// The scenario at `path` under these values and `more`, which come first; its warnings go to standard error.
  ///
  /// - Throws: `ScenarioErrors` with everything that is wrong.
  func read(_ path: String, with more: [ScenarioOverride] = []) throws -> ScenarioReading {
    try ScenarioReader.read(
      path: ShippedScenarios.file(path), overrides: more + settings.map(ScenarioOverride.init(setting:)))
  }
}

extension ScenarioOverride {
  /// A value that an option of its own gives, `--seed 7`; `nil` where the option is not there.
  init?(_ key: String, _ value: String?) {
    guard let value else { return nil }
    self.init(path: key, value: value, label: "--\(key) \(value)")
  }
}

/// Runs `body`, where everything that goes wrong is the input's fault, unless the operating system refuses to write.
func rejectingInput<Result: ~Copyable>(_ body: () throws -> Result) throws -> Result {
  do {
    return try body()
  } catch let error where ExitStatus(error) == .failure && !isRefusedWrite(error) {
    throw CommandError.badInput("\(error)")
  }
}

/// Whether the operating system does not let us write in a place that is there. What it does not let us read is bad
/// input, as a scenario is that cannot be read, and so is a path that leads nowhere.
private func isRefusedWrite(_ error: any Error) -> Bool {
  guard case TraceError.file(_, let action, let reason) = error else { return false }
  let leadsNowhere = [ENOENT, ENOTDIR].contains { reason == String(cString: strerror($0)) }
  return !leadsNowhere && !["open", "open the folder", "read"].contains(action)
}
