import External
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
  /// - Parameters:
  ///   - keeping: The folder and the traces that the run keeps, where it keeps any.
  ///   - weights: The file in which it keeps weights, and which.
  /// - Throws: What a run throws.
  mutating func figures(
    of scenario: Scenario, at point: Int, repetition: Int,
    keeping traces: (folder: String, selection: TraceSelection)?,
    weights: (file: String, choice: WeightsChoice)? = nil
  ) throws -> RunFigures {
    let policy = try settingUp { try policies[point] ?? PolicyInForce(scenario, companions: companions) }
    policies[point] = policy
    let world = try settingUp { try World(scenario, repetition: UInt32(clamping: repetition), sharing: last) }
    last = world
    let trainer = try settingUp {
      measure == .run ? try world.makeTrainer(threads: threads, companions: companions) : nil
    }
    var options = Run.Options()
    options.simulatesEvents = measure == .run
    options.recordsEvents = traces?.selection.needsEvents == true
    var run = try Run(world, policy: policy.policy, trainer: trainer, options: options)
    var totals = FigureTotals(world)
    var recorder: Recorder?
    if let traces {
      recorder = try Recorder(
        path: traces.folder, run: run, policy: policy, selection: traces.selection, force: true)
    }
    var kept = try weights.map { try KeptWeights(path: $0.file, choice: $0.choice) }
    do {
      while let result = try run.nextRound() {
        totals.add(result, run.roundRecord(result))
        try recorder?.record(result, of: run)
        if let trainer { try kept?.add(result.learning, of: trainer) }
      }
      if let trainer { try kept?.finish(with: trainer) }
    } catch {
      kept?.discard()
      throw error
    }
    try recorder?.finish(run)
    return totals.finished(run.summary)
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
