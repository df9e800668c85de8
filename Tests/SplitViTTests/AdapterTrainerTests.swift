import Datasets
import Randomness
import TestSupport
import Testing
import Trace
import Training

@testable import SplitViT

@Suite("Training with adapters")
struct AdapterTrainerTests {
  typealias Fixture = TrainerFixture

  private func settings(
    _ framework: Framework, cut: Cut = .afterBlock(1), adapters: LowRankAdapters = LowRankAdapters(rank: 2, alpha: 4),
    change: (inout TrainerSettings) -> Void = { _ in }
  ) throws -> TrainerSettings {
    try Fixture.settings(framework) {
      ($0.cut, $0.adapters) = (cut, adapters)
      if adapters.freezesDevicePart(cut: cut) { $0.embedding = .frozen }
      change(&$0)
    }
  }

  @Test("any number of threads gives the same bits, and only adapters and head move", arguments: Framework.allCases)
  func threads(framework: Framework) throws {
    let settings = try settings(framework)
    let layout = settings.layout
    let first = FloatBuffer(count: layout.count)
    ModelWeights.initialize(first.values, layout: layout, seed: settings.seed)
    let trained = try Fixture.trained(settings, threads: 1)
    for threads in [2, 3] {
      let other = try Fixture.trained(settings, threads: threads)
      #expect(other.trainer.bits == trained.trainer.bits)
      #expect(other.learning == trained.learning)
    }
    let state = trained.trainer.state
    let models =
      framework == .ll ? state.devices.compactMap { $0.model?.values } : [state.model.values.run(layout.ownRange)]
    for model in models {
      for tensor in layout.tensors where tensor.offset >= layout.ownRange.lowerBound {
        let range =
          tensor.range.lowerBound - layout.ownRange.lowerBound..<tensor.range.upperBound - layout.ownRange.lowerBound
        #expect(Array(model.run(range)) != Array(first.values.run(tensor.range)), "\(tensor.name)")
      }
    }
    let frozen = 0..<layout.ownRange.lowerBound
    #expect(Array(state.model.values.run(frozen)) == Array(first.values.run(frozen)))
  }

  @Test("all threads read the one frozen model, and hold no more than what is trained")
  func shared() throws {
    let trainer = try Fixture.trained(try settings(.sfl), threads: 2).trainer
    #expect(trainer.pool.replicas.count == 2)
    for replica in trainer.pool.replicas {
      #expect(replica.network.frozenWeights.baseAddress == trainer.state.model.values.baseAddress)
      #expect(replica.network.parameters.count == replica.trained.count)
      #expect(replica.deviceOptimizer.count + replica.serverOptimizer.count == replica.trained.count)
    }
    // Of d = 8 and r = 2: one block of two on the device, 16 r d; the head's 27 parameters on the server.
    #expect(trainer.parts.device.count == 256 && trainer.parts.server.count == 256 + 27)
    #expect(trainer.sums.model.values.count == 2 * 256 + 27)
  }

  @Test("the first weights are those of a model without adapters, and A's do not depend on other targets")
  func first() throws {
    let shape = try Fixture.shape()
    func drawn(_ layout: ParameterLayout) -> (String) -> [Float]? {
      let buffer = FloatBuffer(count: layout.count)
      ModelWeights.initialize(buffer.values, layout: layout, seed: Seed(5))
      return { name in layout[name].map { Array(buffer.values.run($0.range)) } }
    }
    let plain = drawn(ParameterLayout(shape))
    let all = drawn(ParameterLayout(shape, adapters: LowRankAdapters(rank: 3)))
    let few = drawn(
      ParameterLayout(
        shape, adapters: LowRankAdapters(rank: 3, targets: [.fc2], part: .server), cut: .afterBlock(1)))
    for tensor in ParameterLayout(shape).tensors { #expect(all(tensor.name) == plain(tensor.name), "\(tensor.name)") }
    let a = try #require(all("blocks.1.mlp.fc2.lora_A.weight"))
    #expect(few("blocks.1.mlp.fc2.lora_A.weight") == a)
    #expect(few("blocks.0.mlp.fc2.lora_A.weight") == nil && few("blocks.1.attn.qkv.lora_A.weight") == nil)
    // 32 inputs: uniform on ± 1 / √32 = ± 0.17678.
    #expect(a.count == 96 && a.allSatisfy { abs($0) <= 0.176_777 } && (a.map(abs).max() ?? 0) > 0.15)
    #expect(all("blocks.1.mlp.fc2.lora_B.weight") == [Float](repeating: 0, count: 24))
  }

  @Test("where no adapter stands before the cut, devices send activations once and take no gradient")
  func frozenDevice() throws {
    for (cut, part) in [(Cut.embedding, LowRankAdapters.Part.both), (.afterBlock(1), .server)] {
      let settings = try settings(.sflam, cut: cut, adapters: LowRankAdapters(rank: 2, part: part))
      #expect(settings.cachesActivations)
      let trainer = try Fixture.trained(settings, threads: 2).trainer
      #expect(trainer.parts.device.isEmpty)
      #expect(trainer.state.devices.allSatisfy { $0.cache != nil })
    }
    #expect(try !settings(.sflam, adapters: LowRankAdapters(rank: 2, part: .device)).cachesActivations)
  }

  @Test("unquantised, sfl and fl learn the same, bit by bit, and so does the head on the device")
  func frameworks() throws {
    let split = try Fixture.trained(try settings(.sfl), threads: 2).trainer.bits
    #expect(try Fixture.trained(try settings(.fl), threads: 2).trainer.bits == split)
    #expect(try Fixture.trained(try settings(.sfl) { $0.labels = .device }, threads: 2).trainer.bits == split)
  }

  @Test("one device's update is that of the steps by hand")
  func byHand() throws {
    let settings = try settings(.sfl) { $0.partition = Partition(samples: [Array(0..<10)]) }
    let trainer = try Fixture.trained(settings, rounds: 1).trainer
    let network = TransformerNetwork(
      settings.architecture, cut: settings.cut, capacity: 5, adapters: settings.adapters)
    let model = FloatBuffer(count: network.layout.count)
    ModelWeights.initialize(model.values, layout: network.layout, seed: settings.seed)
    for tensor in network.layout.tensors {
      _ = network.values(of: tensor).update(fromContentsOf: model.values.run(tensor.range))
    }
    let optimizer = Optimizer(settings.optimizer, count: network.parameters.count)
    let inputs = try InputPreparation(
      settings.images.train, side: 8, channels: 1, normalization: settings.normalization)
    var pass = DevicePass(settings, round: 1, device: 0, bits: 32)
    for _ in 0..<2 {
      var labels: [UInt8] = []
      let count = pass.batches.next { row, visit in
        labels.append(settings.images.train.labels[visit.sample])
        inputs.fill(network.input, at: row, sample: visit.sample, flipped: false)
      }
      #expect(count == 5)
      network.forwardDevice(count: count)
      _ = labels.withUnsafeBufferPointer { network.stepServer(labels: $0, count: count, trainable: .all) }
      network.backwardDevice(count: count)
      optimizer.update(
        parameters: network.parameters, gradients: network.gradients, range: 0..<network.parameters.count,
        learningRate: settings.optimizer.learningRate)
    }
    #expect(Array(trainer.state.model.values.run(network.layout.ownRange)) == Array(network.parameters))
  }

  @Test("a device's own loss trains its adapters")
  func localLoss() throws {
    let settings = try settings(.sfl) { $0.gradient = .localLoss }
    let one = try Fixture.trained(settings, threads: 1).trainer
    #expect(try Fixture.trained(settings, threads: 3).trainer.bits == one.bits)
    #expect(one.parts.device.count == 256 && one.parts.heads.count == 27)
  }

  @Test("a run that goes on from a checkpoint ends with the same bits; other adapters are another scenario")
  func checkpoint() throws {
    let scratch = try Scratch()
    let path = "\(scratch.path)/trainer.safetensors"
    let settings = try settings(.sflam) { $0.optimizer = OptimizerRule(kind: .adamw, learningRate: 0.01, state: .kept) }
    let whole = try Fixture.trained(settings, threads: 2, rounds: 2).trainer
    try whole.save(to: OutputFile(creating: path))
    let resumed = try SplitTrainer(settings, threads: 3)
    try resumed.restore(from: path)
    for trainer in [whole, resumed] { _ = try trainer.train(Fixture.work(settings, round: 3)) }
    #expect(resumed.bits == whole.bits)
    for (adapters, text) in [
      (LowRankAdapters(rank: 2, alpha: 2), "here it is lora, rank 2, alpha 2.0, targets qkv proj fc1 fc2, part both"),
      (nil, "here it is none"),
    ] {
      var other = settings
      other.adapters = adapters
      let error = #expect(throws: TrainingError.self) { try SplitTrainer(other, threads: 1).restore(from: path) }
      let words = try #require(error).description
      #expect(words.contains("its adapters is lora, rank 2, alpha 4.0") && words.contains(text), "\(words)")
    }
    // A checkpoint from before there were adapters.
    let plain = try Fixture.settings(.sfl)
    let old = try Fixture.trained(plain).trainer
    let oldPath = "\(scratch.path)/old.safetensors"
    try old.save(to: OutputFile(creating: oldPath))
    let file = try WeightsFile(reading: oldPath)
    var values: [[Float]] = []
    for entry in file.entries {
      var own = [Float](repeating: 0, count: entry.count)
      try own.withUnsafeMutableBufferPointer { try file.read(entry, into: $0) }
      values.append(own)
    }
    let buffers = values.map { UnsafeMutableBufferPointer<Float>.allocate(capacity: $0.count) }
    defer { for buffer in buffers { buffer.deallocate() } }
    for (buffer, own) in zip(buffers, values) { _ = buffer.initialize(fromContentsOf: own) }
    try WeightsFile.write(
      zip(file.entries, buffers).map { ($0.name, $0.shape, UnsafeBufferPointer($1)) },
      metadata: file.metadata.filter { $0.key != "adapters" }, to: "\(scratch.path)/older.safetensors")
    let again = try SplitTrainer(plain, threads: 1)
    try again.restore(from: "\(scratch.path)/older.safetensors")
    #expect(again.bits == old.bits)
  }

  @Test("the weights that are written have the adapters in them, and judge as the run did")
  func written() throws {
    let scratch = try Scratch()
    let path = "\(scratch.path)/model.safetensors"
    let settings = try settings(.sfl)
    let (trainer, learning) = try Fixture.trained(settings)
    try trainer.writeWeights(to: path)
    let file = try WeightsFile(reading: path)
    #expect(file.entries.map(\.name) == ParameterLayout(settings.architecture).tensors.map(\.name))
    var evaluated = settings
    evaluated.weights = path
    let evaluation = try Evaluation.run(evaluated, threads: 2)
    #expect(evaluation.loss == learning.last?.testLoss)
    #expect(evaluation.accuracy == learning.last?.testAccuracy)
  }

  @Test("adapters without a block are refused, and memory is said in their words")
  func refused() throws {
    let settings = try settings(.sfl, cut: .embedding, adapters: LowRankAdapters(part: .device))
    let error = #expect(throws: TrainingError.self) { try SplitTrainer(settings, threads: 1) }
    #expect(try #require(error).description.hasPrefix("adapters of part device have no block there"))
    let small = MemoryInReach(
      memory: .init(bytes: 1000, name: "this machine"), addresses: .init(bytes: 1e9, name: "'ulimit -v'"))
    let memory = #expect(throws: TrainingError.self) {
      try self.settings(.sfl).checkMemory(replicas: 2, copies: 2, inReach: small)
    }
    #expect(try #require(memory).description.contains("and the weights once; this machine leaves 1 MB."))
  }
}
