import Allocation
import Network
import Scenario
import Testing
import Trace
import Training
import Units

@testable import Simulation

@Suite("Runs whose computing varies")
struct JitterRunTests {
  private static func jitter(_ per: String) -> String { "devices.jitter={lognormal: {cv: 0.3}, per: \(per)}" }

  @Test(
    "compute for as long as the factors say, the same under every policy, and plan as if nothing varied",
    arguments: ["step", "round"], [["policy=exact"], ["policy=ep"], ["framework=ll"], ["framework=sl"]])
  func factors(per: String, settings: [String]) throws {
    let scenario = try Fixture.scenario([Self.jitter(per), "deadline=1000 s"] + settings)
    let jitter = try #require(scenario.devices.jitter)
    var world: World?
    let (results, _, _) = try Fixture.results(scenario) { run, _ in world = run.world }
    let seed = try #require(world?.seed)
    var (planned, spent) = (0.0, 0.0)
    for result in results {
      #expect(result.optimum == nil)
      for ledger in result.devices {
        let step = (ledger.itinerary.time(.forward) + ledger.itinerary.time(.backward)).value
        let factor = (1...ledger.itinerary.steps).reduce(0) {
          $0 + jitter.factor(device: ledger.device, round: result.round, step: $1, seed: seed)
        }
        #expect(LedgerTests.isClose(ledger.computeTime.value, step * factor, 1e-9))
        let mean = (ledger.computeEnergy / ledger.computeTime).value
        let forward = ledger.itinerary.step[0]
        #expect(LedgerTests.isClose(mean, (forward.energy / forward.time).value, 1e-9))
        planned += step * Double(ledger.itinerary.steps)
        spent += ledger.computeTime.value
      }
      for (row, ledger) in zip(result.deviceRecords.filter { $0.outcome == .ok }, result.devices) {
        let computed = try #require(row.stepComputeTime)
        #expect(LedgerTests.isClose(computed.value * Double(ledger.steps), ledger.computeTime.value, 1e-9))
      }
    }
    #expect(spent != planned && abs(spent / planned - 1) < 0.3)
    let still = try Fixture.results(Fixture.scenario(["deadline=1000 s"] + settings)).results
    for (one, other) in zip(still, results) {
      #expect(one.allocation.assignments == other.allocation.assignments)
    }
  }

  @Test("are simulated event by event, whether asked to or not")
  func events() throws {
    let scenario = try Fixture.scenario(Self.jitter("step"))
    var options = Run.Options()
    options.simulatesEvents = false
    let (one, other) = (try Fixture.results(scenario), try Fixture.results(scenario, options: options))
    #expect(one.results.map(\.devices) == other.results.map(\.devices))
  }

  @Test("miss deadlines that are filled to the tick, and fewer with a margin")
  func margin() throws {
    func late(_ margin: String) throws -> (late: Int, devices: Int) {
      let scenario = try Fixture.scenario(Self.jitter("round"), "rounds=10", "deadline_margin=\(margin)")
      let devices = try Fixture.results(scenario).results.flatMap(\.devices)
      return (devices.count { $0.isLate }, devices.count)
    }
    let (tight, slack) = (try late("0"), try late("0.15"))
    #expect(tight.late * 4 > tight.devices, "\(tight)")
    #expect(slack.late * tight.devices < tight.late * slack.devices, "\(tight) \(slack)")
  }
}
