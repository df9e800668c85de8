import CElementary
extension Distribution {
  /// The value of the item `index`: the `index`-th of ``each(_:)``, else a draw from `stream`.
  ///
  /// - Parameter range: Where a key allows less than the distribution gives, draws outside are redrawn: the
  ///   distribution is truncated, not clipped.
  /// - Throws: ``DistributionError`` after ``tries`` draws outside `range`, or where ``each(_:)`` or ``choice(_:)`` has
  ///   no such value.
  public func draw(
    index: Int, from stream: inout RandomStream, within range: ClosedRange<Double> = -.infinity ... .infinity
  ) throws(DistributionError) -> Double {
    for _ in 0..<Distribution.tries {
      let value = try sample(index: index, from: &stream)
      if range.contains(value) { return value }
    }
    throw .outside(range: range, tries: Distribution.tries)
  }

  /// Draws outside a key's range before giving up.
  public static let tries = 1000

  private func sample(index: Int, from stream: inout RandomStream) throws(DistributionError) -> Double {
    switch self {
    case .constant(let value): return value
    case .uniform(let low, let high): return stream.uniform(low: low, high: high)
    case .integer(let low, let high):
      guard low <= high else { throw .noValue(index: index, count: 0) }
      return Double(stream.integer(in: low...high))
    case .choice(let values):
      guard !values.isEmpty else { throw .noValue(index: index, count: 0) }
      return values[stream.integer(in: 0...(values.count - 1))]
    case .normal(let mean, let deviation): return stream.gaussian(mean: mean, standardDeviation: deviation)
    case .lognormal(let median, let sigma): return stream.lognormal(zeta: elementary_log(median), sigma: sigma)
    case .exponential(let mean): return stream.exponential(mean: mean)
    case .each(let values):
      guard values.indices.contains(index) else { throw .noValue(index: index, count: values.count) }
      return values[index]
    }
  }
}

extension Distribution {
  /// The mean; of ``each(_:)`` and ``choice(_:)`` that of the list, NaN where it is empty.
  public var mean: Double {
    switch self {
    case .constant(let value): value
    case .uniform(let low, let high): low / 2 + high / 2
    case .integer(let low, let high): Double(low) / 2 + Double(high) / 2
    case .choice(let values), .each(let values): values.reduce(0, +) / Double(values.count)
    case .normal(let mean, _): mean
    case .lognormal(let median, let sigma): median * elementary_exp(sigma * sigma / 2)
    case .exponential(let mean): mean
    }
  }

  /// The least and the largest value that the distribution can give, ends included (for ``uniform(low:high:)`` the
  /// upper end is a limit); infinite where there is no bound. `nil` for an empty list or range.
  public var support: ClosedRange<Double>? {
    switch self {
    case .constant(let value): return value...value
    case .uniform(let low, let high): return low <= high ? low...high : nil
    case .integer(let low, let high): return low <= high ? Double(low)...Double(high) : nil
    case .choice(let values), .each(let values):
      guard let least = values.min(), let largest = values.max() else { return nil }
      return least...largest
    case .normal(let mean, let deviation): return deviation == 0 ? mean...mean : -.infinity ... .infinity
    case .lognormal(let median, let sigma): return sigma == 0 ? median...median : 0 ... .infinity
    case .exponential: return 0 ... .infinity
    }
  }
}

/// Why a distribution gave no value.
public enum DistributionError: Error, Sendable, Hashable {
  /// Every one of `tries` draws lay outside what the key allows.
  case outside(range: ClosedRange<Double>, tries: Int)
  /// A list has `count` values and none for the item `index`.
  case noValue(index: Int, count: Int)

  /// What is wrong, as the end of a sentence.
  public var reason: String {
    switch self {
    case .outside(let range, let tries):
      "gave no value from \(range.lowerBound) to \(range.upperBound) in \(tries) draws"
    case .noValue(let index, let count): "has \(count) values and none for item \(index)"
    }
  }
}
