import Allocation
import Network
import Testing
import Trace
import Units

@testable import Simulation

@Suite("A link in outage")
struct OutageTests {
  /// Six devices near the base station and two out of its reach, without fading: 300 km away.
  private static let settings = [
    "rounds=4", "uplink.blocks=6", "uplink.fading=none", "policy=fixed",
    "devices={groups: [{count: 6, distance: 100 m}, {count: 2, distance: {each: [300 km, 310 km]}}]}",
  ]

  @Test(
    "takes no part, is counted and named, in every framework", arguments: ["sflam", "sfl", "sfl-v2", "sl", "fl", "cl"])
  func frameworks(framework: String) throws {
    var drawn = 0
    let scenario = try Fixture.scenario(Self.settings + ["framework=\(framework)"])
    let outcome = try Fixture.results(scenario) { run, result in
      #expect(result.devices.allSatisfy { $0.device < 6 })
      #expect(result.devices.count + result.allocation.unlinked.count == 6)
      drawn += result.allocation.unlinked.count
      let records = result.deviceRecords
      for pair in result.allocation.unlinked {
        #expect(records[pair.device].outcome == .noLink && records[pair.device].block == pair.block)
        #expect(records[pair.device].gain?.value ?? 0 < -200)
        let story = result.explanation(of: pair.device)
        #expect(story.outcome == .noLink && story.sentences[0].contains("on which it has no link"))
        #expect(story.sentences[1].contains("below 10000.0 bit/s (uplink.outage) there is no link"))
      }
    }
    #expect(drawn > 0)
    #expect(outcome.summary.noLink == drawn)
    #expect(outcome.summary.figures.first { $0.key == "no_link" }?.value == Double(drawn))
    #expect(outcome.summary.duration < Seconds(1e6))
  }

  @Test("matters to nobody who sends nothing")
  func local() throws {
    let outcome = try Fixture.results(try Fixture.scenario(Self.settings + ["framework=ll"])) { run, result in
      #expect(result.devices.count == 8)
    }
    #expect(outcome.summary.noLink == 0)
    #expect(!outcome.summary.figures.contains { $0.key == "no_link" })
  }

  @Test("is assigned by no policy", arguments: PolicyRegistry.all.map(\.name))
  func policies(policy: String) throws {
    let scenario = try Fixture.scenario(
      Self.settings + ["policy=\(policy)", "deadline=1e9 s", "quantizer.bits_min=32"])
    _ = try Fixture.results(scenario) { run, result in
      #expect(result.devices.allSatisfy { $0.device < 6 })
      #expect(!result.devices.isEmpty)
      let records = result.deviceRecords
      #expect(records[6].outcome == .noLink && records[7].outcome == .noLink)
      #expect(result.explanation(of: 7).outcome == .noLink)
    }
  }

  @Test("is a link again where the scenario's outage is nothing")
  func off() throws {
    let scenario = try Fixture.scenario(
      Self.settings + [
        "uplink.outage.rate=0 bit/s", "model={image: 28, channels: 1, patch: 7, dim: 24, depth: 1, heads: 2}",
      ])
    let results = try Fixture.results(scenario).results
    #expect(results.allSatisfy { $0.devices.count == 6 && $0.allocation.unlinked.isEmpty })
    #expect(results.contains { $0.devices.contains { $0.device >= 6 } })
  }

  @Test("is warned of before the run")
  func warned() throws {
    let scenario = try Fixture.scenario(Self.settings)
    let warnings = try World(scenario).warnings(for: ResolvedPolicy(scenario).policy)
    #expect(
      warnings == [
        "2 of 8 devices have no link on any block in round 1, and take no part (devices 6, 7): no gain, or less than "
          + "10000.0 bit/s at full power (uplink.outage)"
      ])
  }
}
