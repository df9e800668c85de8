import Allocation
import Network
import Randomness
import Scenario
import Testing
import Trace
import Training
import Units
import Wireless

@testable import Simulation

@Suite("A run of devices whose adapters have ranks of their own")
struct AdapterRankRunTests {
  private func scenario(_ more: String...) throws -> Scenario {
    try Fixture.scenario(
      [
        "policy=fixed", "model.cut=after-block-4", "training.adapters={lora: {rank: 8}}",
        "devices.lora_rank={choice: [2, 8]}", "rounds=2", "downlink={power: 5 W, model: unicast}",
      ] + more)
  }

  @Test(
    "what a device computes, sends and receives is what its rank makes of a step", arguments: ["sflam", "sfl", "fl"])
  func costs(framework: String) throws {
    let scenario = try scenario("framework=\(framework)")
    let world = try World(scenario)
    #expect(Set(world.fleet.adapterRank) == [2, 8])
    // Of ViT-B/32, as LowRankAdaptersTests counts: a block, and 12288 parameters of its adapters for each of the rank.
    let block = 707_788_800.0 + 768_000
    let isWhole = framework == "fl"
    let blocks = isWhole ? 12.0 : 4.0
    let forward = isWhole ? scenario.model.forwardWork.value : 2.0 * 49 * 3072 * 768 + 4 * block
    let head = (work: isWhole ? 2.0 * 768 * 10 : 0, parameters: isWhole ? 7690.0 : 0)
    var ranks: Set<Int> = []
    for report in try Fixture.results(scenario).results {
      for (ledger, record) in zip(report.devices, report.deviceRecords.filter { $0.steps != nil }) {
        let rank = try #require(world.fleet.adapterRank[ledger.device])
        #expect(record.adapterRank == rank)
        ranks.insert(rank)
        let (steps, parameters) = (Double(ledger.itinerary.steps), Double(rank) * 12_288)
        let work = 64 * (forward + blocks * block + 2 * head.work + 3 * blocks * 2 * 50 * parameters)
        let time = steps * work / world.fleet[ledger.device].speed.value
        #expect(LedgerTests.isClose(ledger.computeTime.value, time, 1e-9))
        let model = 32 * (blocks * parameters + head.parameters)
        #expect(LedgerTests.isClose(world.workload(of: ledger.device).modelDownload.value, model, 1e-12))
        let activations = isWhole ? 0 : steps * 50 * 768 * 64 * 32
        let sent = ledger.uplinkTime.value * ledger.itinerary.rate.value
        if framework != "sflam" { #expect(LedgerTests.isClose(sent, activations + model, 1e-9)) }
        let service = world.workload.serverWork / world.server.speed(shareOf: scenario)
        if !isWhole { #expect(ledger.itinerary.time(.server) == service, "the server's adapters have the whole rank") }
      }
    }
    #expect(ranks == [2, 8])
  }

  @Test(
    "one rank for all devices costs what adapters of that rank do, but for the server's; the model's rank changes nothing"
  )
  func single() throws {
    func lines(_ scenario: Scenario) throws -> [[RoundRecord]] {
      [try Fixture.results(scenario).results.map(\.roundRecord)]
    }
    for rank in [2, 8] {
      let own = try scenario("framework=fl", "devices.lora_rank=\(rank)")
      let all = try scenario("framework=fl", "devices.lora_rank=null", "training.adapters.lora.rank=\(rank)")
      #expect(try lines(own) == lines(all), "with fl all adapters are the device's")
    }
    #expect(try lines(scenario("devices.lora_rank=8")) == lines(scenario("devices.lora_rank=null")))
    #expect(try lines(scenario("devices.lora_rank=2")) != lines(scenario("devices.lora_rank=null")))
  }

  @Test("memory that suffices for a small rank alone leaves out who has a large one; the optimum and its check agree")
  func memory() throws {
    let plain = try scenario("policy=exact", "devices.cores=512", "deadline=20 s")
    func need(_ rank: Int) throws -> Double {
      let (model, recipe) = (plain.model, plain.training.recipe.with(adapterRank: rank))
      return try #require(model.deviceTrainingMemory(of: .embedding, under: recipe)).value
    }
    // Weights, gradients and momentum of 4 blocks.
    #expect(try need(8) - need(2) == 32 * 3 * 4 * 6 * 12_288)
    let between = (try need(2) + need(8)) / 2
    let limited = try scenario(
      "policy=exact", "devices.cores=512", "deadline=20 s", "devices.memory=\(between) bit")
    let world = try World(limited)
    for report in try Fixture.results(limited).results {
      #expect(report.devices.count == 4)
      let problem = try #require(report.problem)
      #expect(AllocationChecker.violations(of: report.allocation, in: problem) == [])
      for device in world.fleet.indices {
        #expect(problem.allows(cut: 0, of: device) == (world.fleet.adapterRank[device] == 2))
        #expect((report.outcome(ofIdle: device) == .noMemory) == (world.fleet.adapterRank[device] == 8))
      }
    }
    // As a file keeps it.
    let problem = try #require(try Fixture.results(limited).results.first?.problem)
    let text = Instance(name: "ranks", problem: problem).json
    #expect(try Instance(json: text).problem.devices.map(\.addedMemory) == problem.devices.map(\.addedMemory))
  }

  @Test(
    "groups have ranks of their own, or the model's; both train, on any number of threads, at the times of a run without"
  )
  func trained() throws {
    for aggregation in LowRankAdapters.Aggregation.allCases {
      var scenario = try TransformerRunTests.scenario(.sfl)
      scenario.model = ModelProfile(
        name: "tiny", architecture: try #require(scenario.model.architecture), cut: .afterBlock(1))
      scenario.training.adapters = LowRankAdapters(rank: 3, aggregation: aggregation)
      let groups = scenario.devices.groups
      scenario.devices.groups[0].adapterRank = .choice([1, 2])
      var first = try TransformerRunTests.outcome(scenario, threads: 1)
      #expect(try TransformerRunTests.outcome(scenario, threads: 2) == first)
      var plain = scenario
      plain.devices.groups = groups
      #expect(
        try TransformerRunTests.outcome(plain, threads: 2).rounds.map(\.trainLoss) != first.rounds.map(\.trainLoss))
      for index in first.rounds.indices {
        first.rounds[index].trainLoss = nil
        first.rounds[index].testLoss = nil
        first.rounds[index].testAccuracy = nil
        first.rounds[index].testAccuracyLocal = nil
      }
      #expect(try TransformerRunTests.outcome(scenario, threads: nil) == first)
    }
    let mixed = try Fixture.scenario(
      "model.cut=after-block-4", "training.adapters={lora: {rank: 8}}",
      "devices={groups: [{count: 3, lora_rank: 2}, {count: 4}]}")
    #expect(try World(mixed).fleet.adapterRank == [2, 2, 2, nil, nil, nil, nil])
    var own = mixed
    own.training.adapters = LowRankAdapters(rank: 8, dropout: 0.25, aggregation: .svd)
    let again = try ScenarioReader.read(text: own.resolved.yaml, file: "again.yaml").scenario
    #expect(again.devices == mixed.devices && again.training.adapters == own.training.adapters)
    let records = try #require(try Fixture.results(mixed).results.first).deviceRecords
    #expect(records.map(\.adapterRank) == [2, 2, 2, 8, 8, 8, 8])
  }
}
