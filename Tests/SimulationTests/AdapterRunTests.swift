import Network
import Scenario
import Testing
import Trace
import Training
import Units
import Wireless

@testable import Simulation

@Suite("A run with adapters")
struct AdapterRunTests {
  private func isClose(_ left: Double, _ right: Double) -> Bool { LedgerTests.isClose(left, right, 1e-9) }

  @Test("devices compute and send what adapters make of a step", arguments: ["sflam", "sfl", "fl"])
  func costs(framework: String) throws {
    let scenario = try Fixture.scenario(
      "framework=\(framework)", "policy=fixed", "model.cut=after-block-4", "training.adapters={lora: {rank: 8}}",
      "rounds=1",
      "downlink={power: 5 W, model: unicast}")
    let world = try World(scenario)
    // Of ViT-B/32, as LowRankAdaptersTests counts: a block, and its adapters at 98304 parameters.
    let (block, adapters) = (707_788_800.0 + 768_000, 2.0 * 50 * 98_304)
    let isWhole = framework == "fl"
    let blocks = isWhole ? 12.0 : 4.0
    let forward = isWhole ? scenario.model.forwardWork.value : 2.0 * 49 * 3072 * 768 + 4 * block
    let head = isWhole ? 2.0 * 768 * 10 : 0
    let work = 64 * (forward + blocks * block + 2 * head + 3 * blocks * adapters)
    let model = 32.0 * (blocks * 98_304 + (isWhole ? 7690 : 0))
    #expect(isClose(world.workload.modelUpload.value, model))
    #expect(isClose(world.workload.modelDownload.value, model))
    let report = try #require(try Fixture.results(scenario).results.first)
    #expect(report.devices.count == 4)
    for ledger in report.devices {
      let steps = Double(ledger.itinerary.steps)
      #expect(isClose(ledger.computeTime.value, steps * work / world.fleet[ledger.device].speed.value))
      let activations = isWhole ? 0 : steps * 50 * 768 * 64 * 32
      let sent = ledger.uplinkTime.value * ledger.itinerary.rate.value
      if framework != "sflam" { #expect(isClose(sent, activations + model)) }
    }
  }

  @Test("behind the paper's cut devices send activations once, and no model goes up")
  func frozen() throws {
    let scenario = try Fixture.scenario("training.adapters={lora: {}}", "downlink={power: 5 W}")
    let workload = Workload(scenario)
    #expect(scenario.training.embedding == .frozen)
    #expect(workload.sendsActivationsOnce)
    #expect(workload.modelUpload == .zero && workload.modelDownload == .zero && workload.gradientDownload == .zero)
    #expect(workload.deviceWork == scenario.model.deviceForwardWork * 64)
  }

  @Test("two runs of a seed learn the same on one thread and on two, at the times of a run without training")
  func deterministic() throws {
    for framework in [Framework.sflam, .sfl, .fl] {
      var scenario = try TransformerRunTests.scenario(framework)
      scenario.model = ModelProfile(
        name: "tiny", architecture: try #require(scenario.model.architecture), cut: .afterBlock(1))
      scenario.training.adapters = LowRankAdapters(rank: 2)
      var first = try TransformerRunTests.outcome(scenario, threads: 1)
      #expect(try TransformerRunTests.outcome(scenario, threads: 2) == first)
      #expect(first.rounds.allSatisfy { $0.trainLoss != nil })
      for index in first.rounds.indices {
        first.rounds[index].trainLoss = nil
        first.rounds[index].testLoss = nil
        first.rounds[index].testAccuracy = nil
        first.rounds[index].testAccuracyLocal = nil
      }
      #expect(try TransformerRunTests.outcome(scenario, threads: nil) == first)
    }
  }
}
