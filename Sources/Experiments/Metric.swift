import Simulation
import Trace

/// A figure that every run comes to, empty where a run has no such figure: a column of `runs.csv`, and what `--metric` takes.
///
/// This is its one definition: ``RunMetrics`` are made by `value`, and every mean over runs by ``estimate(of:)`` or
/// ``series(of:)``, which ``weight`` decides.
public struct Metric: Sendable, Hashable {
  /// Which way is better, where one is.
  public enum Direction: String, Sendable, Hashable {
    /// More is better.
    case higher
    /// Less is better.
    case lower
    /// Neither.
    case none
  }

  /// What a figure is over, which is how runs weigh in a mean over many.
  public enum Weight: String, Sendable, Hashable {
    /// A mean over the rounds of the run that have it; every run weighs the same.
    case round
    /// The sum over all participants of all rounds, divided by their number; runs weigh by their participants.
    case participant
    /// One number of the whole run; every run weighs the same.
    case run
  }

  /// How the figure is had.
  enum Value: Sendable {
    /// From each round.
    case ofRounds(@Sendable (FigureTotals.Round) -> Double?)
    /// From the run's summary.
    case ofRun(@Sendable (RunSummary) -> Double?)
  }

  /// The name, with its unit as suffix where it has one in SI: `step_energy_j`.
  public var name: String
  /// The unit; empty for counts and shares.
  public var unit: String
  /// What it is, in a few words.
  public var summary: String
  /// Which way is better.
  public var better: Direction
  /// What it is over.
  public var weight: Weight
  let value: Value

  init(_ name: String, _ unit: String, _ summary: String, _ better: Direction, _ weight: Weight, _ value: Value) {
    self.name = name
    self.unit = unit
    self.summary = summary
    self.better = better
    self.weight = weight
    self.value = value
  }

  /// Whether only a run's events tell the figure: in closed form nobody is late, and nobody knows what the server did.
  public var needsEvents: Bool {
    ["round_server_energy_j", "late", "server_utilization", "server_queue_mean", "step_wait_time_s"].contains(name)
  }

  private static let indices = Dictionary(uniqueKeysWithValues: all.enumerated().map { ($1.name, $0) })

  /// The place of the metric `name`; `nil` where there is none.
  public static func index(of name: String) -> Int? { indices[name] }

  /// The metric `name`; `nil` where there is none.
  public static func named(_ name: String) -> Metric? { index(of: name).map { all[$0] } }

  /// Two metrics are the same if their names are.
  public static func == (left: Metric, right: Metric) -> Bool { left.name == right.name }

  /// Hashes the name.
  public func hash(into hasher: inout Hasher) { hasher.combine(name) }
}
