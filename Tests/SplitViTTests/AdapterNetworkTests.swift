import Testing
import Training

@testable import SplitViT

@Suite("A network with adapters")
struct AdapterNetworkTests {
  @Test("every gradient is the slope of the loss, at every target", arguments: LowRankAdapters.Target.allCases)
  func targets(target: LowRankAdapters.Target) throws {
    for cut: Cut in [.embedding, .afterBlock(1), .afterBlock(2)] {
      let network = TransformerNetwork(
        try #require(TinyModel.odd), cut: cut, capacity: 3,
        adapters: LowRankAdapters(rank: 2, alpha: 2, targets: [target]))
      network.fill(seed: 1)
      #expect(network.ownTensors.count == 6)
      #expect(NetworkGradientTests.check(network, count: 3, every: 3) == [], "\(cut)")
    }
  }

  @Test("so it is with all of them, on either side of the cut", arguments: LowRankAdapters.Part.allCases)
  func parts(part: LowRankAdapters.Part) throws {
    let network = TransformerNetwork(
      try #require(TinyModel.even), cut: .afterBlock(1), capacity: 2,
      adapters: LowRankAdapters(rank: 3, alpha: 4, part: part, scaling: .rankStabilized))
    network.fill(seed: 2)
    let blocks = part == .both ? 3 : part == .device ? 1 : 2
    #expect(network.ownTensors.count == 8 * blocks + 2)
    #expect(NetworkGradientTests.check(network, count: 2, every: 17) == [])
    let goesBack = network.activationGradients.contains { $0 != 0 }
    #expect(goesBack == (part != .server))
  }

  @Test("with B = 0 all that is computed is the base's, bit by bit", arguments: [Cut.embedding, .afterBlock(1)])
  func base(cut: Cut) throws {
    let shape = try #require(TinyModel.even)
    let base = TransformerNetwork(shape, cut: cut, capacity: 4)
    base.fill(seed: 3)
    let network = TransformerNetwork(shape, cut: cut, capacity: 4, adapters: LowRankAdapters(rank: 4))
    network.fill(seed: 4)
    for tensor in network.layout.tensors {
      if tensor.name.contains("lora_B") { network.values(of: tensor).update(repeating: 0) }
      if let own = base.layout[tensor.name] {
        _ = network.values(of: tensor).update(fromContentsOf: base.values(of: own))
      }
    }
    _ = network.input.update(fromContentsOf: base.input)
    let (loss, own) = (base.step(count: 4).loss, network.step(count: 4).loss)
    #expect(own == loss)
    #expect(network.logits(count: 4) == base.logits(count: 4))
    for name in ["head.weight", "head.bias"] {
      let (tensor, other) = (try #require(network.layout[name]), try #require(base.layout[name]))
      #expect(Array(network.gradients(of: tensor)) == Array(base.gradients(of: other)))
    }
    #expect(network.loss(count: 4) == base.loss(count: 4))
  }

  @Test("the merged matrices alone give what matrices and adapters give")
  func merged() throws {
    let shape = try #require(TinyModel.even)
    let network = TransformerNetwork(shape, capacity: 4, adapters: LowRankAdapters(rank: 4, alpha: 3))
    network.fill(seed: 5)
    let model = FloatBuffer(count: network.layout.count)
    for tensor in network.layout.tensors {
      _ = model.values.run(tensor.range).update(fromContentsOf: network.values(of: tensor))
    }
    ModelWeights.merge(model.values, layout: network.layout)
    let plain = TransformerNetwork(shape, capacity: 4)
    for tensor in plain.layout.tensors {
      let merged = try #require(network.layout[tensor.name])
      _ = plain.values(of: tensor).update(fromContentsOf: model.values.run(merged.range))
    }
    _ = plain.input.update(fromContentsOf: network.input)
    #expect(plain.loss(count: 4) == network.loss(count: 4))
    // By hand: the matrix itself.
    let (weight, a, b) = (
      try #require(network.layout["blocks.1.mlp.fc1.weight"]),
      try #require(network.layout["blocks.1.mlp.fc1.lora_A.weight"]),
      try #require(network.layout["blocks.1.mlp.fc1.lora_B.weight"])
    )
    #expect(a.shape == [4, 32] && b.shape == [128, 4])
    for (row, column) in [(0, 0), (5, 31), (127, 2)] {
      let product = (0..<4).reduce(0.0) {
        $0 + Double(network.values(of: b)[row * 4 + $1]) * Double(network.values(of: a)[$1 * 32 + column])
      }
      let expected = Double(network.values(of: weight)[row * 32 + column]) + 3.0 / 4 * product
      #expect(abs(Double(model.values[weight.offset + row * 32 + column]) - expected) < 1e-6)
    }
  }

  @Test("networks that share frozen weights take the memory that was said before they were made")
  func memory() throws {
    let shape = try #require(TinyModel.even)
    let adapters = LowRankAdapters(rank: 5, targets: [.qkv, .fc1], part: .server)
    let layout = ParameterLayout(shape, adapters: adapters, cut: .afterBlock(1))
    let base = FloatBuffer(count: layout.count)
    let network = TransformerNetwork(
      shape, cut: .afterBlock(1), capacity: 7, adapters: adapters, frozen: base.values)
    #expect(network.frozenWeights.baseAddress == base.values.baseAddress)
    // Two blocks, r (d + 3 d) + r (d + 4 d), and the head's (d + 1) 10.
    #expect(network.parameters.count == 2 * 5 * 9 * 32 + 330)
    let said = TransformerNetwork.bytes(shape, cut: .afterBlock(1), capacity: 7, adapters: adapters)
    #expect(Double(network.memory.bytes) == said)
  }
}
