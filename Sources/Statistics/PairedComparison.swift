/// Two ways to do the same draws, compared draw by draw.
public struct PairedComparison: Sendable, Hashable {
  /// The mean difference, this minus the baseline; `nil` of nothing.
  public let difference: Estimate?
  /// Draws n.
  public let count: Int
  /// Draws in which this is the larger.
  public let larger: Int
  /// Draws in which the baseline is the larger.
  public let smaller: Int

  /// The largest relative difference that counts as none: two ways to the same sum differ by the rounding of its terms.
  public static let rounding = 1e-12

  /// Compares values of the same draws, in the same order.
  ///
  /// - Precondition: there are as many values as baseline values.
  public init(_ values: [Double], baseline: [Double]) {
    precondition(values.count == baseline.count, "a baseline for every value")
    let differences = zip(values, baseline).map { Self.difference($0, $1) }
    difference = Estimate(Sample(differences))
    count = values.count
    larger = differences.count { $0 > 0 }
    smaller = differences.count { $0 < 0 }
  }

  static func difference(_ value: Double, _ baseline: Double) -> Double {
    let difference = value - baseline
    return abs(difference) <= rounding * max(abs(value), abs(baseline)) ? 0 : difference
  }

  /// Draws in which both are equal.
  public var ties: Int { count - larger - smaller }

  /// The share of draws that are won, ties by half, where `larger` says which way is a win; `nil` where all are ties.
  public func wins(larger isWin: Bool) -> Proportion? {
    guard larger + smaller > 0 else { return nil }
    return Proportion(successes: Double(isWin ? larger : smaller) + Double(ties) / 2, count: count)
  }
}
