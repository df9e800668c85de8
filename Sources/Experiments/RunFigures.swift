/// What one run came to: one value a metric, `nil` where the run has no such figure.
public struct RunFigures: Sendable, Hashable {
  /// The values, in the order of ``Metric/all``.
  public var values: [Double?]

  /// No figures.
  public init() { values = Array(repeating: nil, count: Metric.all.count) }

  /// The value of the metric `name`; `nil` where there is none.
  public subscript(name: String) -> Double? {
    get { Metric.index(of: name).flatMap { values[$0] } }
    set { if let index = Metric.index(of: name) { values[index] = newValue } }
  }
}

/// A column of figures that every run of a sweep has.
public struct Metric: Sendable, Hashable {
  /// The name, with its unit as suffix: `step_energy_j`.
  public var name: String
  /// One sentence on what it is.
  public var summary: String

  /// Every metric, in the order of `runs.csv`. A figure of rounds is the mean over the run's rounds that have it.
  public static let all: [Metric] = [
    Metric(name: "objective", summary: "U of Eq. (21), mean over rounds")
  ]

  private static let indices = Dictionary(uniqueKeysWithValues: all.enumerated().map { ($1.name, $0) })

  /// The place of the metric `name`.
  public static func index(of name: String) -> Int? { indices[name] }
}
