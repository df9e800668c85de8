import Foundation
import JSON
import Trace
import Training

/// What a checkpoint's state file holds.
private struct Checkpoint: Codable {
  /// The resolved scenario of the run that it belongs to.
  var scenario: String
  var run: RunState
  var traces: [FileMark]
  /// The file that the trainer wrote.
  var trainer: FileMark?
}

extension Recorder {
  /// Goes on with a run in its folder: from its checkpoint, which `run` then stands at, or from the start where none was
  /// saved. Where it was trained in another arithmetic so far, the manifest gets a warning.
  ///
  /// - Throws: `TraceError` where checkpoint or traces are damaged or another run's.
  public init(
    resuming folder: RunFolder, manifest: Manifest, beginning: RunBeginning, run: inout Run,
    selection: TraceSelection
  ) throws {
    self.folder = folder
    self.manifest = manifest
    scenario = beginning.scenario
    var marks: [FileMark]?
    if let bytes = try folder.savedState() {
      let checkpoint: Checkpoint
      do {
        checkpoint = try Self.decoder.decode(Checkpoint.self, from: Data(bytes))
      } catch {
        throw folder.damagedCheckpoint("a part of it is missing or no such value")
      }
      guard checkpoint.scenario == scenario else { throw folder.damagedCheckpoint("it is another scenario's") }
      do {
        try run.restore(checkpoint.run)
      } catch let error as SimulationError {
        throw folder.damagedCheckpoint("\(error)")
      }
      try Self.restore(run.trainer, from: checkpoint.trainer, in: folder)
      marks = checkpoint.traces
    }
    traces = try OpenTraces(folder, selection, of: run, marks: marks)
    savedRound = run.round
    if let arithmetic = run.trainer?.arithmetic, let before = manifest.arithmetic, JSONValue(arithmetic) != before {
      self.manifest.warnings.append(
        "the run goes on after round \(run.round) on another processor or with other libraries: it began with "
          + "\(before.text(.line)) and now trains with \(JSONValue(arithmetic).text(.line)), so that what is trained from "
          + "here on has not the bytes of a run in one go")
    }
  }

  private static func restore(_ trainer: (any Trainer)?, from file: FileMark?, in folder: RunFolder) throws {
    guard (trainer == nil) == (file == nil) else {
      throw folder.damagedCheckpoint("it is another trainer's")
    }
    guard let trainer, let file else { return }
    try folder.check(file)
    do {
      try trainer.restore(from: "\(folder.path)/\(file.file)")
    } catch {
      throw folder.damagedCheckpoint("\(error)")
    }
  }

  /// Saves where the run stands, so that it can go on from here; once a round at most.
  ///
  /// Killed at any moment, the older checkpoint or the newer one is there, whole.
  ///
  /// - Throws: `TraceError`, or what a trainer throws.
  public mutating func save(_ run: borrowing Run) throws {
    guard run.round != savedRound else { return }
    var trainerFile: FileMark?
    if let trainer = run.trainer {
      let (name, file) = try folder.createTrainerFile(round: run.round)
      try trainer.save(to: file)
      try file.synchronize()
      trainerFile = file.mark(named: name)
    }
    let checkpoint = Checkpoint(
      scenario: scenario, run: run.state, traces: try traces.synchronize(), trainer: trainerFile)
    try folder.saveState(Array(Self.encoder.encode(checkpoint)), trainer: trainerFile?.file)
    savedRound = run.round
  }

  private static var encoder: JSONEncoder {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    return encoder
  }

  private static var decoder: JSONDecoder {
    let decoder = JSONDecoder()
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    return decoder
  }
}
