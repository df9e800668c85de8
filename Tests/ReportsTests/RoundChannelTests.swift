import Charts
import EventKernel
import Foundation
import Scenario
import Simulation
import Testing
import Trace
import Units

@testable import Reports

@Suite("Gains over time within a round")
struct RoundChannelTests {
  private static let text = """
    schema: 1
    name: moving
    rounds: 1
    deadline: 6 s
    policy: exact
    devices: {count: 12, distance: {uniform: [50 m, 400 m]}, samples: {integer: [100, 200]}}
    server: {clock: 3 GHz, cores: 4000}
    uplink: {blocks: 6, fading: {rayleigh: {doppler: 0.5 Hz}}}
    model: {name: vit_base_patch32_224, classes: 10}
    training: {local_epochs: 1, trainer: none}
    """

  /// The traces of a run of the scenario with some settings, with its folder until the test is over.
  private func traces<Result>(
    _ settings: [String] = [], _ selection: TraceSelection = [.rounds, .devices, .events],
    _ body: (RunTraces, Scenario) throws -> Result
  ) throws -> Result {
    let folder = FileManager.default.temporaryDirectory.appending(path: "airsplit-gains-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    let scenario = try ScenarioReader.read(
      text: Self.text, file: "moving.yaml", overrides: settings.map(ScenarioOverride.init(setting:))
    ).scenario
    let policy = try ResolvedPolicy(scenario)
    var options = Run.Options()
    options.recordsEvents = true
    var run = try Run(World(scenario), policy: policy.policy, options: options)
    var recorder = try Recorder(path: folder.path, run: run, policy: policy, selection: selection)
    while let report = try run.nextRound() { try recorder.record(report, of: run) }
    try recorder.finish(run)
    return try body(RunTraces(folder: folder.path), scenario)
  }

  @Test("what is drawn is what the simulator has: its gains, and uploads from event to event")
  func drawn() throws {
    try traces { traces, scenario in
      let channel = try RoundChannel(traces)
      let panels = try #require(channel?.charts)
      #expect(panels[0].title == "Gain over time in round 1")
      let html = Blocks.charts(panels.prefix(1).map { ($0, true) }).text
      #expect(html.contains("<h3>Gain over time in round 1</h3>") && html.contains(">upload<"))
      let charts = panels[0].charts.compactMap { $0 as? LineChart }
      #expect((2...4).contains(charts.count))
      #expect(charts.contains { $0.title.hasSuffix("late") } && charts.contains { $0.title.hasSuffix("in time") })
      let view = ChannelView(try World(scenario))
      for chart in charts {
        let words = chart.title.split { !$0.isNumber }.compactMap { Int($0) }
        let (device, block) = (words[0], words[1])
        let events = traces.channelEvents.filter { $0.device == device }
        let isLate = chart.title.hasSuffix("late")
        #expect(isLate == events.contains { $0.kind == "deadline" })
        for shade in chart.shades {
          let end = try #require(events.firstIndex { abs(Self.time($0) - shade.end) < 1e-9 })
          #expect(events[end].kind == (shade.kind == 0 ? "uplink" : "deadline"))
          #expect(abs(Self.time(events[end - 1]) - shade.start) < 1e-9 && events[end - 1].kind == "forward")
        }
        if isLate {
          let deadline = try #require(chart.marks.last?.time)
          #expect(abs(deadline - Self.time(try #require(events.last))) < 1e-8)
        }
        let points = chart.series[0].points
        // 0.1 s stand still: each has a point of its own.
        #expect(points.count > 20 && points.count <= 400 && points.allSatisfy { $0.y.low == nil })
        for point in points.dropFirst().dropLast() {
          let gain = view.gain(device: device, block: block, at: Seconds(point.x))
          #expect(abs(Decibel.of(gain) - point.y.value) < 1e-9)
        }
      }
    }
  }

  private static func time(_ event: EventRecord) -> Double { Double(event.time.nanoseconds) / 1e9 }

  @Test("many intervals share a point, which is their mean, with the band of their range")
  func shared() throws {
    try traces(["uplink.fading={rayleigh: {doppler: 200 Hz}}", "deadline=60 s", "uplink.blocks=1"]) { traces, _ in
      let channel = try RoundChannel(traces)
      for panels in try #require(channel?.charts) {
        for case let chart as LineChart in panels.charts {
          let points = chart.series[0].points
          #expect(points.count == 400)
          #expect(
            points.allSatisfy { point in
              guard let low = point.y.low, let high = point.y.high else { return false }
              return low <= point.y.value && point.y.value <= high
            })
          #expect(zip(points, points.dropFirst()).allSatisfy { $0.x < $1.x })
        }
      }
    }
  }

  @Test("the first round in which some devices are late and others are not is the one that is drawn")
  func laterRound() throws {
    try traces([
      "uplink.fading={rayleigh: {doppler: 0.01 Hz}}", "uplink.blocks=2", "deadline=4.8 s", "rounds=3",
    ]) { traces, _ in
      let late = try #require(
        traces.rounds.first { $0.devicesCompleted < $0.devicesSelected && $0.devicesCompleted > 0 }?.round)
      #expect(late > 1 && traces.channelRound == late && traces.channelEvents.allSatisfy { $0.round == late })
      let channel = try RoundChannel(traces)
      #expect(channel?.charts.first?.title == "Gain over time in round \(late)")
    }
  }

  @Test("without events, or with another scenario in the folder, a sentence says what is missing")
  func missing() throws {
    try traces([], [.rounds, .devices]) { traces, _ in
      let error = #expect(throws: RoundChannel.Missing.self) { try RoundChannel(traces) }
      #expect(error?.text.contains("--trace rounds,devices,events") == true)
      let page = try Report.html(of: traces.folder)
      #expect(page.contains("--trace rounds,devices,events") && !page.contains("Gain over time"))
    }
    try traces { traces, _ in
      let path = "\(traces.folder)/scenario.yaml"
      let text = try String(contentsOfFile: path, encoding: .utf8)
      try text.replacing("blocks: 6", with: "blocks: 7").write(toFile: path, atomically: true, encoding: .utf8)
      let error = #expect(throws: RoundChannel.Missing.self) { try RoundChannel(traces) }
      #expect(error?.text.contains("scenario.yaml is not the scenario of this run") == true)
      try "schema: 1\n".write(toFile: path, atomically: true, encoding: .utf8)
      #expect(throws: RoundChannel.Missing.self) { try RoundChannel(traces) }
    }
  }

  @Test("gains that stand still for a round are not drawn")
  func still() throws {
    try traces(["uplink.fading=rayleigh"]) { traces, _ in
      let channel = try RoundChannel(traces)
      #expect(channel == nil)
    }
  }
}
