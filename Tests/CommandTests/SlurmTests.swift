import Foundation
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

@Suite("A sweep on a Slurm cluster", .serialized)
struct SlurmTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    try folder.write(
      smallScenario.replacing("rounds: 4", with: "rounds: 150") + """
        sweep:
          grid: {deadline: [4 s, 5 s], policy: [exact, bcd]}
          repetitions: 30
        """, to: "s.yaml")
  }

  private static let tables = ["points.csv", "runs.csv", "summary.csv", "failures.csv"]

  private func run(_ arguments: String..., environment: [String: String] = [:]) throws -> Tool.Outcome {
    try Tool.run(arguments, in: folder, environment: environment, program: Tool.built)
  }

  @Test("is written as a script that a person can read, and quotes what needs it")
  func script() throws {
    let outcome = try run(
      "sweep", "s.yaml", "--out", "odd name's", "--launcher", "slurm", "--array", "7%2", "--partition", "fast",
      "--time",
      "10", "--sbatch-arg=--mem=1G", "--dry-run")
    #expect(outcome.status == 0, "\(outcome.errors)")
    let place = folder.url.resolvingSymlinksInPath().path
    for line in [
      "#!/bin/bash", "#SBATCH --array=1-7%2", "#SBATCH --partition=\"fast\"", "#SBATCH --time=\"10\"",
      "#SBATCH --mem=1G",
      "#SBATCH --job-name=\"airsplit-small\"", "# The sweep 'small': 120 runs are missing, and 7 tasks do them",
      "--quiet --shard \"$SLURM_ARRAY_TASK_ID/7\" ",
    ] { #expect(outcome.output.contains(line), "\(outcome.output)") }
    #expect(outcome.output.contains("odd name's/logs/%A_%a.out\""))
    #expect(outcome.output.contains("sweep --resume '") && outcome.output.contains("odd name'\\''s' --quiet --shard"))
    #expect(!folder.has("odd name's") && outcome.output.contains(place))
    let few = try run("sweep", "s.yaml", "--launcher", "slurm", "--array", "5000", "--dry-run")
    #expect(few.output.contains("#SBATCH --array=1-120"))
  }

  @Test("is refused with reason where there is no Slurm, or usage is wrong")
  func refusals() throws {
    let without = try run("sweep", "s.yaml", "--out", "r", "--launcher", "slurm", environment: ["PATH": "/nowhere"])
    #expect(without.status == 1 && without.errors.contains("there is no sbatch on PATH"), "\(without.errors)")
    #expect(folder.has("r/sweep.sbatch"))
    for (arguments, expected) in [
      (["--array", "3"], "go with --launcher slurm"), (["--launcher", "slurm", "--shard", "1/2"], "leave them out"),
      (["--launcher", "slurm", "--array", "0"], "--array is '0'; write the number of tasks, from 1 to 100000"),
      (["--launcher", "slurm", "--array", "20%0"], "or tasks%at-once, as in 20%5"),
      (["--launcher", "slurm", "--array", "1-20"], "--array is '1-20'"),
      (["--launcher", "slurm", "--time", "a\nb"], "has a quote or a line break"), (["--launcher", "pbs"], "slurm"),
      (["--launcher", "slurm", "--dry-run", "--out", "a\nb"], "has a line break in its path"),
    ] {
      let outcome = try Tool.run(["sweep", "s.yaml"] + arguments, in: folder)
      #expect(outcome.status == 2 && outcome.errors.contains(expected), "\(arguments): \(outcome.errors)")
    }
  }

  @Test("loses a node and a task in the middle, goes on, and ends with the bytes of a local sweep")
  func cluster() throws {
    guard let cluster = try Cluster(folder: folder.path("slurm")) else { return }
    defer { cluster.down() }
    #expect(try run("sweep", "s.yaml", "--out", "local", "--quiet").status == 0)

    let launched = try run(
      "sweep", "s.yaml", "--out", "odd name's", "--launcher", "slurm", "--array", "6", environment: cluster.environment)
    #expect(launched.status == 0 && launched.output.hasPrefix("Job "), "\(launched.errors)")
    try waitUntil("both nodes work") { try self.workers() >= 2 }
    cluster.tool("kill-node", "n1")
    let victim = try #require(try self.workerProcesses().first)
    kill(victim, SIGKILL)
    #expect(try self.missing() > 0, "the tasks were done before anything happened to them")
    cluster.client("scancel", "--state=PENDING", "--user=\(NSUserName())")
    cluster.client("scancel", "--user=\(NSUserName())")
    try waitUntil("nobody works") { try self.workers() == 0 }
    #expect(try self.missing() > 0)

    cluster.tool("start-node", "n1")
    let again = try run(
      "sweep", "--resume", "odd name's", "--launcher", "slurm", "--array", "4", environment: cluster.environment)
    #expect(again.status == 0, "\(again.errors)")
    try waitUntil("nothing is missing") { try self.missing() == 0 }
    try waitUntil("nobody works") { try self.workers() == 0 }
    let merged = try run("merge", "odd name's")
    #expect(merged.status == 0, "\(merged.errors)")
    for table in Self.tables {
      #expect(try folder.data("odd name's/\(table)") == folder.data("local/\(table)"), "\(table)")
    }
    let rest = try run("sweep", "--resume", "odd name's", "--launcher", "slurm", environment: cluster.environment)
    #expect(rest.status == 0 && rest.output.hasPrefix("Nothing is missing"), "\(rest.output)")
  }

  @Test("means the same parts when some tasks of its script are submitted again")
  func rerun() throws {
    guard let cluster = try Cluster(folder: folder.path("slurm")) else { return }
    defer { cluster.down() }
    let written = try run(
      "sweep", "s.yaml", "--out", "odd name's", "--launcher", "slurm", "--array", "8%4",
      environment: ["PATH": "/nowhere"])
    #expect(written.errors.contains("there is no sbatch on PATH"), "\(written.errors)")
    #expect(cluster.client("sbatch", "--array=3,7", folder.path("odd name's/sweep.sbatch")) == 0)
    try waitUntil("two of eight parts are done") { try self.missing() == 90 }
    try waitUntil("nobody works") { try self.workers() == 0 }
    for part in [1, 2, 4, 5, 6, 8] {
      #expect(try run("sweep", "--resume", "odd name's", "--shard", "\(part)/8", "--quiet").status == 0)
    }
    #expect(try missing() == 0)
  }

  @Test("is told a size that works where the cluster refuses one")
  func tooLarge() throws {
    guard let cluster = try Cluster(folder: folder.path("slurm")) else { return }
    defer { cluster.down() }
    let refused = try run(
      "sweep", "s.yaml", "--out", "odd name's", "--launcher", "slurm", "--array", "100%3", "--time", "5",
      environment: cluster.environment)
    let advice = "airsplit sweep --resume 'odd name'\\''s' --launcher slurm --array 50%3 --time 5"
    #expect(refused.status == 1 && refused.errors.contains("at most 50 tasks"), "\(refused.errors)")
    #expect(refused.errors.hasSuffix("with: \(advice)\n"), "\(refused.errors)")
    let taken = try run(
      "sweep", "--resume", "odd name's", "--launcher", "slurm", "--array", "50%3", "--time", "5",
      environment: cluster.environment)
    #expect(
      taken.status == 0 && taken.output.contains("After losses:     \(advice)\n"), "\(taken.errors)\(taken.output)")
    cluster.client("scancel", "--user=\(NSUserName())")
    try waitUntil("nobody works") { try self.workers() == 0 }
  }

  // MARK: - What the disk says

  private func status() throws -> [String] {
    try run("status", "odd name's").output.split(separator: "\n").map(String.init)
  }

  private func missing() throws -> Int {
    Int(try #require(try status().last).replacing("missing: ", with: "")) ?? -1
  }

  private func workers() throws -> Int { try workerProcesses().count }

  private func workerProcesses() throws -> [Int32] {
    try status().filter { $0.hasPrefix("  process ") }.compactMap {
      $0.split(separator: " ").dropFirst().first.flatMap { Int32($0) }
    }
  }

  private func waitUntil(_ what: String, _ condition: () throws -> Bool) throws {
    for _ in 0..<600 {
      if try condition() { return }
      Thread.sleep(forTimeInterval: 0.1)
    }
    Issue.record("after a minute it is not so that \(what): \(try status())")
  }
}

/// The cluster of `tools/slurm-test-cluster`.
private final class Cluster {
  let environment: [String: String]
  private let folder: String

  /// `nil`, said aloud, where Slurm is not installed.
  init?(folder: String) throws {
    self.folder = folder
    environment = ["SLURM_CONF": "\(folder)/slurm.conf", "AIRSPLIT_SLURM": folder]
    guard FileManager.default.isExecutableFile(atPath: "/usr/sbin/slurmctld") else {
      print("skipped: Slurm is not installed here; tools/slurm-test-cluster up installs it")
      return nil
    }
    #expect(tool("up") == 0, "the cluster does not start")
  }

  func down() { tool("down") }

  @discardableResult func tool(_ words: String...) -> Int32 {
    let tools = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "tools/slurm-test-cluster").path
    return call(["timeout", "60", tools] + words)
  }

  @discardableResult func client(_ words: String...) -> Int32 { call(["timeout", "10"] + words) }

  private func call(_ words: [String]) -> Int32 {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = words
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    guard (try? process.run()) != nil else { return -1 }
    process.waitUntilExit()
    return process.terminationStatus
  }
}
