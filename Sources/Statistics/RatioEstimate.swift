/// The mean over all participants of all draws: the sum of the parts over the sum of the counts, which is not the mean of
/// the draws' own means.
public struct RatioEstimate: Sendable, Hashable {
  /// The ratio with its standard error by Taylor's linearisation; `nil` where all counts are 0.
  public let estimate: Estimate?
  /// What each draw adds to the ratio's error, (y − R x) / mean of x; they add up to 0.
  public let influences: [Double]

  /// The ratio of `parts` to `counts`, one pair per draw.
  ///
  /// - Precondition: there are as many parts as counts.
  public init(parts: [Double], counts: [Double]) {
    precondition(parts.count == counts.count, "a part for every count")
    let total = counts.reduce(0, +)
    guard total > 0 else {
      (estimate, influences) = (nil, [])
      return
    }
    let ratio = parts.reduce(0, +) / total
    let mean = total / Double(counts.count)
    influences = zip(parts, counts).map { PairedComparison.difference($0, ratio * $1) / mean }
    estimate = Estimate(value: ratio, standardError: Self.error(of: influences), count: parts.count)
  }

  /// The difference of two ratios of the same draws; `nil` where either is none.
  public func difference(to other: RatioEstimate) -> Estimate? {
    guard let estimate, let baseline = other.estimate, influences.count == other.influences.count else { return nil }
    // An influence is as exact as the ratio, however small it is itself.
    let noise = PairedComparison.rounding * max(abs(estimate.value), abs(baseline.value))
    let differences = zip(influences, other.influences).map { abs($0 - $1) <= noise ? 0 : $0 - $1 }
    return Estimate(
      value: PairedComparison.difference(estimate.value, baseline.value),
      standardError: Self.error(of: differences), count: influences.count)
  }

  private static func error(of influences: [Double]) -> Double? {
    Sample(influences).standardDeviation.map { $0 / Double(influences.count).squareRoot() }
  }
}
