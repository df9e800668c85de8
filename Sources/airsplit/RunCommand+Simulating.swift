import EventKernel
import Experiments
import External
import JSON
import Scenario
import Simulation
import Trace
import Training
import Units

/// What a run does once it has begun, or gone on: its rounds, its checkpoints and its end.
extension RunCommand {
  /// Simulates the rounds that are left and ends the run.
  func finish(_ run: inout Run, _ recorder: inout Recorder, _ options: RunOptions) throws {
    let peakMemory = try simulate(&run, &recorder, options)
    if let trainer = run.trainer {
      if !options.isQuiet, peakMemory > 0, !(trainer is ExternalTrainer) {
        StandardStreams.note("peak memory \(TextTable.cell((Double(peakMemory) / 1e6).rounded())) MB")
      }
      if let file = options.saveWeights {
        do {
          try writeWeights(to: file, of: trainer, recorder, options)
        } catch {
          // What was trained is not lost with the file, unless it was a program's that has ended.
          guard (try? recorder.save(run)) != nil else { throw failure(error, goingOnWith: recorder) }
          let choice = wantsBest(options) && recorder.bestWeights == nil ? .last : save
          throw CommandError.failure(
            "\(error); go on with: \(commandLine(resuming: recorder.folder.path, giving: choice))")
        }
      }
    }
    let failure = try recorder.finish(run, keeping: options.kept.json)
    try writeAdapters(of: run.trainer, keptIn: recorder.folder.path)
    if let failure {
      let best = options.keepsBest ? ", nor the weights of its best round" : ""
      StandardStreams.note("warning: the finished run keeps no checkpoint to go on from\(best): \(failure)")
    }
    try show(recorder.manifest, folder: recorder.folder.path, format: options.format)
    for warning in run.closingWarnings { StandardStreams.note("warning: \(warning)") }
  }

  /// Simulates and records round after round.
  ///
  /// - Returns: The most memory that training took, in bytes; 0 where nothing was trained.
  private func simulate(_ run: inout Run, _ recorder: inout Recorder, _ options: RunOptions) throws -> Int {
    var peakMemory = 0
    Interruption.listen()
    let rounds = run.world.scenario.rounds
    let eventsBefore = run.fingerprint.count
    var accuracy = run.summary.learning?.testAccuracy
    var progress = ProgressReport(rounds: rounds, after: run.round, quiet: options.isQuiet)
    defer { progress.end() }
    while !run.isFinished {
      let left = options.checkpointEvery?.eventsLeft(after: run.fingerprint.count - recorder.savedEvents)
      guard let report = try advance(&run, events: left ?? .max, recorder: &recorder) else {
        try recorder.save(run)
        guard Interruption.isRequested else { continue }
        progress.end()
        throw CommandError.failure(
          "interrupted in round \(run.round + 1) of \(rounds), after \(counted(Int(clamping: run.fingerprint.count), "event")); "
            + "go on with: " + commandLine(resuming: recorder.folder.path))
      }
      do {
        try recorder.record(report, of: run)
      } catch let error as TrainingError {
        throw failure(error, goingOnWith: recorder)
      }
      peakMemory = report.timing.peakMemory
      accuracy = report.learning?.testAccuracy ?? accuracy
      progress.update(
        round: report.round, simulated: report.end.value, events: run.fingerprint.count - eventsBefore,
        accuracy: accuracy)
      if run.isFinished { continue }
      if Interruption.isRequested {
        progress.end()
        try recorder.save(run)
        throw CommandError.failure(
          "interrupted after round \(report.round) of \(rounds); go on with: "
            + commandLine(resuming: recorder.folder.path))
      }
      if let every = options.checkpointEvery,
        every.isDue(atEndOf: report.round, after: run.fingerprint.count - recorder.savedEvents)
      {
        try recorder.save(run)
      }
    }
    return peakMemory
  }

  /// The round under way or the next one, for so many events at most. Where the policy cannot give one, what there is is
  /// saved, so that the run can go on.
  private func advance(_ run: inout Run, events: UInt64, recorder: inout Recorder) throws -> RoundReport? {
    let before = run.round
    do {
      return try run.advance(events: events)
    } catch let error as SimulationError where before > 0 && run.round == before {
      try recorder.save(run)
      throw failure(error, goingOnWith: recorder)
    } catch let error as TrainingError where run.trainer is ExternalTrainer {
      // What the program had learned since the last checkpoint is gone with it.
      throw failure(error, goingOnWith: recorder)
    } catch let error as TrainingError {
      guard let best = recorder.bestWeights else { throw error }
      throw CommandError.failure(
        "\(error); the best weights, those of round \(best.round), are in \(best.file): copy them before you begin anew"
      )
    }
  }

  /// A failure behind the last checkpoint.
  private func failure(_ error: any Error, goingOnWith recorder: Recorder) -> CommandError {
    let place =
      recorder.isSavedInRound
      ? "in round \(recorder.savedRound + 1)"
      : recorder.savedRound > 0 ? "after round \(recorder.savedRound)" : "from the start"
    return .failure("\(error); go on \(place) with: \(commandLine(resuming: recorder.folder.path))")
  }

  /// What to type to go on with the run in `folder`.
  func commandLine(resuming folder: String, giving choice: WeightsChoice? = nil) -> String {
    var words = [
      CommandLine.arguments.first ?? "airsplit", "run", "--resume", folder.hasPrefix("-") ? "./\(folder)" : folder,
    ]
    if let saveWeights { words += ["--save-weights", saveWeights] }
    if let choice = choice ?? save, saveWeights != nil { words += ["--save", choice.rawValue] }
    if let saveAdapters { words += ["--save-adapters", saveAdapters] }
    if programs.allowExternal { words.append("--allow-external") }
    return words.map(ShellWord.quoted).joined(separator: " ")
  }

  /// What was typed, and --force.
  static var commandLineWithForce: String {
    var words = CommandLine.arguments
    words.insert("--force", at: words.firstIndex(of: "run").map { $0 + 1 } ?? words.count)
    return words.map(ShellWord.quoted).joined(separator: " ")
  }

  func show(_ manifest: Manifest, folder: String, format: OutputFormat) throws {
    guard format == .table else {
      let members: JSONValue = [
        "name": .string(manifest.name), "seed": JSONValue(manifest.seed), "framework": .string(manifest.framework),
        "policy": .string(manifest.policy), "fingerprint": .string(manifest.fingerprint), "results": .string(folder),
        "summary": manifest.summary,
      ]
      return try StandardStreams.write(members)
    }
    var table = TextTable([.words(""), .numbers(""), .words("")])
    for figure in RunSummary.figures(in: manifest) {
      table.append([figure.label, TextTable.cell(figure.value), figure.value == nil ? "" : figure.unit])
    }
    try StandardStreams.write(
      "\(manifest.name): framework \(manifest.framework), policy \(manifest.policy), seed \(manifest.seed)\n\n"
        + table.text + "\nThe results are in \(folder).\n")
  }
}
