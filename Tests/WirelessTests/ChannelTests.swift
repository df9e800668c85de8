import Randomness
import Testing
import Units
import Wireless

@Suite("Channel")
struct ChannelTests {
  private static let fadings: [Fading] = [.rayleigh, .rician(k: PowerRatio(4)), .nakagami(m: 16), .none]

  private func fleet(_ count: Int) -> Fleet {
    Fleet(
      (0..<count).map { index in
        Device(
          distance: Meters(50 + 10 * Double(index)), clock: Hertz(1e9), cores: 4, flopsPerCycle: 1,
          kappa: WattsPerCubicHertz(1e-29), powerMin: Watts(0.1), powerMax: Watts(1), samples: 400 + index)
      })
  }

  private func uplink(
    blocks: Int = 10, fading: Fading = .rayleigh, pathLoss: PathLoss = .macro3GPP, shadowing: Double = 0,
    antennaGain: Double = 1
  ) -> Uplink {
    Uplink(
      blocks: blocks, blockBandwidth: Hertz(20e6), noiseDensity: WattsPerHertz(4e-21),
      antennaGain: PowerRatio(antennaGain), pathLoss: pathLoss, shadowing: Decibels(shadowing), fading: fading)
  }

  @Test("gains in memory and gains drawn where looked at are the same bits", arguments: fadings, [0, 1, 7, 100])
  func storedEqualsGenerated(fading: Fading, blocks: Int) {
    let channel = Channel(uplink: uplink(blocks: blocks, fading: fading), fleet: fleet(30), seed: Seed(4))
    let stored = channel.gains(round: 3)
    let generated = channel.generatedGains(round: 3)
    #expect(stored is GainMatrix)
    #expect(stored.deviceCount == 30 && generated.deviceCount == 30)
    #expect(stored.blockCount == blocks && generated.blockCount == blocks)
    for device in (0..<30).reversed() {
      #expect(stored.row(device: device) == generated.row(device: device))
    }
  }

  @Test("a row's maximum is its largest gain to the bit, and no gain exceeds the bound", arguments: fadings)
  func rowMaximum(fading: Fading) {
    for blocks in [1, 3, 10, 32, 100] {
      let channel = Channel(uplink: uplink(blocks: blocks, fading: fading), fleet: fleet(40), seed: Seed(5))
      for round in 1...5 {
        let gains = channel.generatedGains(round: round)
        #expect(gains.upperBounds == (0..<40).map { gains.upperBound(device: $0) })
        for device in 0..<40 {
          let row = gains.row(device: device)
          #expect(gains.rowMaximum(device: device) == row.max(), "round \(round), device \(device)")
          #expect(gains.rowMaximum(device: device) <= gains.upperBound(device: device))
          #expect(row.allSatisfy { $0 >= 0 && $0.isFinite })
          for block in 0..<min(blocks, 10) {
            #expect(gains.gain(device: device, block: block) == row[block], "round \(round), device \(device)")
          }
        }
      }
    }
  }

  @Test("large grids are drawn where looked at")
  func largeGrids() {
    let channel = Channel(uplink: uplink(blocks: 100_001), fleet: fleet(40), seed: Seed(5))
    #expect(channel.gains(round: 1) is GeneratedGains)
    let endless = Channel(uplink: uplink(blocks: .max), fleet: fleet(2), seed: Seed(5))
    #expect(endless.gains(round: 1) is GeneratedGains)
  }

  @Test("rounds differ in fading and share the large scale; other seeds differ in both")
  func rounds() {
    let uplink = uplink(shadowing: 8)
    let channel = Channel(uplink: uplink, fleet: fleet(20), seed: Seed(6))
    let again = Channel(uplink: uplink, fleet: fleet(20), seed: Seed(6))
    let other = Channel(uplink: uplink, fleet: fleet(20), seed: Seed(6, repetition: 1))
    #expect(channel.largeScaleGains == again.largeScaleGains)
    #expect(channel.gains(round: 2).row(device: 7) == again.gains(round: 2).row(device: 7))
    #expect(channel.gains(round: 2).row(device: 7) != channel.gains(round: 3).row(device: 7))
    for device in 0..<20 { #expect(channel.largeScaleGains[device] != other.largeScaleGains[device]) }
  }

  @Test("a device's channel does not depend on how many devices there are")
  func independentOfOthers() {
    let few = Channel(uplink: uplink(shadowing: 8), fleet: fleet(3), seed: Seed(6))
    let many = Channel(uplink: uplink(shadowing: 8), fleet: fleet(30), seed: Seed(6))
    for device in 0..<3 {
      #expect(few.gains(round: 1).row(device: device) == many.gains(round: 1).row(device: device))
    }
  }

  /// 128.1 + 37.6 log10(0.05) = 79.1812721630343 dB; 10^(−7.91812721630343) = 1.20746e-8; 6 dB more with the antennas.
  @Test("without shadowing the large scale is path loss and antenna gain")
  func largeScale() {
    let gains = Channel(uplink: uplink(antennaGain: 4), fleet: fleet(1), seed: Seed(1)).largeScaleGains
    #expect(abs(gains[0] / (4 * 1.2074600864e-8) - 1) < 1e-9)
  }

  @Test("shadowing is Gaussian in decibels with the given deviation")
  func shadowing() {
    let same = Fleet((0..<4000).map { _ in fleet(1)[0] })
    let shadowed = Channel(uplink: uplink(shadowing: 8), fleet: same, seed: Seed(2)).largeScaleGains
    let decibels = shadowed.map { Decibel.of($0) + 79.1812721630343 }
    let mean = decibels.reduce(0, +) / 4000
    let variance = decibels.reduce(0) { $0 + $1 * $1 } / 4000
    // 5 standard deviations: 5 · 8/√4000 = 0.63; 5 · 64 √(2/4000) = 7.2.
    #expect(abs(mean) < 0.63)
    #expect(abs(variance - 64) < 7.2)
  }

  @Test("the line of sight comes as often as the model says")
  func lineOfSight() {
    let model = PathLoss.urbanMacro(carrier: Hertz(2e9), baseHeight: Meters(25), deviceHeight: Meters(1.5))
    let same = Fleet((0..<4000).map { _ in fleet(6)[5] })
    let gains = Channel(uplink: uplink(pathLoss: model), fleet: same, seed: Seed(3)).largeScaleGains
    // 100 m: probability 0.34767, loss 78.277 dB with a line of sight and 98.177 dB without.
    let clear = gains.count { Decibel.of($0) > -88 }
    let (mean, deviation) = (0.34767 * 4000, (4000 * 0.34767 * 0.65233).squareRoot())
    #expect(abs(Double(clear) - mean) < 5 * deviation)
  }

  @Test("gains are finite at 0 m, with absurd antennas and with absurd shadowing")
  func absurd() {
    var device = fleet(1)[0]
    device.distance = .zero
    for (antennas, shadowing) in [(1.0, 0.0), (1e308, 0), (0, 0), (1e308, 1e300), (0, 1e300)] {
      let uplink = uplink(shadowing: shadowing, antennaGain: antennas)
      for seed: UInt64 in 0..<4 {
        let gains = Channel(uplink: uplink, fleet: Fleet([device]), seed: Seed(seed)).gains(round: 1)
        #expect(gains.row(device: 0).allSatisfy { $0.isFinite && $0 >= 0 }, "\(antennas), \(shadowing), \(seed)")
      }
    }
  }
}
