import Allocation
import Network
import Scenario
import Testing
import Units
import Wireless

@testable import Simulation

@Suite("Runs whose radios draw what TR 38.840 says")
struct RadioEnergyRunTests {
  private static let cell = [
    "devices.power_min=0 dBm", "devices.power_max=23 dBm", "devices.clock=1.5 GHz", "deadline=6 s", "downlink={}",
  ]

  @Test(
    "spend its units on what they send and receive, over a channel that stands still or moves",
    arguments: [[], ["uplink.fading={rayleigh: {speed: 3 km/h}}"], ["policy=bcd"], ["framework=sl"]])
  func joules(settings: [String]) throws {
    let scenario = try Fixture.scenario(Self.cell + ["devices.radio_energy={tr38840: {unit: 2 mW}}"] + settings)
    var sent = 0
    for result in try Fixture.results(scenario).results {
      for (ledger, assignment) in zip(result.devices, result.allocation.assignments) {
        let drawn = RadioEnergy.tr38840(unit: Watts(2e-3)).drawnPower(
          radiating: assignment.power, circuitPower: .zero, amplifierEfficiency: 1)
        #expect(drawn >= Watts(0.5) && drawn <= Watts(1.4001))
        #expect(LedgerTests.isClose(ledger.uplinkEnergy.value, (drawn * ledger.uplinkTime).value, 1e-9))
        #expect(LedgerTests.isClose(ledger.downlinkEnergy.value, 0.6 * ledger.downlinkTime.value, 1e-9))
        sent += 1
      }
    }
    #expect(sent > 0)
  }

  @Test("send with more than the least power where that is cheaper, in the same world")
  func power() throws {
    func run(_ radio: String) throws -> (powers: [Double], energies: [Double]) {
      let results = try Fixture.results(Fixture.scenario(Self.cell + ["devices.radio_energy=\(radio)"])).results
      let assignments = results.flatMap(\.allocation.assignments)
      return (assignments.map(\.power.value), assignments.map(\.uplinkEnergy.value))
    }
    let (ideal, reported) = (try run("amplifier"), try run("tr38840"))
    #expect(ideal.powers.count == reported.powers.count && !ideal.powers.isEmpty)
    #expect(reported.powers.reduce(0, +) > ideal.powers.reduce(0, +) * 1.1)
    // 0.25 W at least and 0.7 W at most in the place of the radiated power.
    #expect(reported.energies.reduce(0, +) > ideal.energies.reduce(0, +))
  }
}
