import Foundation
import TestSupport
import Testing

@Suite("The best round's weights")
struct BestWeightsTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    // A learning rate that overshoots: the accuracy goes up and down. Of so few images several rounds have the same one,
    // whatever the kernels' last digits are.
    try folder.write(
      TrainingTests.scenario.replacing("learning_rate: 0.003}", with: "learning_rate: 0.1}")
        .replacing("test_limit: 40", with: "test_limit: 16"), to: "tiny.yaml")
  }

  @discardableResult
  private func run(_ arguments: [String]) throws -> Tool.Outcome {
    let outcome = try Tool.run(["run"] + arguments, in: folder)
    #expect(outcome.status == 0, "\(arguments): \(outcome.errors)")
    return outcome
  }

  private func refused(_ arguments: [String]) throws -> String {
    let outcome = try Tool.run(["run"] + arguments, in: folder)
    #expect(outcome.status == 2 && outcome.output == "", "\(arguments): \(outcome.status)")
    return outcome.errors
  }

  private func expectSameFiles(_ run: String, as other: String, _ comment: Comment) throws {
    #expect(try folder.files(run) == folder.files(other), comment)
    for name in try folder.files(other) where name != "timing.csv" {
      #expect(try folder.data("\(run)/\(name)") == folder.data("\(other)/\(name)"), "\(name), \(comment)")
    }
  }

  /// The test accuracies of a run as `rounds.csv` has them, with their rounds.
  private func accuracies(_ run: String) throws -> [(round: Int, text: String, value: Double)] {
    let rows = try folder.lines("\(run)/rounds.csv").filter { !$0.isEmpty }
      .map { $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init) }
    let place = try #require(rows.first?.firstIndex(of: "test_accuracy"))
    return rows.dropFirst().enumerated().compactMap { index, row in
      Double(row[place]).map { (index + 1, row[place], $0) }
    }
  }

  /// The first of the rounds with the highest accuracy.
  private func best(_ run: String) throws -> (round: Int, text: String) {
    let all = try accuracies(run)
    let most = try #require(all.map(\.value).max())
    return try #require(all.first { $0.value == most }.map { ($0.round, $0.text) })
  }

  private func judge(_ weights: String) throws -> String {
    try Tool.run("evaluate", "tiny.yaml", "--weights", weights, "--format", "json", in: folder).output
  }

  @Test("are those of the first of the rounds with the highest accuracy, and change nothing else")
  func best() throws {
    let told = try run(
      ["tiny.yaml", "--rounds", "9", "--out", "best", "--save-weights", "best.w", "--save", "best"])
    let (round, accuracy) = try best("best")
    #expect(round < 9)
    #expect(try accuracies("best").contains { $0.round > round && $0.text == accuracy }, "the case has equals")
    #expect(try judge("best.w").contains("\"accuracy\": \(accuracy)\n"))
    #expect(
      told.errors.contains(
        "the weights are those of round \(round), whose test accuracy of \(accuracy) is the best"))

    try run(["tiny.yaml", "--rounds", "9", "--out", "last", "--save-weights", "last.w", "--quiet"])
    #expect(try folder.data("last.w") != folder.data("best.w"))
    for name in ["rounds.csv", "devices.csv", "manifest.json", "scenario.yaml", "checkpoint/trainer-9"] {
      #expect(try folder.data("best/\(name)") == folder.data("last/\(name)"), "\(name)")
    }
    try run(["tiny.yaml", "--rounds", "\(round)", "--out", "short", "--save-weights", "short.w", "--quiet"])
    #expect(try folder.data("short.w") == folder.data("best.w"), "the weights are those of a run that ends there")

    // A finished run gives both.
    let before = try folder.files("best").map { try folder.data("best/\($0)") }
    for (choice, same) in [(["--save", "best"], "best.w"), ([], "best.w"), (["--save", "last"], "last.w")] {
      try run(["--resume", "best", "--save-weights", "again.w"] + choice)
      #expect(try folder.data("again.w") == folder.data(same), "\(choice)")
    }
    #expect(try folder.files("best").map { try folder.data("best/\($0)") } == before)
    #expect(
      try folder.names("best/checkpoint") == ["best-\(round).safetensors", "run.json", "state.jsonl", "trainer-9"])
  }

  @Test("are the same, whenever the run is killed and however often", arguments: [1, 2, 3, 4, 5, 6] as [UInt64])
  func killed(seed: UInt64) throws {
    let arguments = ["tiny.yaml", "--rounds", "20", "--quiet", "--save", "best"]
    try run(arguments + ["--out", "whole", "--save-weights", "whole.w"])
    var random = SplitMix(state: seed)
    for time in 0..<4 {
      let process = try Tool.start(
        time == 0
          ? ["run"] + arguments + ["--out", "run", "--checkpoint-every", "\(seed % 3 + 1)"]
          : ["run", "--resume", "run", "--quiet"], in: folder)
      if time == 0 { while process.isRunning, !folder.has("run/manifest.json.partial") { usleep(500) } }
      Tool.kill(process, using: &random, of: 20) { folder.rounds("run") }
    }
    try run(["--resume", "run", "--quiet", "--save-weights", "run.w", "--save", "best"])
    try expectSameFiles("run", as: "whole", "seed \(seed)")
    #expect(try folder.data("run.w") == folder.data("whole.w"))
  }

  @Test("follow a finished run that goes on, whose last round was evaluated only because it was the last")
  func goesOn() throws {
    for every in [1, 3, 5] {
      let arguments = [
        "tiny.yaml", "--set", "training.evaluate_every=\(every)", "--save", "best", "--quiet", "--force",
      ]
      let lengths = [4, 6, 8, 10, 12]
      for rounds in lengths {
        try run(arguments + ["--rounds", "\(rounds)", "--out", "\(rounds)", "--save-weights", "\(rounds).w"])
        #expect(try folder.has("\(rounds)/checkpoint/best-\(best("\(rounds)").round).safetensors"))
      }
      for rounds in lengths.dropFirst() {
        try run(["--resume", "4", "--rounds", "\(rounds)"])
        try expectSameFiles("4", as: "\(rounds)", "\(rounds) rounds, evaluated every \(every)")
        try run(["--resume", "4", "--save-weights", "again.w"])
        #expect(try folder.data("again.w") == folder.data("\(rounds).w"))
      }
    }
  }

  @Test("are refused where they were not kept, and where a bit of them has flipped")
  func refusals() throws {
    try run(["tiny.yaml", "--out", "last", "--quiet"])
    for more in [[], ["--rounds", "9"]] {
      #expect(
        try refused(["--resume", "last", "--save-weights", "w", "--save", "best"] + more).hasPrefix(
          "error: --save best: the run in last was begun without it, so that its best weights were not kept; begin a "))
    }
    #expect(
      try refused(["--resume", "last", "--save", "last"]).hasPrefix("error: --save says which weights --resume gives; ")
    )
    #expect(
      try refused(["tiny.yaml", "--set", "training.trainer=none", "--save", "best"])
        == "error: --save: nothing is trained, since training.trainer is 'none'\n")
    #expect(try refused(["tiny.yaml", "--save", "first"]).hasPrefix("error: The value 'first' is invalid for '--save"))

    try run(["tiny.yaml", "--set", "training.evaluate_every=4", "--out", "r", "--save", "best", "--quiet"])
    let name = "checkpoint/best-\(try best("r").round).safetensors"
    let weights = try folder.data("r/\(name)")
    for place in 0..<4 {
      var flipped = weights
      flipped[(weights.count - 1) * place / 3] ^= 0x10
      try flipped.write(to: folder.url.appending(path: "r/\(name)"))
      for more in [["--save-weights", "w"], ["--save-weights", "w", "--save", "last", "--rounds", "8"]] {
        // Where the run goes on from before the last evaluation, its best weights may be others.
        if more.count > 2, try best("r").round == 6 { continue }
        let errors = try refused(["--resume", "r"] + more)
        #expect(errors.contains("the checkpoint is damaged: \(name) is not there, or not the "), "\(errors)")
      }
    }
    #expect(!folder.has("w") && !folder.has("w.partial") && folder.has("r/manifest.json"))
  }

  @Test("are named where training comes to no number")
  func diverges() throws {
    let outcome = try Tool.run(
      "run", "tiny.yaml", "--set", "training.optimizer={name: sgd, learning_rate: 1000}", "--rounds", "50",
      "--out", "r", "--save", "best", "--quiet", in: folder)
    #expect(outcome.status == 1)
    let words = try #require(
      outcome.errors.firstMatch(
        of: #/; the best weights, those of round (\d+), are in (r\/checkpoint\/best-\d+\.safetensors): /#),
      "\(outcome.errors)")
    let round = try #require(Int(words.1))
    let accuracy = try #require(accuracies("r").first { $0.round == round }).text
    #expect(try judge(String(words.2)).contains("\"accuracy\": \(accuracy)\n"))
  }
}
