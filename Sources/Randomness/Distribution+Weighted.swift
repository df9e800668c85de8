import CElementary

/// Draws weighted by the value, which a look at a random time meets.
extension Distribution {
  /// E[1/X] of a plain value, a uniform one above 0 or one of a list above 0; `nil` for the others.
  public var meanReciprocal: Double? {
    switch self {
    case .constant(let value): value > 0 ? 1 / value : nil
    case .uniform(let low, let high):
      low > 0 ? low < high ? elementary_log(high / low) / (high - low) : 1 / low : nil
    case .choice(let values):
      values.allSatisfy { $0 > 0 } ? values.reduce(0) { $0 + 1 / $1 } / Double(values.count) : nil
    default: nil
    }
  }

  /// A draw from the law weighted by 1/x, of those that ``meanReciprocal`` knows; the mean for the others.
  package func reciprocallyWeighted(from stream: inout RandomStream) -> Double {
    switch self {
    case .uniform(let low, let high) where low > 0: low * elementary_pow(high / low, stream.uniform())
    case .choice(let values) where !values.isEmpty: Self.pick(values, weights: values.map { 1 / $0 }, &stream)
    default: mean
    }
  }

  /// What is left of a time at a random instant in it: a uniform share of a draw weighted by its length; of a plain value, a
  /// uniform one, an exponential one or one of a list; of the mean for the others.
  package func residual(from stream: inout RandomStream) -> Double {
    let share = stream.uniform()
    switch self {
    case .uniform(let low, let high):
      return share * (low * low + stream.uniform() * (high * high - low * low)).squareRoot()
    case .exponential(let mean): return stream.exponential(mean: mean)
    case .choice(let values) where !values.isEmpty: return share * Self.pick(values, weights: values, &stream)
    default: return share * mean
    }
  }

  private static func pick(_ values: [Double], weights: [Double], _ stream: inout RandomStream) -> Double {
    var left = stream.uniform() * weights.reduce(0, +)
    for (value, weight) in zip(values, weights) {
      left -= weight
      if left < 0 { return value }
    }
    return values[values.count - 1]
  }
}
