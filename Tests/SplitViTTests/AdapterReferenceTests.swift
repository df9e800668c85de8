import Testing
import Training

@testable import SplitViT

@Suite("Adapters against peft")
struct AdapterReferenceTests {
  /// The grey model of the references with peft's adapters.
  struct Model: Sendable, CustomTestStringConvertible {
    var name: String
    var adapters: LowRankAdapters
    var testDescription: String { name }

    func network(_ cut: Cut) throws -> (network: TransformerNetwork, references: References, labels: [UInt8]) {
      let (grey, own) = (try References("grey"), try References(name))
      let shape = try VisionTransformer(
        image: 28, channels: 1, patch: 7, width: 24, depth: 2, heads: 3, classes: 5)
      let network = TransformerNetwork(shape, cut: cut, capacity: 8, adapters: adapters)
      for tensor in network.layout.tensors {
        let isOwn = tensor.offset >= network.layout.ownRange.lowerBound
        let values = try (isOwn ? own : grey).values("weights/\(tensor.name)")
        try #require(values.count == tensor.count, "\(tensor.name)")
        for (place, value) in values.enumerated() { network.values(of: tensor)[place] = value }
      }
      for (place, value) in try grey.values("images").enumerated() { network.input[place] = value }
      return (network, own, try grey.values("labels").map { UInt8($0) })
    }
  }

  static let models = [
    Model(name: "lora-all", adapters: LowRankAdapters(rank: 4, alpha: 8)),
    Model(
      name: "lora-stabilized",
      adapters: LowRankAdapters(rank: 3, alpha: 2, targets: [.qkv, .fc2], scaling: .rankStabilized)),
  ]
  private let tolerance = 1e-4

  private func step(_ network: TransformerNetwork, _ labels: [UInt8]) -> Double {
    network.forwardDevice(count: labels.count)
    let loss = labels.withUnsafeBufferPointer {
      network.stepServer(labels: $0, count: labels.count, trainable: .all).loss
    }
    network.backwardDevice(count: labels.count)
    return loss
  }

  @Test("logits, loss and every gradient are peft's, wherever the cut", arguments: models, ReferenceTests.cuts)
  func gradients(model: Model, cut: Cut) throws {
    let (network, references, labels) = try model.network(cut)
    let loss = step(network, labels)
    let theirs = try Double(references.values("loss")[0])
    #expect(abs(loss - theirs) < tolerance * theirs)
    #expect(distance(network.logits(count: labels.count), try references.values("logits")) < tolerance)
    #expect(network.ownTensors.count == 4 * model.adapters.targets.count + 2)
    for tensor in network.ownTensors {
      let far = distance(network.gradients(of: tensor), try references.values("gradients/\(tensor.name)"))
      #expect(far < tolerance, "\(tensor.name) is \(far) away")
    }
  }

  @Test(
    "three steps of an optimizer end at peft's weights", arguments: models,
    [
      ("sgd", OptimizerRule(kind: .sgd, learningRate: 0.05, momentum: 0.9, weightDecay: 0.01)),
      (
        "adamw",
        OptimizerRule(kind: .adamw, learningRate: 0.003, weightDecay: 0.1, beta1: 0.9, beta2: 0.98, epsilon: 1e-7)
      ),
    ])
  func optimizers(model: Model, rule: (name: String, rule: OptimizerRule)) throws {
    let (network, references, labels) = try model.network(.embedding)
    let frozen = Array(network.frozenWeights)
    let optimizer = Optimizer(rule.rule, count: network.parameters.count)
    for _ in 0..<3 {
      _ = step(network, labels)
      optimizer.update(
        parameters: network.parameters, gradients: network.gradients, range: 0..<network.parameters.count,
        learningRate: rule.rule.learningRate)
    }
    #expect(Array(network.frozenWeights) == frozen)
    for tensor in network.ownTensors {
      let start = try references.values("weights/\(tensor.name)")
      let end = try references.values("\(rule.name)/\(tensor.name)")
      let ours = Array(network.values(of: tensor))
      let far = distance(ours, end)
      #expect(far < tolerance, "\(tensor.name) is \(far) away")
      let moved = distance(zip(ours, start).map { $0 - $1 }, zip(end, start).map { $0 - $1 })
      #expect(moved < 0.01, "\(tensor.name) moved \(moved) otherwise")
    }
  }
}
