import Allocation
import EventKernel
import Network
import Scenario
import TestSupport
import Testing
import Trace
import Training
import Units

@testable import Simulation

@Suite("Runs whose devices have batteries")
struct BatteryRunTests {
  /// Few joules, little power beside work, chargers that come often enough to bring devices back.
  private static let law =
    "devices.battery={capacity: 150 J, charge: {uniform: [0.1, 1]}, idle_power: {uniform: [0.02 W, 0.2 W]}, "
    + "charging: {power: {choice: [1 W, 3 W]}, on: {exponential: 100 s}, off: {exponential: 900 s}}}"

  @Test(
    "begin with what they have, take in, give, and end with what is left, and nobody works on less than nothing",
    arguments: [
      ["policy=exact"], ["policy=rb"], ["policy=round-robin"], ["policy=nq"], ["framework=sl"], ["framework=ll"],
      ["framework=fl"], ["framework=cl"], ["policy=exact", "server={accelerators: 1}"],
      ["policy=bcd", "uplink.fading={rayleigh: {speed: 3 km/h}}"],
      ["policy=exact", "devices.jitter={per: step}", "channel_estimate.error=20 %"],
      ["policy=exact", "deadline=8 s", "aggregation={mode: buffered, size: 2}"],
      ["policy=rb", "deadline=8 s", "aggregation={mode: asynchronous}", "server={accelerators: 1}"],
      ["policy=exact", "deadline=8 s", "aggregation={mode: quorum, size: 2}"],
      ["policy=exact", "devices.radio_energy={tr38840: {sleep: true}}", "downlink={power: 5 W}"],
      ["policy=ep", "downlink={power: 5 W}", "devices.availability={on: 400 s, off: {uniform: [100 s, 300 s]}}"],
    ])
  func conservation(settings: [String]) throws {
    for seed in 1...8 {
      let scenario = try Fixture.scenario([Self.law, "rounds=25", "seed=\(seed)"] + settings)
      let first = try #require(try World(scenario).batteries).first
      var left = first.map(\.charge).reduce(.zero, +)
      var (idle, work, time) = (Joules.zero, Joules.zero, Seconds.zero)
      let results = try Fixture.results(scenario).results
      for result in results {
        let record = result.roundRecord
        let (charged, spent) = (try #require(record.batteryCharged), try #require(record.batterySpent))
        let now = try #require(record.battery)
        #expect(charged >= .zero && spent >= .zero)
        #expect(abs((left + charged - spent - now).value) < 1e-6, "round \(result.round)")
        left = now
        idle += spent - result.energy
        work += result.energy
        time = result.end
        for row in result.deviceRecords {
          let charge = try #require(row.battery)
          #expect(charge >= .zero && charge <= first[row.device].capacity)
        }
        for ledger in result.devices {
          guard let battery = ledger.battery, let before = ledger.itinerary.battery else {
            #expect(scenario.framework == .cl && result.round > 1)
            continue
          }
          #expect(before.charge >= before.capacity * 0.2, "nobody below the reserve is chosen")
          #expect(ledger.isEmpty == (battery.charge == .zero))
          // Who idled away before its turn came drew nothing any more once it was empty.
          guard ledger.time > .zero else { continue }
          // What its work took is what its ledger says: the rest is what it draws in any case.
          let worked = ledger.energy
          let drawn = battery.spent - before.spent - battery.idlePower * (battery.time - before.time)
          #expect(abs((drawn - worked).value) < 1e-6)
        }
      }
      // Beside work, no more than all of them draw; what is under way at the end may be work.
      let most = first.map(\.idlePower).reduce(.zero, +) * time
      #expect(idle <= most + Joules(100) && idle >= .zero)
      #expect(work > .zero || scenario.framework == .cl)
    }
  }

  @Test("run empty, are told of, and come back with their charger")
  func comingBack() throws {
    let scenario = try Fixture.scenario([
      Self.law, "devices.battery.reserve=0.03", "rounds=40", "policy=exact", "deadline=8 s",
    ])
    let (results, summary, _) = try Fixture.results(scenario)
    var empty = 0
    var lastOutcome: [Int: Outcome] = [:]
    var comebacks = 0
    for result in results {
      #expect(result.roundRecord.devicesEmpty == result.devices.count { $0.outcome == .empty })
      #expect(result.roundRecord.devicesLow == result.deviceRecords.count { $0.outcome == .lowBattery })
      empty += result.roundRecord.devicesEmpty ?? 0
      for row in result.deviceRecords {
        if row.outcome == .ok, lastOutcome[row.device] == .lowBattery { comebacks += 1 }
        lastOutcome[row.device] = row.outcome
      }
    }
    #expect(empty == summary.empty && empty > 0 && comebacks > 0)
    let round = try #require(results.first { $0.deviceRecords.contains { $0.outcome == .lowBattery } })
    let device = try #require(round.deviceRecords.first { $0.outcome == .lowBattery }?.device)
    let story = round.explanation(of: device)
    #expect(story.sentences[0].hasPrefix("Device \(device) did not take part: its battery held "))
    #expect(story.figures.map(\.name) == ["battery_j", "battery_reserve_j"])
    #expect(story.figures[0].value < story.figures[1].value && abs(story.figures[1].value - 0.03 * 150) < 1e-9)
  }

  @Test("that nothing charges end one after another, then rounds are of nobody and take no time")
  func lifetime() throws {
    let scenario = try Fixture.scenario(
      "framework=ll", "devices.battery={capacity: 300 J, idle_power: 0 W, reserve: 0}", "rounds=60")
    let results = try Fixture.results(scenario).results
    let last = try #require(results.last)
    #expect(last.devices.isEmpty && last.duration == .zero && last.devicesLow == 20 && last.batteryCharge == .zero)
    let spent = results.map(\.energy).reduce(.zero, +)
    #expect(abs(spent.value - 20 * 300) < 1e-6, "\(spent)")
  }

  @Test("that are full and never run low change nothing but what is told of them")
  func ample() throws {
    let plain = try Fixture.results(try Fixture.scenario("rounds=4"))
    let ample = try Fixture.results(try Fixture.scenario("rounds=4", "devices.battery={capacity: 1 MJ}"))
    #expect(plain.results.map(\.allocation) == ample.results.map(\.allocation))
    #expect(plain.results.map(\.energy) == ample.results.map(\.energy))
    #expect(plain.results.map(\.end) == ample.results.map(\.end))
  }

  @Test("show every policy the same batteries and chargers")
  func sameWorld() throws {
    let worlds = try ["exact", "rb"].map { try World(Fixture.scenario(Self.law, "policy=\($0)")) }
    let batteries = try worlds.map { try #require($0.batteries) }
    #expect(batteries[0].first == batteries[1].first)
    #expect(Set(batteries[0].first.map(\.charge.value)).count == 20)
    _ = batteries[0].charger(of: 3, at: Seconds(5000))
    for time in stride(from: 0.0, to: 5000, by: 131) {
      #expect(batteries[0].charger(of: 3, at: Seconds(time)) == batteries[1].charger(of: 3, at: Seconds(time)))
    }
  }
}
