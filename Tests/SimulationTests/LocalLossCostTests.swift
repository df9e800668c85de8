import Allocation
import Network
import Scenario
import Testing
import Training
import Units
import Wireless

@testable import Simulation

@Suite("A device's part that is trained by a loss of its own")
struct LocalLossCostTests {
  private func isClose(_ left: Double, _ right: Double) -> Bool { LedgerTests.isClose(left, right, 1e-9) }

  @Test(
    "the auxiliary head costs its work and its upload, and no gradient comes down",
    arguments: ["sflam", "sfl", "sfl-v2", "sl"])
  func costs(framework: String) throws {
    let settings = [
      "framework=\(framework)", "policy=fixed", "training.gradient=local-loss", "downlink={power: 5 W, model: unicast}",
      "rounds=1",
    ]
    let scenario = try Fixture.scenario(settings)
    let world = try World(scenario)
    // A mean over 49 patches, 2 FLOP an element, and 768 x 10 multiply-adds; three times that with the backward pass.
    let (embedding, auxiliary) = (64 * 2.0 * 49 * 3072 * 768, 64 * 2.0 * (49 * 768 + 768 * 10))
    let model = 32.0 * (32 * 32 * 3 * 768 + 7690)
    let report = try #require(try Fixture.results(scenario).results.first)
    #expect(report.devices.count == 4)
    for ledger in report.devices {
      let steps = Double(ledger.itinerary.steps)
      let speed = world.fleet[ledger.device].speed.value
      #expect(isClose(ledger.computeTime.value, steps * (2 * embedding + 3 * auxiliary) / speed))
      #expect(isClose(ledger.uplinkTime.value, (steps * 49 * 768 * 64 * 32 + model) / ledger.itinerary.rate.value))
      #expect(ledger.itinerary.step.map(\.kind) == [.forward, .backward, .uplink, .server])
      let assignment = try #require(report.allocation.assignments.first { $0.device == ledger.device })
      let gain = world.gains(round: 1).gain(device: ledger.device, block: assignment.block)
      let rate = try #require(world.downlink).rate(bandwidth: scenario.uplink.blockBandwidth, gain: gain)
      #expect(isClose(ledger.downlinkTime.value, model / rate.value), "the model alone comes down")
    }
    let plain = try World(try Fixture.scenario(settings.filter { !$0.contains("gradient") }))
    #expect(plain.terms[0].serverTime == world.terms[0].serverTime)
  }

  @Test(
    "every policy's price is what the events make of it, with the labels on either side",
    arguments: ["exact", "bcd", "rb"])
  func price(policy: String) throws {
    for labels in Labels.allCases {
      let scenario = try Fixture.scenario(
        "policy=\(policy)", "training.gradient=local-loss", "training.labels=\(labels.rawValue)",
        "downlink={power: 5 W}",
        "rounds=2")
      var admitted = 0
      for report in try Fixture.results(scenario).results {
        for (ledger, assignment) in zip(report.devices, report.allocation.assignments) {
          #expect(isClose(ledger.itinerary.stepLatency.value, assignment.latency.value))
          #expect(isClose(ledger.itinerary.stepEnergy.value, assignment.energy.value))
          #expect(ledger.itinerary.time(.downlink) > .zero || labels == .server)
          #expect(!ledger.isLate)
          admitted += 1
        }
      }
      #expect(admitted > 0)
    }
  }

  @Test("who knows the future knows that a device trains before it sends")
  func clairvoyant() throws {
    let scenario = try Fixture.scenario(
      "training.gradient=local-loss", "optimum=clairvoyant", "rounds=2", "uplink.fading={rayleigh: {doppler: 0.2 Hz}}",
      "devices.count=5", "uplink.blocks=2", "devices.samples=70")
    for report in try Fixture.results(scenario).results {
      #expect(try #require(report.clairvoyant) >= report.allocation.objective * (1 - 1e-9))
    }
    let workload = Workload(scenario)
    #expect(isClose(workload.shareBeforeUpload, 1))
  }
}
