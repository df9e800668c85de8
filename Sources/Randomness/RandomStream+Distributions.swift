import CElementary

/// The draws of the GNU Scientific Library, word for word, with elementary functions that are the same on every processor.
///
/// The tests draw each beside GSL: the same number from the same words, but for rounding.
extension RandomStream {
  /// Exponential, −mean · ln(1 − u), at most ``largestExponential`` means (`gsl_ran_exponential`).
  public mutating func exponential(mean: Double = 1) -> Double {
    mean * RandomStream.exponential(ofWord: word())
  }

  /// −ln 2⁻³² = 22.18: no exponential of mean 1 exceeds it, since a draw takes 32 bits.
  public static let largestExponential = exponential(ofWord: .max)

  /// The exponential of mean 1 that ``exponential(mean:)`` makes of the 32-bit word `word`; it grows with the word.
  @inlinable
  public static func exponential(ofWord word: UInt32) -> Double {
    // 1 − u is exact, and 0 − ln 1 is 0, not −0.
    0 - elementary_log(Double(0x1_0000_0000 - UInt64(word)) * 0x1p-32)
  }

  /// Gaussian, by Marsaglia's polar method (`gsl_ran_gaussian`).
  ///
  /// Polar rather than `Ziggurat`, which is faster but takes 24 bits of a word. Takes a varying number of words.
  public mutating func gaussian(mean: Double = 0, standardDeviation: Double = 1) -> Double {
    let point = pointInCircle { 2 * $0.positiveUniform() - 1 }
    return mean + standardDeviation * point.y * point.factor
  }

  /// exp of a Gaussian of mean `zeta` and standard deviation `sigma` (`gsl_ran_lognormal`).
  public mutating func lognormal(zeta: Double, sigma: Double) -> Double {
    let point = pointInCircle { 2 * $0.uniform() - 1 }
    return elementary_exp(sigma * (point.x * point.factor) + zeta)
  }

  /// A point of the unit circle, and what makes each of its coordinates a standard Gaussian: sqrt(−2 ln r² / r²).
  private mutating func pointInCircle(
    _ coordinate: (inout RandomStream) -> Double
  ) -> (x: Double, y: Double, factor: Double) {
    while true {
      let x = coordinate(&self)
      let y = coordinate(&self)
      let square = x * x + y * y
      if square > 0, square <= 1 { return (x, y, (-2 * elementary_log(square) / square).squareRoot()) }
    }
  }

  /// Gamma of a positive shape and scale: mean shape · scale (`gsl_ran_gamma`).
  ///
  /// G. Marsaglia and W. W. Tsang, "A simple method for generating gamma variables", ACM TOMS 26, 2000: d v of a cubed
  /// Gaussian v = (1 + x/(3 sqrt(d)))³, d = shape − 1/3, is accepted with a probability that a quartic bounds from below;
  /// of a shape below 1, shape + 1 times a power of a uniform number.
  public mutating func gamma(shape: Double, scale: Double) -> Double {
    if shape < 1 {
      let share = positiveUniform()
      return gamma(shape: shape + 1, scale: scale) * elementary_pow(share, 1 / shape)
    }
    let d = shape - 1.0 / 3
    let c = (1.0 / 3) / d.squareRoot()
    while true {
      let x = Ziggurat.standard.draw(from: &self)
      guard 1 + c * x > 0 else { continue }
      let v = (1 + c * x) * (1 + c * x) * (1 + c * x)
      let u = positiveUniform()
      if u < 1 - 0.0331 * x * x * x * x || elementary_log(u) < 0.5 * x * x + d * (1 - v + elementary_log(v)) {
        return scale * d * v
      }
    }
  }

  /// The successes among `trials`, each of this probability, in time that goes with the logarithm of the trials
  /// (`gsl_ran_binomial_knuth`).
  ///
  /// The middle one of as many uniform numbers in order is a beta number; those on one side of it are counted, or left out, as a
  /// whole.
  public mutating func binomial(trials: Int, probability: Double) -> Int {
    guard trials > 0, probability > 0 else { return 0 }
    guard probability < 1 else { return trials }
    var (left, share, count) = (trials, probability, 0)
    while left > 10 {
      let below = 1 + left / 2
      let above = 1 + left - below
      let first = gamma(shape: Double(below), scale: 1)
      let middle = first / (first + gamma(shape: Double(above), scale: 1))
      if middle >= share {
        (left, share) = (below - 1, share / middle)
      } else {
        (left, share, count) = (above - 1, (share - middle) / (1 - middle), count + below)
      }
    }
    for _ in 0..<left where uniform() < share { count += 1 }
    return count
  }

  /// Shares of `count` parts from Dirichlet(alpha, …, alpha), alpha positive; they add up to 1 (`gsl_ran_dirichlet`).
  ///
  /// Gammas of shape alpha over their sum. Where alpha is so small that all are about 0, the largest power of the uniform
  /// numbers is divided out of them before the power is taken.
  public mutating func dirichlet(alpha: Double, count: Int) -> [Double] {
    guard count > 0 else { return [] }
    var parts = (0..<count).map { _ in gamma(shape: alpha, scale: 1) }
    if parts.reduce(0, +) < 0x1p-511 {
      let logarithms = (0..<count).map { _ in elementary_log(positiveUniform()) / alpha }
      let largest = logarithms.max() ?? 0
      parts = logarithms.map { elementary_exp($0 - largest) * gamma(shape: alpha + 1, scale: 1) }
    }
    let sum = parts.reduce(0, +)
    return parts.map { $0 / sum }
  }
}
