import Foundation
import Testing

@Suite("Commands that train")
struct TrainingTests {
  private let folder: TemporaryFolder

  /// Eight devices and a network of a few hundred parameters on made-up images: a round takes milliseconds.
  static let scenario = """
    schema: 1
    name: tiny
    seed: 5
    rounds: 6
    deadline: 20 s
    devices: {count: 8, distance: {uniform: [50 m, 400 m]}, clock: {uniform: [1.0 GHz, 1.5 GHz]}, cores: 6, power_max: 2 W}
    server: {clock: 3 GHz, cores: 4000}
    uplink: {blocks: 4, block_bandwidth: 20 MHz}
    model: {image: 8, channels: 1, patch: 4, dim: 12, depth: 1, heads: 2, classes: 4}
    training:
      trainer: vit
      batch: 8
      local_epochs: 1
      dataset: {name: synthetic, classes: [0, 1, 2, 3], train_limit: 120, test_limit: 40}
      partition: {kind: iid}
      optimizer: {name: adamw, learning_rate: 0.003}
      pretrain: {train_limit: 400, epochs: 3, optimizer: {name: adamw, learning_rate: 0.02}}

    """

  init() throws {
    folder = try TemporaryFolder()
    try folder.write(Self.scenario, to: "tiny.yaml")
  }

  @Test("a run that trains says its accuracy as it goes and its memory at the end, and writes its weights")
  func run() throws {
    let outcome = try Tool.run("run", "tiny.yaml", "--out", "run", "--save-weights", "w.safetensors", in: folder)
    #expect(outcome.status == 0)
    #expect(outcome.errors.contains("round 6 of 6, ") && outcome.errors.contains(" test accuracy "))
    #expect(outcome.errors.split(separator: "\n").last?.wholeMatch(of: /peak memory \d+ MB/) != nil)
    let rounds = try folder.lines("run/rounds.csv")
    let last = Dictionary(
      uniqueKeysWithValues: zip(rounds[0].split(separator: ","), rounds[6].split(separator: ",")))
    for batch in ["8", "1", "40"] {
      let output = try Tool.run(
        "evaluate", "tiny.yaml", "--weights", "w.safetensors", "--set", "training.batch=\(batch)", "--format", "json",
        in: folder
      ).output
      #expect(try object(output)["samples"] as? Int == 40)
      // The digits themselves: Foundation's reader of JSON is off by a last bit here and there.
      #expect(output.contains("\"accuracy\": \(try #require(last["test_accuracy"]))\n"))
      #expect(output.contains("\"loss\": \(try #require(last["test_loss"])),"), "batch \(batch)")
    }
  }

  @Test("the number of threads changes no byte")
  func threads() throws {
    for (name, threads) in [("a", "1"), ("b", "2"), ("c", "5")] {
      let outcome = try Tool.run(
        "run", "tiny.yaml", "--out", name, "--threads", threads, "--save-weights", "\(name).w", in: folder)
      #expect(outcome.status == 0)
    }
    for name in ["b", "c"] {
      #expect(try folder.data("\(name).w") == folder.data("a.w"))
      for file in ["rounds.csv", "manifest.json", "partition.csv"] {
        #expect(try folder.data("\(name)/\(file)") == folder.data("a/\(file)"), "\(file)")
      }
    }
  }

  @Test(
    "a run that trains ends with the same bytes and weights, whenever it is killed",
    arguments: [
      ("sflam", "kept", 1), ("sfl-v2", "reset", 2), ("ll", "kept", 3), ("sl", "averaged", 1), ("cl", "kept", 4),
      ("fl", "reset, stacked", 2),
    ])
  func killed(framework: String, state: String, every: Int) throws {
    let optimizer = state.prefix { $0 != "," }
    let adapters = state.hasSuffix("stacked") ? "{lora: {rank: 2, aggregation: stacked}}" : "null"
    let arguments = [
      "run", "tiny.yaml", "--framework", framework, "--set", "training.optimizer.state=\(optimizer)", "--rounds", "12",
      "--set", "training.adapters=\(adapters)", "--trace", "rounds,devices,tensors", "--quiet",
    ]
    let whole = try Tool.run(arguments + ["--out", "whole", "--save-weights", "whole.w"], in: folder)
    #expect(whole.status == 0, "\(whole.errors)")
    let process = try Tool.start(
      arguments + ["--out", "killed", "--save-weights", "killed.w", "--checkpoint-every", "\(every)"], in: folder)
    while process.isRunning, !folder.has("killed/checkpoint/state.jsonl") { usleep(500) }
    usleep(UInt32(every) * 3000)
    kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
    // The folder may be a stranger's, so where the weights go is said again.
    // A run that was quicker than its end has finished and has them.
    if !folder.has("killed/manifest.json") {
      try? FileManager.default.removeItem(atPath: folder.path("killed.w"))
      let alone = try Tool.run("run", "--resume", "killed", in: folder)
      #expect(alone.status == 2 && alone.errors.hasPrefix("error: killed: the run was begun with --save-weights, "))
      #expect(!folder.has("killed.w"))
      let resumed = try Tool.run("run", "--resume", "killed", "--save-weights", "killed.w", in: folder)
      #expect(resumed.status == 0, "\(resumed.errors)")
    }
    #expect(try folder.files("killed") == folder.files("whole"))
    for name in try folder.files("whole") where name != "timing.csv" {
      #expect(try folder.data("killed/\(name)") == folder.data("whole/\(name)"), "\(name)")
    }
    #expect(try folder.data("killed.w") == folder.data("whole.w"))
  }

  @Test("a bit that flips in what is trained is noticed when the run goes on")
  func flippedBits() throws {
    try folder.write(
      Self.scenario.replacing("rounds: 6", with: "rounds: 100000"), to: "long.yaml")
    let process = try Tool.start(
      ["run", "long.yaml", "--out", "run", "--checkpoint-every", "1", "--quiet"], in: folder)
    while process.isRunning, !folder.has("run/checkpoint/state.jsonl") { usleep(2000) }
    kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
    let state = try folder.text("run/checkpoint/state.jsonl")
    let name = try #require(state.firstMatch(of: /trainer-\d+/)).output
    let trained = try folder.data("run/checkpoint/\(name)")
    for place in 0..<6 {
      var flipped = trained
      flipped[8 + (trained.count - 9) * place / 5] ^= 0x40
      try flipped.write(to: folder.url.appending(path: "run/checkpoint/\(name)"))
      let resumed = try Tool.run("run", "--resume", "run", "--quiet", in: folder)
      #expect(resumed.status == 2 && resumed.errors.contains("the checkpoint is damaged: checkpoint/\(name) is "))
    }
  }

  @Test("pretrained weights are worth more than drawn ones, and a run keeps its own copy of them")
  func pretrain() throws {
    let outcome = try Tool.run("pretrain", "tiny.yaml", "--out", "w.safetensors", "--format", "json", in: folder)
    #expect(outcome.status == 0)
    for epoch in 1...3 { #expect(outcome.errors.contains("epoch \(epoch) of 3, ")) }
    let result = try object(outcome.output)
    #expect(result["samples"] as? Int == 400 && result["test_samples"] as? Int == 40)
    let again = try Tool.run("pretrain", "tiny.yaml", "--out", "again", "--threads", "1", "--quiet", in: folder)
    #expect(again.status == 0 && again.errors == "")
    #expect(try folder.data("again") == folder.data("w.safetensors"))

    let evaluated = try object(
      Tool.run("evaluate", "tiny.yaml", "--weights", "w.safetensors", "--format", "json", in: folder).output)
    #expect(evaluated["loss"] as? Double == result["loss"] as? Double)
    // Four classes: a model that knows nothing has a loss of at least ln 4 = 1.386 in the mean.
    #expect(try #require(evaluated["loss"] as? Double) < 1.386)

    let begun = try Tool.run(
      "run", "tiny.yaml", "--set", "model.weights=w.safetensors", "--out", "run", "--quiet", in: folder)
    #expect(begun.status == 0, "\(begun.errors)")
    #expect(try folder.data("run/inputs/weights.safetensors") == folder.data("w.safetensors"))
    try FileManager.default.removeItem(atPath: folder.path("w.safetensors"))
    let rerun = try Tool.run("run", "run/scenario.yaml", "--out", "rerun", "--quiet", in: folder)
    #expect(rerun.status == 0, "\(rerun.errors)")
    #expect(try folder.data("rerun/rounds.csv") == folder.data("run/rounds.csv"))
  }

  @Test("kernels that a processor has not are refused, and those that it has give the same bytes")
  func kernels() throws {
    let run = ["run", "tiny.yaml", "--rounds", "2", "--quiet", "--out"]
    let refused = try Tool.run(run + ["none"], in: folder, environment: ["AIRSPLIT_KERNELS": "neon"])
    #expect(refused.status == 2 && refused.errors.contains("AIRSPLIT_KERNELS is 'neon'; this processor can run plain"))
    let plain = ProcessorTests.lesser.merging(["AIRSPLIT_KERNELS": "plain"]) { $1 }
    for (name, environment) in [("best", [:]), ("plain", plain)] {
      let outcome = try Tool.run(run + [name, "--save-weights", "\(name).w"], in: folder, environment: environment)
      #expect(outcome.status == 0, "\(outcome.errors)")
    }
    #expect(try folder.data("plain.w") == folder.data("best.w"))
    #expect(try folder.data("plain/rounds.csv") == folder.data("best/rounds.csv"))
  }

  #if os(Linux)
    @Test("training that cannot have its memory is refused in words, and no command hangs")
    func noMemory() throws {
      for command in ["run tiny.yaml --out o --quiet", "pretrain tiny.yaml --out w --quiet"] {
        let script = "ulimit -v $1; shift; exec timeout -s KILL 60 \"$@\""
        func run(_ words: [String], limit: Int) throws -> (status: Int32, errors: String) {
          let process = Process()
          process.executableURL = URL(fileURLWithPath: "/bin/bash")
          process.arguments = ["-c", script, "bash", "\(limit)", Tool.executable.path] + words
          process.currentDirectoryURL = folder.url
          process.standardError = try folder.writer(".err")
          process.standardOutput = FileHandle.nullDevice
          try process.run()
          process.waitUntilExit()
          return (process.terminationStatus, try folder.text(".err"))
        }
        let words = command.split(separator: " ").map(String.init) + ["--threads", "4"]
        let refused = try run(
          words + ["--set", "model.dim=1200", "--set", "model.depth=12"], limit: 600_000)
        #expect(refused.status == 2, "\(refused)")
        #expect(refused.errors.contains("of address space: ") && refused.errors.contains("'ulimit -v'"), "\(refused)")
        #expect(refused.errors.contains("Take fewer threads (--threads)"), "\(refused)")
        #expect(try run(words, limit: 4_000_000).status == 0)
        #expect(try run(["help"], limit: 200_000).status == 0)
      }
    }
  #endif

  @Test("what cannot come to an end is refused before it begins")
  func refusals() throws {
    try folder.write("no weights", to: "bad.safetensors")
    for (arguments, begins) in [
      (["run", "tiny.yaml", "--threads", "0"], "error: --threads is 0; it may be from 1 to 1024"),
      (["run", "tiny.yaml", "--threads", "-1"], "error: --threads is -1; "),
      (["run", "tiny.yaml", "--save-weights", "no/w"], "error: --save-weights 'no/w': there is no folder '"),
      (["run", "tiny.yaml", "--save-weights", "."], "error: --save-weights '.': is a folder; name a file in it"),
      (["run", "tiny.yaml", "--save-weights", ""], "error: --save-weights '': is no file name"),
      (
        ["run", "tiny.yaml", "--set", "training.trainer=none", "--save-weights", "w"],
        "error: --save-weights: nothing is trained, since training.trainer is 'none'"
      ),
      (["pretrain", "tiny.yaml", "--out", "no/w"], "error: --out 'no/w': there is no folder '"),
      (["pretrain", "tiny.yaml"], "error: Missing expected argument '--out <file>'"),
      (["evaluate", "tiny.yaml", "--weights", "no"], "error: 'no' "),
      (["evaluate", "tiny.yaml", "--weights", "bad.safetensors"], "error: 'bad.safetensors' "),
      (["evaluate", "tiny.yaml"], "error: Missing expected argument '--weights <file>'"),
    ] {
      let outcome = try Tool.run(arguments, in: folder)
      #expect(outcome.status == 2 && outcome.output == "", "\(arguments)")
      #expect(outcome.errors.hasPrefix(begins), "\(arguments): \(outcome.errors)")
    }
    #expect(try folder.names("") == [".err", ".out", "bad.safetensors", "tiny.yaml"])
    try folder.write(smallScenario, to: "small.yaml")
    let none = try Tool.run("pretrain", "small.yaml", "--out", "w", in: folder)
    #expect(none.status == 2 && none.errors.contains("the scenario has no training.dataset, and pretrain needs images"))
  }
}
