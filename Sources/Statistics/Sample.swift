import Numerics

/// Numbers that were drawn independently of each other: one a draw of the scenario.
public struct Sample: Sendable, Hashable {
  /// How many there are, n.
  public let count: Int
  /// Their mean; `nil` for none.
  public let mean: Double?
  /// Their standard deviation with n − 1 in the denominator; `nil` for fewer than two.
  public let standardDeviation: Double?

  /// The sample of `values`, summed up in their order.
  public init(_ values: [Double]) {
    let mean = values.reduce(0, +) / Double(max(1, values.count))
    let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    count = values.count
    self.mean = values.isEmpty ? nil : mean
    standardDeviation = values.count < 2 ? nil : (squares / Double(values.count - 1)).squareRoot()
  }

  /// Half the width of the mean's confidence interval by Student's t; `nil` for fewer than two.
  public func halfWidth(confidence: Double = 0.95) -> Double? {
    guard let standardDeviation,
      let quantile = try? Numerics.studentQuantile((1 + confidence) / 2, degreesOfFreedom: Double(count - 1))
    else { return nil }
    return quantile * standardDeviation / Double(count).squareRoot()
  }
}
