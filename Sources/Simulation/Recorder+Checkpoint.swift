import EventKernel
import Foundation
import JSON
import Scenario
import Trace
import Training
import Units

/// What a checkpoint's state file holds.
struct Checkpoint: Codable {
  /// The scenario of the run that it belongs to, as ``Scenario/Scenario/identity`` has it.
  var scenario: String
  var run: RunState
  /// Without that of wall times, where the run has finished: its folder has the same bytes whatever the clock.
  var traces: [FileMark]
  /// The file that the trainer wrote.
  var trainer: FileMark?
  /// The best round so far, where its weights are kept.
  var best: BestRound?
  var lastOfLonger: LastOfLonger?

  /// The files that belong to it.
  var parts: [FileMark] { [trainer, best?.weights, lastOfLonger?.best?.weights].compactMap(\.self) }
}

/// What the last round would have left behind in a run of more rounds, where it was evaluated only because it is the last.
struct LastOfLonger: Codable {
  var totals: RunTotals
  /// The traces that tell of evaluations.
  var traces: [OpenTraces.Tail]
  /// The best round before it.
  var best: BestRound?
}

extension Scenario {
  /// The resolved scenario without what may change when a run goes on, its length and the accuracy that ends it, and without
  /// where these come from.
  var identity: String {
    var resolved = keptResolved
    let changing = [["rounds"], ["training", "stop_at_accuracy"]]
    for key in changing { resolved[key[...]] = .scalar(.null) }
    if case .map(let marks) = resolved[["provenance"]] {
      let kept = marks.filter { mark in !changing.contains { $0.joined(separator: ".") == mark.key } }
      resolved[["provenance"]] = .map(kept)
    }
    return resolved.yaml
  }
}

extension Recorder {
  /// Goes on with a run in its folder: from its checkpoint, which `run` then stands at, or from the start where none was
  /// saved.
  ///
  /// - Parameters:
  ///   - keepsBest: Whether the weights of the best round are kept, as they were from the start.
  ///   - isChanged: Whether `run` has other rounds or another target accuracy than the run of `beginning`, which may
  ///     have finished. The folder is left as it is until all of it is known to fit.
  /// - Throws: `TraceError` where checkpoint or traces are damaged or another run's, or a changed run cannot go on from there.
  public init(
    resuming folder: RunFolder, manifest: Manifest, beginning: RunBeginning, run: inout Run,
    selection: TraceSelection, keepsBest: Bool = false, isChanged: Bool = false
  ) throws {
    self.keepsBest = keepsBest
    self.folder = folder
    self.manifest = manifest
    identity = run.world.scenario.identity
    var checkpoint = try Self.checkpoint(in: folder, of: run.world.scenario)
    if isChanged, let checkpoint { try Self.check(checkpoint, in: folder, for: run.world.scenario) }
    if let last = checkpoint?.lastOfLonger, let round = checkpoint?.run.round, round < run.world.scenario.rounds {
      checkpoint?.run.totals = last.totals
      checkpoint?.best = last.best
      let marks = checkpoint?.traces ?? []
      checkpoint?.traces = marks.map { mark in last.traces.first { $0.before.file == mark.file }?.before ?? mark }
    } else {
      lastOfLonger = checkpoint?.lastOfLonger
    }
    if let checkpoint {
      do {
        try run.restore(checkpoint.run)
      } catch let error as SimulationError {
        throw folder.damagedCheckpoint("\(error)")
      }
      try Self.restore(run.trainer, from: checkpoint.trainer, in: folder)
      for part in checkpoint.parts where part != checkpoint.trainer { try folder.check(part) }
    }
    var beginning = beginning
    if isChanged {
      try folder.check(traces: checkpoint?.traces ?? [])
      let scenario = run.world.scenario
      let resolved = scenario.keptResolved
      beginning.scenario = resolved.yaml
      self.manifest.scenario = JSONValue(resolved)
      self.manifest.provenance = JSONValue(scenario.provenance)
      try folder.goOn(self.manifest, beginning)
    }
    self.beginning = beginning
    traces = try OpenTraces(folder, selection, of: run, marks: checkpoint?.traces)
    if lastOfLonger == nil, let last = checkpoint?.lastOfLonger { try traces.append(last.traces) }
    (savedRound, savedEvents, isSavedInRound) = (run.round, run.fingerprint.count, run.isInRound)
    savedTrainer = checkpoint?.trainer
    (best, savedBest) = (checkpoint?.best, checkpoint?.best)
  }

  /// Hands `trainer` what it was at the checkpoint of the run in `folder`.
  ///
  /// - Throws: `TraceError` where there is no checkpoint, or it is damaged or another run's.
  public static func restore(_ trainer: any Trainer, of scenario: Scenario, from folder: RunFolder) throws {
    guard let checkpoint = try checkpoint(in: folder, of: scenario) else {
      throw folder.damagedCheckpoint("its state is not there")
    }
    try restore(trainer, from: checkpoint.trainer, in: folder)
  }

  static func checkpoint(in folder: RunFolder, of scenario: Scenario) throws -> Checkpoint? {
    guard let bytes = try folder.savedState() else { return nil }
    let checkpoint: Checkpoint
    do {
      checkpoint = try decoder.decode(Checkpoint.self, from: Data(bytes))
    } catch {
      throw folder.damagedCheckpoint("a part of it is missing or no such value")
    }
    guard checkpoint.scenario == scenario.identity else { throw folder.damagedCheckpoint("it is another scenario's") }
    return checkpoint
  }

  /// Makes sure that a run of another length, or with another target, would have come to this checkpoint and gone on.
  private static func check(_ checkpoint: Checkpoint, in folder: RunFolder, for scenario: Scenario) throws {
    let (round, target) = (checkpoint.run.round, scenario.training.stopAtAccuracy)
    func refusal(_ reason: String) -> TraceError { .folder(path: folder.path, reason: reason) }
    guard scenario.rounds > round else {
      throw refusal(
        "has \(counted(round, "round")) already; --rounds must be more, not \(scenario.rounds)")
    }
    let totals = checkpoint.lastOfLonger?.totals ?? checkpoint.run.totals
    guard let target, let learning = totals.summary.learning, let best = learning.testAccuracyBest else { return }
    if target == totals.targetAccuracy {
      guard let reached = learning.roundOfTarget else { return }
      throw refusal(
        "reached the accuracy that ends it, \(target), in round \(reached); go on with another one: "
          + "--set training.stop_at_accuracy=null, or more than \(best)")
    }
    guard target > best else {
      throw refusal(
        "training.stop_at_accuracy: is \(target), but the run has come to \(best) already; it must be more, or null")
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

  /// Saves where the run stands, between rounds or between two events of one, so that it can go on from here.
  ///
  /// Killed at any moment, the older checkpoint or the newer one is there, whole.
  ///
  /// - Throws: `TraceError`, or what a trainer throws.
  public mutating func save(_ run: borrowing Run) throws {
    if run.round != savedRound || run.isInRound && run.fingerprint.count != savedEvents { try save(run, isLast: false) }
  }

  /// - Parameter isLast: Whether the state is that of a finished run.
  mutating func save(_ run: borrowing Run, isLast: Bool) throws {
    var trainerFile = run.round == savedRound ? savedTrainer : nil
    if let trainer = run.trainer, trainerFile == nil {
      trainerFile = try folder.write(.trainer, round: run.round) { try trainer.save(to: $0) }
    }
    let checkpoint = Checkpoint(
      scenario: identity, run: run.state,
      traces: try traces.synchronize().filter { !isLast || $0.file != TimingRecord.fileName }, trainer: trainerFile,
      best: best, lastOfLonger: lastOfLonger)
    try folder.saveState(Array(Self.encoder.encode(checkpoint)), parts: checkpoint.parts)
    (savedRound, savedEvents, isSavedInRound) = (run.round, run.fingerprint.count, run.isInRound)
    (savedTrainer, savedBest) = (trainerFile, best)
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
