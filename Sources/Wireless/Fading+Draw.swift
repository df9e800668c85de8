import CElementary
import Randomness
import Units

extension Fading {
  /// A power gain of mean 1.
  ///
  /// Rician: |sqrt(K/(K+1)) + sqrt(1/(2(K+1))) (x + iy)|², x and y standard Gaussians. Nakagami: gamma of shape m ≥ 0.5
  /// and scale 1/m. ``ricianByState`` draws without a line of sight; a device that has one draws as Rician of its K.
  public func draw(from stream: inout RandomStream) -> Double {
    switch self {
    case .rayleigh, .ricianByState:
      return stream.exponential(mean: 1)
    case .rician(let k):
      let (direct, scattered) = Fading.amplitudes(k: k.value)
      let x = direct + stream.gaussian(standardDeviation: scattered)
      let y = stream.gaussian(standardDeviation: scattered)
      return x * x + y * y
    case .nakagami(let m):
      return stream.gamma(shape: m, scale: 1 / m)
    case .none:
      return 1
    }
  }

  /// A bound that no draw exceeds, since draws are made of 32-bit words.
  ///
  /// Rayleigh: 32 ln 2, sharp. Rician: the polar method takes −2 ln r² of an r² ≥ 2⁻⁶², so a standard Gaussian is at
  /// most sqrt(124 ln 2) = 9.271. Nakagami: a gamma is d v³, v = 1 + x/(3 sqrt(d)), d = shape − 1/3, of a ziggurat
  /// Gaussian x ≤ 3.4443 + 32 ln 2/3.4443 < 10; a shape below 1 is drawn from shape + 1 and shrunk. Rician by state: over all K,
  /// with d² + s² = 1 of the two amplitudes and c = 9.271/sqrt(2), the largest (d + s c)² + s² c² is
  /// (1 + 2c² + sqrt((2c² - 1)² + 4c²))/2.
  public var upperBound: Double {
    switch self {
    case .rayleigh:
      return RandomStream.largestExponential
    case .rician(let k):
      let (direct, scattered) = Fading.amplitudes(k: k.value)
      let reach = scattered * 9.2711
      return (direct + reach) * (direct + reach) + reach * reach
    case .ricianByState:
      let square = 9.2711 * 9.2711
      return (1 + square + ((square - 1) * (square - 1) + 2 * square).squareRoot()) / 2 * (1 + 1e-9)
    case .nakagami(let m):
      let d = (m < 1 ? m + 1 : m) - 1.0 / 3
      return d / m * elementary_pow(1 + 10 / (3 * d.squareRoot()), 3)
    case .none:
      return 1
    }
  }

  /// The law of a device whose line of sight has the power `k` over the scattered one, 0 for none; `nil`: this one.
  func law(k: Double?) -> Fading {
    switch self {
    case .rayleigh, .rician, .ricianByState: k.map { $0 > 0 ? .rician(k: PowerRatio($0)) : .rayleigh } ?? self
    case .nakagami, .none: self
    }
  }

  /// The direct ray's amplitude and the standard deviation of each half of the scattered one, together of power 1.
  private static func amplitudes(k: Double) -> (direct: Double, scattered: Double) {
    ((k / (k + 1)).squareRoot(), (0.5 / (k + 1)).squareRoot())
  }
}
