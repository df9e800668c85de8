import Testing

@testable import Scenario

@Suite("Warnings")
struct WarningTests {
  private func warnings(_ settings: String...) throws -> [String] {
    try ScenarioReader.read(
      text: minimal, file: "test.yaml", overrides: settings.map(ScenarioOverride.init(setting:))
    ).warnings.map(\.description)
  }

  @Test("a distance outside what the path loss was made for")
  func distances() throws {
    #expect(
      try warnings("devices.distance=10 m") == [
        "--set devices.distance=10 m: warning: devices.distance: distances of 10 m to 10 m lie in part outside "
          + "35 m to 5000 m, where the path loss '3gpp-macro' holds; it extrapolates there"
      ])
    #expect(try warnings("devices.distance={exponential: 100 m}").count == 1)
    #expect(try warnings("devices.distance=10 m", "uplink.path_loss=umi").isEmpty)
    #expect(try warnings("devices.groups=[{count: 1, distance: 9 km}, {count: 2}]").count == 1)
  }

  @Test("a carrier or a height for which the path loss was not made")
  func pathLoss() throws {
    #expect(
      try warnings("uplink.path_loss={model: rma, carrier: 60 GHz}") == [
        "--set uplink.path_loss={model: rma, carrier: 60 GHz}: warning: uplink.path_loss.carrier: 60000000000 Hz lies "
          + "outside 500000000 Hz to 30000000000 Hz, where the path loss 'rma' holds; it extrapolates there"
      ])
    #expect(try warnings("uplink.path_loss={model: uma, carrier: 60 GHz, device_height: 22.5 m}").isEmpty)
    #expect(try warnings("uplink.path_loss={model: uma, device_height: 30 m}").count == 1)
    #expect(try warnings("uplink.path_loss={model: sma, base_height: 20 m, device_height: 15 m}").count == 2)
    #expect(try warnings("uplink.path_loss={model: rma, street_width: 4 m, building_height: 60 m}").count == 2)
  }

  @Test("distances of devices that move, and walks beyond what the path loss was made for")
  func movement() throws {
    #expect(try warnings("mobility={random-waypoint: {}}").isEmpty)
    #expect(
      try warnings("mobility={gauss-markov: {}}", "devices.distance=100 m") == [
        "--set devices.distance=100 m: warning: devices.distance: not used: positions come from mobility"
      ])
    #expect(try warnings("mobility={random-waypoint: {radius: 6 km}}").count == 1)
  }

  @Test("batteries that are too low for ever")
  func batteries() throws {
    #expect(
      try warnings("devices.battery={charge: 0.1}") == [
        "--set devices.battery={charge: 0.1}: warning: devices.battery: charge, 0.1 or less, is below reserve, 0.2, and "
          + "nothing charges: no device can ever be chosen"
      ])
    #expect(try warnings("devices.battery={charge: 0.1, charging: {}}").isEmpty)
    #expect(try warnings("devices.battery={charge: {uniform: [0.1, 0.3]}}").isEmpty)
  }

  @Test("powers that may be drawn crossed")
  func powers() throws {
    let warnings = try warnings("devices.power_min={uniform: [0.1 W, 1 W]}")
    #expect(warnings.count == 1)
    #expect(warnings.first?.contains("may be drawn above power_max") == true)
  }
}
