import Foundation
import Network
import Scenario
import TestSupport
import Testing

@testable import Simulation

@Suite("Checkpoints between two events of a round")
struct EventCheckpointTests {
  /// Cells in which something waits, is cut off, is remembered, kept or learned.
  private static let cells: [[String]] = [
    ["policy=exact"], ["policy=bcd", "server.accelerators=1"],
    ["policy=rb", "server.accelerators=2", "server.discipline=processor-sharing"],
    ["policy=rb", "server.accelerators=1", "server.discipline=least-slack", "deadline=4.7 s"],
    ["policy=exact", "downlink={power: 5 W}", "devices.receive_power=0.5 W", "server.accelerators=2"],
    ["policy=exact", "deadline={value: 47 s, per: round}", "server.accelerators=1"],
    ["policy=round-robin", "channel_estimate.error=20 %"],
    ["policy=exact", "uplink.fading={rayleigh: {doppler: 2 Hz}}", "channel_estimate.kind=mean"],
    ["policy={name: virtual-queue, energy_budget: 1 J}", "server.accelerators=1", "forecast.server=mean"],
    ["policy=exact", "devices.availability={on: 400 s, off: {uniform: [100 s, 300 s]}}"],
    ["policy=exact", "deadline=8 s", "aggregation={mode: buffered, size: 3}"],
    ["policy=bcd", "deadline=8 s", "aggregation={mode: asynchronous}", "server.accelerators=2", "rounds=9"],
    ["policy=rb", "aggregation={mode: quorum, size: 2, rest: carried}", "uplink.fading={rayleigh: {doppler: 2 Hz}}"],
    ["policy=exact", "deadline=8 s", "aggregation={mode: deadline, after: 60 s}", "server.accelerators=1"],
    [
      "policy=exact", "deadline=8 s",
      "devices.battery={capacity: 40 J, charge: {uniform: [0.2, 1]}, charging: {on: 20 s, off: 100 s}}",
    ],
    [
      "policy=exact", "deadline=8 s", "aggregation={mode: buffered, size: 2}", "server.accelerators=1", "rounds=5",
      "devices.battery={capacity: 40 J, charge: {uniform: [0.2, 1]}, charging: {on: 20 s, off: 100 s}}",
    ],
    ["policy=exact", "devices.jitter={per: step}", "deadline_margin=0.1"],
    ["policy=exact", "devices.jitter={per: round}", "deadline=8 s", "aggregation={mode: buffered, size: 3}"],
    ["policy=exact", "training.labels=device", "downlink={power: 5 W}", "server.accelerators=1"],
    [
      "policy=rb", "training.labels=device", "training.gradient=local-loss",
      "uplink.fading={rayleigh: {doppler: 2 Hz}}",
      "aggregation={mode: buffered, size: 3}",
    ],
    ["framework=sl", "band=all"], ["framework=sfl-v2"], ["framework=cl"], ["framework=ll"],
  ]

  private let folder = FileManager.default.temporaryDirectory.appending(path: "airsplit-events-\(UUID().uuidString)")

  private func scenario(_ settings: [String]) throws -> Scenario {
    try Fixture.scenario(["rounds=2", "devices.samples={integer: [80, 250]}"] + settings)
  }

  private func run(_ scenario: Scenario) throws -> Run { try StoppedRun(scenario: scenario).begin() }

  @Test("a run that is killed at any of 500 drawn events ends with the same bytes", arguments: cells.indices)
  func anyEvent(cell: Int) throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let scenario = try scenario(Self.cells[cell])
    let stopped = StoppedRun(scenario: scenario)
    let (whole, events) = try stopped.leavings(stops: [], in: folder.appending(path: "whole"))
    #expect(events > 20)
    var random = SplitMix(state: UInt64(cell) + 1)
    for _ in 0..<(500 / Self.cells.count + 1) {
      var stops = [UInt64.random(in: 1..<events, using: &random)]
      if Bool.random(using: &random), stops[0] + 1 < events {
        stops.append(UInt64.random(in: stops[0] + 1..<events, using: &random))
      }
      let killed = folder.appending(path: "killed")
      let (files, _) = try stopped.leavings(stops: stops.map { .event($0) }, in: killed)
      try FileManager.default.removeItem(at: killed)
      #expect(files == whole, "\(Self.cells[cell]), killed after \(stops) of \(events) events")
    }
  }

  @Test("in which something is left out, a run ends with others")
  func forgetful() throws {
    let scenario = try scenario(["policy=rb", "server.accelerators=1"])
    var whole = try run(scenario)
    while try whole.nextRound() != nil {}
    var stopped = try run(scenario)
    _ = try stopped.advance(events: 21)
    let isInRound = stopped.isInRound
    #expect(isInRound)
    var state = stopped.state
    let engine = try #require(state.open?.engine)
    // The round as it began, with the events that it has since scheduled.
    var begun = try run(scenario)
    _ = try begun.advance(events: 0)
    state.open?.engine = try #require(begun.state.open?.engine)
    #expect(engine.ledgers != state.open?.engine.ledgers)
    var resumed = try run(scenario)
    try resumed.restore(state)
    // It comes to an end of its own, or says that none comes.
    do {
      while try resumed.nextRound() != nil {}
      #expect(resumed.summary != whole.summary)
    } catch let error as SimulationError {
      #expect("\(error)".contains("nothing is left to happen"))
    }
  }

  @Test(
    "numbers that no round comes to are refused or do no harm, whichever they are",
    arguments: [
      ["policy=virtual-queue", "server.accelerators=1", "deadline=4.7 s"],
      ["server.accelerators=1", "deadline=8 s", "aggregation={mode: buffered, size: 2}", "rounds=20"],
      ["deadline=8 s", "devices.battery={capacity: 40 J, charging: {on: 20 s, off: 100 s}}"],
    ])
  func forged(settings: [String]) throws {
    let scenario = try scenario(settings)
    var run = try run(scenario)
    _ = try run.advance(events: 40)
    let bytes = try JSONEncoder().encode(run.state)
    let text = String(decoding: bytes, as: UTF8.self)
    var random = SplitMix(state: 11)
    let numbers = text.ranges(of: /[:\[,]-?[0-9][0-9.e+-]*/)
    let others = ["-1", "0", "1", "3", "20", "9007199254740993", "9223372036854775807", "1e300"]
    var (refused, played) = (0, 0)
    for _ in 0..<1_500 {
      let range = try #require(numbers.randomElement(using: &random))
      let other = try #require(others.randomElement(using: &random))
      let changed = text.replacingCharacters(in: text.index(after: range.lowerBound)..<range.upperBound, with: other)
      guard let state = try? JSONDecoder().decode(RunState.self, from: Data(changed.utf8)) else {
        refused += 1
        continue
      }
      var resumed = try self.run(scenario)
      do {
        try resumed.restore(state)
        var left = 50
        while left > 0, !resumed.isFinished {
          _ = try resumed.advance(events: 500)
          left -= 1
        }
        played += 1
      } catch is SimulationError {
        refused += 1
      }
    }
    #expect(refused > 100 && played > 50, "\(refused) refused, \(played) played")
  }
}
