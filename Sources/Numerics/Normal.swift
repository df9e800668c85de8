import CElementary

extension Numerics {
  /// The quantile of the standard normal distribution.
  ///
  /// - Throws: ``NumericsError`` where the probability is not within (0, 1).
  package static func normalQuantile(_ probability: Double) throws(NumericsError) -> Double {
    try require(probability > 0 && probability < 1, "the normal distribution")
    return quantile(probability) { z in
      let density = elementary_exp(-0.5 * z * z) / (2 * Double.pi).squareRoot()
      return (density * (z < 1 ? millsBySeries(z, density: density) : millsByFraction(z)), density)
    }
  }

  /// P(Z > z) / density, by 26.2.11 of M. Abramowitz and I. A. Stegun, "Handbook of Mathematical Functions".
  private static func millsBySeries(_ z: Double, density: Double) -> Double {
    var (term, sum, odd) = (z, z, 1.0)
    while term > 1e-17 * sum {
      odd += 2
      term *= z * z / odd
      sum += term
    }
    return 0.5 / density - sum
  }

  /// P(Z > z) / density, 26.2.14: 1/(z + 1/(z + 2/(z + 3/(z + …)))).
  private static func millsByFraction(_ z: Double) -> Double {
    1 / stride(from: 200.0, to: 0, by: -1).reduce(z) { z + $1 / $0 }
  }

  /// The quantile of a distribution that is even about 0, from its upper tail and density at x ≥ 0.
  ///
  /// Newton's method; where a step would leave the bracket, the bracket is halved.
  static func quantile(_ probability: Double, of law: (Double) -> (tail: Double, density: Double)) -> Double {
    if probability < 0.5 { return 0 - upperQuantile(probability, of: law) }
    return probability > 0.5 ? upperQuantile(1 - probability, of: law) : 0
  }

  /// The x > 0 that is exceeded with probability `wanted` < 1/2.
  private static func upperQuantile(_ wanted: Double, of law: (Double) -> (tail: Double, density: Double)) -> Double {
    var (low, high) = (0.0, 1.0)
    while law(high).tail > wanted, high < 0x1p1000 { (low, high) = (high, 2 * high) }
    var x = low == 0 ? 0.5 : low
    for _ in 0..<200 {
      let (tail, density) = law(x)
      if tail > wanted { low = x } else { high = x }
      let step = (tail - wanted) / density
      let next = (low...high).contains(x + step) ? x + step : low / 2 + high / 2
      // The next error goes with the square of this step.
      if abs(next - x) <= 1e-8 * x { return next }
      x = next
    }
    return x
  }
}
