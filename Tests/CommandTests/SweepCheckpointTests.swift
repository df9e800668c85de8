import Foundation
import TestSupport
import Testing

/// Sweeps that are killed and go on, compared with others that never were.
struct CheckpointedSweeps {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @discardableResult
  func sweep(_ arguments: [String], status: Int32 = 0) throws -> Tool.Outcome {
    let outcome = try Tool.run(["sweep"] + arguments, in: folder)
    #expect(outcome.status == status, "\(arguments): \(outcome.errors)")
    return outcome
  }

  /// All that a sweep leaves, but for wall times and who did what.
  private func files(_ name: String) throws -> [String] {
    try folder.files(name).filter { file in
      !["journal", "locks"].contains { file.hasPrefix($0) } && !file.hasSuffix("timing.csv") && file != "sweep.json"
    }
  }

  func expectSame(_ name: String, as other: String, _ comment: Comment) throws {
    let (left, right) = (try files(name), try files(other))
    #expect(left == right, comment)
    for file in right where folder.has("\(name)/\(file)") {
      #expect(try folder.data("\(name)/\(file)") == folder.data("\(other)/\(file)"), "\(file), \(comment)")
    }
  }

  /// How many rounds a sweep has written: `each` of a run in a journal, and those of runs that are under way.
  func rounds(_ sweep: String, each: Int) -> Int {
    let files = (try? folder.files(sweep)) ?? []
    let journals = files.filter { $0.hasPrefix("journal/") }.compactMap { try? folder.lines("\(sweep)/\($0)") }
    let runs = files.filter { $0.hasSuffix("/manifest.json.partial") }.map {
      $0.dropLast("/manifest.json.partial".count)
    }
    return journals.reduce(0) { $0 + $1.count - 1 } * each
      + runs.reduce(0) { $0 + folder.rounds("\(sweep)/\($1)") }
  }

  func flip(_ file: String, at share: Double) throws {
    var bytes = try folder.data(file)
    bytes[Int(share * Double(bytes.count - 1))] ^= 4
    try bytes.write(to: folder.url.appending(path: file))
  }

  func kill(_ process: Process, _ signal: Int32 = SIGKILL) {
    Foundation.kill(process.processIdentifier, signal)
    process.waitUntilExit()
  }
}

@Suite("A sweep whose runs save checkpoints")
struct SweepCheckpointTests {
  private let sweeps: CheckpointedSweeps
  private var folder: TemporaryFolder { sweeps.folder }

  init() throws {
    sweeps = try CheckpointedSweeps()
    try sweeps.folder.write(
      TrainingTests.scenario.replacing("rounds: 6", with: "rounds: 60")
        + "sweep: {grid: {training.optimizer.learning_rate: [0.003, 0.1]}, repetitions: 2, weights: best}\n",
      to: "train.yaml")
    try sweeps.folder.write(
      smallScenario.replacing("rounds: 4", with: "rounds: 400")
        + "sweep: {grid: {policy: [bcd, rb, virtual-queue, round-robin]}, repetitions: 2}\n", to: "plain.yaml")
  }

  private static let kills: [(scenario: String, jobs: String, settings: [String], rounds: Int, runs: Int)] = [
    ("train.yaml", "2", [], 60, 4),
    ("train.yaml", "1", ["sweep.weights=last"], 60, 4),
    ("train.yaml", "2", ["sweep.traces=[rounds, devices, timeline]", "sweep.repetitions=1"], 60, 2),
    ("plain.yaml", "1", [], 400, 8),
    ("plain.yaml", "2", ["sweep.traces=[rounds, events, timeline]"], 400, 8),
  ]

  @Test("ends with the same bytes, whenever it is killed and whoever goes on", arguments: kills.indices)
  func killed(place: Int) throws {
    let (scenario, jobs, settings, rounds, runs) = Self.kills[place]
    let more = settings.flatMap { ["--set", $0] } + ["--jobs", jobs, "--quiet"]
    try sweeps.sweep([scenario, "--out", "whole"] + more)
    var random = SplitMix(state: UInt64(place))
    for time in 0..<5 {
      let process = try Tool.start(
        ["sweep", scenario, "--out", "s", "--checkpoint-every", "\(place % 3 * 4 + 1)"] + more
          + (time == 3 ? ["--shard", "1/2"] : []), in: folder)
      Tool.kill(process, using: &random, of: rounds * runs) { sweeps.rounds("s", each: rounds) }
    }
    try sweeps.sweep(["--resume", "s", "--shard", "2/2", "--quiet"])
    try sweeps.sweep([scenario, "--out", "s"] + more)
    try sweeps.expectSame("s", as: "whole", "\(Self.kills[place])")
    #expect(!folder.has("s/unfinished"))
  }

  @Test("ends its runs after their round at a signal, and goes on from there", arguments: [SIGINT, SIGTERM, SIGUSR1])
  func stopped(signal: Int32) throws {
    let traces = ["--set", "sweep.traces=[rounds]", "--quiet"]
    try sweeps.sweep(["train.yaml", "--out", "whole", "--jobs", "2"] + traces)
    let process = try Tool.start(
      ["sweep", "train.yaml", "--out", "s", "--jobs", "1", "--checkpoint-every", "1000"] + traces, in: folder)
    let run = "s/traces/training.optimizer.learning_rate=0.003/rep-000"
    while process.isRunning, try !folder.has("\(run)/timing.csv") || folder.lines("\(run)/timing.csv").count < 5 {
      usleep(500)
    }
    sweeps.kill(process, signal)
    #expect(process.terminationReason == .exit && process.terminationStatus == 1)
    let said = try folder.text(".err")
    #expect(said.hasPrefix("error: interrupted, with ") && said.hasSuffix(" --checkpoint-every 1000\n"), "\(said)")
    // A machine that slept through the run's rest has nothing to go on with.
    let stopped = folder.has("\(run)/checkpoint/state.jsonl") ? try folder.data("\(run)/timing.csv") : Data()
    try sweeps.sweep(["--resume", "s", "--quiet"])
    try sweeps.expectSame("s", as: "whole", "signal \(signal)")
    // The wall times of the rounds before are still there: nothing of them was done again.
    #expect(try folder.data("\(run)/timing.csv").starts(with: stopped))
  }

  @Test("begins a run anew whose weights in a checkpoint are damaged, and says so")
  func damaged() throws {
    try sweeps.sweep(["train.yaml", "--out", "whole", "--jobs", "2", "--quiet"])
    let process = try Tool.start(
      ["sweep", "train.yaml", "--out", "s", "--jobs", "1", "--checkpoint-every", "2", "--quiet"], in: folder)
    let run = "s/unfinished/training.optimizer.learning_rate=0.003/rep-000"
    while process.isRunning, !folder.has("\(run)/checkpoint/state.jsonl") { usleep(500) }
    sweeps.kill(process)
    let parts = folder.has(run) ? try folder.names("\(run)/checkpoint").filter { $0.hasPrefix("trainer-") } : []
    for name in parts { try sweeps.flip("\(run)/checkpoint/\(name)", at: 0.9) }
    let outcome = try sweeps.sweep(["--resume", "s", "--quiet"])
    #expect(
      parts.isEmpty
        || outcome.errors.hasPrefix(
          "warning: training.optimizer.learning_rate=0.003/rep-000 begins anew, since its checkpoint cannot be used: "),
      "\(outcome.errors)")
    try sweeps.expectSame("s", as: "whole", "damaged")
    #expect(!folder.has("s/unfinished"))
  }

  @Test("refuses a number of rounds that is none, and says where it changes nothing")
  func usage() throws {
    let none = try sweeps.sweep(["plain.yaml", "--checkpoint-every", "0"], status: 2)
    #expect(none.errors.contains("--checkpoint-every is 0; it must be at least 1"), "\(none.errors)")
    let quick = try sweeps.sweep(
      ["plain.yaml", "--set", "sweep.measure=allocation", "--set", "rounds=2", "--checkpoint-every", "1", "--out", "q"])
    #expect(quick.errors.hasPrefix("note: --checkpoint-every changes nothing here: "), "\(quick.errors)")
    #expect(!folder.has("q/unfinished"))
  }
}

/// Runs of 20 rounds whose policy, a program, waits in round 8: what is killed there is always killed at the same place.
@Suite("A sweep that is killed amid a run", .enabled(if: Python.isHere, "there is no python3 here"))
struct SweepResumptionTests {
  private let sweeps: CheckpointedSweeps
  private var folder: TemporaryFolder { sweeps.folder }
  private static let run = "deadline=5s/rep-000"
  private static let unfinished = "s/unfinished/\(run)"

  init() throws {
    sweeps = try CheckpointedSweeps()
    try sweeps.folder.write(
      """
      import os, sys, time
      sys.path.insert(0, '\(Python.helpers)')
      from airsplit_policy import Policy, serve
      class Waiting(Policy):
          def allocate(self, round, gains):
              with open('asked', 'a') as asked: asked.write(f"{round}\\n")
              if round == 8:
                  open('waits', 'w').close()
                  while not os.path.exists('go'): time.sleep(0.005)
                  if os.path.exists('fail'): sys.exit(3)
              return []
      serve(Waiting)

      """, to: "wait.py")
    try sweeps.folder.write(
      """
      schema: 1
      name: long
      rounds: 20
      devices: {count: 6}
      server: {}
      uplink: {blocks: 3}
      model: {name: vit_base_patch32_224}
      policy: {external: {command: [python3, wait.py], timeout: 400 s}}
      sweep: {grid: {deadline: [5 s, 6 s]}, repetitions: 1}

      """, to: "long.yaml")
  }

  private func go() throws { try folder.write("", to: "go") }

  private func asked() throws -> [Int] { try folder.lines("asked").compactMap { Int($0) } }

  /// Does the whole sweep into `whole`, and begins one in `s` until its first run waits in round 8.
  private func waiting(_ arguments: String...) throws -> Process {
    try go()
    try sweeps.sweep(["long.yaml", "--out", "whole", "--allow-external", "--quiet"] + arguments)
    for name in ["go", "waits", "asked"] { try FileManager.default.removeItem(atPath: folder.path(name)) }
    let process = try Tool.start(
      ["sweep", "long.yaml", "--out", "s", "--checkpoint-every", "5", "--jobs", "1", "--allow-external"] + arguments,
      in: folder)
    while process.isRunning, !folder.has("waits") { usleep(2000) }
    try #require(process.isRunning)
    return process
  }

  private func resume(_ arguments: String..., status: Int32 = 0) throws -> Tool.Outcome {
    try sweeps.sweep(["--resume", "s", "--allow-external", "--jobs", "1"] + arguments, status: status)
  }

  @Test("goes on after the round of its last checkpoint, without being told again to save any")
  func goesOn() throws {
    sweeps.kill(try waiting())
    try FileManager.default.copyItem(atPath: folder.path("s/unfinished"), toPath: folder.path("copy"))
    try go()
    #expect(try resume().errors == "\(Self.run) goes on after round 5\n")
    #expect(try asked() == Array(1...8) + Array(6...20) + Array(1...20))
    try sweeps.expectSame("s", as: "whole", "killed")
    #expect(!folder.has("s/unfinished"))

    // Killed after the run was written down and before its checkpoint was removed.
    try FileManager.default.copyItem(atPath: folder.path("copy"), toPath: folder.path("s/unfinished"))
    #expect(try resume().errors == "")
    #expect(!folder.has("s/unfinished"))
  }

  @Test("goes on with its traces where it keeps some")
  func traces() throws {
    let traces = ["--set", "sweep.traces=[rounds, timeline]"]
    sweeps.kill(try waiting(traces[0], traces[1]))
    try go()
    #expect(folder.has("s/traces/\(Self.run)/checkpoint/state.jsonl") && !folder.has("s/unfinished"))
    #expect(try resume().errors == "\(Self.run) goes on after round 5\n")
    #expect(try asked() == Array(1...8) + Array(6...20) + Array(1...20))
    try sweeps.expectSame("s", as: "whole", "traces")
  }

  @Test("ends soon after a hangup, with a checkpoint of the round that it was in")
  func hangup() throws {
    let process = try waiting()
    Foundation.kill(process.processIdentifier, SIGHUP)
    usleep(300_000)
    try go()
    process.waitUntilExit()
    #expect(process.terminationReason == .exit && process.terminationStatus == 1)
    let said = try folder.text(".err")
    #expect(said.hasPrefix("error: interrupted, with 2 runs missing; go on with: "), "\(said)")
    // Round 8, unless the signal took longer than that.
    let last = try #require(asked().last)
    try #require(asked() == Array(1...last) && last < 20)
    #expect(try resume().errors == "\(Self.run) goes on after round \(last)\n")
    #expect(try asked() == Array(1...20) + Array(1...20))
    try sweeps.expectSame("s", as: "whole", "stopped")
  }

  @Test("begins a run anew, and says so, where a bit of what it goes on from has flipped")
  func flipped() throws {
    sweeps.kill(try waiting())
    try go()
    let files = ["checkpoint/state.jsonl", "manifest.json.partial", "scenario.yaml"]
    for (file, place) in files.flatMap({ file in [0.1, 0.5, 0.99].map { (file, $0) } }) + [("timing.csv", 0.2)] {
      try? FileManager.default.removeItem(atPath: folder.path("t"))
      try FileManager.default.copyItem(atPath: folder.path("s"), toPath: folder.path("t"))
      try sweeps.flip("t/unfinished/\(Self.run)/\(file)", at: place)
      let outcome = try sweeps.sweep(["--resume", "t", "--allow-external", "--quiet"])
      #expect(
        outcome.errors.hasPrefix("warning: \(Self.run) begins anew, since its checkpoint cannot be used: "),
        "\(file) at \(place): \(outcome.errors)")
      try sweeps.expectSame("t", as: "whole", "\(file) at \(place)")
    }
  }

  @Test("begins a run anew, and says so, that has changed since")
  func changed() throws {
    sweeps.kill(try waiting())
    try go()
    let changed = ["long.yaml", "--set", "devices.count=7", "--allow-external", "--quiet"]
    try sweeps.sweep(changed + ["--out", "fresh"])
    let outcome = try sweeps.sweep(changed + ["--out", "s"])
    #expect(outcome.errors.contains("holds the checkpoint of another scenario, of other files"), "\(outcome.errors)")
    try sweeps.expectSame("s", as: "fresh", "changed")
  }

  @Test("tries a run that failed again from its last checkpoint")
  func retried() throws {
    let process = try waiting()
    try folder.write("", to: "fail")
    try go()
    process.waitUntilExit()
    #expect(process.terminationStatus == 1)
    #expect(try resume("--quiet", status: 1).errors.contains("2 runs failed"))
    try FileManager.default.removeItem(atPath: folder.path("fail"))
    let again = try resume("--retry")
    #expect(
      again.errors == "\(Self.run) goes on after round 5\ndeadline=6s/rep-000 goes on after round 5\n",
      "\(again.errors)")
    #expect(try folder.data("s/runs.csv") == folder.data("whole/runs.csv"))
    #expect(!folder.has("s/unfinished"))
  }

  @Test("leaves a run alone that another process is in the middle of")
  func twoProcesses() throws {
    let process = try waiting("--shard", "1/2")
    let whole = try resume("--quiet", status: 2)
    #expect(whole.errors.contains("another airsplit works on it"), "\(whole.errors)")
    // The first run is in this part as well.
    let other = try resume("--shard", "1/3", "--quiet", status: 1)
    #expect(
      other.errors.hasPrefix(
        "error: left what another airsplit is in the middle of, with 2 runs missing; go on with: "),
      "\(other.errors)")
    try go()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    #expect(try asked() == Array(1...20))
    for name in ["s", "whole"] { try sweeps.sweep(["--resume", name, "--allow-external", "--quiet"]) }
    try sweeps.expectSame("s", as: "whole", "two processes")
  }
}
