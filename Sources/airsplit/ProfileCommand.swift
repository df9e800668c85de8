import ArgumentParser
import External
import JSON
import Scenario

/// `airsplit profile`.
struct ProfileCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "profile",
    abstract: "Asks a scenario's external trainer for its model's payload, work and memory.",
    discussion: """
      Payload, work and memory of a model are what the network needs to know of it. For a model that is no Vision \
      Transformer the scenario gives them under model.profile, and its trainer may know them: this command asks it, and \
      prints the section model to write into the scenario. So a run depends on nothing but its file.

        airsplit profile bert.yaml --allow-external
      """)

  @Argument(
    help: ArgumentHelp("A scenario file.", valueName: "scenario"), completion: .file(extensions: ["yaml", "yml"]))
  var path: String

  @OptionGroup var overrides: Overrides

  @OptionGroup var programs: ExternalPrograms

  /// Figures that keep the reader content until the trainer's are there.
  private static let blank = """
    {payload: {sample: 1, activations: 1, device_weights: 0, parameters: 0, head_parameters: 0, \
    head_activations: 1}, \
    work: {device_forward: 0 FLOP, device_backward: 0 FLOP, forward: 0 FLOP, head_forward: 0 FLOP}}
    """

  func run() throws {
    let scenario = try read(profile: Self.blank, label: "the profile that is asked for").scenario
    guard case .external(let command) = scenario.training.trainer else {
      throw CommandError.badInput(
        "\(path): there is no program to ask; write 'trainer: {external: {command: [python3, trainer.py]}}' in training"
      )
    }
    try programs.check([scenario])
    let answer = try ExternalTrainer.profile(
      of: scenario.model, from: command.words, directory: command.directory, timeout: command.timeout)
    let reading = try read(profile: answer.text(.line), label: "the trainer's answer")
    guard let model = reading.scenario.resolved[["model"]] else { return }
    try StandardStreams.write(ResolvedNode.map([ResolvedNode.Entry("model", model)]).yaml)
  }

  private func read(profile: String, label: String) throws -> ScenarioReading {
    try overrides.read(path, with: [ScenarioOverride(path: "model.profile", value: profile, label: label)])
  }
}
