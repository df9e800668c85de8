import Foundation
import TestSupport
import Testing

@Suite("A run that is resumed")
struct ResumeTests {
  private let folder: TemporaryFolder
  private static let everything = ["--trace", "rounds,devices,events,bcd", "--quiet"]

  init() throws { folder = try TemporaryFolder.withSmallScenario() }

  /// All files of a results folder but the wall times, by name.
  private func files(_ run: String) throws -> [String: Data] {
    var files: [String: Data] = [:]
    let names = FileManager.default.enumerator(atPath: folder.path(run))?.compactMap { $0 as? String } ?? []
    for name in names where name != "timing.csv" {
      var isFolder: ObjCBool = false
      _ = FileManager.default.fileExists(atPath: folder.path("\(run)/\(name)"), isDirectory: &isFolder)
      files[name] = isFolder.boolValue ? Data() : try folder.data("\(run)/\(name)")
    }
    return files
  }

  private func expectSameFiles(_ run: String, as other: String, _ comment: Comment) throws {
    let (left, right) = (try files(run), try files(other))
    #expect(left.keys.sorted() == right.keys.sorted(), comment)
    for name in right.keys.sorted() { #expect(left[name] == right[name], "\(name), \(comment)") }
  }

  /// Sends a process `signal` after some microseconds, and waits for its end.
  private func stop(_ process: Process, _ signal: Int32, after microseconds: UInt32) {
    usleep(microseconds)
    if process.isRunning { kill(process.processIdentifier, signal) }
    process.waitUntilExit()
  }

  /// Starts a run of 100,000 rounds, many more than there is time for, and kills it when it has saved a checkpoint.
  private func killedRun(_ arguments: String..., out: String = "run") throws {
    let process = try Tool.start(
      ["run", "small.yaml", "--rounds", "100000", "--out", out, "--checkpoint-every", "5"] + arguments, in: folder)
    while process.isRunning, !folder.has("\(out)/checkpoint/state.jsonl") { usleep(2000) }
    stop(process, SIGKILL, after: 20_000)
    #expect(process.terminationReason == .uncaughtSignal)
  }

  @Test(
    "ends with the same bytes as one never killed, whenever it is killed and however often",
    arguments: [
      ("sflam", "exact", "1"), ("sfl", "bcd", "7"), ("sl", "rb", "3 rounds"), ("cl", "fixed", "2"),
      ("ll", "fixed", "50"), ("sflam", "round-robin", "17 events"),
    ])
  func killed(framework: String, policy: String, every: String) throws {
    let arguments =
      ["run", "small.yaml", "--rounds", "60", "--framework", framework, "--policy", policy] + Self.everything
    #expect(try Tool.run(arguments + ["--out", "whole"], in: folder).status == 0)
    for seed in UInt64(1)...3 {
      var random = SplitMix(state: seed)
      var next = arguments + ["--out", "killed", "--checkpoint-every", every]
      for _ in 0..<3 {
        let process = try Tool.start(next, in: folder)
        Tool.kill(process, using: &random, of: 60) { folder.rounds("killed") }
        // A run that was killed before it had a folder begins again.
        if folder.has("killed/manifest.json") || folder.has("killed/manifest.json.partial") {
          next = ["run", "--resume", "killed"]
        }
      }
      let end = try Tool.run(next, in: folder)
      #expect(end.status == 0, "seed \(seed): \(end.errors)")
      try expectSameFiles("killed", as: "whole", "seed \(seed)")
      try FileManager.default.removeItem(atPath: folder.path("killed"))
    }
  }

  @Test(
    "says after Ctrl-C or a cluster's signal how to go on, and what it says works",
    arguments: [SIGINT, SIGTERM, SIGHUP, SIGUSR1, SIGUSR2])
  func interrupted(signal: Int32) throws {
    let arguments = ["run", "small.yaml", "--rounds", "800", "--quiet"]
    let process = try Tool.start(arguments + ["--out", "it's a run"], in: folder)
    while process.isRunning, try !folder.has("it's a run/rounds.csv") || folder.lines("it's a run/rounds.csv").count < 5
    {
      usleep(2000)
    }
    stop(process, signal, after: 0)
    #expect(process.terminationReason == .exit && process.terminationStatus == 1)
    let said = try #require(try folder.lines(".err").last { !$0.isEmpty })
    #expect(said.hasPrefix("error: interrupted after round "))
    let command = try #require(said.components(separatedBy: "go on with: ").last)
    #expect(command.hasSuffix(#" run --resume 'it'\''s a run'"#))

    let shell = Process()
    shell.executableURL = URL(fileURLWithPath: "/bin/sh")
    shell.arguments = ["-c", command]
    shell.currentDirectoryURL = folder.url
    shell.standardOutput = try folder.writer(".resumed")
    try shell.run()
    shell.waitUntilExit()
    #expect(shell.terminationStatus == 0)
    let whole = try Tool.run(arguments + ["--out", "whole"], in: folder)
    #expect(try folder.text(".resumed").replacing("it's a run", with: "whole") == whole.output)
    try expectSameFiles("it's a run", as: "whole", "signal \(signal)")
  }

  /// Starts a run whose rounds take long, and waits for its first.
  private func slowRun(_ launcher: [String] = []) throws -> Process {
    try folder.write(
      smallScenario.replacing("count: 12", with: "count: 3000")
        .replacing("local_epochs: 1", with: "local_epochs: 400"), to: "slow.yaml")
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments =
      launcher + [Tool.executable.path] + ["run", "slow.yaml", "--rounds", "100000", "--out", "run", "--quiet"]
    process.currentDirectoryURL = folder.url
    process.standardOutput = FileHandle.nullDevice
    process.standardError = try folder.writer(".err")
    try process.run()
    while process.isRunning, try !folder.has("run/rounds.csv") || folder.lines("run/rounds.csv").count < 3 {
      usleep(2000)
    }
    return process
  }

  @Test("takes the same signal twice in a row for one, as cluster managers send it", arguments: [SIGTERM, SIGINT])
  func twiceInARow(signal: Int32) throws {
    let process = try slowRun()
    kill(process.processIdentifier, signal)
    usleep(20_000)
    stop(process, signal, after: 0)
    #expect(process.terminationReason == .exit && process.terminationStatus == 1)
    #expect(folder.has("run/checkpoint/state.jsonl"))
  }

  @Test("goes on after a hangup that nohup has ignored")
  func nohup() throws {
    let process = try slowRun(["nohup"])
    kill(process.processIdentifier, SIGHUP)
    let rows = try folder.lines("run/rounds.csv").count
    while process.isRunning, try folder.lines("run/rounds.csv").count < rows + 3 { usleep(2000) }
    #expect(process.isRunning)
    stop(process, SIGKILL, after: 0)
  }

  @Test("is not begun anew over its checkpoint, and the two commands that it is told work")
  func typedAgain() throws {
    try killedRun("--quiet")
    let rounds = try folder.data("run/rounds.csv")
    let arguments = ["run", "small.yaml", "--rounds", "100000", "--out", "run", "--checkpoint-every", "5", "--quiet"]
    let refused = try Tool.run(arguments, in: folder)
    #expect(refused.status == 2 && refused.output == "")
    #expect(try folder.data("run/rounds.csv") == rounds)
    let words = try #require(
      refused.errors.firstMatch(
        of: /error: run: holds an unfinished run and its checkpoint; go on with: (.*); or start over with: (.*)\n/))
    #expect(words.1.hasSuffix("airsplit run --resume run"))
    #expect(words.2.hasSuffix("airsplit run --force " + arguments.dropFirst().joined(separator: " ")))
    for command in [words.1, words.2] {
      let process = Process()
      process.executableURL = URL(fileURLWithPath: "/bin/sh")
      process.arguments = ["-c", "exec \(command)"]
      process.currentDirectoryURL = folder.url
      process.standardError = try folder.writer(".err")
      try process.run()
      stop(process, SIGTERM, after: 400_000)
      #expect(try folder.text(".err").contains("interrupted after round "), "\(command)")
    }
  }

  @Test("is not overwritten by a second run that waited for its end")
  func waitedFor() throws {
    let arguments = ["run", "small.yaml", "--rounds", "400", "--out", "run", "--quiet"]
    let first = try Tool.start(arguments + ["--seed", "1"], in: folder)
    while first.isRunning, !folder.has("run/rounds.csv") { usleep(2000) }
    let second = try Tool.run(arguments + ["--seed", "2"], in: folder)
    first.waitUntilExit()
    #expect(first.terminationStatus == 0 && second.status == 2)
    #expect(try folder.text("run/scenario.yaml").contains("seed: 1\n"))
  }

  @Test("keeps what it began with, and needs neither its scenario nor its input files")
  func folderAlone() throws {
    let scenarios = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../scenarios").standardized
    for name in ["measured.yaml", "data"] {
      try FileManager.default.copyItem(at: scenarios.appending(path: name), to: folder.url.appending(path: name))
    }
    let arguments = [
      "run", "measured.yaml", "--seed", "3", "--rounds", "60", "--policy", "bcd", "--set", "deadline=6 s", "--optimum",
      "--format", "json",
    ]
    let whole = try Tool.run(arguments + Self.everything + ["--out", "whole"], in: folder)
    let process = try Tool.start(
      arguments + Self.everything + ["--out", "run", "--checkpoint-every", "1"], in: folder)
    while process.isRunning, !folder.has("run/checkpoint/state.jsonl") { usleep(1000) }
    stop(process, SIGKILL, after: 0)
    for name in ["measured.yaml", "data"] { try FileManager.default.removeItem(atPath: folder.path(name)) }
    try FileManager.default.moveItem(atPath: folder.path("run"), toPath: folder.path("moved"))
    let gains = try folder.data("moved/inputs/gains.csv")
    var flipped = gains
    flipped[flipped.count - 2] ^= 1
    try flipped.write(to: folder.url.appending(path: "moved/inputs/gains.csv"))
    let refused = try Tool.run("run", "--resume", "moved", in: folder)
    #expect(
      refused.status == 2 && refused.errors.hasPrefix("error: moved/inputs/gains.csv: is not what the run had copied"))
    try gains.write(to: folder.url.appending(path: "moved/inputs/gains.csv"))
    let resumed = try Tool.run("run", "--resume", "moved/", in: folder)
    #expect(resumed.status == 0 && resumed.errors == "")
    #expect(resumed.output == whole.output.replacing("\"whole\"", with: "\"moved\""))
    try expectSameFiles("moved", as: "whole", "measured.yaml")
  }

  @Test("prints its summary again when it has finished, and changes nothing")
  func finished() throws {
    let first = try Tool.run("run", "small.yaml", "--out", "run", "--checkpoint-every", "1", in: folder)
    let before = try files("run")
    let again = try Tool.run("run", "--resume", "run", in: folder)
    #expect(again.status == 0 && again.output == first.output)
    #expect(again.errors == "the run in run has finished\n")
    #expect(try files("run") == before)
  }

  @Test("starts over where it was killed before its first checkpoint")
  func nothingSaved() throws {
    let process = try Tool.start(["run", "small.yaml", "--rounds", "500", "--out", "run", "--quiet"], in: folder)
    while process.isRunning, try !folder.has("run/rounds.csv") || folder.lines("run/rounds.csv").count < 5 {
      usleep(2000)
    }
    stop(process, SIGKILL, after: 0)
    let resumed = try Tool.run("run", "--resume", "run", in: folder)
    #expect(resumed.status == 0)
    #expect(try folder.lines("run/rounds.csv").count == 500 + 2)
    #expect(try Tool.run("run", "small.yaml", "--rounds", "500", "--out", "whole", "--quiet", in: folder).status == 0)
    try expectSameFiles("run", as: "whole", "no checkpoint")
  }

  @Test("cuts off what traces have beyond the checkpoint, and refuses traces that have less or are others")
  func traces() throws {
    try killedRun("--trace", "rounds,events", "--quiet")
    try folder.append("99,half a r", to: "run/rounds.csv")
    let process = try Tool.start(["run", "--resume", "run"], in: folder)
    stop(process, SIGINT, after: 300_000)
    #expect(try !folder.text("run/rounds.csv").contains("half a r"))

    let events = try folder.data("run/events.csv")
    try Data(events.prefix(200)).write(to: folder.url.appending(path: "run/events.csv"))
    try expectRefusal("run/events.csv: has 200 bytes, but the run had written ")
    try Data(repeating: 65, count: events.count).write(to: folder.url.appending(path: "run/events.csv"))
    try expectRefusal("run/events.csv: does not begin with the run's columns")
    try FileManager.default.removeItem(atPath: folder.path("run/events.csv"))
    try expectRefusal("run/events.csv: cannot be gone on with: ")
  }

  private func expectRefusal(_ begins: String, _ comment: Comment? = nil) throws {
    let outcome = try Tool.run("run", "--resume", "run", in: folder)
    #expect(outcome.status == 2 && outcome.output == "", comment)
    #expect(outcome.errors.hasPrefix("error: " + begins), "\(outcome.errors)")
  }

  @Test("refuses a checkpoint that is damaged or another run's, and a scenario that was changed")
  func damaged() throws {
    try killedRun("--quiet")
    let state = try folder.data("run/checkpoint/state.jsonl")
    let place = folder.url.appending(path: "run/checkpoint/state.jsonl")
    let damage = "run/checkpoint: the checkpoint is damaged: "
    try Data(state.dropLast()).write(to: place)
    try expectRefusal(damage + "it is not what a run wrote; delete this folder")
    for seed in UInt64(1)...10 {
      var random = SplitMix(state: seed)
      var bytes = state
      bytes[Int(random.next() % UInt64(bytes.count))] ^= UInt8(1 + random.next() % 255)
      try bytes.write(to: place)
      try expectRefusal(damage, "seed \(seed)")
    }
    try killedRun("--quiet", "--seed", "8", out: "other")
    try folder.data("other/checkpoint/state.jsonl").write(to: place)
    try expectRefusal(damage + "it is another scenario's")
    try state.write(to: place)
    try folder.append("# mine\n", to: "run/scenario.yaml")
    try expectRefusal("run/scenario.yaml: was changed after the run had begun")
  }

  @Test("is refused where there is no run, where it is told anything else, and while the run is going on")
  func refusals() throws {
    let process = try Tool.start(["run", "small.yaml", "--rounds", "100000", "--out", "run", "--quiet"], in: folder)
    while process.isRunning, !folder.has("run/rounds.csv") { usleep(2000) }
    let busy = try Tool.run("run", "--resume", folder.path("run"), in: TemporaryFolder())
    stop(process, SIGKILL, after: 0)
    #expect(busy.status == 2 && busy.errors.contains("another airsplit is writing to it"))

    try folder.write("mine", to: "notes/a.txt")
    for (arguments, begins) in [
      (["notes"], "error: notes: holds no run"), (["nowhere"], "error: nowhere: is not there"),
      (["small.yaml"], "error: small.yaml: is a file"), ([""], "error: '': is no folder"),
      (["run", "--force"], "error: --resume goes on with what the run began with; leave out --force"),
      (
        ["run", "small.yaml", "--seed", "1", "--set", "rounds=3"],
        "error: --resume goes on with what the run began with; leave out a scenario, --seed, --set"
      ),
      (
        ["run", "--checkpoint-every", "0"],
        "error: The value '0' is invalid for '--checkpoint-every <rounds>': it must be a number of rounds from 1, as in 10"
      ),
      (
        ["run", "--checkpoint-every", "5 minutes"],
        "error: The value '5 minutes' is invalid for '--checkpoint-every <rounds>': it must be a number of rounds"
      ),
    ] {
      let outcome = try Tool.run(["run", "--resume"] + arguments, in: folder)
      #expect(outcome.status == 2 && outcome.output == "")
      #expect(outcome.errors.hasPrefix(begins), "\(outcome.errors)")
    }
  }
}
