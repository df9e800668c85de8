/// What one run came to: one value per metric, `nil` where the run has no such figure.
public struct RunMetrics: Sendable, Hashable {
  /// The values, in the order of ``Metric/all``.
  public var values: [Double?]

  /// No figures.
  public init() { values = Array(repeating: nil, count: Metric.all.count) }

  /// The value of the metric `name`; `nil` where there is none.
  public subscript(name: String) -> Double? {
    get { Metric.index(of: name).flatMap { values[$0] } }
    set { if let index = Metric.index(of: name) { values[index] = newValue } }
  }

  /// The value of a metric; `nil` where the run has none.
  public subscript(metric: Metric) -> Double? { self[metric.name] }

  /// Participants of all rounds, each counted once per round: what a figure per participant weighs in a mean over runs.
  public var participants: Double {
    (Self.devicesSelected.flatMap { values[$0] } ?? 0) * (Self.rounds.flatMap { values[$0] } ?? 1)
  }

  private static let (devicesSelected, rounds) = (
    Metric.index(of: Metric.devicesSelected.name), Metric.index(of: Metric.rounds.name)
  )

  /// Whether another run came to the same, to the last bit. How many passes a policy took does not count: where it begins may
  /// be random and where it ends not.
  public func isEqualDraw(_ other: RunMetrics) -> Bool {
    zip(Metric.all, zip(values, other.values)).allSatisfy { $1.0 == $1.1 || Self.passes.contains($0) }
  }

  private static let passes: Set<Metric> = [.policyIterations, .objectiveFalls]
}
