import Randomness
import Testing
import Units
import Wireless

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

@Suite("Fading")
struct FadingTests {
  private static let all: [Fading] = [
    .rayleigh, .rician(k: PowerRatio(0)), .rician(k: PowerRatio(4)), .nakagami(m: 0.5), .nakagami(m: 1),
    .nakagami(m: 16), .none,
  ]

  private func draws(_ fading: Fading, _ count: Int) -> [Double] {
    var stream = Seed(17).stream(.fading, 1)
    return (0..<count).map { _ in fading.draw(from: &stream) }
  }

  /// Variances of a power of mean 1: Rayleigh 1, Rician (1 + 2K)/(1 + K)², Nakagami 1/m.
  private func variance(_ fading: Fading) -> Double {
    switch fading {
    case .rayleigh, .ricianByState: 1
    case .rician(let k): (1 + 2 * k.value) / ((1 + k.value) * (1 + k.value))
    case .nakagami(let m): 1 / m
    case .none: 0
    }
  }

  @Test("power has mean 1 and the analytic second moment", arguments: all)
  func moments(fading: Fading) {
    let count = 40_000.0
    let values = draws(fading, Int(count))
    let variance = variance(fading)
    let mean = values.reduce(0, +) / count
    #expect(abs(mean - 1) <= 5 * (variance / count).squareRoot())
    // The standard deviation of x² is estimated from the draws themselves.
    let second = values.reduce(0) { $0 + $1 * $1 } / count
    let fourth = values.reduce(0) { $0 + $1 * $1 * $1 * $1 } / count
    #expect(abs(second - (1 + variance)) <= 5 * ((fourth - second * second) / count).squareRoot())
  }

  /// Kolmogorov and Smirnov: the largest distance of the empirical distribution exceeds 1.95/√n once in 1000 samples.
  private func distance(_ fading: Fading, _ distribution: (Double) -> Double) -> Double {
    let values = draws(fading, 10_000).sorted()
    return values.enumerated().map { index, value in
      let probability = distribution(value)
      return max(abs(probability - Double(index) / 10_000), abs(probability - Double(index + 1) / 10_000))
    }.max() ?? 1
  }

  @Test("draws follow the distribution: Rayleigh, Rician without a line of sight and Nakagami 1 are the exponential")
  func exponentials() {
    for fading in [Fading.rayleigh, .rician(k: PowerRatio(0)), .nakagami(m: 1)] {
      #expect(distance(fading) { 1 - exp(-$0) } < 0.0195)
    }
    // Gamma of shape 1/2 and scale 2, the square of a Gaussian: erf(sqrt(x/2)); of shape 2 and scale 1/2:
    // 1 − (1 + 2x) e^(−2x).
    #expect(distance(.nakagami(m: 0.5)) { erf(($0 / 2).squareRoot()) } < 0.0195)
    #expect(distance(.nakagami(m: 2)) { 1 - (1 + 2 * $0) * exp(-2 * $0) } < 0.0195)
    #expect(distance(.rayleigh) { 1 - exp(-1.1 * $0) } > 0.0195)
  }

  @Test("no draw exceeds the bound, and the bound is finite", arguments: all)
  func bounds(fading: Fading) {
    #expect(fading.upperBound.isFinite)
    #expect(draws(fading, 40_000).allSatisfy { $0 >= 0 && $0 <= fading.upperBound })
  }

  /// K = 4: ν = sqrt(0.8), s = sqrt(0.1), reach 9.2711 s = 2.93179: (0.894427 + 2.93179)² + 2.93179² = 23.23519.
  /// m = 16: d = 15.6667, d/m = 0.979167, (1 + 10/(3 · 3.958114))³ = 6.25139: 6.12115.
  @Test("the bounds are the worked values")
  func boundValues() {
    #expect(abs(Fading.rayleigh.upperBound - 22.180709777918249) < 1e-13)
    #expect(abs(Fading.rician(k: PowerRatio(4)).upperBound - 23.23519) < 1e-4)
    #expect(abs(Fading.nakagami(m: 16).upperBound - 6.12115) < 1e-4)
    #expect(Fading.none.upperBound == 1)
  }
}
