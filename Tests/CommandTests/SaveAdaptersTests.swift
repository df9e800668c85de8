import Foundation
import TestSupport
import Testing

@Suite("Adapters that a run has trained")
struct SaveAdaptersTests {
  private static let lora = ["--set", "training.adapters={lora: {rank: 2, alpha: 4}}", "--quiet"]
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    try folder.write(TrainingTests.scenario, to: "tiny.yaml")
  }

  private func run(_ arguments: [String]) throws {
    let outcome = try Tool.run(["run"] + arguments, in: folder)
    #expect(outcome.status == 0, "\(arguments): \(outcome.errors)")
  }

  private func lastLoss(_ run: String) throws -> String {
    let rows = try folder.lines("\(run)/rounds.csv").filter { !$0.isEmpty }
      .map { $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init) }
    let place = try #require(rows.first?.firstIndex(of: "test_loss"))
    return try #require(rows.last)[place]
  }

  @Test("are written as peft does at its end, again from its folder, and another run begins with them")
  func written() throws {
    try run(["tiny.yaml", "--out", "whole", "--save-adapters", "new/peft"] + Self.lora)
    let configuration = try folder.data("new/peft/adapter_config.json")
    #expect(String(decoding: configuration, as: UTF8.self).contains("\"r\": 2"))
    try run(["--resume", "whole", "--save-adapters", "again"])
    for file in ["adapter_config.json", "adapter_model.safetensors"] {
      #expect(try folder.data("again/\(file)") == folder.data("new/peft/\(file)"), "\(file)")
    }
    // Training that changes nothing leaves the loss of the run whose adapters it began with.
    try run(
      ["tiny.yaml", "--out", "still", "--rounds", "1", "--set", "training.optimizer.learning_rate=0", "--set"]
        + ["training.adapters={lora: {rank: 2, alpha: 4, weights: new/peft}}", "--quiet"])
    #expect(try lastLoss("still") == lastLoss("whole"))
  }

  @Test("are refused before a run begins that trains none, or where no folder can be")
  func refusals() throws {
    try folder.write("", to: "file")
    for (arguments, words) in [
      (["tiny.yaml", "--save-adapters", "a"], "no adapters are trained, since training.adapters is null"),
      (
        ["tiny.yaml", "--save-adapters", "a", "--set", "training.adapters={lora: {aggregation: stacked}}"],
        "with aggregation 'stacked' what is learned is in the model's matrices"
      ), (["tiny.yaml", "--save-adapters", "file/a"] + Self.lora, "this folder cannot be made"),
      (
        ["tiny.yaml", "--set", "training.trainer=none", "--save-adapters", "a"] + Self.lora,
        "training.trainer is not 'vit'"
      ),
    ] {
      let outcome = try Tool.run(["run"] + arguments, in: folder)
      #expect(outcome.status == 2 && outcome.output == "" && outcome.errors.contains(words), "\(outcome.errors)")
    }
  }
}
