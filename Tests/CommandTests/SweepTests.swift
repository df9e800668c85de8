import Foundation
import TestSupport
import Testing

@Suite("airsplit sweep")
struct SweepCommandTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    try folder.write(
      smallScenario.replacing("rounds: 4", with: "rounds: 1") + """
        sweep:
          grid: {deadline: [4 s, 5 s, 8 s], policy: [exact, bcd, rb]}
          repetitions: 20
        """, to: "s.yaml")
  }

  private static let tables = ["points.csv", "runs.csv", "summary.csv", "failures.csv"]

  @discardableResult
  private func sweep(_ arguments: String..., status: Int32 = 0) throws -> Tool.Outcome {
    let outcome = try Tool.run(["sweep"] + arguments, in: folder)
    #expect(outcome.status == status, "\(arguments): \(outcome.errors)")
    return outcome
  }

  private func tables(_ name: String) throws -> [Data] { try Self.tables.map { try folder.data("\(name)/\($0)") } }

  private func status(_ name: String) throws -> String { try Tool.run("status", name, in: folder).output }

  @Test("does every run, and its tables say so in tidy rows")
  func whole() throws {
    let outcome = try sweep("s.yaml", "--out", "r", "--quiet")
    #expect(outcome.output == "small: 9 points, 180 runs: 180 done, 0 failed, 0 missing\nThe results are in r.\n")
    #expect(outcome.errors == "")
    let points = try folder.lines("r/points.csv")
    #expect(points[0] == "point,name,key,deadline,policy,repetitions,done,failed")
    #expect(points[1].hasPrefix("0,\"deadline=4s,policy=exact\",") && points[1].hasSuffix(",4 s,exact,20,20,0"))
    let runs = try folder.lines("r/runs.csv")
    #expect(runs[0].hasPrefix("point,name,repetition,deadline,policy,round_time_s,devices_feasible,"))
    #expect(runs.count == 182)
    #expect(runs[21].hasPrefix("1,\"deadline=4s,policy=bcd\",0,4 s,bcd,"))
    let summary = try folder.lines("r/summary.csv")
    #expect(summary[0] == "point,name,deadline,policy,metric,n,mean,sd,ci95_low,ci95_high")
    #expect(try folder.lines("r/failures.csv") == ["point,name,repetition,error,command", ""])
    #expect(try status("r").hasSuffix("\nmissing: 0\n"))
  }

  @Test("is the same sweep when it is read back, with defaults that follow what varies and values laid over the file")
  func readBack() throws {
    // The power of bcd-ep is that of ep unless it is given.
    let settings = ["--set", "sweep={grid: {policy: [bcd-ep], policies.ep.power: [0.5 W, 1 W]}, repetitions: 3}"]
    let more = ["--set", "devices.count=9"]
    #expect(try Tool.run(["sweep", "s.yaml", "--out", "r", "--quiet"] + settings + more, in: folder).status == 0)
    let status = try status("r")
    #expect(status.hasSuffix("done: 6\nfailed: 0\nrunning: 0 processes\nmissing: 0\n"), "\(status)")
    let expected = try tables("r")
    try FileManager.default.removeItem(atPath: folder.path("r/journal"))
    try sweep("--resume", "r", "--quiet")
    #expect(try tables("r") == expected)
  }

  @Test("agrees with 'run --repetition'")
  func single() throws {
    try sweep("s.yaml", "--out", "r", "--quiet")
    let run = try Tool.run(
      "run", "s.yaml", "--set", "deadline=5 s", "--policy", "bcd", "--repetition", "7", "--out", "one", in: folder)
    #expect(run.status == 0 && run.errors.contains("note: the scenario has a sweep"), "\(run.errors)")
    let row = try #require(try folder.lines("r/runs.csv").first { $0.contains(",7,5 s,bcd,") })
    let columns = try folder.lines("r/runs.csv")[0].split(separator: ",").map(String.init)
    // The name of a point has a comma in quotes.
    let fields = row.replacing("\"deadline=5s,policy=bcd\"", with: "n").split(
      separator: ",", omittingEmptySubsequences: false)
    let rounds = try folder.lines("one/rounds.csv").prefix(2).map {
      $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
    for name in ["objective", "step_energy_j", "bits_mean", "round_time_s"] {
      let place = try #require(columns.firstIndex(of: name))
      let other = try #require(rounds[0].firstIndex(of: name))
      #expect(String(fields[place]) == rounds[1][other], "\(name)")
    }
    #expect(try folder.text("one/manifest.json").contains("\"repetition\": 7"))
    let explained = try Tool.run("explain", "one", "--round", "1", "--device", "0", in: folder)
    #expect(explained.status == 0 && explained.output.hasSuffix("devices.csv says the same.\n"), "\(explained.errors)")
  }

  @Test("ends with the same bytes on any number of jobs and in any shards")
  func jobsAndShards() throws {
    try sweep("s.yaml", "--out", "a", "--jobs", "1", "--quiet")
    try sweep("s.yaml", "--out", "b", "--jobs", "4", "--quiet")
    for shard in ["3/3", "1/3"] { try sweep("s.yaml", "--out", "c", "--shard", shard, "--quiet") }
    #expect(try status("c").hasSuffix("\nmissing: 60\n"))
    let early = try Tool.run("merge", "c", in: folder)
    #expect(
      early.status == 3
        && early.errors.contains("missing: 60 runs; do what is missing with: airsplit sweep --resume c"),
      "\(early.errors)")
    try sweep("--resume", "c", "--shard", "2/3", "--quiet")
    #expect(try Tool.run("merge", "c", in: folder).status == 0)
    #expect(try tables("b") == tables("a"))
    #expect(try tables("c") == tables("a"))
  }

  @Test("extends to the bytes of a sweep that had all of it from the start")
  func extending() throws {
    try sweep(
      "s.yaml", "--set", "sweep.grid.deadline=[5 s]", "--set", "sweep.repetitions=9", "--out", "r", "--quiet")
    let dry = try sweep("s.yaml", "--out", "r", "--dry-run")
    #expect(dry.output.hasSuffix("9 points, 180 runs, of which 27 are done, 0 failed and 153 missing in r\n"))
    try sweep("s.yaml", "--out", "r", "--quiet")
    try sweep("s.yaml", "--out", "fresh", "--quiet")
    #expect(try tables("r") == tables("fresh"))
    #expect(try folder.names("r/journal").count == 2)
  }

  @Test("keeps a run that failed with its error and a command that shows it, and tries it again when asked")
  func failures() throws {
    // Some devices draw a largest power below the least one.
    let power = "sweep.grid={devices.power_max: [1 W, {uniform: [0.09 W, 1 W]}]}"
    let outcome = try sweep("s.yaml", "--set", power, "--out", "r", "--quiet", status: 1)
    #expect(outcome.errors.contains("runs failed; r/failures.csv says why; try them again with:"), "\(outcome.errors)")
    let failed = try folder.lines("r/failures.csv").filter { !$0.isEmpty }
    #expect(failed.count > 1 && failed.count < 21)
    let shown = try show(failed[1])
    #expect(shown.status == 2 && shown.errors.contains("power_min"), "\(shown.errors)")
    let again = try sweep("s.yaml", "--set", power, "--out", "r", "--quiet", status: 1)
    #expect(!again.errors.contains(" failed: "))
    #expect(try sweep("--resume", "r", "--retry", "--quiet", status: 1).errors.contains(" failed: "))
    // Runs that had begun by then are kept, those that failed too.
    try sweep("s.yaml", "--set", power, "--out", "fast", "--fail-fast", "--jobs", "1", "--quiet", status: 1)
    #expect(try folder.lines("fast/failures.csv").filter { !$0.isEmpty }.count > 1)
  }

  @Test("shows a failure of files and programs from anywhere, however the scenario named them")
  func failureFromAnywhere() throws {
    try folder.write("import sys; sys.exit(1)", to: "pol/none.py")
    for (name, gain) in [("good", "-100"), ("bad", "-100")] {
      let rows = (0..<2).flatMap { device in (0..<3).map { "1,\(device),\($0),\(gain)" } }
      try folder.write((["round,device,block,gain_db"] + rows).joined(separator: "\n") + "\n", to: "in/\(name).csv")
    }
    try folder.write(
      """
      schema: 1
      name: files
      rounds: 1
      devices: {count: 2}
      server: {}
      uplink: {blocks: 3}
      model: {name: vit_base_patch32_224}
      policies: {external: {command: [python3, pol/none.py]}}
      sweep:
        grid: {uplink.gains: [in/good.csv, in/bad.csv], policy: [external, ep]}
        repetitions: 1
      """, to: "f.yaml")
    let outcome = try Tool.run(
      ["sweep", "f.yaml", "--set", "seed=3", "--out", "odd 'f'", "--quiet", "--allow-external"], in: folder)
    #expect(outcome.status == 1, "\(outcome.errors)")
    let failed = try folder.lines("odd 'f'/failures.csv").filter { !$0.isEmpty }
    #expect(failed.count == 3)
    for row in failed.dropFirst() {
      let shown = try show(row)
      #expect(shown.status != 0 && shown.errors.contains("pol/none.py"), "\(shown.errors)")
    }
  }

  /// What the command at the end of a row of failures.csv does in another folder.
  private func show(_ row: String) throws -> Tool.Outcome {
    let elsewhere = try TemporaryFolder()
    let command = try #require(row.range(of: "airsplit run ").map { row[$0.upperBound...] })
    let shell = Process()
    shell.executableURL = URL(fileURLWithPath: "/bin/sh")
    shell.arguments = ["-c", "exec \"$0\" run \(command.replacing("\"", with: ""))", Tool.executable.path]
    shell.currentDirectoryURL = elsewhere.url
    shell.standardOutput = try elsewhere.writer(".out")
    shell.standardError = try elsewhere.writer(".err")
    try shell.run()
    shell.waitUntilExit()
    return Tool.Outcome(
      status: shell.terminationStatus, output: try elsewhere.text(".out"), errors: try elsewhere.text(".err"))
  }

  @Test("keeps traces in a folder a run where they are asked for")
  func traces() throws {
    let settings = ["--set", "sweep.traces=[rounds, bcd]", "--set", "sweep.repetitions=2"]
    #expect(try Tool.run(["sweep", "s.yaml", "--out", "r", "--quiet"] + settings, in: folder).status == 0)
    #expect(try folder.names("r/traces").count == 9)
    #expect(
      try folder.names("r/traces/deadline=5s,policy=bcd/rep-001") == [
        "bcd.csv", "manifest.json", "rounds.csv", "scenario.yaml", "schema.json", "schema.sql", "timing.csv",
      ])
  }

  @Test("is told of wrong usage")
  func usage() throws {
    for (arguments, expected) in [
      (["sweep"], "Missing expected argument '<scenario>', or --resume <folder>"),
      (["sweep", "s.yaml", "--resume", "r"], "name a scenario or --resume, not both"),
      (["sweep", "s.yaml", "--shard", "4/3"], "--shard is '4/3'; write i/n"),
      (["sweep", "s.yaml", "--jobs", "0"], "--jobs is 0"),
      (["sweep", "--resume", "r"], "r: is no folder"),
      (["sweep", "s.yaml", "--out", "s.yaml"], "s.yaml: is a file; name a folder for the results"),
      (["sweep", "s.yaml", "--set", "sweep.repetitions=x"], "'x' is not a whole number"),
      (["status", "."], ".: holds no sweep: there is no sweep.json"),
      (["merge", "nowhere"], "nowhere: is no folder"),
    ] {
      let outcome = try Tool.run(arguments, in: folder)
      #expect(outcome.status == 2 && outcome.output == "", "\(arguments)")
      #expect(outcome.errors.contains(expected), "\(arguments): \(outcome.errors)")
    }
    try folder.write("mine", to: "other/notes.txt")
    #expect(try sweep("s.yaml", "--out", "other", status: 2).errors.contains("holds 'notes.txt' and no sweep"))
    try sweep("s.yaml", "--out", "r", "--quiet")
    try folder.write(folder.text("s.yaml").replacing("name: small", with: "name: large"), to: "t.yaml")
    #expect(try sweep("t.yaml", "--out", "r", status: 2).errors.contains("r: holds the sweep of 'small'"))
  }

  @Test("does all of it inside somebody's own Slurm array unless a part is asked for, and says so in one line")
  func slurmArray() throws {
    let environment = ["SLURM_ARRAY_TASK_ID": "3", "SLURM_ARRAY_TASK_COUNT": "10", "SLURM_ARRAY_TASK_MIN": "1"]
    let whole = try Tool.run(["sweep", "s.yaml", "--out", "r", "--quiet"], in: folder, environment: environment)
    #expect(whole.status == 0 && whole.output.contains("180 done, 0 failed, 0 missing"), "\(whole.output)")
    #expect(whole.errors.hasPrefix("note: this is task 3 of a Slurm array and does the whole sweep"), "\(whole.errors)")
    #expect(whole.errors.hasSuffix("--shard \"$SLURM_ARRAY_TASK_ID/n\"\n"), "\(whole.errors)")
    let part = try Tool.run(
      ["sweep", "s.yaml", "--out", "p", "--quiet", "--shard", "3/10"], in: folder, environment: environment)
    #expect(part.status == 0 && part.errors == "", "\(part.errors)")
    #expect(try status("p").hasSuffix("\nmissing: 162\n"))
  }
}
