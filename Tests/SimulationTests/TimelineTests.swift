import EventKernel
import JSON
import Network
import Scenario
import Testing
import Trace
import Training

@testable import Simulation

@Suite("The timeline of a run")
struct TimelineTests {
  /// The entries of every round, with what happened.
  private func play(
    _ settings: String...
  ) throws -> (events: [[TimelineEvent]], loggedEvents: [[RoundEngine.LoggedEvent]], rows: [TimelineEvent]) {
    let scenario = try Fixture.scenario(settings + ["rounds=3"])
    var options = Run.Options()
    options.recordsEvents = true
    var run = try Run(World(scenario), policy: ResolvedPolicy(scenario).policy, options: options)
    var (events, loggedEvents): ([[TimelineEvent]], [[RoundEngine.LoggedEvent]]) = ([], [])
    while let report = try run.nextRound() {
      events.append(report.timelineEvents)
      loggedEvents.append(report.events)
    }
    return (events, loggedEvents, run.world.timelineRows)
  }

  private typealias Slice = (track: TimelineEvent.Track, name: String, start: SimTime, end: SimTime)

  private func slices(_ events: [TimelineEvent]) -> [Slice] {
    events.compactMap {
      guard case .slice(let track, let name, let start, let end, _) = $0 else { return nil }
      return (track, name, start, end)
    }
  }

  @Test(
    "every leg of every framework is a slice of its device, and no two slices of a row overlap",
    arguments: Framework.allCases)
  func slices(framework: Framework) throws {
    let (events, loggedEvents, rows) = try play("framework=\(framework.rawValue)")
    let names = Dictionary(
      uniqueKeysWithValues: rows.compactMap { row -> (TimelineEvent.Track, String)? in
        guard case .track(let track, let name) = row else { return nil }
        return (track, name)
      })
    #expect(Set(names.keys.map(\.number)).isDisjoint(with: Set(names.keys.map(\.group))), "Perfetto merges such rows")
    for (round, happened) in zip(events, loggedEvents) {
      let slices = slices(round)
      func count(_ prefix: String) -> Int { slices.count { names[$0.track]?.hasPrefix(prefix) == true } }
      #expect(count("device") == happened.count { $0.device != nil })
      #expect(
        count("block") == happened.count { [.uplink, .modelUpload].contains($0.kind) && $0.block != nil })
      #expect(count("server") == happened.count { $0.kind == .server })
      #expect(slices.allSatisfy { names[$0.track] != nil }, "every row has a name")
      for (_, row) in Dictionary(grouping: slices, by: \.track) {
        let sorted = row.sorted { ($0.start, $0.end) < ($1.start, $1.end) }
        for (left, right) in zip(sorted, sorted.dropFirst()) { #expect(left.end <= right.start) }
      }
      let whole = slices.first { names[$0.track] == "rounds" }
      #expect(slices.allSatisfy { $0.start >= whole?.start ?? .zero && $0.end <= whole?.end ?? .zero })
    }
  }

  @Test("a device that misses its deadline ends with a slice of its own")
  func late() throws {
    let (events, loggedEvents, _) = try play("channel_estimate.error=0.05")
    let late = loggedEvents.joined().count { $0.kind == .deadline }
    #expect(late > 0)
    #expect(slices(Array(events.joined())).count { $0.name == "late" } == late)
  }

  @Test("power and devices in flight come back to nothing, and energy only grows")
  func counters() throws {
    let (events, _, _) = try play("channel_estimate.error=0.05")
    func values(_ name: String) -> [Double] {
      events.joined().compactMap {
        guard case .counter(_, name, _, _, let value) = $0 else { return nil }
        return value
      }
    }
    for name in ["transmit power", "devices"] {
      #expect(values(name).last == 0, "\(name)")
      #expect(values(name).allSatisfy { $0 >= -1e-9 } && values(name).max() ?? 0 > 0, "\(name)")
    }
    let energy = values("energy")
    #expect(zip(energy, energy.dropFirst()).allSatisfy { $0 <= $1 } && energy.last ?? 0 > 0)
  }

  @Test("times are written in microseconds, to the nanosecond")
  func decimals() {
    let track = TimelineEvent.Track(group: 2, number: 11)
    let slice = TimelineEvent.slice(
      track, name: "a \"b\"", start: SimTime(nanoseconds: 1_234_567), end: SimTime(nanoseconds: 1_234_573),
      arguments: ["step": 1])
    #expect(
      slice.json
        == #"{"ph":"X","name":"a \"b\"","pid":2,"tid":11,"ts":1234.567,"dur":0.006,"args":{"step": 1}}"#)
  }
}
