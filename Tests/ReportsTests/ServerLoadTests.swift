import Charts
import Foundation
import Network
import Scenario
import Simulation
import Testing
import Trace
import Units

@testable import Reports

@Suite("The queue at the server within a round")
struct ServerLoadTests {
  private static let text = """
    schema: 1
    name: busy
    rounds: 1
    deadline: 90 s
    policy: rb
    devices: {count: 12, distance: {uniform: [50 m, 400 m]}, samples: {integer: [100, 300]}}
    server: {clock: 3 GHz, cores: 64, flops_per_cycle: 1, accelerators: 2}
    uplink: {blocks: 6}
    model: {name: vit_base_patch32_224, classes: 10}
    training: {trainer: none}
    """

  @Test(
    "its means over the round are those of rounds.csv, whoever is cut off",
    arguments: [
      ["server.discipline=fifo"], ["server.discipline=processor-sharing"], ["server.discipline=least-slack"],
      ["server.discipline=fifo", "deadline=20 s"], ["server.discipline=processor-sharing", "deadline=20 s"],
    ])
  func means(settings: [String]) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "airsplit-load-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    let scenario = try ScenarioReader.read(
      text: Self.text, file: "busy.yaml", overrides: settings.map(ScenarioOverride.init(setting:))
    ).scenario
    let policy = try ResolvedPolicy(scenario)
    var options = Run.Options()
    options.recordsEvents = true
    var run = try Run(World(scenario), policy: policy.policy, options: options)
    var recorder = try Recorder(path: folder.path, run: run, policy: policy, selection: [.rounds, .devices, .events])
    let report = try #require(try run.nextRound())
    try recorder.record(report, of: run)
    try recorder.finish(run)
    #expect(settings.count == 1 || report.devices.contains { $0.isLate })

    let load = try #require(ServerLoad(RunTraces(folder: folder.path)))
    let server = try #require(report.server)
    #expect(server.queueMean > 0.05)
    let parts = Double(load.waiting.count)
    #expect(abs(load.waiting.reduce(0, +) / parts - server.queueMean) < 1e-6)
    #expect(abs(load.served.reduce(0, +) / parts - 2 * server.utilization) < 1e-6)
    #expect(load.served.allSatisfy { $0 <= 2 + 1e-9 })
    #expect(load.chart.title == "Queue at the server in round 1")
  }
}
