import Foundation
import Testing

@Suite("A run that reads files beside its scenario")
struct KeptFilesTests {
  private let folder: TemporaryFolder

  /// The example of measured gains, its files beside it.
  init() throws {
    folder = try TemporaryFolder()
    let scenarios = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../scenarios").standardized
    for name in ["measured.yaml", "data"] {
      try FileManager.default.copyItem(
        at: scenarios.appending(path: name), to: folder.url.appending(path: name))
    }
  }

  @Test("keeps copies of them, so that its folder can be moved and explained when they are gone")
  func complete() throws {
    #expect(try Tool.run("run", "measured.yaml", "--out", "run", "--quiet", in: folder).status == 0)
    #expect(try folder.data("run/inputs/fleet.csv") == folder.data("data/fleet.csv"))
    #expect(try folder.data("run/inputs/gains.csv") == folder.data("data/gains.csv"))

    let files = FileManager.default
    try files.removeItem(at: folder.url.appending(path: "data"))
    try files.createDirectory(at: folder.url.appending(path: "elsewhere"), withIntermediateDirectories: false)
    try files.moveItem(at: folder.url.appending(path: "run"), to: folder.url.appending(path: "elsewhere/run"))
    let explained = try Tool.run("explain", "elsewhere/run", "--round", "2", "--device", "1", in: folder)
    #expect(explained.status == 0)
    #expect(explained.output.hasSuffix("devices.csv says the same.\n"))
  }

  @Test("leaves none of them to a run without files that takes its place")
  func replaced() throws {
    try folder.write("time_s,device,x_m,y_m\n" + (0..<12).map { "0,\($0),80,\($0)\n" }.joined(), to: "places.csv")
    try folder.write(smallScenario, to: "small.yaml")
    let moving = ["--set", "mobility={file: places.csv}"]
    #expect(try Tool.run(["run", "small.yaml", "--out", "run", "--quiet"] + moving, in: folder).status == 0)
    #expect(folder.has("run/inputs/positions.csv"))
    #expect(try Tool.run("run", "small.yaml", "--out", "run", "--quiet", "--force", in: folder).status == 0)
    #expect(!folder.has("run/inputs/positions.csv"))
  }

  @Test("writes the same bytes wherever the scenario lies")
  func sameBytes() throws {
    let moved = folder.url.appending(path: "moved")
    try FileManager.default.createDirectory(at: moved, withIntermediateDirectories: false)
    for name in ["measured.yaml", "data"] {
      try FileManager.default.copyItem(at: folder.url.appending(path: name), to: moved.appending(path: name))
    }
    #expect(try Tool.run("run", "measured.yaml", "--out", "a", in: folder).status == 0)
    #expect(try Tool.run("run", "moved/measured.yaml", "--out", "b", in: folder).status == 0)
    for name in ["manifest.json", "scenario.yaml", "rounds.csv", "devices.csv"] {
      #expect(try folder.data("a/\(name)") == folder.data("b/\(name)"), "\(name)")
    }
  }

  @Test("can be run again from its own folder, over itself")
  func overItself() throws {
    #expect(try Tool.run("run", "measured.yaml", "--out", "run", in: folder).status == 0)
    let before = try folder.data("run/devices.csv")
    let again = try Tool.run("run", "run/scenario.yaml", "--out", "run", "--force", in: folder)
    #expect(again.status == 0, "\(again.errors)")
    #expect(try folder.data("run/devices.csv") == before)
    #expect(try folder.data("run/inputs/fleet.csv") == folder.data("data/fleet.csv"))
  }

  /// A model of Hugging Face in four files beside an index, and a scenario that trains it.
  private func writeShardedModel() throws {
    let foreign = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../SplitViTTests/References/foreign/transformers-sharded").standardized
    try FileManager.default.copyItem(at: foreign, to: folder.url.appending(path: "model"))
    try folder.write(
      TrainingTests.scenario.replacing(
        /model: .*\n/,
        with: "model: {image: 8, channels: 3, patch: 4, dim: 8, depth: 2, heads: 2, classes: 3, "
          + "weights: model/model.safetensors.index.json}\n"
      ).replacing("classes: [0, 1, 2, 3]", with: "classes: [0, 1, 2]").replacing(/\ \ pretrain: .*\n/, with: ""),
      to: "sharded.yaml")
  }

  @Test("weights in several files lie in the folder with their index, and the run is repeated and resumed from there")
  func sharded() throws {
    try writeShardedModel()
    let told = ["--quiet", "--rounds", "3"]
    let first = try Tool.run(["run", "sharded.yaml", "--out", "run"] + told, in: folder)
    #expect(first.status == 0, "\(first.errors)")
    let names = try folder.files("model").sorted()
    #expect(names.count == 5)
    for name in names { #expect(try folder.data("run/inputs/weights/\(name)") == folder.data("model/\(name)")) }
    #expect(try folder.text("run/scenario.yaml").contains("inputs/weights/model.safetensors.index.json"))

    try FileManager.default.removeItem(at: folder.url.appending(path: "model"))
    try folder.write("", to: "elsewhere/empty")
    try FileManager.default.moveItem(
      at: folder.url.appending(path: "run"), to: folder.url.appending(path: "elsewhere/run"))
    let again = try Tool.run(["run", "elsewhere/run/scenario.yaml", "--out", "again"] + told, in: folder)
    #expect(again.status == 0, "\(again.errors)")
    let longer = try Tool.run("run", "--resume", "elsewhere/run", "--rounds", "4", "--quiet", in: folder)
    #expect(longer.status == 0, "\(longer.errors)")
    let rounds = try folder.lines("again/rounds.csv")
    #expect(try Array(folder.lines("elsewhere/run/rounds.csv").prefix(4)) == Array(rounds.prefix(4)))

    let itself = try Tool.run(["run", "again/scenario.yaml", "--out", "again", "--force"] + told, in: folder)
    #expect(itself.status == 0, "\(itself.errors)")
    #expect(try folder.lines("again/rounds.csv") == rounds)
    // A run without them that takes its place keeps none, and a file that was changed is found.
    try folder.write("another", to: "again/inputs/weights/model-00002-of-00004.safetensors")
    let changed = try Tool.run("run", "--resume", "again", "--rounds", "4", "--quiet", in: folder)
    #expect(changed.status != 0 && changed.errors.contains("model-00002-of-00004.safetensors: is not what the run had"))
    #expect(try Tool.run("run", "measured.yaml", "--out", "again", "--quiet", "--force", in: folder).status == 0)
    #expect(!folder.has("again/inputs/weights"))
  }

  @Test("a sweep computes a point again whose weights have changed in one of their files")
  func shardedSweep() throws {
    try writeShardedModel()
    let text = try folder.text("sharded.yaml")
    try folder.write(text + "sweep: {repetitions: 1, grid: {seed: [1, 2]}}\n", to: "sweep.yaml")
    func done() throws -> String {
      try Tool.run("sweep", "sweep.yaml", "--out", "s", "--dry-run", in: folder).output
    }
    let outcome = try Tool.run("sweep", "sweep.yaml", "--out", "s", "--quiet", in: folder)
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(try done().contains("of which 2 are done"))
    let shard = "model/model-00004-of-00004.safetensors"
    var bytes = try folder.data(shard)
    bytes[bytes.count - 1] ^= 1
    try bytes.write(to: folder.url.appending(path: shard))
    #expect(try done().contains("of which 0 are done"))
  }

  @Test("an index that names no files, or files that are not there, is refused where the scenario names it")
  func badIndex() throws {
    try writeShardedModel()
    try FileManager.default.removeItem(at: folder.url.appending(path: "model/model-00003-of-00004.safetensors"))
    let missing = try Tool.run("validate", "sharded.yaml", in: folder)
    #expect(missing.status == 2)
    #expect(missing.errors.contains("model-00003-of-00004.safetensors' does not exist"), "\(missing.errors)")
    for (text, message) in [
      ("{}", "is no index of weights: it has no 'weight_map'"), ("nothing", "is no JSON"),
      (#"{"weight_map": {"a": "../a.safetensors"}}"#, "files of an index lie beside it and end in .safetensors"),
    ] {
      try folder.write(text, to: "model/model.safetensors.index.json")
      let refused = try Tool.run("validate", "sharded.yaml", in: folder)
      #expect(refused.status == 2 && refused.errors.contains(message), "\(refused.errors)")
      #expect(refused.errors.contains("sharded.yaml:9:"), "\(refused.errors)")
    }
  }

  @Test("goes on with comings and goings and a partition from files")
  func resumed() throws {
    try folder.write("device,sample\n" + (0..<8).map { "\($0),\($0)\n" }.joined(), to: "mine.csv")
    try folder.write(
      "device,on_s,off_s\n" + (0..<8).map { "\($0),0,100000\n" }.joined(), to: "there.csv")
    try folder.write(TrainingTests.scenario, to: "tiny.yaml")
    let words = [
      "run", "tiny.yaml", "--quiet", "--set", "training.partition={kind: file, file: mine.csv}", "--set",
      "devices.availability={file: there.csv}",
    ]
    for (name, rounds) in [("short", "3"), ("long", "4")] {
      let outcome = try Tool.run(words + ["--rounds", rounds, "--out", name], in: folder)
      #expect(outcome.status == 0, "\(outcome.errors)")
    }
    let resumed = try Tool.run("run", "--resume", "short", "--rounds", "4", "--quiet", in: folder)
    #expect(resumed.status == 0, "\(resumed.errors)")
    #expect(try folder.data("short/rounds.csv") == folder.data("long/rounds.csv"))
  }
}
