import Scenario
import Simulation
import Testing
import Units
import Wireless

@Suite("Drawing a fleet")
struct FleetDrawingTests {
  @Test("values given one per device count within their group")
  func eachInGroups() throws {
    let groups = "[{count: 2, cores: {each: [1, 2]}}, {count: 3, cores: {each: [3, 4, 5]}}]"
    let fleet = try World(Fixture.scenario("devices={groups: \(groups)}")).fleet
    #expect(fleet.cores == [1, 2, 3, 4, 5])
  }

  @Test("a draw beyond a device's limits is drawn again")
  func truncated() throws {
    // Half of the Gaussian lies below 0 m.
    let fleet = try World(
      Fixture.scenario("devices.count=200", "devices.distance={normal: {mean: 1 m, sd: 100 m}}")
    ).fleet
    #expect(fleet.distance.allSatisfy { $0 ?? .zero >= Meters(DeviceLimits.distance.lowerBound) })
  }
}
