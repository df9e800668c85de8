import Foundation
import Scenario
import Simulation
import Testing
import Trace

/// Whole run folders, byte by byte, against what `tools/refresh-golden` wrote and somebody read before committing it.
@Suite("Golden traces")
struct GoldenTraceTests {
  /// A run that is kept: its folder's name, the scenario it begins from, and what is laid over it.
  struct Golden: Sendable, CustomTestStringConvertible {
    var name: String
    var base = "golden.yaml"
    var settings: [String] = []
    /// What is written next to the traces of every run.
    var more: [String] = []
    var testDescription: String { name }

    var selection: TraceSelection {
      var selection: TraceSelection = [.rounds, .devices, .events, .bcd]
      if more.contains("timeline.json") { selection.insert(.timeline) }
      if more.contains("gains.csv") { selection.insert(.gains) }
      return selection
    }
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
      ], more: ["partition.csv"]),
    Golden(name: "clock", settings: ["deadline=8 s", "devices.clock.optimise=true", "devices.clock.levels=4"]),
    Golden(name: "sfl-v2", settings: ["framework=sfl-v2"]),
    Golden(name: "round-deadline", settings: ["deadline={value: 16 s, per: round}"]),
    Golden(
      name: "channel-estimate",
      settings: ["channel_estimate.error=30 %", "rounds=4"]),
    Golden(
      name: "moving",
      settings: [
        "uplink.fading={rayleigh: {doppler: 4 Hz}}", "uplink.path_loss={model: umi}", "uplink.shadowing=38.901",
        "mobility={random-waypoint: {radius: 300 m}}", "rounds=3",
      ]),
    Golden(
      name: "links",
      settings: [
        "uplink.link={mcs: {table: 64qam}}", "uplink.fading={rayleigh: {block: 200 ms}}", "uplink.interference={}",
        "channel_estimate.kind=mean", "deadline=9 s", "rounds=3",
      ]),
    Golden(name: "frozen", settings: ["training.embedding=frozen"]),
    Golden(
      name: "groups",
      settings: [
        "devices={samples: {integer: [100, 200]}, cores: 6, groups: [{name: phones, count: 5}, "
          + "{name: sensors, count: 3, power_max: 0.3 W, distance: 80 m, clock: {uniform: [1.2 GHz, 1.5 GHz]}}]}"
      ]),
    Golden(name: "gains", base: "gains.yaml", more: ["gains.csv"]),
    Golden(name: "memory", settings: ["policy=proportional-fair", "deadline=8 s", "rounds=4"]),
    Golden(
      name: "server-queue",
      settings: [
        "server={clock: 1.4 GHz, cores: 2560, flops_per_cycle: 0.5, power: 70 W, idle_power: 10 W, accelerators: 1}",
        "forecast.server=mean", "deadline=7 s", "rounds=4",
      ], more: ["timeline.json"]),
    Golden(
      name: "shared-server",
      settings: [
        "server={clock: 1.4 GHz, cores: 2560, flops_per_cycle: 0.5, accelerators: 1, discipline: processor-sharing}",
        "deadline=9 s",
      ]),
    Golden(name: "downlink", settings: ["downlink={}", "devices.receive_power=0.3 W", "deadline=7 s"]),
    Golden(name: "timeline", settings: ["server.power=250 W"], more: ["timeline.json"]),
    Golden(
      name: "trained",
      settings: [
        "model={image: 8, channels: 1, patch: 4, dim: 12, depth: 1, heads: 2, classes: 4}", "training.trainer=vit",
        "training.batch=8",
        "training.dataset={name: synthetic, classes: [0, 1, 2, 3], train_limit: 120, test_limit: 40}",
        "training.partition={kind: iid}",
        "devices={count: 8, clock: {uniform: [1.0 GHz, 1.5 GHz]}, cores: 6, distance: {uniform: [50 m, 400 m]}}",
      ], more: ["partition.csv"]),
  ]

  static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Golden")

  @Test("a run writes the bytes that are kept for it", arguments: all)
  func golden(_ golden: Golden) throws {
    let scratch = FileManager.default.temporaryDirectory.appending(path: "airsplit-golden-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: scratch) }
    try simulate(golden, into: scratch)

    let kept = Self.folder.appending(path: golden.name)
    let names = try FileManager.default.contentsOfDirectory(atPath: scratch.path).filter {
      !["timing.csv", "inputs"].contains($0)
    }.sorted()
    let always = [
      "bcd.csv", "devices.csv", "events.csv", "manifest.json", "rounds.csv", "scenario.yaml", "schema.json",
      "schema.sql",
    ]
    #expect(names == (always + golden.more).sorted())
    let now = try Dictionary(
      uniqueKeysWithValues: names.map { ($0, try String(contentsOf: scratch.appending(path: $0), encoding: .utf8)) })
    if ProcessInfo.processInfo.environment["REFRESH_GOLDEN"] == "1" {
      try? FileManager.default.removeItem(at: kept)
      try FileManager.default.createDirectory(at: kept, withIntermediateDirectories: true)
      for (name, text) in now { try Data(text.utf8).write(to: kept.appending(path: name)) }
      return
    }
    #expect(try Set(FileManager.default.contentsOfDirectory(atPath: kept.path)) == Set(now.keys))
    for (name, text) in now {
      let then = try String(contentsOf: kept.appending(path: name), encoding: .utf8)
      #expect(text == then, "\(golden.name)/\(name) changed; if it should, run tools/refresh-golden and read the diff")
    }
  }

  @Test(
    "nothing is kept that no run writes",
    .disabled(if: ProcessInfo.processInfo.environment["REFRESH_GOLDEN"] == "1", "the folders are being written"))
  func noStrays() throws {
    let kept = try FileManager.default.contentsOfDirectory(atPath: Self.folder.path).filter { !$0.hasPrefix(".") }
    #expect(Set(kept) == Set(Self.all.map(\.name) + ["golden.yaml", "gains.yaml", "gains.csv"]))
  }

  private func simulate(_ golden: Golden, into folder: URL) throws {
    let overrides = try golden.settings.map(ScenarioOverride.init(setting:))
    let file = Self.folder.appending(path: golden.base).path
    let scenario = try ScenarioReader.read(path: file, overrides: overrides).scenario
    let policy = try ResolvedPolicy(scenario)
    var options = Run.Options()
    options.recordsEvents = true
    let world = try World(scenario)
    var run = try Run(world, policy: policy.policy, trainer: world.makeTrainer(threads: 1), options: options)
    var recorder = try Recorder(
      path: folder.path, run: run, policy: policy, selection: golden.selection)
    while let result = try run.nextRound() { try recorder.record(result, of: run) }
    try recorder.finish(run)
  }
}
