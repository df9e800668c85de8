import Foundation
import TestSupport
import Testing

@Suite("run --trace tensors")
struct TensorTraceTests {
  private let folder: TemporaryFolder
  private static let asked = ["--quiet", "--trace", "tensors"]

  init() throws {
    folder = try TemporaryFolder()
    try folder.write(TrainingTests.scenario, to: "tiny.yaml")
  }

  @Test("has the columns that trainers in Python write")
  func columns() throws {
    let outcome = try Tool.run(["run", "tiny.yaml", "--out", "r"] + Self.asked, in: folder)
    #expect(outcome.status == 0, "\(outcome.errors)")
    let source = try String(contentsOfFile: "\(Python.helpers)/torch_split.py", encoding: .utf8)
    let header = try #require(source.firstMatch(of: /HEADER = "(.*)\\n"/)).1
    let lines = try folder.lines("r/tensors.csv")
    #expect(lines[0] == header)
    #expect(lines.count > 60 && lines.contains { $0.contains(",1,up,activations,8x4x12,") })
    #expect(try folder.text("r/manifest.json").contains("\"tensors.csv\""))
    // Of a run that takes its place and lists nothing, nothing is left that it did not write.
    #expect(try Tool.run("run", "tiny.yaml", "--out", "r", "--force", "--quiet", in: folder).status == 0)
    #expect(!folder.has("r/tensors.csv"))
  }

  @Test(
    "is the same on any number of threads, and after a run that was killed and went on",
    arguments: ["{mode: synchronous}", "{mode: buffered, size: 2, concurrency: 3}"])
  func sameBytes(aggregation: String) throws {
    let words =
      ["run", "tiny.yaml", "--rounds", "40", "--set", "aggregation=\(aggregation)", "--checkpoint-every", "23 events"]
      + Self.asked
    for (name, threads) in [("one", "1"), ("three", "3")] {
      let outcome = try Tool.run(words + ["--out", name, "--threads", threads], in: folder)
      #expect(outcome.status == 0, "\(outcome.errors)")
    }
    let whole = try folder.data("one/tensors.csv")
    #expect(try folder.data("three/tensors.csv") == whole)
    var random = SplitMix(state: 5)
    var next = words + ["--out", "killed"]
    for _ in 0..<3 {
      Tool.kill(try Tool.start(next, in: folder), using: &random, of: 40) { folder.rounds("killed") }
      if folder.has("killed/manifest.json.partial") { next = ["run", "--resume", "killed", "--quiet"] }
    }
    let end = try Tool.run(next, in: folder)
    #expect(end.status == 0, "\(end.errors)")
    #expect(try folder.data("killed/tensors.csv") == whole)
  }

  @Test("is refused where nothing is trained, and where a program trains")
  func refused() throws {
    func errors(_ trainer: String) throws -> String {
      let outcome = try Tool.run(
        ["run", "tiny.yaml", "--allow-external", "--set", "training.trainer=\(trainer)"] + Self.asked, in: folder)
      #expect(outcome.status == 2)
      return outcome.errors
    }
    #expect(
      try errors("none").contains(
        "training.trainer: it is none, and the trace 'tensors' lists what training sends; choose vit, or leave the trace out"
      ))
    #expect(
      try errors("{external: {command: [true]}}").contains(
        "training.trainer: the trace 'tensors' is of the trainer 'vit'; a program lists what it sends itself"))
    try folder.write(
      TrainingTests.scenario + "sweep: {repetitions: 1, grid: {seed: [1, 2]}, traces: [tensors]}\n", to: "sweep.yaml")
    let sweep = try Tool.run("sweep", "sweep.yaml", "--out", "kept", "--set", "training.trainer=none", in: folder)
    let said = sweep.errors
    #expect(sweep.status != 0 && said.contains("the trace 'tensors' lists what training sends"), "\(said)")
    #expect(try Tool.run("sweep", "sweep.yaml", "--out", "s", in: folder).status == 0)
    #expect(try folder.files("s").filter { $0.hasSuffix("/tensors.csv") }.count == 2)
  }
}
