import Foundation
import TestSupport
import Testing

/// AirSplit's own trainer beside PyTorch's, from the same weights on the same mini-batches.
@Suite(
  "The trainer in PyTorch",
  .enabled(
    if: Python.withTorch != nil, "there is no torch with timm; AIRSPLIT_TORCH_PYTHON may name a Python that has them"))
struct TorchTrainerTests {
  private static let base = """
    schema: 1
    name: parity
    seed: 7
    framework: sfl
    policy: fixed
    devices: {count: 4}
    server: {}
    uplink: {blocks: 4}
    model: {image: 28, channels: 1, patch: 7, dim: 48, depth: 2, heads: 4}
    training:
      trainer: vit
      batch: 16
      local_epochs: 1
      dataset: {name: synthetic, train_limit: 64, test_limit: 60}
      partition: {kind: contiguous}
      shuffle: false
      optimizer: {name: sgd, learning_rate: 0.05, momentum: 0.9}

    """

  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    try folder.write(Self.base, to: "s.yaml")
  }

  private var trainer: [String] {
    let words = [Python.withTorch ?? "", "\(Python.helpers)/torch_trainer.py", "--device", "cpu"]
    return ["--allow-external", "--set", "training.trainer={external: {command: [\(words.joined(separator: ", "))]}}"]
  }

  /// The figures of a run's rounds that training makes.
  private func figures(_ name: String, _ arguments: [String]) throws -> [[Double?]] {
    let outcome = try Tool.run(["run", "s.yaml", "--out", name, "--quiet"] + arguments, in: folder)
    #expect(outcome.status == 0, "\(outcome.errors)")
    let rows = try folder.lines("\(name)/rounds.csv").filter { !$0.isEmpty }
      .map { $0.split(separator: ",", omittingEmptySubsequences: false) }
    let places = ["train_loss", "test_loss", "test_accuracy", "test_accuracy_local"]
      .map { name in rows.first?.firstIndex { $0 == name } }
    // Frameworks of one model have no model of each device to evaluate.
    #expect(places.dropLast().allSatisfy { $0 != nil })
    return rows.dropFirst().map { row in places.map { place in place.flatMap { Double(row[$0]) } } }
  }

  private func agree(_ settings: [String], tolerance: Double = 1e-5) throws {
    let own = try figures("own", settings)
    let torch = try figures("torch", settings + trainer)
    #expect(own.count == torch.count && !own.isEmpty)
    for (round, (left, right)) in zip(own, torch).enumerated() {
      for (figure, (left, right)) in zip(left, right).enumerated() {
        let differs: Bool
        switch (left, right) {
        case (nil, nil): differs = false
        case (let left?, let right?): differs = abs(left - right) > tolerance * abs(left)
        default: differs = true
        }
        #expect(!differs, "round \(round + 1), figure \(figure): \(left as Any) and \(right as Any), \(settings)")
      }
    }
  }

  @Test("has the same losses over twenty steps of every device")
  func parity() throws { try agree(["--rounds", "20"], tolerance: 1e-3) }

  @Test(
    "does in every framework what AirSplit's own does",
    arguments: ["sfl", "sfl-v2", "sl", "fl", "ll", "cl"], ["reset", "kept", "averaged"])
  func frameworks(framework: String, state: String) throws {
    try agree(["--rounds", "3", "--framework", framework, "--set", "training.optimizer.state=\(state)"])
  }

  @Test(
    "follows cuts, optimizers, mirrored and shuffled samples, and frozen parts",
    arguments: [
      ["model.cut=after-block-1", "training.optimizer={name: adamw, learning_rate: 0.002, state: averaged}"],
      [
        "model.cut=after-embedding", "training.shuffle=true", "training.augment=flip",
        "training.optimizer.gradient_clip=1",
      ],
      ["framework=sl", "training.labels=device", "training.optimizer.state=kept"],
      ["framework=sl", "training.labels=device"],
      ["training.embedding=frozen", "training.local_epochs=2"], ["training.trainable=head", "model.image=56"],
    ])
  func rules(settings: [String]) throws {
    try agree(["--rounds", "3"] + settings.flatMap { ["--set", $0] })
  }

  @Test(
    "merges versions of the model as AirSplit's own does",
    arguments: [
      "{mode: buffered, size: 2, concurrency: 3}", "{mode: asynchronous}",
      "{mode: quorum, size: 1, rest: carried, max_staleness: 1}",
    ])
  func versions(aggregation: String) throws {
    try agree([
      "--rounds", "8", "--framework", "sfl", "--set", "training.optimizer.state=kept", "--set",
      "aggregation=\(aggregation)",
    ])
  }

  @Test(
    "lists the tensors on the air that AirSplit's own lists",
    arguments: [
      ["framework=sflam", "policy=exact", "quantizer.payload=exact", "downlink={gradient_bits: 6}"],
      ["framework=sfl-v2"],
      ["framework=fl"], ["training.embedding=frozen", "training.local_epochs=2"], ["model.cut=after-block-1"],
      ["training.trainable=head", "framework=fl"], ["framework=sl", "deadline=2 ms"],
    ])
  func tensors(settings: [String]) throws {
    let words = ["--rounds", "3", "--set", "training.batch=5"] + settings.flatMap { ["--set", $0] }
    _ = try figures("own", words + ["--trace", "rounds,tensors"])
    let file = folder.path("tensors.csv")
    _ = try figures(
      "torch", words + trainer.map { $0.replacing("--device, cpu", with: "--device, cpu, --tensors, \(file)") })
    #expect(try folder.lines("own/tensors.csv").sorted() == folder.lines("tensors.csv").sorted())
  }

  @Test("has the norms of the weights that it is given, and what it saves says so")
  func normEpsilon() throws {
    let path = "\(Python.helpers)/../../Tests/SplitViTTests/References/foreign/transformers/model.safetensors"
    let settings =
      [
        "--rounds", "2", "--set",
        "model={image: 8, channels: 3, patch: 4, dim: 8, depth: 2, heads: 2, weights: \(path)}",
      ]
      + ["--set", "training.dataset.classes=[0, 1, 2]", "--framework", "sfl"]
    try agree(settings)
    let saved = try Tool.run(
      ["run", "s.yaml", "--out", "saved", "--quiet", "--save-weights", "w.safetensors"] + settings + trainer, in: folder
    )
    #expect(saved.status == 0, "\(saved.errors)")
    let said = try Tool.run("weights", "w.safetensors", in: folder)
    #expect(said.output.contains("1e-12"), "\(said.output)")
  }

  @Test("goes on from a checkpoint to the same bytes, at few bits and with kept activations")
  func resume() throws {
    try folder.write(
      """
      import os, sys
      sys.path.insert(0, '\(Python.helpers)')
      import torch_trainer
      class Dying(torch_trainer.TorchTrainer):
          def train(self, round, tensors):
              if round['round'] == 3 and not os.path.exists('died'):
                  open('died', 'w')
                  os._exit(3)
              return super().train(round, tensors)
      torch_trainer.options.device = 'cpu'
      torch_trainer.serve(Dying)
      """, to: "dying.py")
    let dying = "training.trainer={external: {command: [\(Python.withTorch ?? ""), dying.py], directory: .}}"
    let settings =
      ["--rounds", "4", "--framework", "sflam", "--policy", "exact", "--checkpoint-every", "1", "--allow-external"]
      + [dying, "quantizer.bits_max=5", "training.embedding=frozen", "training.optimizer.state=averaged"]
      .flatMap { ["--set", $0] }
    let stopped = try Tool.run(["run", "s.yaml", "--out", "r", "--quiet"] + settings, in: folder)
    #expect(stopped.status == 1 && stopped.errors.contains("; go on after round 2 with: "), "\(stopped.errors)")
    let resumed = try Tool.run(["run", "--resume", "r", "--allow-external", "--quiet"], in: folder)
    #expect(resumed.status == 0, "\(resumed.errors)")
    #expect(try figures("whole", settings).allSatisfy { $0[0] != nil })
    #expect(try folder.data("r/rounds.csv") == folder.data("whole/rounds.csv"))
  }

  @Test("counts what a model of timm weighs as AirSplit does, and trains it")
  func profile() throws {
    try folder.write(
      Self.base.replacing(/model: .*\n/, with: "model: {name: vit_tiny_patch16_224, profile: external}\n")
        .replacing(/\ \ dataset: .*\n/, with: "").replacing("  trainer: vit\n", with: ""), to: "p.yaml")
    let outcome = try Tool.run(["profile", "p.yaml"] + trainer, in: folder)
    #expect(outcome.status == 0, "\(outcome.errors)")
    for line in ["sample: 150528", "activations: 37632", "parameters: 5526346"] {
      #expect(outcome.output.contains("      \(line)\n"), "\(outcome.output)")
    }
    // With what it said, timm's model is trained.
    try folder.write(
      Self.base.replacing(/model: .*\n/, with: outcome.output).replacing("train_limit: 64", with: "train_limit: 8"),
      to: "s.yaml")
    let rounds = try figures("timm", ["--rounds", "1", "--set", "training.dataset.test_limit=4"] + trainer)
    #expect(rounds.count == 1 && rounds[0].allSatisfy { $0 != nil })
  }
}
