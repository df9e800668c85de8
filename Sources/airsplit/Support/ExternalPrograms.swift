import ArgumentParser
import External
import Scenario

/// The flag `--allow-external` of the commands that run scenarios.
struct ExternalPrograms: ParsableArguments {
  @Flag(help: "Let the scenario start the programs that it names.")
  var allowExternal = false

  /// Refuses scenarios that name programs unless the flag is given.
  ///
  /// - Throws: ``CommandError`` that names the program and says why.
  func check(_ points: SweepPoints) throws {
    guard !allowExternal, let point = points.firstWithProgram else { return }
    try check([points[point].scenario])
  }

  /// Refuses scenarios that name programs unless the flag is given.
  ///
  /// - Throws: ``CommandError`` that names the program and says why.
  func check(_ scenarios: some Sequence<Scenario>) throws {
    guard !allowExternal, let command = scenarios.lazy.flatMap(\.commands).first else { return }
    throw CommandError.badInput(
      "the scenario starts a program, \(command.words.map { "'\($0)'" }.joined(separator: " ")), which could do "
        + "anything that you can; if you trust the scenario and the program, add --allow-external")
  }
}
