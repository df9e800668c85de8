import Testing
import Training

@testable import SplitViT

@Suite("Network")
struct NetworkTests {
  @Test("evaluation says what the forward pass of a step says, to the bit")
  func evaluation() throws {
    for cut: Cut in [.embedding, .afterEmbedding, .afterBlock(1), .afterBlock(2)] {
      let network = TransformerNetwork(try #require(TinyModel.even), cut: cut, capacity: 5)
      network.fill(seed: 6)
      let step = network.step(count: 5)
      let logits = network.logits(count: 5)
      let labels = network.labels(5)
      let evaluated = labels.withUnsafeBufferPointer { network.evaluate(labels: $0, count: 5) }
      #expect(evaluated.loss / 5 == step.loss)
      #expect(evaluated.correct == step.correct)
      #expect(network.logits(count: 5) == logits)
    }
  }

  @Test(
    "an image has the same scores, bit by bit, whatever else is judged and whatever network of its weights judges it")
  func places() throws {
    let architecture = try #require(TinyModel.mixed)
    let chunk = TransformerNetwork.evaluationChunk
    let first = TransformerNetwork(architecture, capacity: 1)
    first.fill(seed: 7)
    let images = Array(first.input)
    let labels = first.labels(chunk)
    func scores(_ network: TransformerNetwork, count: Int) -> [Float] {
      _ = network.input.update(fromContentsOf: images)
      _ = labels.withUnsafeBufferPointer { network.evaluate(labels: $0, count: count) }
      return network.logits(count: count)
    }
    let expected = scores(first, count: chunk)
    for (cut, capacity) in [(Cut.embedding, 1), (.afterEmbedding, 7), (.afterBlock(2), chunk), (.embedding, 40)] {
      let network = TransformerNetwork(architecture, cut: cut, capacity: capacity)
      _ = network.parameters.update(fromContentsOf: first.parameters)
      for count in [1, 5, chunk] {
        #expect(scores(network, count: count) == Array(expected[..<(count * architecture.classes)]))
      }
    }
  }

  @Test("a mini-batch smaller than the capacity gives the same numbers as one that fills it")
  func capacity() throws {
    let architecture = try #require(TinyModel.mixed)
    let full = TransformerNetwork(architecture, capacity: 3)
    let spare = TransformerNetwork(architecture, capacity: 16)
    full.fill(seed: 7)
    spare.fill(seed: 8)
    spare.step(count: 16)
    _ = spare.parameters.update(fromContentsOf: full.parameters)
    _ = spare.input.update(fromContentsOf: full.input)
    #expect(full.step(count: 3) == spare.step(count: 3))
    #expect(Array(full.gradients) == Array(spare.gradients))
  }

  @Test("a second step of the same inputs gives the same bits: nothing is left over from the first")
  func repeats() throws {
    let network = TransformerNetwork(try #require(TinyModel.even), cut: .afterBlock(1), capacity: 4)
    network.fill(seed: 9)
    let loss = network.step(count: 4).loss
    let gradients = Array(network.gradients)
    network.step(count: 2, trainable: .head)
    _ = network.loss(count: 3)
    #expect(network.step(count: 4).loss == loss)
    #expect(Array(network.gradients) == gradients)
  }

  @Test("networks side by side on several threads give the bits of one alone")
  func threads() async throws {
    let architecture = try #require(TinyModel.even)
    @Sendable func gradients() -> [Float] {
      let network = TransformerNetwork(architecture, capacity: 6)
      network.fill(seed: 13)
      for _ in 0..<5 { network.step(count: 6) }
      return Array(network.gradients)
    }
    let alone = gradients()
    await withTaskGroup(of: [Float].self) { group in
      for _ in 0..<4 { group.addTask { gradients() } }
      for await one in group { #expect(one == alone) }
    }
  }

  @Test("a head of zeros loses ln(classes), and a label that is no class makes the loss no number")
  func lossOfUniform() throws {
    let network = TransformerNetwork(try #require(TinyModel.odd), capacity: 2)
    network.fill(seed: 10)
    for place in network.layout.headRange { network.parameters[place] = 0 }
    // ln 5
    #expect(abs(network.step(count: 2).loss - 1.6094379124341003) < 1e-12)
    let bad: [UInt8] = [0, 5]
    let loss = bad.withUnsafeBufferPointer { network.evaluate(labels: $0, count: 2).loss }
    #expect(loss.isNaN)
  }

  @Test("gradient descent on one batch brings its loss down to nothing")
  func descends() throws {
    let network = TransformerNetwork(try #require(TinyModel.odd), capacity: 4)
    network.fill(seed: 11)
    let optimizer = Optimizer(OptimizerRule(momentum: 0.9), count: network.layout.count)
    let before = network.step(count: 4).loss
    for _ in 0..<60 {
      network.step(count: 4)
      optimizer.update(
        parameters: network.parameters, gradients: network.gradients, range: 0..<network.layout.count,
        learningRate: 0.02)
    }
    #expect(before > 0.5)
    #expect(network.step(count: 4).loss < 0.05)
  }

  @Test("a network takes the memory that was said before it was made")
  func memory() throws {
    for architecture in [TinyModel.odd, TinyModel.mixed, TinyModel.even] {
      for (cut, capacity) in [(Cut.embedding, 1), (.afterBlock(1), 7), (.afterBlock(2), 30)] {
        let network = TransformerNetwork(try #require(architecture), cut: cut, capacity: capacity)
        let said = TransformerNetwork.bytes(network.layout.architecture, cut: cut, capacity: capacity)
        #expect(Double(network.memory.bytes) == said)
      }
    }
    let huge = try VisionTransformer(
      image: 16_384, channels: 1024, patch: 1, width: 65_536, depth: 1024, heads: 1, classes: 10)
    #expect(TransformerNetwork.bytes(huge, capacity: 1_000_000).isFinite)
  }
}
