import Foundation
import Scenario
import Simulation
import Testing

/// Whole run folders, byte by byte, against what `tools/refresh-golden` wrote and somebody read before committing it.
@Suite("Golden traces")
struct GoldenTraceTests {
  /// A run that is kept: its folder's name, the scenario it begins from, and what is laid over it.
  struct Golden: Sendable, CustomTestStringConvertible {
    var name: String
    var settings: [String] = []
    /// Whether its scenario has a data set, and so a partition.
    var hasPartition = false
    var testDescription: String { name }
  }

  static let all: [Golden] = [
    Golden(name: "exact"),
    Golden(name: "bcd", settings: ["policy=bcd", "deadline=8 s"]),
    Golden(name: "ep", settings: ["policy=ep"]),
    Golden(name: "nq", settings: ["policy=nq"]),
    Golden(name: "rb", settings: ["policy=rb"]),
    Golden(name: "sfl", settings: ["framework=sfl"]),
    Golden(name: "sl", settings: ["framework=sl", "server.power=250 W"]),
    Golden(name: "fl", settings: ["framework=fl"]),
    Golden(name: "ll", settings: ["framework=ll"]),
    Golden(name: "cl", settings: ["framework=cl"]),
    Golden(name: "difference", settings: ["objective={kind: difference, weight: 2 J}"]),
    Golden(name: "exact-payload", settings: ["quantizer.payload=exact"]),
    Golden(
      name: "partition",
      settings: [
        "devices={count: 8, distance: {uniform: [50 m, 1000 m]}, power_max: {uniform: [0.5 W, 2 W]}}",
        "training.dataset={name: synthetic, train_limit: 1000}", "training.partition={kind: dirichlet, alpha: 0.3}",
      ], hasPartition: true),
    Golden(name: "clock", settings: ["deadline=8 s", "devices.clock.optimise=true", "devices.clock.levels=4"]),
  ]

  static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Golden")

  @Test("a run writes the bytes that are kept for it", arguments: all)
  func golden(_ golden: Golden) throws {
    let scratch = FileManager.default.temporaryDirectory.appending(path: "airsplit-golden-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: scratch) }
    try simulate(golden, into: scratch)

    let kept = Self.folder.appending(path: golden.name)
    let names = try FileManager.default.contentsOfDirectory(atPath: scratch.path).filter { $0 != "timing.csv" }.sorted()
    let partition = golden.hasPartition ? ["partition.csv"] : []
    #expect(
      names
        == ["bcd.csv", "devices.csv", "events.csv", "manifest.json"] + partition
        + ["rounds.csv", "scenario.yaml", "schema.json", "schema.sql"])
    if ProcessInfo.processInfo.environment["REFRESH_GOLDEN"] == "1" {
      try? FileManager.default.removeItem(at: kept)
      try FileManager.default.createDirectory(at: kept, withIntermediateDirectories: true)
      for name in names {
        try FileManager.default.copyItem(at: scratch.appending(path: name), to: kept.appending(path: name))
      }
      return
    }
    for name in names {
      let now = try String(contentsOf: scratch.appending(path: name), encoding: .utf8)
      let then = try String(contentsOf: kept.appending(path: name), encoding: .utf8)
      #expect(now == then, "\(golden.name)/\(name) changed; if it should, run tools/refresh-golden and read the diff")
    }
  }

  @Test("nothing is kept that no run writes")
  func noStrays() throws {
    let kept = try FileManager.default.contentsOfDirectory(atPath: Self.folder.path).filter { !$0.hasPrefix(".") }
    #expect(Set(kept) == Set(Self.all.map(\.name) + ["golden.yaml"]))
  }

  private func simulate(_ golden: Golden, into folder: URL) throws {
    let overrides = try golden.settings.map(ScenarioOverride.init(setting:))
    let file = Self.folder.appending(path: "golden.yaml").path
    let scenario = try ScenarioReader.read(path: file, overrides: overrides).scenario
    let policy = try PolicyInForce(scenario)
    var options = Run.Options()
    options.recordsEvents = true
    var run = try Run(World(scenario), policy: policy.policy, options: options)
    var recorder = try Recorder(
      path: folder.path, run: run, policy: policy, selection: [.rounds, .devices, .events, .bcd])
    while let result = try run.nextRound() { try recorder.record(result, of: run) }
    try recorder.finish(run)
  }
}
