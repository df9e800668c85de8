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
