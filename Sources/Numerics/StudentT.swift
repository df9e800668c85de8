import CElementary

extension Numerics {
  /// The quantile of Student's t distribution: the t that is exceeded with probability 1 − `probability`.
  ///
  /// Newton's method on the tail, within a bracket.
  ///
  /// - Throws: ``NumericsError`` where the probability is not within (0, 1) or there are no degrees of freedom.
  package static func studentQuantile(
    _ probability: Double, degreesOfFreedom: Double
  ) throws(NumericsError) -> Double {
    try require(probability > 0 && probability < 1 && degreesOfFreedom > 0, "Student's t")
    let scale = gammaRatio(degreesOfFreedom / 2) / (.pi * degreesOfFreedom).squareRoot()
    return quantile(probability) { t in
      (
        studentTail(t, degreesOfFreedom: degreesOfFreedom),
        scale * elementary_exp(-(degreesOfFreedom + 1) / 2 * elementary_log1p(t * t / degreesOfFreedom))
      )
    }
  }

  /// The probability that |T| exceeds |t|.
  ///
  /// - Throws: ``NumericsError`` where t is NaN or there are no degrees of freedom.
  package static func studentTwoSided(_ t: Double, degreesOfFreedom: Double) throws(NumericsError) -> Double {
    try require(!t.isNaN && degreesOfFreedom > 0, "Student's t")
    return 2 * studentTail(abs(t), degreesOfFreedom: degreesOfFreedom)
  }

  /// P(T > t), t ≥ 0: half the regularised incomplete beta function I_x(n/2, 1/2) at x = n/(n + t²).
  private static func studentTail(_ t: Double, degreesOfFreedom n: Double) -> Double {
    guard t > 0 else { return 0.5 }
    let square = t * t / n
    guard square < .infinity else { return 0 }
    // x^(n/2) (1 − x)^(1/2) / B(n/2, 1/2), B(a, 1/2) = sqrt(π) Γ(a) / Γ(a + 1/2).
    let power = elementary_exp(-n / 2 * elementary_log1p(square))
    let front = power * (square / (1 + square)).squareRoot() * gammaRatio(n / 2) / Double.pi.squareRoot()
    // The fraction converges fast below the mean of the distribution, I_x(a, b) = 1 − I_(1−x)(b, a).
    if square > 3 / (n + 2) { return 0.5 * front * betaFraction(1 / (1 + square), n / 2, 0.5) / (n / 2) }
    return 0.5 - 0.5 * front * betaFraction(square / (1 + square), 0.5, n / 2) / 0.5
  }

  /// The continued fraction of I_x(a, b), NIST's Digital Library of Mathematical Functions 8.17.22, by Lentz's method.
  private static func betaFraction(_ x: Double, _ a: Double, _ b: Double) -> Double {
    var (numerator, denominator) = (1.0, 1 / (1 - (a + b) * x / (a + 1)))
    var fraction = denominator
    func multiply(_ term: Double) -> Double {
      denominator = 1 / (1 + term * denominator)
      numerator = 1 + term / numerator
      fraction *= numerator * denominator
      return abs(numerator * denominator - 1)
    }
    for step in 1...100_000 {
      let m = Double(step)
      _ = multiply(m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)))
      if multiply(-(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))) < 1e-16 { break }
    }
    return fraction
  }

  /// Γ(a + 1/2) / Γ(a), by its asymptotic series in 1/a (F. G. Tricomi and A. Erdélyi, "The asymptotic expansion of a ratio
  /// of gamma functions", Pacific J. Math. 1, 1951) from a = 40 on, and Γ(a + 1) = a Γ(a) below.
  private static func gammaRatio(_ a: Double) -> Double {
    var (a, factor) = (a, 1.0)
    while a < 40 {
      factor *= a / (a + 0.5)
      a += 1
    }
    let e = 1 / (8 * a)
    let fifth = 49.875 - e * (54.3125 + e * 2457.8125)
    return factor * a.squareRoot() * (1 - e * (1 - e * (0.5 + e * (2.5 - e * (2.625 + e * fifth)))))
  }
}
