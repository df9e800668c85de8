import Foundation
import TestSupport
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// What may happen to a sweep from outside: it loses nothing that it had, and ends with the same bytes.
@Suite("A sweep that is killed, starved or damaged", .serialized)
struct SweepLossTests {
  private let folder: TemporaryFolder
  private static let tables = ["points.csv", "runs.csv", "summary.csv", "failures.csv"]

  init() throws {
    folder = try TemporaryFolder()
    try folder.write(
      smallScenario.replacing("rounds: 4", with: "rounds: 1") + """
        sweep:
          grid: {deadline: [4 s, 5 s], policy: [exact, bcd]}
          repetitions: 400
        """, to: "s.yaml")
  }

  private func sweep(_ arguments: String...) throws -> Tool.Outcome { try Tool.run(["sweep"] + arguments, in: folder) }

  private func tables(_ name: String) throws -> [Data] { try Self.tables.map { try folder.data("\(name)/\($0)") } }

  /// The tables of a sweep that nothing happened to.
  private func undisturbed() throws -> [Data] {
    #expect(try sweep("s.yaml", "--out", "undisturbed", "--quiet").status == 0)
    return try tables("undisturbed")
  }

  @Test("goes on after SIGKILL at twenty moments")
  func kills() throws {
    let begin = ContinuousClock.now
    let expected = try undisturbed()
    let whole = (ContinuousClock.now - begin) / Duration.seconds(1)
    var generator = SplitMix(state: 1)
    var interrupted = 0
    for _ in 0..<20 {
      let process = try Tool.start(["sweep", "s.yaml", "--out", "r", "--quiet"], in: folder)
      Thread.sleep(forTimeInterval: Double.random(in: 0...whole / 6, using: &generator))
      kill(process.processIdentifier, SIGKILL)
      process.waitUntilExit()
      if process.terminationReason == .uncaughtSignal { interrupted += 1 }
    }
    #expect(interrupted > 3, "the runs were too short to be interrupted")
    let outcome = try sweep("s.yaml", "--out", "r", "--quiet")
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(try tables("r") == expected)
  }

  @Test("is taken up again where it was killed between any two of its first files")
  func firstFiles() throws {
    let few = ["--set", "sweep.repetitions=5", "--quiet"]
    #expect(try Tool.run(["sweep", "s.yaml", "--out", "undisturbed"] + few, in: folder).status == 0)
    let expected = try tables("undisturbed")
    let plan = try folder.text("undisturbed/sweep.json")
    let scenario = try folder.text("undisturbed/scenario.yaml")
    let source = try JSONSerialization.data(withJSONObject: [scenario])
    let begun = plan.replacing(
      "\n}", with: ",\n  \"source\": \(String(decoding: source.dropFirst().dropLast(), as: UTF8.self))\n}")
    // What each step of the beginning leaves; an older AirSplit wrote the scenario first.
    let states: [([String: String], resumes: Bool)] = [
      ([:], false), (["sweep.json.partial": "{"], false), (["scenario.yaml": scenario], false),
      (["sweep.json": begun], true), (["sweep.json": begun, "scenario.yaml.partial": "sche"], true),
      (["sweep.json": begun, "scenario.yaml": scenario], true),
      (["sweep.json": plan, "scenario.yaml": scenario], true),
    ]
    for (place, (files, resumes)) in states.enumerated() {
      for resuming in resumes ? [false, true] : [false] {
        let name = "r\(place)\(resuming)"
        try folder.write("", to: "\(name)/locks/begin")
        for (file, text) in files { try folder.write(text, to: "\(name)/\(file)") }
        let outcome = try Tool.run(
          ["sweep"] + (resuming ? ["--resume", name, "--quiet"] : ["s.yaml", "--out", name] + few), in: folder)
        #expect(outcome.status == 0, "\(files.keys), resuming \(resuming): \(outcome.errors)")
        #expect(try tables(name) == expected)
      }
    }
  }

  @Test(
    "saves what it has on Ctrl-C or a cluster's signal and says how to go on", arguments: [SIGINT, SIGHUP, SIGUSR1])
  func interruption(signal: Int32) throws {
    let expected = try undisturbed()
    let process = try Tool.start(["sweep", "s.yaml", "--out", "r", "--jobs", "1"], in: folder)
    while (try? folder.names("r/journal").isEmpty) ?? true { usleep(10_000) }
    kill(process.processIdentifier, signal)
    process.waitUntilExit()
    let errors = try folder.text(".err")
    if process.terminationStatus == 1 {
      #expect(errors.contains("interrupted, with ") && errors.contains("sweep --resume r"), "\(errors)")
    }
    #expect(try sweep("--resume", "r", "--quiet").status == 0)
    #expect(try tables("r") == expected)
  }

  @Test("tells a second process who has the folder, and lets other shards in")
  func twoAtOnce() throws {
    try folder.write(folder.text("s.yaml").replacing("400", with: "100000"), to: "long.yaml")
    let first = try Tool.start(["sweep", "long.yaml", "--out", "r", "--quiet"], in: folder)
    defer { first.waitUntilExit() }
    defer { kill(first.processIdentifier, SIGKILL) }
    while (try? folder.names("r/journal").isEmpty) ?? true { usleep(10_000) }
    let second = try sweep("long.yaml", "--out", "r", "--quiet")
    #expect(second.status == 2)
    #expect(
      second.errors.contains("r: another airsplit works on it (process \(first.processIdentifier) on "),
      "\(second.errors)")
    #expect(try sweep("long.yaml", "--out", "r", "--shard", "1/2").status == 2)
    let status = try Tool.run("status", "r", in: folder)
    #expect(
      status.output.contains("running: 1 process\n  process \(first.processIdentifier) on "), "\(status.output)")
  }

  @Test("does the runs again whose lines were cut or changed")
  func damage() throws {
    let expected = try undisturbed()
    #expect(try sweep("s.yaml", "--out", "r", "--quiet").status == 0)
    let name = "r/journal/\(try #require(try folder.names("r/journal").first))"
    var bytes = try folder.data(name)
    // Within a line's key: the end of a line would be two lines' loss.
    let end = try #require(bytes[..<(bytes.count / 2)].lastIndex(of: UInt8(ascii: "\n")))
    bytes[end + 3] ^= 1
    try bytes.dropLast(100).write(to: URL(fileURLWithPath: folder.path(name)))
    try FileManager.default.removeItem(atPath: folder.path("r/summary.csv"))
    #expect(try Tool.run("status", "r", in: folder).output.hasSuffix("\nmissing: 2\n"))
    let outcome = try sweep("s.yaml", "--out", "r", "--quiet")
    #expect(
      outcome.status == 0 && outcome.errors.contains("ignored in r/journal: 1 damaged line"), "\(outcome.errors)")
    #expect(try tables("r") == expected)
  }

  @Test("says that the disk is full, and goes on when there is room")
  func fullDisk() throws {
    guard let disk = try SmallDisk(at: folder.path("disk"), kilobytes: 300) else { return }
    defer { disk.unmount() }
    let full = try sweep("s.yaml", "--out", "disk/r", "--quiet")
    #expect(full.status == 1)
    #expect(full.errors.contains("No space left on device") && full.errors.contains("disk/r/"), "\(full.errors)")
    try disk.remount("size=50m")
    #expect(try sweep("s.yaml", "--out", "disk/r", "--quiet").status == 0)
    #expect(try tables("disk/r") == undisturbed())
  }

  @Test("says that the folder cannot be written")
  func readOnly() throws {
    guard let disk = try SmallDisk(at: folder.path("disk"), kilobytes: 5000) else { return }
    defer { disk.unmount() }
    #expect(try sweep("s.yaml", "--set", "sweep.repetitions=2", "--out", "disk/r", "--quiet").status == 0)
    try disk.remount("ro")
    for arguments in [["s.yaml", "--out", "disk/r"], ["s.yaml", "--out", "disk/new"], ["--resume", "disk/r"]] {
      let outcome = try Tool.run(["sweep"] + arguments, in: folder)
      #expect(
        outcome.status == 1 && outcome.errors.contains("Read-only file system"), "\(arguments): \(outcome.errors)")
    }
    #expect(try Tool.run("status", "disk/r", in: folder).output.hasSuffix("\nmissing: 0\n"))
  }
}

/// A small file system in memory, mounted where a test wants it; only root may.
private final class SmallDisk {
  private let path: String

  /// `nil`, said aloud, where this process may not mount.
  init?(at path: String, kilobytes: Int) throws {
    self.path = path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    guard Self.run(["mount", "-t", "tmpfs", "-o", "size=\(kilobytes)k", "tmpfs", path]) else {
      print("skipped: this process may not mount a file system")
      return nil
    }
  }

  func remount(_ option: String) throws {
    #expect(Self.run(["mount", "-o", "remount,\(option)", path]))
  }

  func unmount() { _ = Self.run(["umount", path]) }

  private static func run(_ words: [String]) -> Bool {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = words
    process.standardError = FileHandle.nullDevice
    guard (try? process.run()) != nil else { return false }
    process.waitUntilExit()
    return process.terminationStatus == 0
  }
}
