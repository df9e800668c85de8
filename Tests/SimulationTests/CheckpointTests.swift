import Foundation
import Scenario
import TestSupport
import Testing
import Trace
import Training

@testable import Simulation

/// A trainer whose loss depends on every round that it was handed, and whose memory of them is a file.
final class RememberingTrainer: Trainer {
  private var memory: [String] = []

  func train(_ work: RoundWork) throws -> RoundLearning {
    memory.append("\(work.round): \(work.participants.map { "\($0.device) \($0.bits) \($0.steps)" })")
    var learning = RoundLearning()
    learning.trainLoss = Double(memory.joined().utf8.reduce(7) { ($0 &* 31 &+ UInt32($1)) % 1_000_003 }) / 3
    learning.testAccuracy = Double(work.round) / 10
    return learning
  }

  func save(to file: OutputFile) throws {
    #expect(file.length == 0)
    try file.append(Array(memory.joined(separator: "\n").utf8))
  }

  func restore(from path: String) throws {
    memory = try String(contentsOfFile: path, encoding: .utf8).components(separatedBy: "\n")
  }

  func writeWeights(to file: OutputFile) throws {}
}

@Suite("Checkpoints of a run")
struct CheckpointTests {
  private let folder = FileManager.default.temporaryDirectory.appending(path: "airsplit-\(UUID().uuidString)")

  private func run(_ scenario: Scenario) throws -> Run { try StoppedRun(scenario: scenario).begin() }

  /// What a run leaves whose process ends after each round of `stops`.
  private func files(of scenario: Scenario, stops: [Int], in name: String) throws -> [String: Data] {
    try StoppedRun(scenario: scenario)
      .leavings(stops: stops.map { .round($0) }, in: folder.appending(path: name)).files
  }

  @Test(
    "a run that goes on from any round ends with the same files",
    arguments: [
      ["policy=exact"], ["policy=bcd"], ["framework=sl", "band=all"], ["framework=sfl-v2"], ["framework=fl"],
      ["framework=ll"], ["framework=cl"], ["server.power=300 W", "deadline={value: 4.7 s, per: step}", "policy=ep"],
      ["devices.clock={value: 1.4 GHz, optimise: true, levels: 4}"], ["policy=round-robin"],
      ["policy=proportional-fair"], ["policy={name: virtual-queue, energy_budget: 1 J}", "channel_estimate.error=2 %"],
    ])
  func roundTrip(settings: [String]) throws {
    let overrides = try (["rounds=6"] + settings).map(ScenarioOverride.init(setting:))
    try expectSameEnd(
      ScenarioReader.read(text: Fixture.text, file: "fixture.yaml", overrides: overrides).scenario)
  }

  @Test("what the server keeps of a frozen embedding, and an accuracy that ends the run, survive")
  func trainingRules() throws {
    var scenario = try Fixture.scenario("rounds=6", "policy=rb")
    scenario.training.embedding = .frozen
    try expectSameEnd(scenario)
    scenario = try Fixture.scenario("rounds=6")
    scenario.training.stopAtAccuracy = 0.4
    try expectSameEnd(scenario)
  }

  private func expectSameEnd(_ scenario: Scenario) throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let whole = try files(of: scenario, stops: [], in: "whole")
    #expect(whole.count == 9)
    for stops in [[1], [2, 3], [5], [1, 2, 3, 4, 5]] {
      let name = "stopped-\(stops.count)-\(stops[0])"
      let stopped = try files(of: scenario, stops: stops, in: name)
      #expect(stopped.keys.sorted() == whole.keys.sorted(), "\(stops)")
      for (file, data) in whole { #expect(stopped[file] == data, "\(file), \(stops)") }
    }
  }

  @Test("a checkpoint whose trainer's file is gone, cut off, or that has none for a trainer, is refused")
  func trainerFile() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let scenario = try Fixture.scenario("rounds=6")
    let path = folder.appending(path: "run").path
    do {
      var run = try run(scenario)
      var recorder = try Recorder(path: path, run: run, policy: ResolvedPolicy(scenario))
      for _ in 0..<3 {
        guard let result = try run.nextRound() else { break }
        try recorder.record(result, of: run)
        try recorder.save(run)
      }
    }
    let checkpoint = folder.appending(path: "run/checkpoint")
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: checkpoint.path).sorted() == ["state.jsonl", "trainer-3"])

    func resume(_ run: consuming Run) throws {
      var run = run
      guard
        case .unfinished(let folder, let manifest, let beginning) = try RunFolder.resume(
          path, version: Recorder.version)
      else { return }
      _ = try Recorder(
        resuming: folder, manifest: manifest, beginning: beginning, run: &run, selection: .standard)
    }
    try resume(run(scenario))
    func expectRefusal(_ reason: String, _ body: () throws -> Void) {
      #expect {
        try body()
      } throws: {
        "\($0)".hasPrefix("\(checkpoint.path): the checkpoint is damaged: \(reason); delete this folder")
      }
    }
    expectRefusal("it is another trainer's") {
      try resume(Run(World(scenario), policy: ResolvedPolicy(scenario).policy))
    }
    let file = checkpoint.appending(path: "trainer-3")
    let data = try Data(contentsOf: file)
    try data.dropLast().write(to: file)
    expectRefusal("checkpoint/trainer-3 is not there, or not the \(data.count) bytes that were written") {
      try resume(run(scenario))
    }
    try FileManager.default.removeItem(at: file)
    expectRefusal("checkpoint/trainer-3 is not there, or not the \(data.count) bytes that were written") {
      try resume(run(scenario))
    }
  }

  @Test("every bit that flips in what a run has left is noticed")
  func flippedBits() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let scenario = try Fixture.scenario("rounds=6")
    let path = folder.path
    let selection: TraceSelection = [.rounds, .devices, .events, .bcd, .timeline]
    do {
      var run = try run(scenario)
      var recorder = try Recorder(path: path, run: run, policy: ResolvedPolicy(scenario), selection: selection)
      while run.round < 3, let result = try run.nextRound() { try recorder.record(result, of: run) }
      try recorder.save(run)
    }
    func resume() throws {
      var run = try run(scenario)
      guard
        case .unfinished(let folder, let manifest, let beginning) = try RunFolder.resume(
          path, version: Recorder.version)
      else { return }
      _ = try Recorder(resuming: folder, manifest: manifest, beginning: beginning, run: &run, selection: selection)
    }
    try resume()
    let names = try #require(FileManager.default.enumerator(atPath: path)).compactMap { $0 as? String }
    var random = SplitMix(state: 1)
    var flips = 0
    for name in names {
      let place = folder.appending(path: name)
      guard let data = try? Data(contentsOf: place) else { continue }
      for start in stride(from: 0, to: data.count, by: max(1, data.count / 24)) {
        var flipped = data
        let byte = min(data.count - 1, start + Int(random.next() % UInt64(max(1, data.count / 24))))
        flipped[byte] ^= 1 << UInt8(random.next() % 8)
        try flipped.write(to: place)
        let isSchema = name == TraceSchema.fileName || name == TraceSchema.sqlName
        if isSchema || name == TimelineFile.fileName && byte >= data.count - "\n]}\n".utf8.count {
          // What follows from the traces' columns, and the end of the timeline, are written anew.
          try resume()
          #expect(try Data(contentsOf: place) == data, "\(name), byte \(byte)")
        } else {
          #expect(throws: TraceError.self, "\(name), byte \(byte)") { try resume() }
        }
        flips += 1
      }
      try data.write(to: place)
    }
    try resume()
    #expect(flips > 200)
  }

  @Test("a run that was killed after its last round says the same at its end", arguments: ["sflam", "fl", "cl"])
  func lastWords(framework: String) throws {
    // Nobody has the power for a round: every one is without participants.
    let scenario = try Fixture.scenario(
      "framework=\(framework)", "policy=rb", "rounds=12", "deadline=3.1 s", "uplink.noise_figure=60 dB")
    var whole = try Run(World(scenario), policy: ResolvedPolicy(scenario).policy)
    while try whole.nextRound() != nil {}
    var resumed = try Run(World(scenario), policy: ResolvedPolicy(scenario).policy)
    try resumed.restore(whole.state)
    #expect(resumed.closingWarnings == whole.closingWarnings)
    if framework == "sflam" { #expect(whole.closingWarnings.contains { $0.contains(": in the last one, of ") }) }
  }

  @Test("another version cannot go on with a run")
  func version() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let scenario = try Fixture.scenario()
    do {
      _ = try Recorder(path: folder.path, run: run(scenario), policy: ResolvedPolicy(scenario))
    }
    #expect(
      throws: TraceError.folder(
        path: folder.path,
        reason: "was begun by version \(Recorder.version); version 9.9 cannot go on with the same bytes")
    ) { try RunFolder.resume(folder.path, version: "9.9") }
  }
}
