import External
import JSON
import Randomness
import Scenario
import Simulation
import Trace
import Training

/// Does one run of a sweep after another, and shares what they have in common.
struct Measurement {
  /// How much of a round is computed.
  let measure: SweepPlan.Measure
  /// Threads of a trainer.
  let threads: Int
  /// The world of the run before, with the point that it was drawn for: one of the same draw has the same devices and gains.
  private var last: (world: World, point: Int)?
  /// Whether the second of two points differs from the first in its policy alone, of so many pairs at most.
  private var areTwins: [Pair: Bool] = [:]
  /// The policies of points that were measured, of so many at most.
  private var policies: [Int: ResolvedPolicy] = [:]
  private struct Pair: Hashable { var first, second: Int }
  private static let (mostPolicies, mostTwins) = (1024, 1024)
  /// The programs that scenarios name, running beside this worker.
  private let companions = ExternalProcessPool()
  /// Points whose trainers have turned out to save no state.
  private var withoutState: Set<Int> = []

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
  ) throws -> RunMetrics {
    var files = files
    if withoutState.contains(point) { files.checkpoints = nil }
    do {
      return try measured(scenario, at: point, repetition: repetition, files)
    } catch let failure as NoStateSaved {
      files.checkpoints?.tell(.savesNone(reason: failure.reason))
      if files.checkpoints?.isStopping() == true { throw RunStopped() }
      withoutState.insert(point)
      files.checkpoints = nil
      return try measured(scenario, at: point, repetition: repetition, files)
    }
  }

  private mutating func measured(
    _ scenario: Scenario, at point: Int, repetition: Int, _ files: RunFiles
  ) throws -> RunMetrics {
    let policy = try settingUp { try policies[point] ?? ResolvedPolicy(scenario, companions: companions) }
    if policies.count >= Self.mostPolicies { policies.removeAll(keepingCapacity: true) }
    policies[point] = policy
    let world = try world(
      of: scenario, at: point, Seed(scenario.seed, repetition: UInt32(clamping: repetition)),
      isKept: files.folder != nil)
    var options = Run.Options()
    options.simulatesEvents = measure == .run
    options.recordsEvents = files.traces?.selection.needsEvents == true
    options.listsTensors = files.traces?.selection.contains(.tensors) == true
    func begin() throws -> Run {
      let trainer = try settingUp {
        measure == .run ? try world.makeTrainer(threads: threads, companions: companions) : nil
      }
      return try Run(world, policy: policy.policy, trainer: trainer, options: options)
    }
    var run = try begin()
    var recorder: Recorder?
    var unusable: String?
    do {
      recorder = try resume(&run, files)
    } catch let error as TraceError where error == .busy(path: files.folder ?? "") {
      throw error
    } catch {
      unusable = "\(error)"
      run = try begin()
    }
    let keepsBest = files.weights?.choice == .best && (files.savesCheckpoints || recorder != nil)
    if recorder == nil, let folder = files.folder, files.traces != nil || files.savesCheckpoints {
      recorder = try Recorder(
        path: folder, run: run, policy: policy, selection: files.traces?.selection ?? [],
        options: files.options(keepsBest: keepsBest), keepsBest: keepsBest, keepsInputs: files.traces != nil,
        force: true)
    }
    if let unusable { files.checkpoints?.tell(.beginsAnew(reason: unusable)) }
    var kept = try files.weights.map { try KeptWeights(path: $0.file, choice: $0.choice) }
    do {
      while let report = try run.nextRound() {
        try recorder?.record(report, of: run)
        if !keepsBest, let trainer = run.trainer { try kept?.add(report.learning, of: trainer) }
        if let checkpoints = files.checkpoints, let every = checkpoints.every, !run.isFinished {
          let stops = checkpoints.isStopping()
          if stops || report.round.isMultiple(of: every) { try save(run, with: &recorder) }
          if stops { throw RunStopped() }
        }
      }
      if let trainer = run.trainer { try kept?.finish(with: trainer, best: keepsBest ? recorder : nil) }
    } catch {
      kept?.discard()
      throw error
    }
    // What a run without traces goes on from goes when its figures are kept, and so does the checkpoint of one with traces.
    if files.traces != nil {
      try recorder?.finish(run, keeping: files.savesCheckpoints ? files.options(keepsBest: keepsBest) : nil)
    }
    return run.metrics
  }

  /// The world of a run; that of the run before where only the policy differs, of which nothing is kept that names the world.
  private mutating func world(of scenario: Scenario, at point: Int, _ seed: Seed, isKept: Bool) throws -> World {
    if !isKept, let last, last.world.seed == seed {
      let pair = Pair(first: last.point, second: point)
      let isTwin = areTwins[pair] ?? last.world.serves(scenario)
      if areTwins.count >= Self.mostTwins { areTwins.removeAll(keepingCapacity: true) }
      areTwins[pair] = isTwin
      if isTwin { return last.world }
    }
    let other = last?.world
    let world = try settingUp { try World(scenario, repetition: seed.repetition, sharing: other) }
    last = (world, point)
    return world
  }

  /// - Throws: `TraceError`, and ``NoStateSaved`` where the trainer has none.
  private func save(_ run: borrowing Run, with recorder: inout Recorder?) throws {
    do {
      try recorder?.save(run)
    } catch let error as TrainingError {
      throw NoStateSaved(reason: "\(error)")
    }
  }

  /// Goes on with the run from its checkpoint; `nil` where there is none.
  ///
  /// - Throws: `TraceError` where it cannot be used, after which `run` is of no use.
  private func resume(_ run: inout Run, _ files: RunFiles) throws -> Recorder? {
    guard let checkpoints = files.checkpoints, let path = files.folder else { return nil }
    guard RunFolder.hasCheckpoint(path) else {
      guard path != checkpoints.folder, RunFolder.hasCheckpoint(checkpoints.folder) else { return nil }
      throw TraceError.folder(path: checkpoints.folder, reason: "holds the checkpoint of a run that kept no traces")
    }
    let (folder, manifest, beginning): (RunFolder, Manifest, RunBeginning)
    switch try RunFolder.resume(path, version: Recorder.version) {
    case .unfinished(let found, let marked, let began): (folder, manifest, beginning) = (found, marked, began)
    case .finished(let found, _):
      folder = found
      (manifest, beginning) = try found.kept(version: Recorder.version)
    }
    let keepsBest = files.weights?.choice == .best
    guard manifest.repetition == Int(run.world.seed.repetition),
      beginning.options == files.options(keepsBest: keepsBest)
    else {
      throw TraceError.folder(
        path: path,
        reason:
          "holds the checkpoint of another scenario, of other files or another version, or of other traces or weights"
      )
    }
    let recorder = try Recorder(
      resuming: folder, manifest: manifest, beginning: beginning, run: &run, selection: files.traces?.selection ?? [],
      keepsBest: keepsBest)
    checkpoints.tell(.goesOn(round: run.round))
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
