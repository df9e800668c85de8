import Allocation
import Network
import Scenario
import Testing
import Training
import Units
import Wireless

@testable import Simulation

@Suite("The ledger against the closed form")
struct LedgerTests {
  static let policies = PolicyRegistry.all.map(\.name)

  static func isClose(_ left: Double, _ right: Double, _ tolerance: Double = 1e-12) -> Bool {
    abs(left - right) <= tolerance * max(abs(left), abs(right))
  }

  @Test(
    "under every policy a device's seconds and joules are s_n times Eq. (16) and (17) and the model upload",
    arguments: policies)
  func splitFederated(policy: String) throws {
    let scenario = try Fixture.scenario("policy=\(policy)")
    var admitted = 0
    for result in try Fixture.results(scenario).results {
      for (ledger, assignment) in zip(result.devices, result.allocation.assignments) {
        let steps = Double(ledger.itinerary.steps)
        // 32 bits for each of the 32 x 32 x 3 x 768 weights of the patch embedding.
        let upload = Bits(32 * 32 * 32 * 3 * 768) / assignment.rate
        #expect(ledger.device == assignment.device)
        #expect(Self.isClose(ledger.time.value, (assignment.latency * steps + upload).value))
        #expect(Self.isClose(ledger.computeEnergy.value, (assignment.computeEnergy * steps).value))
        #expect(
          Self.isClose(
            ledger.uplinkEnergy.value, (assignment.uplinkEnergy * steps + assignment.power * upload).value))
        #expect(!ledger.isLate, "\(policy): device \(ledger.device) in round \(result.round)")
        admitted += 1
      }
      let slowest = result.devices.map(\.time.value).max() ?? 0
      #expect(abs((result.end - result.start).value - slowest) < 1e-6, "the round ends with its slowest device")
    }
    #expect(admitted > 0, "\(policy) admitted nobody, so nothing was compared")
  }

  @Test("the frameworks take the times and send the data of their row in the table")
  func frameworks() throws {
    // ViT-B/32 at b = 64: 558.99 GFLOP forward, three times that with the backward pass; 87,462,922 parameters.
    let whole = 3 * 558.99e9
    for framework in Framework.allCases {
      let scenario = try Fixture.scenario("framework=\(framework.rawValue)", "policy=fixed", "rounds=2")
      let world = try World(scenario)
      let serverSpeed = world.server.clock.value * world.server.cores * world.server.flopsPerCycle
      let results = try Fixture.results(scenario).results
      for result in results {
        let expectedCount = framework == .ll ? 20 : 4
        #expect(result.devices.count == expectedCount)
        for ledger in result.devices {
          let device = world.fleet[ledger.device]
          let steps = Double(2 * ((device.samples + 63) / 64))
          let rate = ledger.itinerary.rate
          let (compute, server, data): (Double, Double, Double)
          switch framework {
          case .fl: (compute, server, data) = (whole / device.speed.value, 0, 87_462_922 * 32)
          case .ll: (compute, server, data) = (whole / device.speed.value, 0, 0)
          case .cl:
            let raw = result.round == 1 ? Double(device.samples) * 3 * 224 * 224 * 32 : 0
            (compute, server, data) = (0, whole / serverSpeed, raw)
          case .sflam, .sfl, .sflV2, .sl:
            let embedding = 2 * 14_797_504_512.0
            let rest = 3 * (558.99e9 - 14_797_504_512)
            (compute, server, data) = (
              embedding / device.speed.value, rest / serverSpeed, steps * 77_070_336 + 9 * 1024 * 1024 * 8
            )
          }
          let uplink = data == 0 ? 0 : data / rate.value
          #expect(Self.isClose(ledger.computeTime.value, steps * compute, 1e-9), "\(framework) compute")
          #expect(Self.isClose(ledger.serverTime.value, steps * server, 1e-9), "\(framework) server")
          #expect(Self.isClose(ledger.uplinkTime.value, uplink, 1e-9), "\(framework) uplink")
        }
        let times = result.devices.map(\.time.value)
        let expected = framework == .sl ? times.reduce(0, +) : times.max() ?? 0
        #expect(abs((result.end - result.start).value - expected) < 1e-5, "\(framework) round time")
      }
    }
  }

  @Test("split learning over the whole band is faster than on one block, and admits the same devices")
  func wholeBand() throws {
    let one = try Fixture.results(try Fixture.scenario("framework=sl")).results
    let all = try Fixture.results(try Fixture.scenario("framework=sl", "band=all")).results
    for (narrow, wide) in zip(one, all) {
      #expect(narrow.devices.map(\.device) == wide.devices.map(\.device))
      #expect((wide.end - wide.start) < (narrow.end - narrow.start))
    }
  }

  @Test("central learning admits once and sends raw data in the first round only")
  func centralUploadsOnce() throws {
    let results = try Fixture.results(try Fixture.scenario("framework=cl", "rounds=4")).results
    #expect(Set(results.map { $0.devices.map(\.device) }).count == 1)
    #expect(results[0].uplinkEnergy > .zero)
    #expect(results.dropFirst().allSatisfy { $0.uplinkEnergy == .zero })
  }

  @Test(
    "with a frozen embedding each device computes and sends its first epoch only, once per run",
    arguments: policies)
  func frozen(policy: String) throws {
    var scenario = try Fixture.scenario("policy=\(policy)", "rounds=6")
    scenario.training.embedding = .frozen
    var seen: Set<Int> = []
    var again = 0
    for result in try Fixture.results(scenario).results {
      for (ledger, assignment) in zip(result.devices, result.allocation.assignments) {
        let device = try World(scenario).fleet[ledger.device]
        let epoch = (device.samples + 63) / 64
        let fresh = seen.insert(ledger.device).inserted ? Double(epoch) : 0
        if fresh == 0 { again += 1 }
        // Forward work of the embedding at b = 64: 64 x 49 patches x 3072 x 768 multiply-adds.
        let forward = 2.0 * 64 * 49 * 3072 * 768 / device.speed.value
        let power = device.kappa.value * device.clock.value * device.clock.value * device.clock.value
        #expect(ledger.steps == 2 * epoch)
        #expect(Self.isClose(ledger.computeTime.value, fresh * forward))
        #expect(Self.isClose(ledger.computeEnergy.value, fresh * forward * power))
        #expect(Self.isClose(ledger.uplinkTime.value, fresh * (assignment.payload / assignment.rate).value))
        #expect(Self.isClose(ledger.uplinkEnergy.value, fresh * assignment.uplinkEnergy.value))
        #expect(Self.isClose(ledger.serverTime.value, Double(2 * epoch) * assignment.serverTime.value))
        #expect(!ledger.isLate)
      }
      let slowest = result.devices.map(\.time.value).max() ?? 0
      #expect(abs((result.end - result.start).value - slowest) < 1e-6)
    }
    #expect(again > 0, "\(policy) admitted nobody twice, so no kept activations were counted")
  }

  @Test("under a deadline of the round nobody is late, and some would miss a step's share of it")
  func roundDeadline() throws {
    let scenario = try Fixture.scenario("deadline={value: 70 s, per: round}")
    let results = try Fixture.results(scenario).results
    let ledgers = results.flatMap(\.devices)
    #expect(!ledgers.isEmpty)
    #expect(ledgers.allSatisfy { !$0.isLate && $0.time.value <= 70 * (1 + 1e-9) })
  }

  @Test("a shared server gives each block its part, whoever takes part")
  func sharedServer() throws {
    let alone = try World(try Fixture.scenario())
    let shared = try World(try Fixture.scenario("server.sharing=equal"))
    #expect(Self.isClose(shared.terms[0].serverTime.value, 4 * alone.terms[0].serverTime.value))
  }

  @Test("the server's energy is its power times the time it served anybody")
  func serverEnergy() throws {
    let (results, summary, _) = try Fixture.results(
      try Fixture.scenario("framework=sl", "server.power=250 W", "rounds=1"))
    // In sequence nobody shares the server, so its busy time is the sum of what each device waited.
    let waited = results[0].devices.reduce(0) { $0 + $1.serverTime.value }
    #expect(Self.isClose(try #require(summary.serverEnergy).value, 250 * waited, 1e-6))
  }

  @Test("what goes on the air is what the payload rule says, for the policy and for the uplink")
  func exactPayload() throws {
    let scenario = try Fixture.scenario("quantizer.payload=exact")
    for result in try Fixture.results(scenario).results {
      for (ledger, assignment) in zip(result.devices, result.allocation.assignments) {
        let d = 49.0 * 768 * 64
        let size = assignment.bits == 32 ? 32 * d : d * Double(assignment.bits + 1) + 64
        #expect(assignment.payload.value == size)
        #expect(Self.isClose(ledger.itinerary.time(.uplink).value, size / assignment.rate.value))
        #expect(!ledger.isLate)
      }
    }
  }
}
