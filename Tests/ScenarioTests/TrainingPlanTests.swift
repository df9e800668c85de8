import Datasets
import Foundation
import TestSupport
import Testing
import Training
import Units

@testable import Scenario

@Suite("Training plans")
struct TrainingPlanTests {
  private func plan(_ training: String, model: String = "{}", devices: String = "{}") throws -> Scenario.TrainingPlan {
    try whole(training, model: model, devices: devices).training
  }

  private func whole(_ training: String, model: String = "{}", devices: String = "{}") throws -> Scenario {
    let text =
      minimal.replacing("model: {}", with: "model: \(model)").replacing("devices: {}", with: "devices: \(devices)")
      + "training: \(training)\n"
    return try ScenarioReader.read(text: text, file: "test.yaml").scenario
  }

  private static let fashion = "{name: fashion-mnist}"

  @Test("one key switches training on; all others may stand there before")
  func switchedByOneKey() throws {
    let rest = "dataset: \(Self.fashion), optimizer: {learning_rate: 0.1}, evaluate_every: 5, stop_at_accuracy: 0.9"
    var plan = try plan("{trainer: none, \(rest)}")
    #expect(plan.trainer == .none)
    plan.trainer = .vit
    #expect(try plan == self.plan("{trainer: vit, \(rest)}"))
  }

  @Test("a data set's keys say which images, and where they are")
  func dataset() throws {
    let plan = try plan(
      "{augment: flip, dataset: {name: cifar100, path: data/cifar, train_offset: 100, train_limit: 2000, test_limit: 500, "
        + "classes: [7, 3, 90], evaluate_on: validation, normalize: timm}}")
    let path = URL(fileURLWithPath: "data/cifar", relativeTo: URL(fileURLWithPath: "test.yaml")).standardizedFileURL
      .path
    #expect(
      plan.dataset
        == DatasetPlan(
          name: .cifar100, path: path, trainOffset: 100, trainLimit: 2000, testLimit: 500, evaluation: .validation,
          classes: [7, 3, 90],
          normalization: .timm, augmentation: .flip))
  }

  @Test("pixels are normalised by the data set's figures, or by given ones")
  func normalization() throws {
    #expect(try plan("{dataset: \(Self.fashion)}").dataset?.normalization == .init(mean: [0.2860], std: [0.3530]))
    let given = try plan("{dataset: {name: fashion-mnist, normalize: {mean: [0.1, 0.2, 0.3], std: [1, 2, 3]}}}")
    #expect(given.dataset?.normalization == .init(mean: [0.1, 0.2, 0.3], std: [1, 2, 3]))
  }

  @Test(
    "each kind of partition has its own keys",
    arguments: [
      ("{}", PartitionRule.dirichlet(alpha: 0.3, minimumSamples: 10)),
      ("{alpha: 0.1, min_samples: 1}", .dirichlet(alpha: 0.1, minimumSamples: 1)),
      ("{samples: equal}", .dirichlet(alpha: 0.3, minimumSamples: 10, sizes: .equal)), ("{kind: iid}", .iid),
      ("{kind: shards}", .shards(classes: 2)), ("{kind: shards, classes: 3}", .shards(classes: 3)),
      ("{kind: contiguous}", .contiguous),
    ])
  func partitions(text: String, rule: PartitionRule) throws {
    #expect(try plan("{partition: \(text)}").partition == rule)
  }

  @Test("own images have as many classes as the model, and pixels of 1/2 and 1/2 unless given")
  func ownImages() throws {
    let own = try plan("{dataset: {name: own, path: images.npz}}", model: "{classes: 7}").dataset
    #expect(own?.classCount == 7 && own?.normalization == .timm)
    let chosen = try plan("{dataset: {name: own, path: a, classes: [200, 3]}}").dataset
    #expect(chosen?.classCount == 2)
    let whole = try whole("{dataset: {name: own, path: images.npz}}")
    #expect(try ScenarioReader.read(text: whole.resolved.yaml, file: "test.yaml").scenario == whole)
  }

  @Test(
    "a partition's file says which samples a device holds, in any order of rows",
    arguments: [
      ("device,sample\n1,7\n0,3\n1,2\n", nil),
      ("sample,device\n7,1\n3,0\n2,1\n", nil),
      ("device,sample\n1,7\n0,3\n1,3\n", "p.csv:4:3: error: sample: the sample 3 stands twice; one device holds it"),
      ("device,sample\n2,7\n", "p.csv:2:1: error: device: 2 is out of range; it may be from 0 to 1"),
      ("device,sample\n0,1.5\n", "p.csv:2:3: error: sample: '1.5' is not a whole number"),
      ("device,sample\n0,-1\n", "p.csv:2:3: error: sample: -1 is out of range; it may be from 0 to 99999999"),
      ("device,sample\n0,1\n", "p.csv: error: device 1 of 2 has no sample; each device needs a row at least"),
      ("device,sample\n", "p.csv: error: device 0 of 2 has no sample; each device needs a row at least"),
      ("device,sample\n0,1,4\n", "p.csv:2:1: error: 3 fields for 2 columns"),
      ("client,sample\n0,1\n", "there is no column 'client'; the columns are device, sample"),
    ] as [(String, String?)])
  func partitionFile(text: String, error: String?) throws {
    let scratch = try Scratch()
    try scratch.write(Array(text.utf8), to: "p.csv")
    let training = "{dataset: \(Self.fashion), partition: {kind: file, file: \(scratch.path)/p.csv}}"
    do {
      let whole = try whole(training, devices: "{count: 2}")
      let expected = PartitionRule.file(path: "\(scratch.path)/p.csv", Partition(samples: [[3], [2, 7]]))
      #expect(error == nil && whole.training.partition == expected)
      #expect(whole.inputFiles.map(\.keptName) == ["inputs/partition.csv"])
      #expect(try ScenarioReader.read(text: whole.resolved.yaml, file: "test.yaml").scenario == whole)
    } catch let errors as ScenarioErrors {
      let expected = try #require(error, "\(errors)")
      #expect("\(errors)".replacing(scratch.path + "/", with: "").contains(expected), "\(errors)")
    }
  }

  @Test("AdamW has its own rate, moments and no momentum; both have a schedule")
  func optimizers() throws {
    #expect(try plan("{}").optimizer == OptimizerRule())
    let adam = try plan(
      "{optimizer: {name: adamw, beta2: 0.95, weight_decay: 0.05, gradient_clip: 1, state: averaged, "
        + "schedule: {kind: cosine, warmup_rounds: 3, floor: 0.1}}}")
    #expect(
      adam.optimizer
        == OptimizerRule(
          kind: .adamw, learningRate: 0.001, weightDecay: 0.05, beta2: 0.95, gradientClip: 1,
          schedule: LearningRateSchedule(kind: .cosine, warmupRounds: 3, floor: 0.1), state: .averaged))
  }

  @Test("samples of devices divide the images only where a partition asks for sizes and the file gives them")
  func deviceSamples() throws {
    func takes(_ kind: String, _ devices: String) throws -> Bool {
      try plan("{dataset: \(Self.fashion), partition: {kind: \(kind)}}", devices: devices).takesDeviceSamples
    }
    #expect(try !takes("dirichlet", "{}"))
    #expect(try !takes("iid", "{}"))
    #expect(try takes("iid", "{samples: 100}"))
    #expect(try takes("contiguous", "{groups: [{count: 2}, {count: 3, samples: 100}]}"))
    #expect(try takes("contiguous", "{samples: 100, groups: [{count: 2}]}"))
    let fleet = "{file: \(repository.appendingPathComponent("scenarios/data/fleet.csv").path)}"
    #expect(try takes("iid", fleet))
    #expect(try !takes("dirichlet", fleet), "a fleet's column has no say there")
    #expect(try !plan("{}", devices: "{samples: 100}").takesDeviceSamples, "without a data set nothing is divided")
  }

  @Test("what is resolved reads as the same plan, whoever says how many samples there are")
  func resolved() throws {
    let cases = [
      ("{}", "{samples: 100}"), ("{dataset: \(Self.fashion)}", "{}"),
      ("{dataset: \(Self.fashion), partition: {samples: equal}}", "{}"),
      ("{dataset: \(Self.fashion), partition: {kind: iid}}", "{}"),
      ("{dataset: \(Self.fashion), partition: {kind: iid}}", "{samples: {integer: [10, 20]}}"),
      ("{dataset: \(Self.fashion), partition: {kind: shards}}", "{groups: [{count: 2}, {count: 3, cores: 4}]}"),
      ("{evaluate_every: 3, optimizer: {name: adamw}, pretrain: {classes: [1, 2]}}", "{}"),
      ("{trainer: vit, trainable: head, dataset: {name: synthetic, normalize: {mean: [0.5], std: [0.2]}}}", "{}"),
    ]
    for (training, devices) in cases {
      let scenario = try whole(training, devices: devices)
      let again = try ScenarioReader.read(text: scenario.resolved.yaml, file: "test.yaml").scenario
      #expect(again.training == scenario.training, "\(training)")
      #expect(again.resolved == scenario.resolved, "\(training)")
      #expect(again.devices == scenario.devices, "\(training)")
    }
  }

  @Test("a scenario without training says so in a word")
  func bareTraining() throws {
    let yaml = try whole("{}").resolved.yaml
    #expect(yaml.contains("\ntraining: {trainer: none, batch: 64, local_epochs: 10, dataset: null}\n"))
    #expect(try whole("{shuffle: false}").resolved.yaml.contains("dataset: null, shuffle: false}"))
  }

  @Test("the head alone is trained with a frozen embedding")
  func headAlone() throws {
    #expect(try plan("{trainable: head}").embedding == .frozen)
    #expect(try plan("{}").embedding == .trained)
    #expect(try plan("{embedding: frozen}").trainable == .all)
  }

  @Test("adapters are read with their defaults, and freeze the device's part where none stands before the cut")
  func adapters() throws {
    #expect(try plan("{}").adapters == nil && plan("{adapters: null}").adapters == nil)
    let standard = try plan("{adapters: {lora: {}}}")
    #expect(standard.adapters == LowRankAdapters())
    #expect(standard.embedding == .frozen)
    let given =
      "{adapters: {lora: {rank: 4, alpha: 2.5, targets: [fc2, qkv], dropout: 0, part: device, scaling: rank-stabilized}}}"
    let cut = "{cut: after-block-3}"
    let scenario = try whole(given, model: cut)
    #expect(
      scenario.training.adapters
        == LowRankAdapters(rank: 4, alpha: 2.5, targets: [.qkv, .fc2], part: .device, scaling: .rankStabilized))
    #expect(scenario.training.embedding == .trained)
    #expect(try plan("{adapters: {lora: {part: server}}}", model: cut).embedding == .frozen)
    for (training, model) in [("{adapters: {lora: {}}}", "{}"), (given, cut)] {
      let read = try whole(training, model: model)
      let again = try ScenarioReader.read(text: read.resolved.yaml, file: "again.yaml").scenario
      #expect(again.training == read.training && again.resolved == read.resolved)
    }
    #expect(try !whole("{trainer: vit, dataset: \(Self.fashion)}").resolved.yaml.contains("adapters"))
    let folder = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../SplitViTTests/References/lora-all").standardizedFileURL.path
    let begun = try whole("{adapters: {lora: {rank: 4, alpha: 8, weights: \"\(folder)\"}}}")
    #expect(begun.training.adapters?.weights == folder)
    #expect(begun.resolved.yaml.contains("weights: \(folder)"))
  }

  @Test("pretraining takes samples that no device holds")
  func pretraining() throws {
    func dataset(_ dataset: String, _ pretrain: String) throws -> DatasetPlan? {
      try plan("{dataset: {name: fashion-mnist, \(dataset)}, pretrain: \(pretrain)}").pretrainingDataset
    }
    #expect(try dataset("train_offset: 50, train_limit: 1000", "{}")?.trainOffset == 1050)
    #expect(try dataset("train_limit: 1000", "{train_offset: 7, train_limit: 9}")?.trainOffset == 7)
    #expect(try dataset("train_limit: 1000", "{train_offset: 7, train_limit: 9}")?.trainLimit == 9)
    #expect(try dataset("train_limit: null", "{}") == nil, "the devices may hold all")
    let others = try dataset("classes: [0, 1]", "{classes: [5, 6]}")
    #expect(others?.trainOffset == 0)
    #expect(others?.classes == [5, 6])
    #expect(try dataset("classes: [0, 1, 2], train_limit: 10", "{classes: [2, 1]}")?.trainOffset == 10)
    #expect(try plan("{}").pretrainingDataset == nil)
  }
}

@Suite("Models of a scenario")
struct ModelReadingTests {
  private func scenario(_ model: String) throws -> Scenario {
    try ScenarioReader.read(text: minimal.replacing("model: {}", with: "model: \(model)"), file: "test.yaml").scenario
  }

  @Test("a model of any shape has six numbers")
  func freeForm() throws {
    let model = try scenario("{image: 28, channels: 1, patch: 7, dim: 96, depth: 4, heads: 3, cut: after-block-4}")
      .model
    let shape = try VisionTransformer(image: 28, channels: 1, patch: 7, width: 96, depth: 4, heads: 3, classes: 10)
    #expect(model.architecture == shape)
    #expect(model.cut == .afterBlock(4))
    #expect(try scenario("{name: vit_tiny_patch16_224, image: 384, classes: 3}").model.architecture?.tokens == 577)
  }

  @Test("a model of any kind is known by the figures of its cut")
  func profile() throws {
    let scenario = try scenario(
      """
      {name: bert, classes: 2, cut: after-embedding, profile: {payload: {sample: 128, activations: 98304,
        device_weights: 23837184, parameters: 109482240}, work: {device_forward: 1 MFLOP, device_backward: 2 MFLOP,
        forward: 22.4 GFLOP}, memory: {device: 400 kB}}}
      """)
    let model = scenario.model
    #expect(model.architecture == nil && model.name == "bert" && model.classes == 2 && model.cut == .afterEmbedding)
    #expect(model.activationElements(batch: 64) == 64 * 98304)
    #expect(model.deviceStepWork(batch: 2) == Flops(2 * 3e6))
    #expect(model.serverStepWork(batch: 1) == Flops(3 * (22.4e9 - 1e6)))
    #expect(model.deviceModelBits == Bits(32 * 23_837_184) && model.modelBits == Bits(32 * 109_482_240))
    #expect(model.sampleBits == Bits(32 * 128))
    #expect(model.deviceMemory(batch: 10) == 4 * 23_837_184 + 10 * 400_000 && model.trainingMemory(batch: 10) == nil)
    let again = try ScenarioReader.read(text: scenario.resolved.yaml, file: "again.yaml").scenario
    #expect(again.model == model)
  }

  @Test("weights are a file that a run keeps")
  func weights() throws {
    let file = FileManager.default.temporaryDirectory.appendingPathComponent("weights-\(UUID().uuidString)")
    try Data([1]).write(to: file)
    defer { try? FileManager.default.removeItem(at: file) }
    let scenario = try scenario("{weights: \(file.path), head: fresh}")
    #expect(scenario.weights == Scenario.WeightsSource(path: file.path))
    #expect(scenario.head == .fresh)
    #expect(scenario.inputFiles.map(\.keptName) == ["inputs/weights.safetensors"])
    #expect(scenario.keptResolved.yaml.contains("weights: inputs/weights.safetensors"))
    #expect(try self.scenario("{}").inputFiles.isEmpty)
    #expect(throws: ScenarioErrors.self, "a folder is no file") { try self.scenario("{weights: /tmp}") }
  }
}
