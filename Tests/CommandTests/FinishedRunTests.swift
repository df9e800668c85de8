import Foundation
import TestSupport
import Testing

@Suite("A finished run")
struct FinishedRunTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder.withSmallScenario()
    try folder.write(TrainingTests.scenario, to: "tiny.yaml")
    let scenarios = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../scenarios").standardized
    for name in ["measured.yaml", "data"] {
      try FileManager.default.copyItem(at: scenarios.appending(path: name), to: folder.url.appending(path: name))
    }
  }

  private static let everything = ["--trace", "rounds,devices,events,bcd,timeline,gains", "--quiet"]

  @discardableResult
  private func run(_ arguments: [String]) throws -> Tool.Outcome {
    let outcome = try Tool.run(["run"] + arguments, in: folder)
    #expect(outcome.status == 0, "\(arguments): \(outcome.errors)")
    return outcome
  }

  private func expectSameFiles(_ run: String, as other: String, _ comment: Comment) throws {
    #expect(try folder.files(run) == folder.files(other), comment)
    for name in try folder.files(other) where name != "timing.csv" {
      #expect(try folder.data("\(run)/\(name)") == folder.data("\(other)/\(name)"), "\(name), \(comment)")
    }
  }

  @Test(
    "goes on to more rounds with the bytes of a run that had them from the start, and so does that one",
    arguments: [
      ["small.yaml", "--policy", "bcd"], ["small.yaml", "--framework", "sl"], ["small.yaml", "--framework", "cl"],
      ["small.yaml", "--policy", "proportional-fair", "--optimum", "--repetition", "2"],
      ["measured.yaml"], ["tiny.yaml"], ["tiny.yaml", "--framework", "sfl", "--set", "training.evaluate_local=false"],
      ["tiny.yaml", "--framework", "sl"],
    ])
  func goesOn(arguments: [String]) throws {
    let trains = arguments[0] == "tiny.yaml"
    for every in trains ? [1, 3] : [1] {
      let traces = Self.everything.map { $0.hasPrefix("rounds") && trains ? $0 + ",tensors" : $0 }
      let arguments = arguments + traces + ["--set", "training.evaluate_every=\(every)", "--force"]
      for rounds in [4, 6, 8] {
        try run(
          arguments + ["--rounds", "\(rounds)", "--out", "\(rounds)"]
            + (arguments[0] == "tiny.yaml" ? ["--save-weights", "\(rounds).w"] : []))
      }
      for rounds in [6, 8] {
        let outcome = try run(["--resume", "4", "--rounds", "\(rounds)", "--checkpoint-every", "1"])
        try expectSameFiles("4", as: "\(rounds)", "\(rounds) rounds, evaluated every \(every)")
        #expect(outcome.output.contains("The results are in 4."))
        #expect(try folder.lines("4/timing.csv").count == rounds + 2)
        guard arguments[0] == "tiny.yaml" else { continue }
        let before = try folder.files("4").map { try folder.data("4/\($0)") }
        try run(["--resume", "4", "--save-weights", "again.w"])
        #expect(try folder.data("again.w") == folder.data("\(rounds).w"))
        #expect(try folder.files("4").map { try folder.data("4/\($0)") } == before)
      }
    }
  }

  @Test("goes on though the file says where its number of rounds comes from, which an option then does not")
  func marked() throws {
    try folder.append(
      "provenance: {rounds: paper, deadline: assumed, training.stop_at_accuracy: release}\n", to: "tiny.yaml")
    let target = ["--set", "training.stop_at_accuracy=0.999"]
    try run(["tiny.yaml", "--quiet", "--out", "run"])
    for more in [["--rounds", "8"], ["--rounds", "9"] + target] { try run(["--resume", "run"] + more) }
    try run(["tiny.yaml", "--quiet", "--rounds", "9", "--out", "whole"] + target)
    try expectSameFiles("run", as: "whole", "9 rounds")
  }

  @Test("that is killed while it goes on goes on again", arguments: [1, 2, 3, 4, 5, 6] as [UInt64])
  func killed(seed: UInt64) throws {
    let arguments = ["tiny.yaml", "--set", "training.evaluate_every=5"] + Self.everything
    try run(arguments + ["--rounds", "24", "--out", "whole"])
    try run(arguments + ["--rounds", "4", "--out", "run"])
    var random = SplitMix(state: seed)
    for _ in 0..<3 {
      let process = try Tool.start(
        ["run", "--resume", "run", "--rounds", "24", "--quiet"] + (seed < 4 ? ["--checkpoint-every", "3"] : []),
        in: folder)
      Tool.kill(process, using: &random, of: 24) { folder.rounds("run") }
    }
    try run(["--resume", "run", "--rounds", "24"])
    try expectSameFiles("run", as: "whole", "seed \(seed)")
  }

  @Test("that stopped at its target goes on to another one, which it has not come to")
  func target() throws {
    let arguments = ["tiny.yaml", "--rounds", "8"] + Self.everything
    let key = "training.stop_at_accuracy"
    try run(arguments + ["--set", "\(key)=0.1", "--out", "run"])
    #expect(try folder.lines("run/rounds.csv").count == 1 + 2)
    for (more, words) in [
      (
        ["--rounds", "9"],
        "run: reached the accuracy that ends it, 0.1, in round 1; go on with another one: --set \(key)="
      ),
      (["--set", "\(key)=0.05"], "run: training.stop_at_accuracy: is 0.05, but the run has come to "),
      (["--set", "\(key)=null", "--rounds", "1"], "run: has 1 round already; --rounds must be more, not 1"),
    ] {
      let refused = try Tool.run(["run", "--resume", "run", "--quiet"] + more, in: folder)
      #expect(refused.status == 2 && refused.errors.contains("error: " + words), "\(refused.errors)")
    }
    try run(arguments + ["--set", "\(key)=0.99", "--out", "high"])
    try run(["--resume", "run", "--set", "\(key)=0.99"])
    try expectSameFiles("run", as: "high", "another target")
    try run(arguments + ["--rounds", "9", "--out", "none"])
    try run(["--resume", "run", "--set", "\(key)=null", "--rounds", "9"])
    try expectSameFiles("run", as: "none", "no target")
  }

  @Test("says why it cannot go on, and stays as it is")
  func refusals() throws {
    try run(["small.yaml", "--out", "run", "--quiet"])
    func expectRefusal(_ more: [String], _ words: String) throws {
      let before = try folder.files("run").map { try folder.data("run/\($0)") }
      let refused = try Tool.run(["run", "--resume", "run"] + more, in: folder)
      #expect(
        refused.status == 2 && refused.output == "" && refused.errors.hasPrefix("error: " + words), "\(refused.errors)")
      #expect(try folder.files("run").map { try folder.data("run/\($0)") } == before)
    }
    try expectRefusal(["--rounds", "3"], "run: has 4 rounds already; --rounds must be more, not 3")
    try expectRefusal(["--save-weights", "w"], "--save-weights: nothing is trained")
    try expectRefusal(
      ["--set", "seed=4"],
      "--resume goes on with what the run began with; leave out --set of anything but training.stop_at_accuracy")
    for name in ["run/checkpoint/state.jsonl", "run/checkpoint/run.json", "run/scenario.yaml", "run/rounds.csv"] {
      let bytes = try folder.data(name)
      var flipped = bytes
      flipped[bytes.count / 4] ^= 4
      try flipped.write(to: folder.url.appending(path: name))
      let refused = try Tool.run(["run", "--resume", "run", "--rounds", "9"], in: folder)
      #expect(refused.status == 2 && refused.errors.hasPrefix("error: "), "\(name): \(refused.errors)")
      try bytes.write(to: folder.url.appending(path: name))
      #expect(folder.has("run/manifest.json") && !folder.has("run/manifest.json.partial"))
    }
    try run(["small.yaml", "--out", "bare", "--quiet"])
    try FileManager.default.removeItem(atPath: folder.path("bare/checkpoint"))
    let bare = try Tool.run(["run", "--resume", "bare", "--rounds", "9"], in: folder)
    #expect(bare.status == 2 && bare.errors.contains("checkpoint/run.json is not there"))
    try run(["--resume", "bare"])

    try run(
      ["tiny.yaml", "--set", "training.optimizer.schedule={kind: cosine}", "--out", "cosine", "--quiet"])
    let cosine = try Tool.run(["run", "--resume", "cosine", "--rounds", "9"], in: folder)
    #expect(cosine.status == 2 && cosine.errors.contains("schedule is 'cosine', which reaches over all rounds"))
  }
}
