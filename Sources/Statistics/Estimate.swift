import Numerics

/// A figure of many draws with its standard error.
public struct Estimate: Sendable, Hashable {
  /// The figure.
  public var value: Double
  /// Its standard error; `nil` for fewer than two draws.
  public var standardError: Double?
  /// Draws n.
  public var count: Int

  /// An estimate.
  public init(value: Double, standardError: Double?, count: Int) {
    self.value = value
    self.standardError = standardError
    self.count = count
  }

  /// The mean of a sample; `nil` of nothing.
  public init?(_ sample: Sample) {
    guard let mean = sample.mean else { return nil }
    self.init(
      value: mean, standardError: sample.standardDeviation.map { $0 / Double(sample.count).squareRoot() },
      count: sample.count)
  }

  /// Whether two or more draws came to the same figure, to rounding. Draws that do not differ say nothing of how much others
  /// would, so such a figure has no interval and no probability.
  public var isConstant: Bool { count >= 2 && standardError == 0 }

  /// Half the width of the confidence interval by Student's t with n − 1 degrees of freedom; `nil` for fewer than two draws,
  /// and where no draw differs from another.
  public func halfWidth(confidence: Double = 0.95) -> Double? {
    guard let standardError, standardError > 0, count >= 2,
      let quantile = try? Numerics.studentQuantile((1 + confidence) / 2, degreesOfFreedom: Double(count - 1))
    else { return nil }
    return quantile * standardError
  }

  /// The probability of a value as far from 0 as this where the truth is 0: the t test, two-sided; `nil` for fewer than two
  /// draws, and where no draw differs from another.
  public var p: Double? {
    guard let standardError, standardError > 0, count >= 2 else { return nil }
    return try? Numerics.studentTwoSided(value / standardError, degreesOfFreedom: Double(count - 1))
  }

  /// Whether the interval leaves 0 out; `nil` where there is none.
  public func isSeparated(confidence: Double = 0.95) -> Bool? {
    halfWidth(confidence: confidence).map { abs(value) > $0 }
  }
}
