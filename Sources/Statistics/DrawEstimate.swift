import CElementary

/// A figure estimated from draws, with what each draw adds to its error, so that differences and ratios of figures of the
/// same draws know how they move together.
///
/// The estimate's standard error is s/√n with s the standard deviation of ``influences``: x_i − x̄ for a mean,
/// (y_i − R x_i)/x̄ for a ratio of sums (the usual linearisation), and sums of these for differences. For a mean this is
/// Student's interval, for a difference of means that of the paired differences. A figure that no draw moves has no interval.
public struct DrawEstimate: Sendable, Hashable {
  /// The figure.
  public var value: Double
  /// What each draw adds to the error; 0 for draws without a value. They sum to 0.
  public var influences: [Double]
  /// Draws that have a value.
  public var count: Int

  /// An estimate.
  public init(value: Double, influences: [Double], count: Int) {
    self.value = value
    self.influences = influences
    self.count = count
  }

  /// Σ y_i / Σ x_i over the draws that have both; `nil` where Σ x_i is not positive.
  public static func ratio(of sums: [Double?], to counts: [Double?]) -> DrawEstimate? {
    let pairs = zip(sums, counts).map { sum, count -> (y: Double, x: Double) in
      guard let sum, let count else { return (0, 0) }
      return (sum, count)
    }
    let ratio = RatioEstimate(parts: pairs.map(\.y), counts: pairs.map(\.x))
    guard let estimate = ratio.estimate, estimate.value.isFinite else { return nil }
    return DrawEstimate(value: estimate.value, influences: ratio.influences, count: pairs.count { $0.x > 0 })
  }

  /// The mean of the draws that have a value; `nil` where none has.
  public static func mean(_ values: [Double?]) -> DrawEstimate? {
    ratio(of: values, to: values.map { $0 == nil ? nil : 1 })
  }

  /// The difference of two figures of the same draws.
  public static func - (left: DrawEstimate, right: DrawEstimate) -> DrawEstimate {
    // An influence is as exact as the figure, however small it is itself.
    let noise = PairedComparison.rounding * max(abs(left.value), abs(right.value))
    return DrawEstimate(
      value: PairedComparison.difference(left.value, right.value),
      influences: zip(left.influences, right.influences).map { abs($0 - $1) <= noise ? 0 : $0 - $1 },
      count: min(left.count, right.count))
  }

  /// The ratio of two figures of the same draws; the error is linearised.
  public static func / (left: DrawEstimate, right: DrawEstimate) -> DrawEstimate {
    let value = left.value / right.value
    return DrawEstimate(
      value: value,
      influences: zip(left.influences, right.influences).map {
        PairedComparison.difference($0, value * $1) / right.value
      },
      count: min(left.count, right.count))
  }

  /// The estimate with its standard error, of as many draws as have a value.
  public var estimate: Estimate {
    let deviation = count >= 2 ? Sample(influences).standardDeviation : nil
    return Estimate(
      value: value, standardError: deviation.map { $0 / Double(influences.count).squareRoot() }, count: count)
  }

  /// The 95 % interval by Student's t; `nil` with fewer than two draws, and where no draw differs from another.
  public var interval: ClosedRange<Double>? {
    guard let half = estimate.halfWidth(), value.isFinite, half.isFinite else { return nil }
    return (value - half)...(value + half)
  }

  /// The two-sided p-value of "this figure is 0"; `nil` with fewer than two draws, and where no draw differs from another.
  public var p: Double? { estimate.p }
}

/// A figure draw by draw: a number per draw, or a sum over its participants and how many there are.
public struct DrawSeries: Sendable, Hashable {
  /// The number or the sum of each draw; `nil` where it has none.
  public var sums: [Double?]
  /// How many each sum is over; `nil` for plain numbers.
  public var counts: [Double?]?

  /// Numbers, or sums with their counts.
  public init(_ sums: [Double?], per counts: [Double?]? = nil) {
    self.sums = sums
    self.counts = counts
  }

  /// The mean over draws, or over all participants of all draws.
  public var estimate: DrawEstimate? {
    counts.map { DrawEstimate.ratio(of: sums, to: $0) } ?? DrawEstimate.mean(sums)
  }

  /// Each draw's own figure; `nil` where it has none.
  public var values: [Double?] {
    guard let counts else { return sums }
    return zip(sums, counts).map { sum, count in
      guard let sum, let count, count > 0 else { return nil }
      return sum / count
    }
  }
}

extension DrawSeries {
  /// The logarithm of the geometric mean of the draws' own figures, over those above 0; `nil` where none is.
  public var geometricMean: DrawEstimate? {
    .mean(values.map { $0.flatMap { $0 > 0 ? elementary_log($0) : nil } })
  }
}
