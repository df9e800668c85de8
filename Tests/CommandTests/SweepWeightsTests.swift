import Foundation
import Testing

@Suite("The weights of a sweep's runs")
struct SweepWeightsTests {
  private let folder: TemporaryFolder
  private static let sweep =
    "sweep: {grid: {training.optimizer.learning_rate: [0.003, 0.1]}, repetitions: 2}\n"

  init() throws {
    folder = try TemporaryFolder()
    try folder.write(TrainingTests.scenario.replacing("rounds: 6", with: "rounds: 12"), to: "tiny.yaml")
    try folder.write(
      TrainingTests.scenario.replacing("rounds: 6", with: "rounds: 12") + Self.sweep, to: "sweep.yaml")
  }

  @Test("are those of runs on their own, the last or the best", arguments: ["last", "best"])
  func weights(choice: String) throws {
    let plain = try Tool.run("sweep", "sweep.yaml", "--out", "plain", "--quiet", in: folder)
    #expect(plain.status == 0, "\(plain.errors)")
    let kept = ["--set", "sweep.weights=\(choice)", "--quiet"]
    let outcome = try Tool.run(
      ["sweep", "sweep.yaml", "--out", "kept", "--jobs", "2", "--set", "sweep.traces=[rounds]"] + kept, in: folder)
    #expect(outcome.status == 0, "\(outcome.errors)")
    for table in ["points.csv", "runs.csv", "summary.csv"] {
      #expect(try folder.data("kept/\(table)") == folder.data("plain/\(table)"), "\(table)")
    }
    for rate in ["0.003", "0.1"] {
      let point = "training.optimizer.learning_rate=\(rate)"
      #expect(try folder.names("kept/weights/\(point)") == ["rep-000.safetensors", "rep-001.safetensors"])
      for repetition in [0, 1] {
        let alone = try Tool.run(
          "run", "tiny.yaml", "--set", "training.optimizer.learning_rate=\(rate)", "--repetition", "\(repetition)",
          "--out", "alone", "--force", "--quiet", "--save-weights", "w", "--save", choice, in: folder)
        #expect(alone.status == 0, "\(alone.errors)")
        #expect(try folder.data("kept/weights/\(point)/rep-00\(repetition).safetensors") == folder.data("w"))
      }
    }
    // Runs that are done are not done again for their weights, which is said.
    let late = try Tool.run(["sweep", "sweep.yaml", "--out", "plain"] + kept, in: folder)
    #expect(late.status == 0)
    #expect(late.errors.hasPrefix("warning: 4 runs had been done before weights were asked for, "), "\(late.errors)")
    let again = try Tool.run(["sweep", "sweep.yaml", "--out", "kept"] + kept, in: folder)
    #expect(again.status == 0 && again.errors == "")
  }

  @Test("are refused where a point trains nothing")
  func nothingTrained() throws {
    let outcome = try Tool.run(
      "sweep", "sweep.yaml", "--set", "training.trainer=none", "--set", "sweep.weights=last", "--out", "r", in: folder)
    #expect(outcome.status == 2)
    #expect(
      outcome.errors.hasPrefix(
        "--set sweep.weights=last: error: sweep.weights: a point of the sweep trains nothing, since its "),
      "\(outcome.errors)")
    #expect(!folder.has("r"))
  }
}
