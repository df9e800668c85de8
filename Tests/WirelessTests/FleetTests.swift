import Testing
import Units
import Wireless

@Suite("Fleet")
struct FleetTests {
  private func device(_ index: Int, samples: Int) -> Device {
    let value = Double(index)
    return Device(
      distance: Meters(value), clock: Hertz(value + 1), cores: value + 2, flopsPerCycle: value + 3,
      kappa: WattsPerCubicHertz(value + 4), powerMin: Watts(value + 5), powerMax: Watts(value + 6), samples: samples,
      circuitPower: Watts(value + 7), amplifierEfficiency: value + 8)
  }

  @Test("devices come back as they went in")
  func roundTrip() {
    let devices = (0..<5).map { device($0, samples: 10 * $0) }
    let fleet = Fleet(devices)
    #expect(Array(fleet) == devices)
    #expect(fleet.count == 5)
    #expect(fleet.distance.map { $0?.value } == [0, 1, 2, 3, 4])
  }

  @Test("data shares are the devices' parts of all samples")
  func dataShares() {
    let fleet = Fleet([device(0, samples: 100), device(1, samples: 300)])
    #expect(fleet.dataShare(0) == 0.25)
    #expect(fleet.dataShare(1) == 0.75)
    #expect(Fleet([device(0, samples: 0)]).dataShare(0) == 0)
    #expect(abs(Fleet((0..<3).map { device($0, samples: .max) }).dataShare(2) - 1.0 / 3) < 1e-15)
  }
}
