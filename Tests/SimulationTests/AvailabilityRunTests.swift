import Allocation
import EventKernel
import Network
import Scenario
import Testing
import TestSupport
import Trace
import Training
import Units
import Wireless

@testable import Simulation

@Suite("Runs whose devices come and go")
struct AvailabilityRunTests {
  private static let law = "devices.availability={on: {exponential: 300 s}, off: {exponential: 300 s}}"

  @Test(
    "have nobody at work who is away, and nobody chosen who is",
    arguments: [
      ["policy=exact"], ["policy=rb"], ["policy=round-robin"], ["policy=proportional-fair"], ["framework=sl"],
      ["framework=ll"], ["framework=fl"], ["policy=exact", "server={accelerators: 1}"],
      ["policy=bcd", "uplink.fading={rayleigh: {speed: 3 km/h}}", "channel_estimate={kind: snapshot, delay: 1 s}"],
    ])
  func present(settings: [String]) throws {
    let scenario = try Fixture.scenario([Self.law, "rounds=12"] + settings)
    var (left, away, wasted) = (0, 0, 0.0)
    var world: World?
    let (results, summary, _) = try Fixture.results(scenario) { run, _ in world = run.world }
    let availability = try #require(world?.availability)
    for result in results {
      for ledger in result.devices {
        let presence = availability.presence(of: ledger.device, at: result.start)
        let end = result.start.value + ledger.time.value
        #expect(presence.isThere)
        if !ledger.hasLeft, scenario.framework != .sl { #expect(end <= presence.until + 1e-6) }
        if ledger.hasLeft, scenario.framework != .sl { #expect(abs(end - presence.until) < 1e-6) }
        left += ledger.hasLeft ? 1 : 0
      }
      let record = result.roundRecord
      #expect(record.devicesAvailable == availability.areThere(at: result.start).count { $0 })
      #expect(record.devicesLeft == result.devices.count { $0.hasLeft })
      wasted += record.energyWasted?.value ?? .nan
      let rows = result.deviceRecords
      for row in rows {
        let isThere = availability.presence(of: row.device, at: result.start).isThere
        #expect((row.outcome == .away) == !isThere)
        away += isThere ? 0 : 1
      }
    }
    #expect(away > 50 && summary.left == left)
    #expect(left > 0 && wasted > 0)
  }

  @Test("show every policy the same comings and goings, as long as rounds begin together")
  func sameWorld() throws {
    let worlds = try ["exact", "rb"].map { try World(Fixture.scenario(Self.law, "policy=\($0)")) }
    let times = stride(from: 0.0, to: 5000, by: 131).map { Seconds($0) }
    _ = worlds[0].areThere(at: Seconds(4000))
    #expect(times.map { worlds[0].areThere(at: $0) } == times.map { worlds[1].areThere(at: $0) })
  }

  @Test("wait for somebody where nobody is there, and end where nobody will ever come")
  func empty() throws {
    let scratch = try Scratch()
    let rows = (0..<20).map { "\($0),\(100 + $0),\($0 == 3 ? 100_000_000 : 120)\n" }.joined()
    let path = try scratch.write(Array(("device,on_s,off_s\n" + rows).utf8), to: "availability.csv")
    let scenario = try Fixture.scenario("devices.availability={file: '\(path)'}", "rounds=6", "framework=ll")
    let (results, _, _) = try Fixture.results(scenario)
    #expect(results[0].devices.isEmpty && results[0].end == Seconds(100))
    #expect(results[1].start == Seconds(100) && results[1].devices.map(\.device) == [0])
    #expect(results[1].devices[0].hasLeft && results[1].end == Seconds(120), "before it was done")
    #expect(results[2].devices.map(\.device) == [3], "the others are gone at 120 s")
    #expect(results.last?.devices.map(\.device) == [3])
  }
}
