import Allocation
import Network
import Scenario
import Testing
import Trace
import Training
import Units

@testable import Simulation

@Suite("Runs whose devices wait for the server")
struct ServerQueueTests {
  /// A slow server: 0.9 s per step of one accelerator.
  private static let slow = [
    "server={clock: 1.4 GHz, cores: 2560, flops_per_cycle: 0.5}", "deadline=8 s", "rounds=4",
  ]

  private static func scenario(_ settings: String...) throws -> Scenario {
    try Fixture.scenario(slow + settings)
  }

  @Test("unlimited accelerators, or one per block, give the figures of a server that serves everybody")
  func unlimited() throws {
    let plain = try Fixture.results(Self.scenario())
    for count in ["unlimited", "4"] {
      let counted = try Fixture.results(Self.scenario("server.accelerators=\(count)"))
      #expect(counted.fingerprint == plain.fingerprint)
      #expect(counted.results.map(\.end) == plain.results.map(\.end))
      #expect(counted.results.map(\.devices) == plain.results.map(\.devices))
    }
  }

  @Test("with one accelerator devices wait, are late, and every second is accounted for")
  func waits() throws {
    var late = 0
    for discipline in Accelerators.Discipline.allCases {
      let outcome = try Fixture.results(
        Self.scenario("server.accelerators=1", "server.discipline=\(discipline.rawValue)")
      ) { run, result in
        let server = try #require(result.server)
        let served = result.devices.reduce(0) { $0 + $1.serverTime.value }
        let waited = result.devices.reduce(0) { $0 + $1.waitTime.value }
        #expect(abs(server.utilization * result.duration.value - served) < 1e-6 * (1 + served))
        #expect(abs(server.queueMean * result.duration.value - waited) < 1e-6 * (1 + waited))
        #expect(server.utilization <= 1 + 1e-9)
        let record = result.roundRecord
        #expect(record.serverUtilization == server.utilization && record.serverQueueMean == server.queueMean)
      }
      late += outcome.summary.late
      #expect(outcome.results.contains { $0.devices.contains { $0.waitTime > .zero } })
    }
    #expect(late > 0)
  }

  @Test("a run without events plays them where devices wait, with the same figures")
  func closedForm() throws {
    let scenario = try Self.scenario("server.accelerators=1")
    var options = Run.Options()
    options.simulatesEvents = false
    #expect(
      try Fixture.results(scenario, options: options).results.map(\.devices)
        == Fixture.results(scenario).results.map(\.devices))
  }

  @Test("a run that plans with the last round's wait goes on as it would have", arguments: ["mean", "mva"])
  func goesOn(forecast: String) throws {
    let scenario = try Self.scenario("server.accelerators=1", "forecast.server=\(forecast)", "deadline=6 s")
    let whole = try Fixture.results(scenario)
    var first = try Run(World(scenario), policy: ResolvedPolicy(scenario).policy)
    for _ in 0..<2 { _ = try first.nextRound() }
    var second = try Run(World(scenario), policy: ResolvedPolicy(scenario).policy)
    try second.restore(first.state)
    var skipped = try Run(World(scenario), policy: ResolvedPolicy(scenario).policy)
    try skipped.skip(to: 3)
    for round in 2..<4 {
      #expect(try second.nextRound()?.devices == whole.results[round].devices)
      #expect(try skipped.nextRound()?.devices == whole.results[round].devices)
    }
    let plain = try Fixture.results(Self.scenario("server.accelerators=1", "deadline=6 s"))
    #expect(whole.results.map(\.allocation) != plain.results.map(\.allocation))
  }

  @Test("counted accelerators draw power one by one, whether they work or not")
  func energy() throws {
    let settings = ["server.power=100 W", "server.idle_power=10 W", "server.accelerators=2"]
    let (results, _, _) = try Fixture.results(Fixture.scenario(Self.slow + settings))
    for result in results {
      let served = result.devices.reduce(0) { $0 + $1.serverTime.value }
      let expected = 100 * served + 10 * (2 * result.duration.value - served)
      let energy = try #require(result.serverEnergy?.value)
      #expect(abs(energy - expected) < 1e-6 * expected)
    }
  }

  @Test("a device that waited is told how long and behind whom")
  func explained() throws {
    var options = Run.Options()
    options.recordsEvents = true
    let scenario = try Self.scenario("server.accelerators=1", "rounds=1")
    var run = try Run(World(scenario), policy: ResolvedPolicy(scenario).policy, options: options)
    let result = try #require(try run.nextRound())
    let waiting = try #require(result.devices.max { $0.waitTime < $1.waitTime })
    let text = result.explanation(of: waiting.device).sentences.joined(separator: " ")
    #expect(
      text.firstMatch(of: /In step \d+ it waited [0-9.]+ s for an accelerator, behind devices? \d+/) != nil, "\(text)")
    #expect(text.contains("In all it waited "))
  }
}

@Suite("Runs with a downlink")
struct DownlinkRunTests {
  @Test("closed form and events agree, in every framework", arguments: Framework.allCases)
  func closedForm(framework: Framework) throws {
    var energies: [Double] = []
    for model in ["broadcast", "unicast", "none"] {
      let scenario = try Fixture.scenario(
        "framework=\(framework.rawValue)", "policy=\(framework.defaultPolicy)", "downlink.model=\(model)",
        "devices.receive_power=0.5 W",
        "deadline=8 s",
        "rounds=2")
      var options = Run.Options()
      options.simulatesEvents = false
      let (events, closed) = (try Fixture.results(scenario), try Fixture.results(scenario, options: options))
      for (played, stated) in zip(events.results, closed.results) {
        for (left, right) in zip(played.devices, stated.devices) {
          func agree(_ a: Double, _ b: Double) -> Bool { abs(a - b) <= 1e-9 * max(1, a, b) }
          #expect(agree(left.time.value, right.time.value), "\(model)")
          #expect(agree(left.downlinkTime.value, right.downlinkTime.value), "\(model)")
          #expect(agree(left.downlinkEnergy.value, right.downlinkEnergy.value), "\(model)")
          #expect(agree(left.downlinkEnergy.value, 0.5 * left.downlinkTime.value), "\(model)")
        }
      }
      energies.append(events.results.reduce(0) { $0 + $1.downlinkEnergy.value })
    }
    switch framework {
    case .cl, .ll: #expect(energies == [0, 0, 0])
    case .fl: #expect(energies[0] > 0 && energies[1] > energies[0] && energies[2] == 0)
    default: #expect(energies[0] > energies[2] && energies[1] > energies[2] && energies[2] > 0)
    }
  }

  @Test(
    "what is planned with the downlink is in time with it, per step and per round", arguments: ["step", "round"],
    [Framework.sflam, .sl])
  func inTime(span: String, framework: Framework) throws {
    let deadline = span == "step" ? "deadline=7 s" : "deadline={value: 150 s, per: round}"
    for model in ["broadcast", "unicast"] {
      let (results, summary, _) = try Fixture.results(
        Fixture.scenario(
          deadline, "framework=\(framework.rawValue)", "policy=exact", "quantizer.bits_max=32",
          "downlink.model=\(model)", "rounds=10", "uplink.blocks=6"))
      #expect(summary.late == 0 && summary.participants > 10, "\(model): \(summary.late) of \(summary.participants)")
      for result in results {
        for ledger in result.devices {
          #expect(ledger.downlinkTime > .zero)
        }
      }
    }
  }
}
