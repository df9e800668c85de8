import ArgumentParser
import Experiments
import External
import Scenario
import Simulation
import Trace
import Training

extension WeightsChoice: ExpressibleByArgument {}

/// What `--save-weights` and `--save` ask for.
extension RunCommand {
  /// Where to write the weights of `scenario`; `nil` where nobody asks for them.
  func weightsFile(of scenario: Scenario) throws -> String? {
    let file = try saveWeights.map { try ResultFile.path($0, option: "--save-weights") }
    guard scenario.training.trainer != .none || saveWeights == nil && save == nil else {
      throw CommandError.badInput(
        "\(saveWeights == nil ? "--save" : "--save-weights"): nothing is trained, since training.trainer is 'none'")
    }
    return file
  }

  /// Refuses to write weights where only the folder of a run says so, which may be a stranger's, and the best ones where
  /// they were not kept.
  func checkWeights(_ options: RunOptions, in folder: String) throws {
    if let kept = options.saveWeights, saveWeights == nil {
      throw CommandError.badInput(
        "\(folder): the run was begun with --save-weights, and nothing is written outside the folder unless you say so "
          + "again: add --save-weights \(ShellWord.quoted(kept))")
    }
    if save == .best, !options.keepsBest {
      throw CommandError.badInput(
        "--save best: the run in \(folder) was begun without it, so that its best weights were not kept; begin a new run "
          + "with --save best, or take those of its last round with --save last")
    }
  }

  /// Whether the best weights are to be written, of a run with these options.
  func wantsBest(_ options: RunOptions) -> Bool { save.map { $0 == .best } ?? options.keepsBest }

  /// Writes what a finished run has trained.
  func writeWeights(
    to file: String, of scenario: Scenario, _ folder: RunFolder, repetition: Int, _ options: RunOptions
  ) throws {
    if wantsBest(options) { return try Recorder.writeBestWeights(of: scenario, from: folder, to: file) }
    try programs.check([scenario])
    let world = try rejectingInput { try World(scenario, repetition: UInt32(clamping: repetition)) }
    guard let trainer = try trainer(of: world, threads: threads.threads, ExternalProcessPool()) else { return }
    try Recorder.restore(trainer, of: scenario, from: folder)
    try trainer.writeWeights(to: file)
  }

  /// Writes what a run has trained that is about to finish.
  func writeWeights(to file: String, of trainer: any Trainer, _ recorder: Recorder, _ options: RunOptions) throws {
    guard wantsBest(options) else { return try trainer.writeWeights(to: file) }
    try recorder.writeBestWeights(to: file)
    guard !options.isQuiet, let best = recorder.bestWeights else { return }
    StandardStreams.note(
      "the weights are those of round \(best.round), whose test accuracy of \(TextTable.cell(best.testAccuracy)) is the best"
    )
  }
}
