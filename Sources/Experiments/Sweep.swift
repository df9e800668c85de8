import Foundation
import JSON
import Scenario
import Simulation
import Trace

/// A sweep in its folder: does what is missing, keeps what was done.
public struct Sweep {
  /// How a sweep is done.
  public struct Options: Sendable {
    /// Threads.
    public var jobs = 1
    /// The part to do.
    public var shard = Shard.whole
    /// Whether runs that failed are done again.
    public var retriesFailed = false
    /// How many rounds there are from one checkpoint of a run to the next; `nil`: runs save none.
    public var checkpointEvery: Int?
    /// Whether runs that save checkpoints are to stop after their round.
    public var isStopping: @Sendable () -> Bool = { false }
    /// Hears what became of a run's checkpoint, by the run's name, on any thread.
    public var tell: @Sendable (String, CheckpointNews) -> Void = { _, _ in }
    /// Whether the first failure ends the work.
    public var failsFast = false

    /// One thread, all of it.
    public init() {}
  }

  /// The folder.
  public let folder: SweepFolder
  /// What is there.
  public private(set) var inventory: SweepInventory
  private let options: Options

  /// A sweep in `folder`.
  ///
  /// - Throws: `TraceError` where the journals cannot be read.
  public init(_ folder: SweepFolder, _ reading: SweepReading, options: Options = Options()) throws {
    self.folder = folder
    self.options = options
    inventory = try SweepInventory(of: folder, reading)
  }

  /// Runs that are left to do in this part.
  public var tasks: [SweepTask] { inventory.tasks(for: options.shard, retrying: options.retriesFailed) }

  /// How many runs are done of which weights are asked for and not there: they were done before anybody asked.
  public var doneWithoutWeights: Int {
    guard inventory.reading.plan.weights != nil else { return 0 }
    return inventory.reading.points.indices.reduce(0) { count, point in
      let name = inventory.reading.points.name(at: point)
      return count
        + inventory.doneRepetitions(of: point).count { repetition in
          (try? FileSystem.kind(of: folder.weights(of: name, repetition: repetition))) != .file
        }
    }
  }

  /// Does runs of ``tasks``.
  ///
  /// - Parameter progress: Hears of every outcome, with how many are done now; it may ask for the end by answering false.
  /// - Returns: Whether all was done.
  /// - Throws: `TraceError` where a journal cannot be written, `SimulationError` where a point cannot be run at all.
  public mutating func run(_ tasks: [SweepTask], progress: (Int, RunOutcome) -> Bool) throws -> Bool {
    removeUsedCheckpoints()
    guard !tasks.isEmpty else { return true }
    let reading = inventory.reading
    let (files, mayLeaveFiles) = (files, mayGoOn || options.checkpointEvery != nil)
    var runner = SweepRunner(points: reading.points, measure: reading.plan.measure, jobs: options.jobs)
    (runner.files, runner.failsFast) = (files, options.failsFast)
    let journal = try SweepJournal(in: folder.journals, shard: options.shard)
    let number = inventory.add(journal: journal.path)
    var count = 0
    var goesOn = true
    var failed: Set<Int> = []
    let began = ContinuousClock().now
    let jobs = Double(max(1, min(options.jobs, tasks.count)))
    do {
      try runner.run(tasks, isEnding: { !goesOn }) { outcome in
        count += 1
        // The threads' time since the start, shared out evenly: good enough to say how long the rest will take.
        let seconds = began.duration(to: .now) / .seconds(1) * jobs / Double(count)
        try journal.append(inventory.add(outcome, seconds: seconds, journal: number, offset: journal.length))
        if mayLeaveFiles { try close(files(outcome.task), after: outcome, journal) }
        if !progress(count, outcome) { goesOn = false }
        if case .failure = outcome.result {
          if failed.insert(outcome.task.point).inserted {
            try folder.keepScenarios(ofFailed: [reading.points[outcome.task.point]])
          }
        }
      }
    } catch {
      try? journal.flush()
      throw error
    }
    try journal.finish()
    if options.shard == .whole { folder.tidyUnfinished() }
    return count == tasks.count
  }

  /// Removes the checkpoint of a run once its line is where a killed process leaves it.
  private func close(_ files: RunFiles, after outcome: RunOutcome, _ journal: SweepJournal) throws(TraceError) {
    guard files.checkpoints != nil else { return }
    if files.savesCheckpoints { try journal.flush() }
    // One that cannot be removed is no loss: the next call tries again.
    switch outcome.result {
    case .success: try? files.removeCheckpoint()
    case .failure: try? files.removeUnlessSaved()
    }
  }

  /// Removes checkpoints of runs that are done, whose process was killed before it did.
  private func removeUsedCheckpoints() {
    let files = files
    guard mayGoOn else { return }
    for point in inventory.reading.points.indices {
      for repetition in inventory.doneRepetitions(of: point) {
        try? files(SweepTask(point: point, repetition: repetition)).removeCheckpoint()
      }
    }
    if options.shard == .whole { folder.tidyUnfinished() }
  }

  /// Whether there may be runs that have begun.
  private var mayGoOn: Bool {
    !inventory.reading.plan.traces.isEmpty || (try? FileSystem.kind(of: folder.unfinished)) == .folder
  }

  /// What a run keeps in files.
  private var files: @Sendable (SweepTask) -> RunFiles {
    let plan = inventory.reading.plan
    let hasCheckpoints = plan.measure == .run && (options.checkpointEvery != nil || mayGoOn)
    guard hasCheckpoints || !plan.traces.isEmpty || plan.weights != nil else { return { _ in RunFiles() } }
    let selection = TraceSelection(plan.traces.compactMap(TraceSelection.init(word:)))
    return { [folder, options, keys = inventory.keys, points = inventory.reading.points] task in
      let point = points.name(at: task.point)
      var files = RunFiles()
      if !plan.traces.isEmpty {
        files.traces = (folder.traces(of: point, repetition: task.repetition), selection)
      }
      if let choice = plan.weights {
        files.weights = (folder.weights(of: point, repetition: task.repetition), choice)
      }
      if hasCheckpoints {
        let name = "\(point)/\(SweepInventory.name(ofRepetition: task.repetition))"
        files.checkpoints = RunFiles.Checkpoints(
          folder: "\(folder.unfinished)/\(name)", key: keys[task.point].text, every: options.checkpointEvery,
          isStopping: options.isStopping, tell: { options.tell(name, $0) })
      }
      return files
    }
  }

  /// Writes the tables of all that is there.
  ///
  /// - Throws: `TraceError`.
  public func writeTables() throws { try inventory.writeTables(to: folder) }
}
