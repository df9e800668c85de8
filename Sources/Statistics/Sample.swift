/// Numbers that were drawn independently of each other: one per draw of the scenario.
public struct Sample: Sendable, Hashable {
  /// How many there are, n.
  public let count: Int
  /// Their mean; `nil` for none.
  public let mean: Double?
  /// Their standard deviation with n − 1 in the denominator; `nil` for fewer than two.
  public let standardDeviation: Double?

  /// The sample of `values`, summed up in their order.
  public init(_ values: [Double]) {
    // Of equal values the mean is the value itself, not what the rounding of their sum makes of it.
    let isConstant = values.allSatisfy { $0 == values.first }
    let mean = isConstant ? values.first ?? 0 : values.reduce(0, +) / Double(values.count)
    let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    count = values.count
    self.mean = values.isEmpty ? nil : mean
    standardDeviation = values.count < 2 ? nil : (squares / Double(values.count - 1)).squareRoot()
  }

  /// Half the width of the mean's confidence interval by Student's t; `nil` for fewer than two, and where all are equal.
  public func halfWidth(confidence: Double = 0.95) -> Double? {
    Estimate(self)?.halfWidth(confidence: confidence)
  }
}
