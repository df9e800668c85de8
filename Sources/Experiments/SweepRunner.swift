import Scenario
import Simulation

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
  public var result: Result<RunFigures, SimulationError>

  /// What came of `task`.
  public init(task: SweepTask, result: Result<RunFigures, SimulationError>) {
    self.task = task
    self.result = result
  }
}

/// Does many runs in one process, on several threads.
public struct SweepRunner: Sendable {
  /// The points.
  public var points: [SweepPoint]
  /// How much of a round is computed.
  public var measure: SweepPlan.Measure
  /// Threads.
  public var jobs: Int

  /// A runner of these points.
  public init(points: [SweepPoint], measure: SweepPlan.Measure = .run, jobs: Int = 1) {
    self.points = points
    self.measure = measure
    self.jobs = jobs
  }

  /// Does the tasks and hands each outcome to `sink`, in any order, one at a time on the calling thread.
  ///
  /// - Throws: What `sink` throws, which ends the work.
  public func run(_ tasks: [SweepTask], into sink: (RunOutcome) throws -> Void) throws {
  }
}
