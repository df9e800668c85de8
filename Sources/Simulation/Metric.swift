/// A figure that every run comes to, empty where a run has no such figure: a column of `runs.csv`, and what `--metric` takes.
///
/// This is its one definition: what a round, a run, a manifest, a sweep or a chart says of it is computed by `value`, and a
/// mean over runs is of the kind that ``weight`` says.
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
    /// A mean over the run's simulated time; every run weighs the same.
    case time
    /// One number of the whole run; every run weighs the same.
    case run
  }

  /// How the figure is had.
  enum Value: Sendable {
    /// A sum with its weight, added up round by round.
    case added(@Sendable (RoundReport, inout Tally) -> Void)
    /// From all rounds together.
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
  /// Whether only a run's events tell it: in closed form nobody is late, and nobody knows what the server did.
  public var needsEvents = false
  /// What charts and tables call it.
  public var title: String
  /// Whether it lies between 0 and 1.
  public var isShare = false
  let value: Value

  /// The figure of one round, by the same definition; `nil` where it has none, or a run has it only as a whole.
  func mean(of round: RoundReport) -> Double? {
    guard case .added(let add) = value else { return nil }
    var tally = Tally()
    add(round, &tally)
    return tally.mean
  }

  private static let places = Dictionary(uniqueKeysWithValues: all.enumerated().map { ($1.name, $0) })

  /// The place of the metric `name`; `nil` where there is none.
  public static func index(of name: String) -> Int? { places[name] }

  /// The metric `name`; `nil` where there is none.
  public static func named(_ name: String) -> Metric? { index(of: name).map { all[$0] } }

  /// Two metrics are the same if their names are.
  public static func == (left: Metric, right: Metric) -> Bool { left.name == right.name }

  /// Hashes the name.
  public func hash(into hasher: inout Hasher) { hasher.combine(name) }
}

/// A sum and what it is divided by.
struct Tally: Sendable, Hashable, Codable {
  /// The sum.
  private(set) var sum = 0.0
  /// How many were added, or the time over which it was added up.
  private(set) var weight = 0.0

  /// Adds one value.
  mutating func add(_ value: Double, weight: Double = 1) {
    sum += value
    self.weight += weight
  }

  /// Adds one value, if there is one.
  mutating func add(_ value: Double?) {
    if let value { add(value) }
  }

  /// The sum over its weight; `nil` where nothing was added.
  var mean: Double? { weight > 0 ? sum / weight : nil }
}
