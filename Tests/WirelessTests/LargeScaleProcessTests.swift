import Randomness
import Testing
import Units
import Wireless

@Suite("Large scale")
struct LargeScaleProcessTests {
  private static let macro = PathLoss.urbanMacro(
    carrier: Hertz(2e9), baseHeight: Meters(25), deviceHeight: Meters(1.5))

  private func fleet(_ count: Int) -> Fleet {
    Fleet(
      (0..<count).map { index in
        Device(
          distance: index == 3 ? nil : Meters(20 + Double(index)), clock: Hertz(1e9), cores: 4, flopsPerCycle: 1,
          kappa: WattsPerCubicHertz(1e-29), powerMin: Watts(0.1), powerMax: Watts(1), samples: 400)
      })
  }

  @Test("devices that stand still have the gains of a channel, whichever interval is looked at")
  func standsStill() {
    let uplink = Uplink(pathLoss: Self.macro, shadowing: Decibels(8))
    let process = LargeScaleProcess(uplink: uplink, fleet: fleet(50), seed: Seed(3))
    #expect(process.isStatic)
    let gains = process.gains(interval: 0)
    #expect(gains == Channel(uplink: uplink, fleet: fleet(50), seed: Seed(3)).largeScaleGains)
    #expect(gains[3] == 0 && process.state(device: 3, interval: 0).position == nil)
    for device in 0..<50 {
      let state = process.state(device: device, interval: 7)
      #expect(state == process.state(device: device, interval: 0))
      #expect(state.gain == gains[device])
      guard let distance = state.distance, let position = state.position else { continue }
      #expect(abs(position.distance / distance - 1) < 1e-12)
    }
  }

  @Test("directions are uniform on the circle")
  func directions() {
    let process = LargeScaleProcess(uplink: Uplink(), fleet: fleet(4000), seed: Seed(3))
    let positions = (0..<4000).compactMap { process.state(device: $0, interval: 0).position }
    let east = positions.reduce(0) { $0 + $1.x / $1.distance } / 3999
    let north = positions.reduce(0) { $0 + $1.y / $1.distance } / 3999
    // The mean of 3999 cosines has a standard deviation of 1/sqrt(2 · 3999) = 0.0112.
    #expect(abs(east) < 0.05 && abs(north) < 0.05)
  }
}
