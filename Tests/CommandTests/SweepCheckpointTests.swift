import Foundation
import TestSupport
import Testing

@Suite("A sweep whose runs save checkpoints")
struct SweepCheckpointTests {
  private let folder: TemporaryFolder
  private static let tables = ["points.csv", "runs.csv", "summary.csv", "failures.csv"]

  init() throws {
    folder = try TemporaryFolder()
    try folder.write(
      TrainingTests.scenario.replacing("rounds: 6", with: "rounds: 60")
        + "sweep: {grid: {training.optimizer.learning_rate: [0.003, 0.1]}, repetitions: 2, weights: best}\n",
      to: "sweep.yaml")
  }

  private func sweep(_ arguments: [String]) throws -> Tool.Outcome {
    let outcome = try Tool.run(["sweep"] + arguments + ["--quiet"], in: folder)
    #expect(outcome.status == 0, "\(outcome.errors)")
    return outcome
  }

  private func files(_ name: String) throws -> [String] {
    try folder.files(name).filter { file in
      !["journal", "locks"].contains { file.hasPrefix($0) } && !file.hasSuffix("timing.csv")
    }
  }

  private func expectSame(_ name: String, as other: String, _ comment: Comment) throws {
    #expect(try files(name) == files(other), comment)
    for file in try files(other) where file != "sweep.json" {
      #expect(try folder.data("\(name)/\(file)") == folder.data("\(other)/\(file)"), "\(file), \(comment)")
    }
  }

  @Test("ends with the same bytes, whenever it is killed", arguments: [1, 2, 3, 4] as [UInt64])
  func killed(seed: UInt64) throws {
    let more = seed < 3 ? [] : ["--set", "sweep.traces=[rounds, devices, timeline]"]
    let clock = ContinuousClock()
    let began = clock.now
    _ = try sweep(["sweep.yaml", "--out", "whole", "--jobs", "2"] + more)
    let took = began.duration(to: clock.now) / .microseconds(1)
    var delays = SplitMix(state: seed)
    for _ in 0..<5 {
      let process = try Tool.start(
        ["sweep", "sweep.yaml", "--out", "s", "--jobs", "2", "--checkpoint-every", "\(seed)", "--quiet"] + more,
        in: folder)
      usleep(UInt32(Double(delays.next() % 1000) / 2000 * took))
      kill(process.processIdentifier, SIGKILL)
      process.waitUntilExit()
    }
    _ = try sweep(["sweep.yaml", "--out", "s", "--jobs", "2", "--checkpoint-every", "\(seed)"] + more)
    try expectSame("s", as: "whole", "seed \(seed)")
  }

  @Test("ends its runs after their round at a signal, and goes on from there", arguments: [SIGINT, SIGTERM, SIGUSR1])
  func stopped(signal: Int32) throws {
    let traces = ["--set", "sweep.traces=[rounds]"]
    _ = try sweep(["sweep.yaml", "--out", "whole", "--jobs", "2"] + traces)
    let process = try Tool.start(
      ["sweep", "sweep.yaml", "--out", "s", "--jobs", "1", "--checkpoint-every", "1000", "--quiet"] + traces, in: folder
    )
    let run = "s/traces/training.optimizer.learning_rate=0.003/rep-000"
    while process.isRunning, try !folder.has("\(run)/timing.csv") || folder.lines("\(run)/timing.csv").count < 5 {
      usleep(500)
    }
    kill(process.processIdentifier, signal)
    process.waitUntilExit()
    #expect(process.terminationReason == .exit && process.terminationStatus == 1)
    let said = try folder.text(".err")
    #expect(said.hasPrefix("error: interrupted, with ") && said.hasSuffix(" --checkpoint-every 1000\n"), "\(said)")
    // A machine that slept through the run's rest has nothing to go on with.
    let stopped = folder.has("\(run)/checkpoint/state.jsonl") ? try folder.data("\(run)/timing.csv") : Data()
    _ = try sweep(["--resume", "s", "--checkpoint-every", "1000"])
    try expectSame("s", as: "whole", "signal \(signal)")
    // The wall times of the rounds before are still there: nothing of them was done again.
    #expect(try folder.data("\(run)/timing.csv").starts(with: stopped))
  }

  @Test("begins a run anew whose checkpoint is damaged or another sweep's")
  func damaged() throws {
    _ = try sweep(["sweep.yaml", "--out", "whole", "--jobs", "2"])
    let process = try Tool.start(
      ["sweep", "sweep.yaml", "--out", "s", "--jobs", "1", "--checkpoint-every", "2", "--quiet"], in: folder)
    let run = "s/unfinished/training.optimizer.learning_rate=0.003/rep-000"
    while process.isRunning, !folder.has("\(run)/checkpoint/state.jsonl") { usleep(500) }
    kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
    if folder.has("\(run)/checkpoint/state.jsonl") {
      for name in try folder.names("\(run)/checkpoint") where name.hasPrefix("trainer-") {
        var bytes = try folder.data("\(run)/checkpoint/\(name)")
        bytes[bytes.count - 5] ^= 4
        try bytes.write(to: folder.url.appending(path: "\(run)/checkpoint/\(name)"))
      }
    }
    _ = try sweep(["--resume", "s", "--checkpoint-every", "2"])
    try expectSame("s", as: "whole", "damaged")
    #expect(!folder.has("s/unfinished"))
  }
}
