import Randomness
import Testing
import Units

@testable import Wireless

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Rician fading whose K is TR 38.901's: of the device's place where there is a line of sight, and none elsewhere.
@Suite("K by state")
struct RicianByStateTests {
  private static func uplink(_ motion: FadingMotion, blocks: Int = 6) -> Uplink {
    var uplink = Uplink(blocks: blocks, pathLoss: .micro, fading: .ricianByState)
    uplink.spatialLaw = .report
    uplink.fadingMotion = motion
    return uplink
  }

  private static func fleet(_ count: Int) -> Fleet {
    Fleet(
      (0..<count).map {
        Device(
          distance: Meters(40 + Double($0 % 50)), clock: Hertz(1e9), cores: 4, flopsPerCycle: 1,
          kappa: WattsPerCubicHertz(1e-29), powerMin: Watts(0.1), powerMax: Watts(1), samples: 400)
      })
  }

  private static let walk = Mobility(
    .randomWaypoint(RandomWaypoint(radius: Meters(120), speed: .uniform(low: 1, high: 2))))

  /// Powers beside the large scale with their K, 0 without a line of sight.
  private static func powers(_ motion: FadingMotion) -> [(power: Double, factor: Double)] {
    let channel = ChannelProcess(uplink: uplink(motion), fleet: fleet(1500), seed: Seed(17))
    return (0..<1500).flatMap { device in
      let state = channel.state(device: device, at: .zero)
      return (0..<6).map {
        (channel.gain(device: device, block: $0, at: .zero) / state.gain, state.ricianK?.value ?? 0)
      }
    }
  }

  /// How many standard errors the squares of `sample` about 1 lie from the variance of `law`.
  private static func deviation(_ sample: [(power: Double, factor: Double)], _ law: (Double) -> Double) -> Double {
    let values = sample.map { ($0.power - 1) * ($0.power - 1) - law($0.factor) }
    let mean = values.reduce(0, +) / Double(values.count)
    let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count - 1)
    return abs(mean) / (variance / Double(values.count)).squareRoot()
  }

  @Test(
    "with a line of sight the mean is 1 and the variance (1 + 2K)/(1 + K)²; without one the power is exponential",
    arguments: [FadingMotion.clarke(doppler: Hertz(10)), .block(interval: Seconds(0.01)), .perRound])
  func law(motion: FadingMotion) {
    let all = Self.powers(motion)
    let (clear, blocked) = (all.filter { $0.factor > 0 }, all.filter { $0.factor == 0 })
    #expect(clear.count > 1500 && blocked.count > 1500)
    for sample in [clear, blocked] {
      let mean = sample.reduce(0) { $0 + $1.power } / Double(sample.count)
      #expect(abs(mean - 1) < 4 / Double(sample.count).squareRoot())
    }
    let rician = { (k: Double) in (1 + 2 * k) / ((1 + k) * (1 + k)) }
    #expect(Self.deviation(clear, rician) < 4)
    #expect(Self.deviation(clear) { _ in 1 } > 8, "Rayleigh is told from it")
    #expect(Self.deviation(clear) { rician($0 / 2) } > 4, "half of K is told from K")
    // Kolmogorov's 99.9 % point, and some for 32 rays.
    let count = Double(blocked.count)
    let distance = blocked.map(\.power).sorted().enumerated().map { index, power in
      max(abs(1 - exp(-power) - Double(index) / count), abs(1 - exp(-power) - Double(index + 1) / count))
    }.max()
    #expect((distance ?? 1) * count.squareRoot() < 2.2)
  }

  @Test(
    "all gains of an instant, of a scan and of a pair are one, within their bounds, for who stands and who walks",
    arguments: [FadingMotion.clarke(doppler: Hertz(50)), .block(interval: Seconds(0.3))])
  func found(motion: FadingMotion) {
    for mobility in [Mobility.static, Self.walk] {
      let channel = ChannelProcess(
        uplink: Self.uplink(motion), fleet: Self.fleet(12), mobility: mobility, seed: Seed(4))
      let interval = channel.interval.value
      var scanned = Array(repeating: 0.0, count: 150)
      for device in 0..<12 {
        scanned.withUnsafeMutableBufferPointer { channel.fillGains(device: device, block: 2, from: 1000, into: $0) }
        for item in [0, 1, 64, 149] {
          let time = Seconds((1000.5 + Double(item)) * interval)
          #expect(scanned[item] == channel.gain(device: device, block: 2, at: time))
          let gains = channel.gains(at: time)
          #expect(
            gains.gain(device: device, block: 2) == scanned[item] && gains.row(device: device)[2] == scanned[item])
          #expect(scanned[item] <= gains.upperBound(device: device))
        }
      }
    }
  }

  @Test("a channel that stands still for a round has the same K's")
  func still() {
    let uplink = Self.uplink(.perRound)
    let process = ChannelProcess(uplink: uplink, fleet: Self.fleet(20), seed: Seed(4))
    let gains = Channel(uplink: uplink, fleet: Self.fleet(20), seed: Seed(4)).generatedGains(round: 1)
    for device in 0..<20 {
      let row = gains.row(device: device)
      for block in 0..<6 {
        #expect(gains.gain(device: device, block: block) == row[block])
        #expect(process.gain(device: device, block: block, at: .zero) == row[block])
      }
      #expect(
        gains.rowMaximum(device: device) == row.max() && row.allSatisfy { $0 <= gains.upperBound(device: device) })
    }
  }

  @Test("the bounds are those of the worst K")
  func bounds() {
    let draws = Fading.ricianByState.upperBound
    let rays = FadingProcess(
      fading: .ricianByState, motion: .clarke(doppler: Hertz(1)), blocks: 1, seed: Seed(1))
    for exponent in -60...60 {
      let k = PowerRatio(Decibel.ratio(Double(exponent)))
      #expect(Fading.rician(k: k).upperBound <= draws && rays.upperBound(k: k.value) <= rays.upperBound * (1 + 1e-12))
    }
    #expect(draws < Fading.rician(k: PowerRatio(0)).upperBound * 1.01)
  }
}
