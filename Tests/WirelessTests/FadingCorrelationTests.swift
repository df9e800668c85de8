import CFading
import CGSL
import Randomness
import Testing
import Units

@testable import Wireless

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The autocorrelation of h itself, whose sign the power does not know.
@Suite("The amplitude of fading in time")
struct FadingCorrelationTests {
  private static let doppler = 10.0
  private static let step = 1 / (20 * doppler)
  private static let rays = 32
  private static let seed = Seed(29)
  private static let count = 60

  /// h of the first block of a device, out of powers that the kernel has for its waves beside a direct ray that stands still:
  /// |1 + h|² = 1 + 2 Re h + |h|², and Im h with all phases a quarter of a turn back.
  private static func amplitudes(_ device: Int) -> [(real: Double, imaginary: Double)] {
    let waves = DeviceWaves.Cache(turns: doppler * step, rays: rays, seed: seed).device(device)
    var words = Array(repeating: UInt32(0), count: rays / 4)
    var stream = seed.stream(.fadingPhase, device)
    words.withUnsafeMutableBufferPointer { stream.fill($0) }
    let phases = (0..<rays).map { UInt8(truncatingIfNeeded: words[$0 / 4] >> UInt32(8 * ($0 % 4))) }
    func powers(direct: Double, turned: UInt8 = 0) -> [Double] {
      var powers = Array(repeating: 0.0, count: count)
      let phases = phases.map { $0 &- turned }
      waves.withRays { given in
        let offsets = Int(fading_offsets)
        var turns = Array(UnsafeBufferPointer(start: given.pointee.turns, count: (rays + 8) / 8 * 8))
        var cosines = Array(UnsafeBufferPointer(start: given.pointee.cosines, count: (rays + 1) * offsets))
        var sines = Array(UnsafeBufferPointer(start: given.pointee.sines, count: (rays + 1) * offsets))
        turns[rays] = 0
        for offset in rays * offsets..<(rays + 1) * offsets { (cosines[offset], sines[offset]) = (1, 0) }
        turns.withUnsafeBufferPointer { turns in
          cosines.withUnsafeBufferPointer { cosines in
            sines.withUnsafeBufferPointer { sines in
              phases.withUnsafeBufferPointer { phases in
                var still = fading_rays(
                  terms: rays, turns: turns.baseAddress, cosines: cosines.baseAddress, sines: sines.baseAddress)
                var link = fading_link(
                  phases: phases.baseAddress, scattered: (1 / Double(rays)).squareRoot(), direct: direct)
                FadingKernel.functions.pointee.powers(&still, &link, FadingKernel.phasors, 0, 0, count, &powers)
              }
            }
          }
        }
      }
      return powers
    }
    let alone = powers(direct: 0)
    let (real, imaginary) = (powers(direct: 1), powers(direct: 1, turned: 64))
    return alone.indices.map { index -> (real: Double, imaginary: Double) in
      let square = 1 + alone[index]
      return (0.5 * (real[index] - square), 0.5 * (imaginary[index] - square))
    }
  }

  /// Re E[h*(0) h(τ)] at lags of 1...20 intervals, with the standard error over `series`.
  private static func autocorrelation(
    _ series: [[(real: Double, imaginary: Double)]]
  ) -> [(mean: Double, error: Double)] {
    (1...20).map { lag in
      let values = series.map { h -> Double in
        let products = zip(h, h.dropFirst(lag)).map { $0.real * $1.real + $0.imaginary * $1.imaginary }
        return products.reduce(0, +) / Double(products.count)
      }
      let count = Double(values.count)
      let mean = values.reduce(0, +) / count
      let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (count - 1)
      return (mean, (variance / count).squareRoot())
    }
  }

  private static func agrees(_ estimates: [(mean: Double, error: Double)], _ law: (Double) -> Double) -> Bool {
    zip(1..., estimates).allSatisfy { lag, estimate in
      abs(estimate.mean - law(Double(lag) * step)) < 4 * estimate.error
    }
  }

  private static func bessel(_ tau: Double) -> Double { gsl_sf_bessel_J0(2 * Double.pi * doppler * tau) }

  @Test("what is found out of powers has the power that gains have")
  func amplitude() {
    let motion = FadingMotion.clarke(doppler: Hertz(Self.doppler), step: Seconds(Self.step), rays: Self.rays)
    let process = FadingProcess(fading: .rayleigh, motion: motion, blocks: 1, seed: Self.seed)
    for device in [0, 7] {
      for (index, h) in Self.amplitudes(device).enumerated() {
        let power = process.power(device: device, block: 0, interval: index)
        #expect(abs(h.real * h.real + h.imaginary * h.imaginary - power) < 1e-12)
      }
    }
  }

  @Test("its autocorrelation is J0 with its sign at 20 lags; |J0|, J0² and an exponential are refused")
  func sign() {
    let estimates = Self.autocorrelation((0..<500).map(Self.amplitudes))
    #expect(Self.agrees(estimates, Self.bessel))
    #expect(estimates[11].mean + 4 * estimates[11].error < -0.3, "J0(3.77) = -0.40")
    #expect(!Self.agrees(estimates) { abs(Self.bessel($0)) })
    #expect(!Self.agrees(estimates) { Self.bessel($0) * Self.bessel($0) })
    #expect(!Self.agrees(estimates) { Self.bessel(1.05 * $0) })
    let oneStep = Self.bessel(Self.step)
    #expect(!Self.agrees(estimates) { pow(oneStep, $0 / Self.step) })
  }

  @Test("a Gauss-Markov chain of J0's first step is refused")
  func chain() {
    let a = Self.bessel(Self.step)
    let chains = (0..<500).map { index in
      var stream = Seed(31).stream(.fading, index)
      let half = 0.5.squareRoot()
      var h = (real: half * stream.gaussian(), imaginary: half * stream.gaussian())
      return (0..<Self.count).map { _ in
        defer {
          let rest = (1 - a * a).squareRoot() * half
          h = (a * h.real + rest * stream.gaussian(), a * h.imaginary + rest * stream.gaussian())
        }
        return h
      }
    }
    #expect(!Self.agrees(Self.autocorrelation(chains), Self.bessel))
  }
}
