import CGSL
import Randomness
import Testing
import Units
import Wireless

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The laws of fading in time, over ensembles in which a wrong law fails.
@Suite("Laws of fading in time")
struct FadingLawTests {
  private static let doppler = 10.0
  private static let step = 1 / (20 * doppler)

  /// A power's series of one pair of `seed`.
  private static func series(
    _ fading: Fading, _ motion: FadingMotion, seed: UInt64, device: Int, count: Int, blocks: Int = 1
  ) -> [[Double]] {
    let process = FadingProcess(fading: fading, motion: motion, blocks: blocks, seed: Seed(seed))
    return (0..<blocks).map { block in
      [Double](unsafeUninitializedCapacity: count) { buffer, initialized in
        process.powers(device: device, block: block, from: 0, into: .init(rebasing: buffer[0..<count]))
        initialized = count
      }
    }
  }

  /// The largest distance between a sample's distribution and `law`, in units of 1/sqrt(n).
  private static func distance(_ sample: [Double], _ law: (Double) -> Double) -> Double {
    let count = Double(sample.count)
    let distances = sample.sorted().enumerated().map { index, value in
      max(abs(law(value) - Double(index) / count), abs(law(value) - Double(index + 1) / count))
    }
    return (distances.max() ?? 1) * count.squareRoot()
  }

  @Test("the power of waves is exponential as rays grow many; of 8 the second moment tells, and a wrong mean is seen")
  func distribution() {
    func sample(rays: Int) -> [Double] {
      let motion = FadingMotion.clarke(doppler: Hertz(Self.doppler), step: Seconds(Self.step), rays: rays)
      return (0..<400).flatMap { device in
        Self.series(.rayleigh, motion, seed: 11, device: device, count: 1, blocks: 50).flatMap { $0 }
      }
    }
    let exponential = { (x: Double) in 1 - exp(-x) }
    // Kolmogorov's 99.9 % point; of 20,000 draws, rays of 128 differ from the limit by 0.3 of these units at most.
    #expect(Self.distance(sample(rays: 128), exponential) < 1.95)
    #expect(Self.distance(sample(rays: 32), exponential) < 2.2)
    #expect(Self.distance(sample(rays: 32)) { 1 - exp(-$0 / 0.9) } > 3)
    // E|h|^4 = 2 - 1/M.
    let fourth = sample(rays: 8).reduce(0) { $0 + $1 * $1 } / 20_000
    #expect(abs(fourth - (2 - 1.0 / 8)) < 0.1 && fourth < 1.97)
  }

  @Test("a line of sight makes it Rician: mean 1, variance (1 + 2K)/(1 + K)^2")
  func rician() {
    let values = (0..<400).flatMap { device in
      Self.series(
        .rician(k: PowerRatio(4)), .clarke(doppler: Hertz(Self.doppler)), seed: 3, device: device, count: 1, blocks: 50
      ).flatMap { $0 }
    }
    let count = Double(values.count)
    let mean = values.reduce(0, +) / count
    let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count
    #expect(abs(mean - 1) < 4 * (9.0 / 25 / count).squareRoot())
    #expect(abs(variance - 9.0 / 25) < 0.02)
    #expect(abs(variance - 7.0 / 16) > 0.04, "K = 3 is told from K = 4")
  }

  /// What an ensemble says of the autocorrelation of the power, Cov(|h(0)|², |h(τ)|²), at lags of 1...20 intervals: means
  /// and standard errors over devices.
  private static func autocorrelation(_ series: [[Double]]) -> [(mean: Double, error: Double)] {
    (1...20).map { lag in
      let values = series.map { powers -> Double in
        let pairs = powers.count - lag
        var sum = 0.0
        for place in 0..<pairs { sum += (powers[place] - 1) * (powers[place + lag] - 1) }
        return sum / Double(pairs)
      }
      let count = Double(values.count)
      let mean = values.reduce(0, +) / count
      let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (count - 1)
      return (mean, (variance / count).squareRoot())
    }
  }

  /// Whether `law` lies within four standard errors, and 0.003 for directions that a device has and does not draw anew, at
  /// every lag.
  private static func agrees(_ estimates: [(mean: Double, error: Double)], _ law: (Double) -> Double) -> Bool {
    zip(1..., estimates).allSatisfy { lag, estimate in
      abs(estimate.mean - law(Double(lag) * step)) < 4 * estimate.error + 0.003
    }
  }

  @Test("the power's autocovariance is J0² at 20 lags; an exponential one, a wrong Doppler and AR(1) draws are refused")
  func autocovariance() {
    let rays = 32.0
    let waves = (0..<1500).map {
      Self.series(.rayleigh, .clarke(doppler: Hertz(Self.doppler)), seed: 23, device: $0, count: 80)[0]
    }
    let estimates = Self.autocorrelation(waves)
    // Of M independent phases, a pair of equal rays is missing: J0² − 1/M.
    func law(_ doppler: Double) -> (Double) -> Double {
      { tau in
        let j = gsl_sf_bessel_J0(2 * Double.pi * doppler * tau)
        return j * j - 1 / rays
      }
    }
    #expect(Self.agrees(estimates, law(Self.doppler)))
    #expect(!Self.agrees(estimates, law(Self.doppler * 1.05)))
    #expect(!Self.agrees(estimates) { exp(-2 * $0 / 0.03) })
    // A Gauss-Markov chain with the correlation J0 of one interval: its correlation is exponential.
    let a = gsl_sf_bessel_J0(2 * Double.pi * Self.doppler * Self.step)
    let chains = (0..<1500).map { index in
      var stream = Seed(31).stream(.fading, index)
      let half = 0.5.squareRoot()
      var (x, y) = (half * stream.gaussian(), half * stream.gaussian())
      return (0..<80).map { _ in
        defer {
          let rest = (1 - a * a).squareRoot() * half
          (x, y) = (a * x + rest * stream.gaussian(), a * y + rest * stream.gaussian())
        }
        return x * x + y * y
      }
    }
    #expect(!Self.agrees(Self.autocorrelation(chains), law(Self.doppler)))
  }

  @Test("the amplitude falls through a level as often as Rice's formula says, and a Doppler off by a tenth is seen")
  func crossings() {
    let step = 1 / (100 * Self.doppler)
    let count = 4000
    var crossings = [0.0, 0]
    let levels = [0.5, 1.0]
    for device in 0..<150 {
      let powers = Self.series(
        .rayleigh, .clarke(doppler: Hertz(Self.doppler), step: Seconds(step)), seed: 41, device: device, count: count)[
          0]
      for (item, level) in levels.enumerated() {
        for index in 1..<count where powers[index - 1] >= level * level && powers[index] < level * level {
          crossings[item] += 1
        }
      }
    }
    for (item, level) in levels.enumerated() {
      let rate = crossings[item] / (150 * Double(count - 1) * step)
      let law = (2 * Double.pi).squareRoot() * Self.doppler * level * exp(-level * level)
      #expect(abs(rate / law - 1) < 0.03)
      #expect(abs(rate / (1.1 * law) - 1) > 0.05)
    }
  }

  @Test("block fading: neighbours are independent, and each law has its variance")
  func block() {
    for (fading, variance) in [(Fading.rayleigh, 1.0), (.nakagami(m: 2), 0.5), (.rician(k: PowerRatio(1)), 0.75)] {
      let values = Self.series(fading, .block(interval: Seconds(1)), seed: 7, device: 1, count: 20_000)[0]
      let count = Double(values.count)
      let mean = values.reduce(0, +) / count
      let second = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count
      let next = (1..<values.count).reduce(0) { $0 + (values[$1] - mean) * (values[$1 - 1] - mean) } / count
      #expect(abs(mean - 1) < 0.03)
      #expect(abs(second / variance - 1) < 0.1)
      #expect(abs(next / second) < 4 / count.squareRoot())
    }
  }

  @Test(
    "the rate of a long stay is the ergodic one by quadrature, e^(1/s) E1(1/s)/ln 2, far from that of the mean gain")
  func ergodic() {
    for snr in [1.0, 30] {
      let rates = (0..<120).map { device in
        let powers = Self.series(
          .rayleigh, .clarke(doppler: Hertz(Self.doppler)), seed: 51, device: device, count: 4000)[0]
        return powers.reduce(0) { $0 + log2(1 + snr * $1) } / 4000
      }
      let mean = rates.reduce(0, +) / 120
      let error = (rates.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (119 * 120)).squareRoot()
      let law = exp(1 / snr) * gsl_sf_expint_E1(1 / snr) / log(2)
      #expect(abs(mean - law) < 4 * error + 0.004)
      #expect(abs(mean - log2(1 + snr)) > 0.1, "the rate of the mean gain")
    }
  }
}
