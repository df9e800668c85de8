import External
import Foundation
import Scenario
import Simulation
import SplitViT
import Trace
import Training

/// What `--save-adapters` asks for: the adapters of the last round, which the folder of a finished run keeps too.
extension RunCommand {
  /// Refuses to begin where the adapters of `scenario` are asked for and there are none, or no folder can take them; makes the folder.
  func checkAdapters(of scenario: Scenario) throws {
    guard let folder = saveAdapters else { return }
    func refuse(_ reason: String) -> CommandError { .badInput("--save-adapters '\(folder)': \(reason)") }
    guard scenario.training.trainer == .vit else {
      throw refuse("no adapters are trained, since training.trainer is not 'vit'")
    }
    guard scenario.training.adapters != nil else {
      throw refuse(
        "no adapters are trained, since training.adapters is null; write 'adapters: {lora: {}}', or take --save-weights"
      )
    }
    guard scenario.training.adapters?.aggregation != .stacked else {
      throw refuse(
        "with aggregation 'stacked' what is learned is in the model's matrices, not in adapters beside them; take --save-weights"
      )
    }
    guard !folder.isEmpty, !folder.utf8.contains(0) else { throw refuse("is no folder's name") }
    do {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    } catch {
      throw refuse("this folder cannot be made")
    }
    guard FileManager.default.isWritableFile(atPath: folder) else { throw refuse("this folder cannot be written to") }
  }

  /// Writes the adapters that a finished run's folder keeps.
  func writeAdapters(of scenario: Scenario, _ folder: RunFolder, repetition: Int) throws {
    guard saveAdapters != nil else { return }
    try checkAdapters(of: scenario)
    let world = try rejectingInput { try World(scenario, repetition: UInt32(clamping: repetition)) }
    guard let trainer = try trainer(of: world, threads: threads.threads, ExternalProcessPool()) else { return }
    try Recorder.restore(trainer, of: scenario, from: folder)
    try writeAdapters(of: trainer, keptIn: folder.path)
  }

  /// Writes the adapters of a trainer, which the finished run in `folder` keeps.
  func writeAdapters(of trainer: (any Trainer)?, keptIn folder: String) throws {
    guard let saveAdapters, let trainer = trainer as? SplitTrainer else { return }
    do {
      try trainer.writeAdapters(to: saveAdapters)
    } catch {
      throw CommandError.failure("\(error); the run has finished, write them with: \(commandLine(resuming: folder))")
    }
  }
}
