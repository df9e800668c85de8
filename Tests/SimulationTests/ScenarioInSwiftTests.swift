import Allocation
import Foundation
import Network
import Randomness
import Scenario
import Simulation
import Testing
import Trace
import Training
import Units
import Wireless

@Suite("Scenarios without a file")
struct ScenarioInSwiftTests {
  /// The files of a run's folder.
  private func files(_ scenario: Scenario) throws -> [String: String] {
    let folder = FileManager.default.temporaryDirectory.appending(path: "airsplit-swift-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    let policy = try ResolvedPolicy(scenario)
    var options = Run.Options()
    options.recordsEvents = true
    var run = try Run(World(scenario), policy: policy.policy, options: options)
    var recorder = try Recorder(path: folder.path, run: run, policy: policy, selection: [.rounds, .devices, .events])
    while let result = try run.nextRound() { try recorder.record(result, of: run) }
    try recorder.finish(run)
    let names = ["scenario.yaml", "rounds.csv", "devices.csv", "events.csv"]
    return try Dictionary(
      uniqueKeysWithValues: names.map { ($0, try String(contentsOf: folder.appending(path: $0), encoding: .utf8)) })
  }

  @Test("a cell that is built in Swift leaves the files of the same cell from YAML")
  func sameCell() throws {
    let text = """
      schema: 1
      name: cell
      seed: 3
      rounds: 4
      policy: bcd
      deadline: 6 s
      devices: {groups: [{count: 8, distance: {uniform: [50 m, 400 m]}}, {count: 4, clock: 2 GHz, receive_power: 0.1 W}]}
      server: {accelerators: 2, discipline: processor-sharing}
      uplink: {blocks: 3, fading: {rician: {k: 4}}}
      downlink: {gradient_bits: 16}
      model: {}
      training: {local_epochs: 1}
      policies: {bcd: {max_iterations: 9}}
      """
    var cell = Scenario(name: "cell", seed: 3, rounds: 4, policy: "bcd", deadline: .init(value: Seconds(6)))
    cell.devices.groups = [
      .init(count: 8, distance: .uniform(low: 50, high: 400)),
      .init(count: 4, clock: .constant(2e9), receivePower: .constant(0.1)),
    ]
    cell.server.accelerators = Accelerators(count: 2, discipline: .processorSharing)
    cell.uplink.blocks = 3
    cell.uplink.fading = .rician(k: PowerRatio(4))
    cell.downlink = Scenario.Downlink(gradientBits: 16)
    cell.training.localEpochs = 1
    cell.policySettings["bcd"] = ["max_iterations": .integer(9)]
    let read = try ScenarioReader.read(text: text, file: "cell.yaml").scenario
    #expect(read == cell)
    let made = try files(cell)
    #expect(try made == files(read))
    #expect(made["rounds.csv"]?.split(separator: "\n").count == 5)
  }

  @Test("a change of a scenario that was read is in the run's folder")
  func changed() throws {
    var scenario = try Fixture.scenario()
    scenario.uplink.blocks = 7
    scenario.rounds = 1
    let text = try #require(try files(scenario)["scenario.yaml"])
    #expect(text.contains("blocks: 7") && text.contains("rounds: 1\n"))
  }
}
