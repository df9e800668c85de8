import External
import Scenario
import Simulation
import Trace

/// Does one run of a sweep after another, and shares what they have in common.
struct Measurement {
  /// How much of a round is computed.
  let measure: SweepPlan.Measure
  /// Threads of a trainer.
  let threads: Int
  /// The world of the run before: one of the same draw has the same devices and gains.
  private var last: World?
  /// The policies of points that were measured.
  private var policies: [Int: PolicyInForce] = [:]
  /// The programs that scenarios name, running beside this worker.
  private let companions = Companions()

  init(measure: SweepPlan.Measure, threads: Int) {
    self.measure = measure
    self.threads = threads
  }

  /// The figures of one run of a scenario, the one at the place `point`.
  ///
  /// - Parameter files: What the run keeps.
  /// - Throws: What a run throws, and ``RunStopped``.
  mutating func figures(
    of scenario: Scenario, at point: Int, repetition: Int, files: RunFiles = RunFiles()
  ) throws -> RunFigures {
    let policy = try settingUp { try policies[point] ?? PolicyInForce(scenario, companions: companions) }
    policies[point] = policy
    let world = try settingUp { try World(scenario, repetition: UInt32(clamping: repetition), sharing: last) }
    last = world
    var options = Run.Options()
    options.simulatesEvents = measure == .run
    options.recordsEvents = files.traces?.selection.needsEvents == true
    func begin() throws -> Run {
      let trainer = try settingUp {
        measure == .run ? try world.makeTrainer(threads: threads, companions: companions) : nil
      }
      return try Run(world, policy: policy.policy, trainer: trainer, options: options)
    }
    var run = try begin()
    var totals = FigureTotals(world)
    var recorder: Recorder?
    if let folder = files.folder {
      recorder = try? resume(&run, &totals, repetition, files)
      if recorder == nil {
        // What is there is another run's, or damaged: this one begins from the start.
        if files.checkpoints != nil, (try? FileSystem.kind(of: folder)) == .folder { run = try begin() }
        recorder = try Recorder(
          path: folder, run: run, policy: policy, selection: files.traces?.selection ?? [],
          options: files.options, keepsBest: files.keepsBest, force: true)
      }
    }
    var kept = try files.weights.map { try KeptWeights(path: $0.file, choice: $0.choice) }
    do {
      while let result = try run.nextRound() {
        totals.add(result, run.roundRecord(result))
        try recorder?.record(result, of: run)
        if !files.keepsBest, let trainer = run.trainer { try kept?.add(result.learning, of: trainer) }
        if let checkpoints = files.checkpoints, !run.isFinished {
          let stops = checkpoints.isStopping()
          if stops || result.round.isMultiple(of: checkpoints.every) {
            recorder?.sums = totals.bits
            try recorder?.save(run)
          }
          if stops { throw RunStopped() }
        }
      }
      if files.keepsBest, let file = files.weights?.file {
        try recorder?.writeBestWeights(to: file)
      } else if let trainer = run.trainer {
        try kept?.finish(with: trainer)
      }
    } catch {
      kept?.discard()
      throw error
    }
    if files.traces != nil { try recorder?.finish(run) } else { try recorder?.folder.remove() }
    return totals.finished(run.summary)
  }

  /// Goes on with the run from its checkpoint; `nil` where there is none of it.
  ///
  /// - Throws: `TraceError` where it is damaged, after which `run` is of no use.
  private func resume(
    _ run: inout Run, _ totals: inout FigureTotals, _ repetition: Int, _ files: RunFiles
  ) throws -> Recorder? {
    guard files.checkpoints != nil, let path = files.folder,
      case .unfinished(let folder, let manifest, let beginning) = try RunFolder.resume(path, version: Recorder.version),
      manifest.repetition == repetition, beginning.options == files.options
    else { return nil }
    let recorder = try Recorder(
      resuming: folder, manifest: manifest, beginning: beginning, run: &run, selection: files.traces?.selection ?? [],
      keepsBest: files.keepsBest)
    guard run.round == 0 || totals.restore(recorder.sums) else { return nil }
    return recorder
  }
}

/// Does what a run needs before it begins.
///
/// - Throws: `SimulationError` that takes the input for what is wrong.
private func settingUp<Result>(_ body: () throws -> Result) throws(SimulationError) -> Result {
  do {
    return try body()
  } catch {
    throw SimulationError("\(error)", isBadInput: true)
  }
}
