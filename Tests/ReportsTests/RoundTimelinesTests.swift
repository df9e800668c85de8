import Charts
import EventKernel
import JSON
import Testing
import Trace
import Units

@testable import Reports

struct RoundTimelinesTests {
  private func traces(framework: String) -> RunTraces {
    var round = RoundRecord()
    (round.round, round.devicesSelected, round.start) = (2, 2, Seconds(100))
    return RunTraces(
      manifest: Manifest(version: "1", name: "n", seed: 1, framework: framework, policy: "p", scenario: [:]),
      rounds: [RoundRecord(), round])
  }

  private func device(_ number: Int, compute: Double, steps: Int, roundTime: Double) -> DeviceRecord {
    var record = DeviceRecord()
    (record.device, record.steps, record.round) = (number, steps, 2)
    record.stepComputeTime = Seconds(compute)
    record.stepUplinkTime = Seconds(1)
    record.stepServerTime = Seconds(0.5)
    record.stepLatency = Seconds(compute + 1.5)
    record.stepSlack = Seconds(5 - compute - 1.5)
    record.roundTime = Seconds(roundTime)
    return record
  }

  @Test func stepTimesGiveTheFirstStepsAndTheWholeRound() throws {
    var traces = traces(framework: "sflam")
    traces.participants = [device(3, compute: 2, steps: 10, roundTime: 37)]
    let charts = try #require(RoundTimelines(traces)).charts
    let first = charts[0].tracks[0]
    #expect(first.name == "device 3")
    #expect(first.slices.count == 9)
    #expect(
      first.slices.prefix(4) == [
        .init(0, 2, kind: 0), .init(2, 3, kind: 1), .init(3, 3.5, kind: 2), .init(3.5, 5.5, kind: 0),
      ])
    #expect(charts[0].marks == [.init(5, "deadline of the first step")])
    // Ten steps of 2 + 1 + 0.5 s are 35 s; the model upload takes the 2 s that are left.
    #expect(
      charts[1].tracks[0].slices == [
        .init(0, 20, kind: 0), .init(20, 30, kind: 1), .init(30, 35, kind: 2), .init(35, 37, kind: 4),
      ])
  }

  @Test func inTurnADeviceBeginsWhereTheOneBeforeEnded() throws {
    var traces = traces(framework: "sl")
    traces.participants = [
      device(0, compute: 2, steps: 2, roundTime: 15), device(1, compute: 2, steps: 2, roundTime: 7),
    ]
    let charts = try #require(RoundTimelines(traces)).charts
    #expect(charts[0].tracks.map(\.name) == ["device 1"])
    #expect(charts[1].tracks.map(\.name) == ["device 0", "device 1"])
    #expect(charts[1].tracks[0].slices.first?.start == 7)
    #expect(charts[1].tracks[0].slices.last?.end == 15)
  }

  @Test func eventsEndWhatBeganWithTheEventBefore() throws {
    var traces = traces(framework: "sflam")
    func event(_ kind: String, _ time: Double, step: Int) -> EventRecord {
      var record = EventRecord()
      (record.kind, record.device, record.round, record.step) = (kind, 4, 2, step)
      record.time = SimTime(seconds: time)
      return record
    }
    traces.events = [
      event("forward", 102, step: 1), event("uplink", 103, step: 1), event("server", 103.5, step: 1),
      event("backward", 104, step: 1), event("forward", 106, step: 4), event("deadline", 107, step: 4),
    ]
    let charts = try #require(RoundTimelines(traces)).charts
    #expect(
      charts[0].tracks[0].slices == [
        .init(0, 2, kind: 0), .init(2, 3, kind: 1), .init(3, 3.5, kind: 2), .init(3.5, 4, kind: 3),
      ])
    #expect(charts[1].tracks[0].slices.map { $0.end - $0.start } == [4, 1, 0.5, 0.5])
  }

  @Test func withoutAnyTraceThereIsNone() {
    #expect(RoundTimelines(traces(framework: "sflam")) == nil)
  }
}
