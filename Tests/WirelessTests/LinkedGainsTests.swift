import Foundation
import Randomness
import Testing
import Units
import Wireless

@Suite("Links in outage")
struct LinkedGainsTests {
  @Test("the least gain carries the outage rate at the largest power, by hand")
  func leastGain() {
    // 1 bit/s per Hz needs an SNR of 1: gain 2e-13 at 0.5 W over 1e-13 W of noise.
    var uplink = Uplink(
      blocks: 1, blockBandwidth: Hertz(1e6), noiseDensity: WattsPerHertz(1e-19), pathLoss: .macro3GPP, fading: .none,
      outageRate: BitsPerSecond(1e6))
    #expect(abs(uplink.leastGain(power: Watts(0.5)) / 2e-13 - 1) < 1e-12)
    uplink.outageRate = .zero
    #expect(uplink.leastGain(power: Watts(0.5)) == 0)
    let standard = Uplink(
      blocks: 1, blockBandwidth: Hertz(20e6), noiseDensity: WattsPerHertz(1e-19), pathLoss: .macro3GPP, fading: .none)
    #expect(standard.outageRate == BitsPerSecond(10e3))
  }

  @Test("a row, its maximum and each gain of it say the same, and no bound is exceeded")
  func agree() {
    let fleet = Fleet(
      (0..<40).map {
        Device(
          distance: Meters(100 + 400 * Double($0)), clock: Hertz(1e9), cores: 4, flopsPerCycle: 1,
          kappa: WattsPerCubicHertz(1e-29), powerMin: Watts(0.1), powerMax: Watts(1), samples: 400)
      })
    let uplink = Uplink(
      blocks: 6, blockBandwidth: Hertz(20e6), noiseDensity: WattsPerHertz(4e-21), pathLoss: .macro3GPP,
      fading: .rayleigh)
    let least = fleet.powerMax.map(uplink.leastGain(power:))
    let channel = Channel(uplink: uplink, fleet: fleet, seed: Seed(3))
    var cut = 0
    for base in [channel.gains(round: 1), channel.generatedGains(round: 1)] as [any GainSource] {
      let links = base.linked(above: least)
      for device in fleet.indices {
        let row = links.row(device: device)
        #expect(row == base.row(device: device).map { $0 < least[device] ? 0 : $0 })
        #expect(row == row.indices.map { links.gain(device: device, block: $0) })
        #expect(links.rowMaximum(device: device) == row.max())
        #expect(links.upperBound(device: device) >= links.rowMaximum(device: device))
        for gain in base.row(device: device).flatMap({ gain -> [Double] in [0, gain, gain.nextUp] }) {
          #expect(links.reaches(gain, device: device) == (links.rowMaximum(device: device) >= gain))
        }
        if links.boundIsMaximum { #expect(links.upperBound(device: device) == links.rowMaximum(device: device)) }
        cut += row.count { $0 == 0 }
      }
    }
    #expect(cut > 40 && cut < 440)
  }
}
