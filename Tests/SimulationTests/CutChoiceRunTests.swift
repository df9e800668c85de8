import Allocation
import Network
import Scenario
import Testing
import Trace
import Training
import Units
import Wireless

@testable import Simulation

@Suite("A run in which devices choose their cuts")
struct CutChoiceRunTests {
  /// A server so slow that it pays to leave it less to do, and memory for four blocks on some devices only.
  private static let settings = [
    "model.cut=[embedding, after-block-2, after-block-4]", "server={clock: 3 GHz, cores: 3, flops_per_cycle: 8}",
    "deadline=7 s", "training.batch=16", "devices.memory={choice: [100 MB, 2 GB]}", "devices.cores=512",
    "downlink={power: 5 W, model: unicast}",
  ]

  private func scenario(_ more: String...) throws -> Scenario { try Fixture.scenario(Self.settings + more) }

  @Test(
    "what a participant computes, sends, receives and waits for is what its cut makes of a step",
    arguments: ["5 s", "5.85 s"])
  func costs(deadline: String) throws {
    let scenario = try scenario("deadline=\(deadline)")
    let world = try World(scenario)
    let models = scenario.models
    var chosen: Set<Int> = []
    for report in try Fixture.results(scenario).results {
      #expect(AllocationChecker.violations(of: report.allocation, in: try #require(report.problem)) == [])
      for (ledger, assignment) in zip(report.devices, report.allocation.assignments) {
        chosen.insert(assignment.cut)
        let (model, steps) = (models[assignment.cut], Double(ledger.itinerary.steps))
        let work = model.deviceStepWork(batch: 16)
        let compute = work / world.fleet[ledger.device].speed
        #expect(LedgerTests.isClose(ledger.computeTime.value, steps * compute.value))
        let activations = Double(assignment.bits) * Double(model.activationElements(batch: 16))
        let sent = ledger.uplinkTime.value * ledger.itinerary.rate.value
        #expect(LedgerTests.isClose(sent, steps * activations + model.deviceModelBits.value, 1e-9))
        let service = model.serverStepWork(batch: 16) / world.server.speed(shareOf: scenario)
        #expect(LedgerTests.isClose(ledger.serverTime.value, steps * service.value))
        let gain = try #require(report.problem).gains.gain(device: ledger.device, block: assignment.block)
        let down = try #require(world.downlink).rate(bandwidth: scenario.uplink.blockBandwidth, gain: gain)
        let gradients = 32 * Double(model.activationElements(batch: 16)) * steps + model.deviceModelBits.value
        #expect(LedgerTests.isClose(ledger.downlinkTime.value * down.value, gradients, 1e-9))
        let memory = try #require(model.deviceTrainingMemory(of: .embedding, under: scenario.training.recipe))
        #expect(memory <= world.fleet[ledger.device].memory)
      }
    }
    #expect(chosen.count > 1, "one cut was chosen by all: \(chosen)")
  }

  @Test("the cut of a list that a policy fixes runs as that cut alone does", arguments: 0..<3)
  func fixedCut(place: Int) throws {
    let cuts = ["embedding", "after-block-2", "after-block-4"]
    let listed = try scenario("policy={name: fixed-cut, cut: \(cuts[place])}", "devices.memory=null")
    let alone = try scenario("model.cut=\(cuts[place])", "devices.memory=null")
    let (fixed, single) = (try Fixture.results(listed).results, try Fixture.results(alone).results)
    for (one, other) in zip(fixed, single) {
      #expect(one.allocation.assignments.map(\.device) == other.allocation.assignments.map(\.device))
      #expect(one.allocation.assignments.map(\.bits) == other.allocation.assignments.map(\.bits))
      #expect(LedgerTests.isClose(one.allocation.objective, other.allocation.objective, 1e-9))
      for (left, right) in zip(one.devices, other.devices) {
        #expect(LedgerTests.isClose(left.time.value, right.time.value, 1e-9))
        #expect(LedgerTests.isClose(left.energy.value, right.energy.value, 1e-9))
      }
    }
  }

  @Test("the trainer learns each participant's cut, and the trace names it")
  func trainer() throws {
    let trainer = RecordingTrainer()
    let results = try Fixture.results(try scenario(), trainer: trainer).results
    for (work, report) in zip(trainer.work, results) {
      #expect(work.participants.map(\.cut) == report.allocation.assignments.map(\.cut))
      let names = report.deviceRecords.filter { $0.block != nil }.map(\.cut)
      #expect(names == report.allocation.assignments.map { report.world.cuts[$0.cut].name })
    }
  }

  @Test(
    "memory alone keeps devices out, whatever the policy", arguments: ["exact", "bcd", "rb", "fixed", "least-energy"])
  func memory(policy: String) throws {
    let results = try Fixture.results(
      try Fixture.scenario("policy=\(policy)", "devices.memory={choice: [1 MB, 1 GB]}", "deadline=6 s")
    ).results
    var seen: Set<Int> = []
    for report in results {
      for assignment in report.allocation.assignments {
        seen.insert(assignment.device)
        #expect(report.world.fleet[assignment.device].memory == Bits(8e9))
      }
    }
    #expect(!seen.isEmpty)
  }

  @Test("a resolved scenario reads back with its cuts and memory, of a shape and of a profile")
  func resolved() throws {
    let scenario = try scenario()
    let text = scenario.resolved.yaml
    let again = try ScenarioReader.read(text: text, file: "again.yaml").scenario
    #expect(again.otherCuts == scenario.otherCuts && again.devices.groups == scenario.devices.groups)
    #expect(again.resolved.yaml == text)
    let profile = """
      {cut: [embedding, after-block-3], profile: {payload: {sample: 100, activations: 50, device_weights: 10, parameters: 100}, \
      work: {device_forward: 1 MFLOP, device_backward: 1 MFLOP, forward: 100 MFLOP}, memory: {device: 1 kB}, \
      cuts: {after-block-3: {activations: 20, device_weights: 40, device_forward: 2 MFLOP, device_backward: 4 MFLOP, memory: 3 kB}}}}
      """
    let other = try Fixture.scenario("model=\(profile)", "devices.memory=1 MB")
    #expect(other.otherCuts.map(\.figures.activationElements) == [20])
    #expect(other.otherCuts.map(\.figures.deviceMemory) == [Bits(24_000)])
    let read = try ScenarioReader.read(text: other.resolved.yaml, file: "again.yaml").scenario
    #expect(read.otherCuts == other.otherCuts && read.model == other.model)
  }
}
