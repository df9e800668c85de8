import Dispatch
import Foundation
import Scenario
import Simulation
import Synchronization
import Trace

/// One run to do: a point and a repetition.
public struct SweepTask: Sendable, Hashable {
  /// The place of the point among those of the runner.
  public var point: Int
  /// Which draw, from 0.
  public var repetition: Int

  /// The run of `repetition` at `point`.
  public init(point: Int, repetition: Int) {
    self.point = point
    self.repetition = repetition
  }
}

/// What came of one run.
public struct RunOutcome: Sendable {
  /// Which run.
  public var task: SweepTask
  /// Its figures, or why there are none.
  public let result: Result<RunMetrics, SimulationError>
  /// The figures as a journal keeps them, made where the run was done.
  let fields: [UInt8]

  /// What came of `task`.
  public init(task: SweepTask, result: Result<RunMetrics, SimulationError>) {
    self.task = task
    self.result = result
    fields = (try? result.get())?.fields ?? []
  }
}

/// Does many runs in one process, on several threads.
///
/// A run depends on its scenario and its repetition only, so figures are the same on any number of threads and in any
/// order.
public struct SweepRunner: Sendable {
  /// The points.
  public var points: SweepPoints
  /// How much of a round is computed.
  public var measure: SweepPlan.Measure
  /// Threads.
  public var jobs: Int
  /// Whether no further run is to begin once one has failed.
  var failsFast = false
  /// What a run keeps in files; `nil`: nothing.
  var files: (@Sendable (SweepTask) -> RunFiles)?

  /// A runner of these points, made elsewhere.
  public init(points: [SweepPoint], measure: SweepPlan.Measure = .run, jobs: Int = 1) {
    self.init(points: SweepPoints(points), measure: measure, jobs: jobs)
  }

  /// A runner of a sweep's points.
  public init(points: SweepPoints, measure: SweepPlan.Measure = .run, jobs: Int = 1) {
    self.points = points
    self.measure = measure
    self.jobs = jobs
  }

  /// Does the tasks and hands each outcome to `sink`, in any order, one at a time on the calling thread.
  ///
  /// Tasks of one repetition are done one after another, since they share its devices and gains.
  ///
  /// - Parameter isEnding: Whether no further run is to begin, asked after outcomes; those of runs under way still go to
  ///   `sink`. A run that stops with a checkpoint has no outcome, and ends the work in the same way. One whose folder
  ///   another process writes to has none either.
  /// - Throws: `SimulationError` where a point cannot be measured like this; what `sink` throws, which ends the work
  ///   once the runs under way have ended, whose outcomes are lost.
  public func run(
    _ tasks: [SweepTask], isEnding: () -> Bool = { false }, into sink: (RunOutcome) throws -> Void
  ) throws {
    if measure == .allocation, let point = points.firstThatTrains {
      throw SimulationError(
        "\(points.name(at: point)): 'measure: allocation' trains nothing; leave training.trainer at none")
    }
    if !points.areChecked {
      for point in points where point.scenario.commands.isEmpty { _ = try ResolvedPolicy(point.scenario) }
    }
    let ordered = tasks.sorted { ($0.repetition, $0.point) < ($1.repetition, $1.point) }
    let workers = max(1, min(jobs, ordered.count))
    let size = max(1, min(256, ordered.count / (8 * workers)))
    let chunks = stride(from: 0, to: ordered.count, by: size).map { ordered[$0..<min($0 + size, ordered.count)] }
    let done = Mailbox()
    let next = Atomic<Int>(0)
    let queue = DispatchQueue(label: "airsplit.sweep", attributes: .concurrent)
    for _ in 0..<workers {
      queue.async {
        var measurement = Measurement(measure: measure, threads: workers > 1 ? 1 : max(1, jobs))
        let reader = points.reader()
        while !done.isClosed {
          let index = next.add(1, ordering: .relaxed).oldValue
          guard index < chunks.count else { break }
          var outcomes: [RunOutcome?] = []
          var posted = ContinuousClock.now
          for task in chunks[index] where !done.isClosed {
            outcomes.append(outcome(of: task, reader, &measurement, done))
            // Waking the other thread takes as long as a small run: many of those are handed over at once.
            guard posted.duration(to: .now) > .milliseconds(20) else { continue }
            done.post(outcomes)
            outcomes.removeAll()
            posted = .now
          }
          done.post(outcomes)
        }
        done.leave()
      }
    }
    defer {
      done.close()
      done.awaitAll(workers)
    }
    var left = ordered.count
    while left > 0, !isEnding(), !done.isClosed {
      for outcome in done.take() {
        if let outcome { try sink(outcome) }
        left -= 1
      }
    }
    done.close()
    done.awaitAll(workers)
    for case let outcome? in done.rest() { try sink(outcome) }
  }

  /// What comes of a task; `nil` where it was stopped, and with it the work, or another process is doing it.
  private func outcome(
    of task: SweepTask, _ reader: SweepPointReader, _ measurement: inout Measurement, _ done: Mailbox
  ) -> RunOutcome? {
    do {
      let figures = try measurement.figures(
        of: reader.scenario(at: task.point), at: task.point, repetition: task.repetition,
        files: files?(task) ?? RunFiles())
      return RunOutcome(task: task, result: .success(figures))
    } catch is RunStopped {
      done.close()
      return nil
    } catch TraceError.busy {
      return nil
    } catch {
      if failsFast { done.close() }
      return RunOutcome(task: task, result: .failure(error as? SimulationError ?? SimulationError("\(error)")))
    }
  }
}

/// Hands outcomes from the threads that make them to the one that takes them.
///
/// Its lock is Foundation's: ThreadSanitizer does not see the futex of a `Mutex` on Linux and reports races that are none.
private final class Mailbox: @unchecked Sendable {
  private var outcomes: [RunOutcome?] = []
  private let lock = NSLock()
  private let posted = DispatchSemaphore(value: 0)
  private let left = DispatchSemaphore(value: 0)
  private let closed = Atomic<Bool>(false)
  private var gone = 0

  /// Whether no further run is to begin.
  var isClosed: Bool { closed.load(ordering: .relaxed) }

  func post(_ more: [RunOutcome?]) {
    guard !more.isEmpty else { return }
    let wasEmpty = lock.withLock {
      defer { outcomes += more }
      return outcomes.isEmpty
    }
    if wasEmpty { posted.signal() }
  }

  /// All outcomes since the last call, at least one; `nil` for a run that has none.
  func take() -> [RunOutcome?] {
    posted.wait()
    return rest()
  }

  /// All outcomes since the last call.
  func rest() -> [RunOutcome?] {
    lock.withLock {
      let taken = outcomes
      outcomes.removeAll()
      return taken
    }
  }

  func leave() { left.signal() }

  func close() { closed.store(true, ordering: .relaxed) }

  /// Waits until so many workers have left; for the one who takes, once or again.
  func awaitAll(_ workers: Int) {
    for _ in gone..<workers { left.wait() }
    gone = workers
  }
}
