import Foundation
import Testing
import Trace

@Suite("airsplit run")
struct RunTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder.withSmallScenario() }

  @Test("a run prints its totals and where the results lie, and leaves a finished folder")
  func plain() throws {
    let outcome = try Tool.run("run", "small.yaml", in: folder)
    #expect(outcome.status == 0)
    let lines = outcome.output.split(separator: "\n").map(String.init)
    #expect(lines.first == "small: framework sflam, policy exact, seed 7")
    #expect(lines.last == "The results are in results/small.")
    for label in ["Jain's index of participation", "share never selected", "share of data used"] {
      #expect(lines.contains { $0.hasPrefix(label) }, "\(label)")
    }
    #expect(outcome.errors.contains("\nround 4 of 4, "))
    #expect(
      try folder.names("results/small") == [
        "checkpoint", "devices.csv", "manifest.json", "rounds.csv", "scenario.yaml", "schema.json", "schema.sql",
        "timing.csv",
      ])
    #expect(try folder.lines("results/small/rounds.csv").count == 4 + 2)
    #expect(try folder.lines("results/small/devices.csv").count == 4 * 12 + 2)
  }

  @Test("JSON is one object, and --quiet leaves standard error to warnings")
  func json() throws {
    let outcome = try Tool.run("run", "small.yaml", "--format", "json", "--quiet", "--out", "here", in: folder)
    #expect(outcome.errors.split(separator: "\n").allSatisfy { $0.hasPrefix("warning: ") })
    let run = try object(outcome.output)
    #expect(run["name"] as? String == "small" && run["results"] as? String == "here")
    let summary = try #require(run["summary"] as? [String: Any])
    #expect(summary["rounds"] as? Int == 4 && summary["devices"] as? Int == 12)
    let manifest = try object(folder.text("here/manifest.json"))
    #expect(manifest["finished"] as? Bool == true)
    #expect(manifest["fingerprint"] as? String == run["fingerprint"] as? String)
  }

  @Test("the same seed gives the same bytes, another seed others")
  func sameBytes() throws {
    let traces = ["--trace", "rounds,devices,events,bcd", "--policy", "bcd"]
    for (name, seed) in [("a", "7"), ("b", "7"), ("c", "8")] {
      #expect(try Tool.run(["run", "small.yaml", "--out", name, "--seed", seed] + traces, in: folder).status == 0)
    }
    let names = try folder.files("a").filter { $0 != "timing.csv" && !$0.hasPrefix("schema.") }
    #expect(
      names == [
        "bcd.csv", "checkpoint/run.json", "checkpoint/state.jsonl", "devices.csv", "events.csv", "manifest.json",
        "rounds.csv", "scenario.yaml",
      ])
    for name in names {
      #expect(try folder.data("a/\(name)") == folder.data("b/\(name)"), "\(name)")
      #expect(try folder.data("a/\(name)") != folder.data("c/\(name)"), "\(name)")
    }
  }

  @Test("the gains that a run writes are a gains file, with which another run decides the same")
  func gains() throws {
    let traces = ["--trace", "rounds,devices,gains"]
    #expect(try Tool.run(["run", "small.yaml", "--out", "drawn"] + traces, in: folder).status == 0)
    let gains = try folder.lines("drawn/gains.csv")
    let scenario = try object(folder.text("drawn/manifest.json"))["scenario"] as? [String: Any]
    let blocks = try #require((scenario?["uplink"] as? [String: Any])?["blocks"] as? Int)
    #expect(
      gains.first == "round,device,block,gain_db" && gains.dropFirst().filter { !$0.isEmpty }.count == 4 * 12 * blocks)
    let again = try Tool.run(
      ["run", "small.yaml", "--out", "given", "--set", "uplink.gains=drawn/gains.csv"] + traces, in: folder)
    #expect(again.status == 0, "\(again.errors)")
    func decisions(_ run: String) throws -> [[Substring]] {
      try folder.lines("\(run)/devices.csv").map { line in
        let fields = line.split(separator: ",", omittingEmptySubsequences: false)
        return fields.count < 7 ? [] : [fields[0], fields[1], fields[4], fields[6]]
      }
    }
    #expect(try decisions("given") == decisions("drawn"))
  }

  @Test("gains of an array of NumPy give the traces that they give as CSV, and the folder keeps them")
  func arrays() throws {
    #expect(try Tool.run("run", "small.yaml", "--out", "drawn", "--trace", "gains", in: folder).status == 0)
    let lines = try folder.lines("drawn/gains.csv").dropFirst().filter { !$0.isEmpty }
    let gains = lines.map { line in
      line.split(separator: ",", omittingEmptySubsequences: false).last.flatMap { Double($0) } ?? .nan
    }
    let header = "{'descr': '<f8', 'fortran_order': False, 'shape': (4, 12, \(gains.count / 48)), }\n"
    let bytes =
      [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(header.utf8.count), 0] + Array(header.utf8)
      + gains.flatMap { gain in (0..<8).map { UInt8(truncatingIfNeeded: gain.bitPattern >> (8 * UInt64($0))) } }
    try Data(bytes).write(to: folder.url.appending(path: "gains.npy"))
    for (name, file) in [("csv", "drawn/gains.csv"), ("npy", "gains.npy")] {
      let done = try Tool.run("run", "small.yaml", "--out", name, "--set", "uplink.gains=\(file)", in: folder)
      #expect(done.status == 0, "\(done.errors)")
      try FileManager.default.removeItem(atPath: folder.path(file))
      #expect(try Tool.run("run", "--resume", name, "--rounds", "6", in: folder).status == 0)
    }
    #expect(try folder.data("npy/inputs/gains.npy") == Data(bytes))
    for trace in ["rounds.csv", "devices.csv"] {
      #expect(try folder.data("npy/\(trace)") == folder.data("csv/\(trace)"))
    }
  }

  @Test("seeds that JavaScript and R would round are text in JSON, and read back")
  func largeSeeds() throws {
    for seed in ["9007199254740992", "9007199254740993", "18446744073709551615"] {
      let run = ["run", "small.yaml", "--seed", seed, "--out", "s\(seed)", "--quiet"]
      #expect(try Tool.run(run, in: folder).status == 0)
      let text = try folder.text("s\(seed)/manifest.json")
      let written = seed == "9007199254740992" ? seed : "\"\(seed)\""
      #expect(text.contains("\n  \"seed\": \(written),\n") && text.contains("\n    \"seed\": \(written),\n"))
      #expect(try Tool.run("explain", "s\(seed)", "--round", "1", "--device", "0", in: folder).status == 0)
    }
  }

  @Test("two policies of one seed see the same devices")
  func commonRandomNumbers() throws {
    func distances(_ policy: String) throws -> [Substring] {
      _ = try Tool.run("run", "small.yaml", "--policy", policy, "--out", policy, in: folder)
      return try folder.lines("\(policy)/devices.csv").dropLast().map { $0.split(separator: ",")[2] }
    }
    #expect(try distances("rb") == distances("ep"))
  }

  @Test("options of their own and --set are checked, win over the file, and stand in the resolved scenario")
  func overrides() throws {
    let outcome = try Tool.run(
      "run", "small.yaml", "--seed", "9", "--rounds", "2", "--policy", "nq", "--framework", "sfl", "--set",
      "deadline=9 s", "--set", "devices.count=5", "--out", "o", in: folder)
    #expect(outcome.status == 0)
    let resolved = try folder.lines("o/scenario.yaml")
    for line in ["seed: 9", "rounds: 2", "policy: nq", "framework: sfl", "deadline: 9.0 s", "  count: 5"] {
      #expect(resolved.contains(line), "\(line)")
    }
    #expect(try folder.lines("o/rounds.csv").count == 2 + 2)
  }

  @Test("a framework without a step on the air says which policy it takes instead")
  func otherPolicy() throws {
    let outcome = try Tool.run("run", "small.yaml", "--framework", "fl", "--policy", "bcd", "--quiet", in: folder)
    #expect(outcome.status == 0)
    #expect(
      outcome.errors == "note: framework fl has no step on the air: policy fixed is used in place of bcd\n")
    #expect(outcome.output.hasPrefix("small: framework fl, policy fixed, seed 7\n"))
  }

  @Test("a finished run is not overwritten unless --force says so")
  func force() throws {
    #expect(try Tool.run("run", "small.yaml", in: folder).status == 0)
    let before = try folder.data("results/small/manifest.json")
    let refused = try Tool.run("run", "small.yaml", "--seed", "8", in: folder)
    #expect(refused.status == 2 && refused.output == "")
    #expect(
      refused.errors.hasSuffix(
        "error: results/small: holds a finished run; name another folder with --out, or overwrite it with --force\n"))
    #expect(try folder.data("results/small/manifest.json") == before)
    #expect(try Tool.run("run", "small.yaml", "--seed", "8", "--force", in: folder).status == 0)
    #expect(try folder.data("results/small/manifest.json") != before)
  }

  @Test("a folder of something else is never touched, even with --force")
  func foreign() throws {
    try folder.write("precious", to: "mine/notes.txt")
    let outcome = try Tool.run("run", "small.yaml", "--out", "mine", "--force", in: folder)
    #expect(outcome.status == 2)
    #expect(try folder.names("mine") == ["notes.txt"])
  }

  @Test("a run that is stopped keeps its finished rounds, says so, and can be run again", arguments: [SIGINT, SIGKILL])
  func stopped(signal: Int32) throws {
    let process = try Tool.start(["run", "small.yaml", "--rounds", "10000000", "--quiet"], in: folder)
    while try !folder.has("results/small/rounds.csv") || folder.lines("results/small/rounds.csv").count < 5 {
      guard process.isRunning else { break }
      usleep(5000)
    }
    kill(process.processIdentifier, signal)
    for _ in 0..<2000 where process.isRunning { usleep(5000) }
    kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
    if signal == SIGINT {
      #expect(process.terminationReason == .exit && process.terminationStatus == 1)
      #expect(try folder.text(".err").contains("error: interrupted after round "))
    }
    #expect(!folder.has("results/small/manifest.json"))
    var rows = try TraceReader<RoundRecord>(path: folder.path("results/small/rounds.csv"))
    for round in 1...3 { #expect(try rows.next()?.round == round) }
    let again = try Tool.run("run", "small.yaml", "--quiet", in: folder)
    #expect(again.status == (signal == SIGINT ? 2 : 0), "only the stopped run has a checkpoint")
    #expect(try Tool.run("run", "small.yaml", "--quiet", "--force", in: folder).status == 0)
    #expect(try folder.lines("results/small/rounds.csv").count == 4 + 2)
  }
}
