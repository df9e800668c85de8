import Foundation
import Testing
import Training

@testable import SplitViT

/// Tensors that timm and PyTorch made; `tools/make-vit-references` makes them anew.
struct References {
  private let file: WeightsFile

  init(_ name: String) throws {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "References")
    file = try WeightsFile(reading: folder.appending(path: name + ".safetensors").path)
  }

  func values(_ name: String) throws -> [Float] {
    let entry = try #require(file[name], "no reference '\(name)'")
    var values = [Float](repeating: 0, count: entry.count)
    try values.withUnsafeMutableBufferPointer { try file.read(entry, into: $0) }
    return values
  }
}

/// ‖ours − theirs‖ / ‖theirs‖.
func distance(_ ours: some Collection<Float>, _ theirs: [Float]) -> Double {
  var difference = 0.0
  var size = 0.0
  for (one, other) in zip(ours, theirs) {
    difference += (Double(one) - Double(other)) * (Double(one) - Double(other))
    size += Double(other) * Double(other)
  }
  return ours.count == theirs.count && size > 0 ? (difference / size).squareRoot() : .infinity
}

@Suite("Against timm and PyTorch")
struct ReferenceTests {
  struct Model: Sendable, CustomTestStringConvertible {
    var name: String
    var image: Int
    var channels: Int
    var patch: Int
    var heads: Int
    var classes: Int
    var testDescription: String { name }

    /// The network with the reference's weights and batch.
    func network(
      _ cut: Cut, _ references: References, auxiliary: References? = nil
    ) throws -> TransformerNetwork {
      let shape = try VisionTransformer(
        image: image, channels: channels, patch: patch, width: 24, depth: 2, heads: heads, classes: classes)
      let network = TransformerNetwork(shape, cut: cut, capacity: 8, hasAuxiliaryHead: auxiliary != nil)
      for tensor in network.layout.tensors {
        let isAuxiliary = tensor.name.hasPrefix("auxiliary.")
        let values = try (isAuxiliary ? auxiliary ?? references : references).values("weights/\(tensor.name)")
        try #require(values.count == tensor.count)
        for (place, value) in zip(tensor.range, values) { network.parameters[place] = value }
      }
      for (place, value) in try references.values("images").enumerated() { network.input[place] = value }
      return network
    }
  }

  static let models = [
    Model(name: "grey", image: 28, channels: 1, patch: 7, heads: 3, classes: 5),
    Model(name: "colour", image: 32, channels: 3, patch: 8, heads: 4, classes: 7),
  ]
  static let cuts: [Cut] = [.embedding, .afterEmbedding, .afterBlock(1), .afterBlock(2)]
  private let tolerance = 1e-4

  private func step(_ network: TransformerNetwork, _ labels: [UInt8]) -> Double {
    network.forwardDevice(count: labels.count)
    let loss = labels.withUnsafeBufferPointer {
      network.stepServer(labels: $0, count: labels.count, trainable: .all).loss
    }
    network.backwardDevice(count: labels.count)
    return loss
  }

  @Test("logits, loss and every gradient are PyTorch's, wherever the cut", arguments: models, cuts)
  func gradients(model: Model, cut: Cut) throws {
    let references = try References(model.name)
    let network = try model.network(cut, references)
    let labels = try references.values("labels").map { UInt8($0) }
    let loss = step(network, labels)
    let theirs = try Double(references.values("loss")[0])
    #expect(abs(loss - theirs) < tolerance * theirs)
    #expect(distance(network.logits(count: labels.count), try references.values("logits")) < tolerance)
    for tensor in network.layout.tensors {
      let far = distance(network.gradients[tensor.range], try references.values("gradients/\(tensor.name)"))
      #expect(far < tolerance, "\(tensor.name) is \(far) away")
    }
  }

  @Test(
    "a device's own loss and its gradients are PyTorch's, and the server's are those of the whole model",
    arguments: cuts)
  func localLoss(cut: Cut) throws {
    let references = try References("grey")
    let own = try References("local-loss")
    let network = try Self.models[0].network(cut, references, auxiliary: own)
    let labels = try references.values("labels").map { UInt8($0) }
    let loss = labels.withUnsafeBufferPointer { labels in
      network.forwardDevice(count: labels.count)
      let own = network.stepAuxiliary(labels: labels, count: labels.count)
      _ = network.stepServer(labels: labels, count: labels.count, trainable: .all)
      network.returnAuxiliaryGradient(count: labels.count)
      network.backwardDevice(count: labels.count)
      return own.loss
    }
    let theirs = try Double(own.values("\(cut)/loss")[0])
    #expect(abs(loss - theirs) < tolerance * theirs)
    let device = network.layout.deviceRange(cut)
    for tensor in network.layout.tensors {
      let isOwn = tensor.offset < device.upperBound || tensor.name.hasPrefix("auxiliary.")
      let expected =
        try isOwn
        ? own.values("\(cut)/gradients/\(tensor.name)") : references.values("gradients/\(tensor.name)")
      let far = distance(network.gradients[tensor.range], expected)
      #expect(far < tolerance, "\(tensor.name) is \(far) away")
    }
  }

  @Test(
    "three steps of an optimizer end at PyTorch's weights", arguments: models,
    [
      ("sgd", OptimizerRule(kind: .sgd, learningRate: 0.05, momentum: 0.9, weightDecay: 0.01)),
      (
        "adamw",
        OptimizerRule(kind: .adamw, learningRate: 0.003, weightDecay: 0.1, beta1: 0.9, beta2: 0.98, epsilon: 1e-7)
      ),
    ])
  func optimizers(model: Model, rule: (name: String, rule: OptimizerRule)) throws {
    let references = try References(model.name)
    let network = try model.network(.embedding, references)
    let labels = try references.values("labels").map { UInt8($0) }
    let optimizer = Optimizer(rule.rule, count: network.layout.count)
    for _ in 0..<3 {
      _ = step(network, labels)
      optimizer.update(
        parameters: network.parameters, gradients: network.gradients, range: 0..<network.layout.count,
        learningRate: rule.rule.learningRate)
    }
    for tensor in network.layout.tensors {
      // A bias of the keys shifts all of a query's scores alike, so its gradient is 0 but for rounding, which AdamW blows up.
      let isKeyBias = { (place: Int) in tensor.name.hasSuffix("qkv.bias") && (24..<48).contains(place) }
      func told(_ values: some Collection<Float>) -> [Float] {
        values.enumerated().filter { !isKeyBias($0.offset) }.map(\.element)
      }
      let start = try told(references.values("weights/\(tensor.name)"))
      let end = try told(references.values("\(rule.name)/\(tensor.name)"))
      let ours = told(network.parameters[tensor.range])
      let far = distance(ours, end)
      #expect(far < tolerance, "\(tensor.name) is \(far) away")
      // How far the steps went, too: weights that hardly move would pass anything.
      let moved = distance(zip(ours, start).map { $0 - $1 }, zip(end, start).map { $0 - $1 })
      #expect(moved < 0.01, "\(tensor.name) moved \(moved) otherwise")
    }
  }

  @Test("positions of another size are timm's", arguments: [("larger", 7), ("smaller", 3)])
  func positions(name: String, side: Int) throws {
    let references = try References("positions")
    let given = try references.values("given")
    let theirs = try references.values(name)
    var ours = [Float](repeating: 0, count: theirs.count)
    ours.replaceSubrange(0..<12, with: given[..<12])
    given.withUnsafeBufferPointer { given in
      ours.withUnsafeMutableBufferPointer { ours in
        PositionInterpolation(from: 4, to: side).apply(
          to: UnsafeBufferPointer(rebasing: given[12...]), width: 12,
          into: UnsafeMutableBufferPointer(rebasing: ours[12...]))
      }
    }
    #expect(distance(ours, theirs) < 1e-5)
  }
}
