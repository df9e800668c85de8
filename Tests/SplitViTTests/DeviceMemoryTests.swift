import Testing
import Training
import Units

@testable import SplitViT

@Suite("What the profile says that training on a device takes")
struct DeviceMemoryTests {
  /// Bytes of a network that is the device's part alone, with the optimizer's state of what it trains.
  private func taken(_ shape: VisionTransformer, _ cut: Cut, _ recipe: TrainingRecipe) throws -> Double {
    let isWhole = cut == .embedding
    let part = try VisionTransformer(
      image: shape.image, channels: shape.channels, patch: shape.patch, width: shape.width,
      depth: isWhole ? shape.depth : cut.deviceBlocks, heads: shape.heads, classes: shape.classes)
    let network = TransformerNetwork(part, cut: cut, capacity: recipe.batch, adapters: recipe.adapters)
    let optimizer = Optimizer(recipe.optimizer, count: network.parameters.count)
    network.input.update(repeating: 0.5)
    if shape.width < 100 {
      network.step(count: recipe.batch)
      optimizer.update(
        parameters: network.parameters, gradients: network.gradients, range: 0..<network.parameters.count,
        learningRate: 0.1)
    }
    return Double(network.memory.bytes + 4 * optimizer.state.count)
  }

  @Test(
    "is within 15 % of what a network takes, whole (with fl) or before a cut, with and without adapters",
    arguments: [nil, LowRankAdapters(), LowRankAdapters(rank: 2)], [Cut.embedding, .afterBlock(2), .afterBlock(4)])
  func measured(adapters: LowRankAdapters?, cut: Cut) throws {
    // The model of scenarios/lora.yaml, whose steps are taken, and ViT-S/16, whose memory is asked for alone.
    let small = try VisionTransformer(image: 28, channels: 1, patch: 7, width: 96, depth: 4, heads: 3, classes: 10)
    let large = try #require(ModelProfile.named("vit_small_patch16_224", classes: 10)?.architecture)
    for (shape, batch) in [(small, 64), (large, 16)] {
      for kind in [OptimizerRule.Kind.sgd, .adamw] {
        let optimizer = OptimizerRule(kind: kind, momentum: kind == .sgd ? 0.9 : 0)
        let recipe = TrainingRecipe(batch: batch, optimizer: optimizer, adapters: adapters)
        let profile = ModelProfile(name: "own", architecture: shape, cut: cut)
        let said =
          try #require(
            profile.deviceTrainingMemory(of: cut == .embedding ? .whole : .embedding, under: recipe)
          ).value / 8
        let taken = try taken(shape, cut, recipe)
        #expect(abs(taken / said - 1) < 0.15, "\(taken / 1e6) MB taken, \(said / 1e6) said, \(shape.width) \(kind)")
      }
    }
  }

  @Test("counts the gradients on their way back, by hand, and none where none comes back")
  func byHand() throws {
    let model = try #require(ModelProfile.named("vit_base_patch32_224", classes: 10, cut: .afterBlock(4)))
    func memory(_ recipe: TrainingRecipe, _ model: ModelProfile) throws -> Double {
      try #require(model.deviceTrainingMemory(of: .embedding, under: recipe)).value / 8
    }
    let adapted = TrainingRecipe(batch: 2, optimizer: OptimizerRule(momentum: 0.9), adapters: LowRankAdapters())
    let kept = try #require(model.deviceMemory(batch: 2, adapters: LowRankAdapters()))
    // Gradient and momentum of 4 blocks' adapters; 9 values a token of 768 of two samples.
    #expect(try memory(adapted, model) == kept + 4 * 2 * 4 * 98_304 + 4 * 2 * 50 * 9 * 768)
    let frozen = TrainingRecipe(batch: 2, adapters: LowRankAdapters(part: .server), embedding: .frozen)
    #expect(try memory(frozen, model) == model.deviceMemory(batch: 2, adapters: LowRankAdapters(part: .server)))
    let paper = try #require(ModelProfile.named("vit_base_patch32_224", classes: 10))
    let plain = TrainingRecipe(batch: 2, optimizer: OptimizerRule(momentum: 0))
    let weights = 4.0 * 32 * 32 * 3 * 768
    #expect(try memory(plain, paper) == #require(paper.deviceMemory(batch: 2)) + weights + 4 * 2 * 49 * 768)
  }
}
