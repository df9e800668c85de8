import Testing
import Training
import Units

/// Numbers of a transformer for 28 × 28 grey images in 7 × 7 patches, width 96, depth 4, 3 heads, 10 classes, counted by
/// hand: 17 tokens; the projection takes 2 · 16 · 49 · 96 = 150,528 FLOP an image, a block 2 · 17 · 12 · 96² for its
/// products and 2 · 10 · 17 · 96 for its norms, 3,792,768 in all, the last norm 16,320 and the head 1,920.
@Suite("Where a model is cut")
struct ModelCutTests {
  private func model(_ cut: Cut) throws -> ModelProfile {
    let shape = try VisionTransformer(image: 28, channels: 1, patch: 7, width: 96, depth: 4, heads: 3, classes: 10)
    return ModelProfile(name: "small", architecture: shape, cut: cut)
  }

  @Test("behind the patch projection go patches, behind anything else tokens")
  func elements() throws {
    #expect(try model(.embedding).activationElements == 16 * 96)
    #expect(try model(.afterEmbedding).activationElements == 17 * 96)
    #expect(try model(.afterBlock(3)).activationElements == 17 * 96)
  }

  @Test("the patch projection has no bias on the device, as in the paper; any other part has all its parameters")
  func weights() throws {
    #expect(try model(.embedding).deviceWeights == 49 * 96)
    #expect(try model(.afterEmbedding).deviceWeights == 49 * 96 + 96 + 96 + 17 * 96)
    #expect(try model(.afterBlock(2)).deviceWeights == 230_208)  // and 2 · (12 · 96² + 13 · 96)
  }

  @Test("blocks take three times their forward work on the device, the projection twice")
  func work() throws {
    let embedding = try model(.embedding)
    #expect(embedding.deviceStepWork(batch: 1) == Flops(2 * 150_528))
    #expect(try model(.afterEmbedding).deviceStepWork(batch: 1) == Flops(2 * 150_528))
    let block = try model(.afterBlock(2))
    #expect(block.deviceForwardWork == Flops(7_736_064))
    #expect(block.deviceStepWork(batch: 64) == Flops(1_475_690_496))  // 64 · (2 · 150,528 + 3 · 2 · 3,792,768)
    #expect(block.serverStepWork(batch: 64) == Flops(1_459_924_992))  // 64 · 3 · (15,339,840 − 7,736,064)
    #expect(block.wholeStepWork(batch: 64) == embedding.wholeStepWork(batch: 64))
  }

  @Test("wherever it is cut, both parts together are the whole", arguments: 0...4)
  func parts(blocks: Int) throws {
    let model = try model(blocks == 0 ? .afterEmbedding : .afterBlock(blocks))
    #expect(model.forwardWork(of: .embedding) + model.forwardWork(of: .rest) == model.forwardWork(of: .whole))
    #expect(model.forwardWork(of: .rest) >= Flops(16_320 + 1_920))
  }

  @Test("what is not trained has no backward pass: a frozen part forwards only, a head alone goes back over itself")
  func frozen() throws {
    let model = try model(.afterBlock(2))
    let frozen = TrainingRecipe(batch: 64, embedding: .frozen)
    #expect(model.stepWork(of: .embedding, under: frozen) == Flops(495_108_096))
    #expect(model.stepWork(of: .rest, under: frozen) == model.serverStepWork(batch: 64))
    #expect(model.stepWork(of: .whole, under: frozen) == model.wholeStepWork(batch: 64))
    let head = TrainingRecipe(batch: 64, trainable: .head)
    #expect(model.stepWork(of: .embedding, under: head) == Flops(495_108_096))
    #expect(model.stepWork(of: .rest, under: head) == Flops(486_887_424))
    #expect(model.stepWork(of: .whole, under: head) == Flops(981_995_520))
    #expect(model.headBits == Bits(32 * 97 * 10))
  }

  /// 4 · (weights + 64 · (784 inputs + 2 · 17 · (16 · 96 + 3 · 17) kept in blocks + 17 · 96 at the cut)).
  @Test("memory is the weights and what the backward pass needs, of every sample in a batch")
  func memory() throws {
    #expect(try model(.afterBlock(2)).deviceMemory(batch: 64) == 15_352_576)
    #expect(try model(.embedding).deviceMemory(batch: 64) == 612_736)
    let paper = try #require(ModelProfile.named(ModelProfile.paperModel, classes: 10))
    #expect(paper.deviceMemory(batch: 64) == 57_606_144)  // 4 · (32² · 3 · 768 + 64 · (3 · 224² + 49 · 768))
    #expect(try #require(paper.trainingMemory(batch: 64)) > #require(paper.deviceMemory(batch: 64)))
  }

  @Test("a named model may see images of another size and be cut within its blocks, no further")
  func named() throws {
    let larger = try #require(ModelProfile.named("vit_base_patch32_224", classes: 10, image: 256))
    #expect(larger.activationElements == 64 * 768)
    #expect(larger.forwardWork == larger.architecture?.forwardWork)
    #expect(ModelProfile.named("vit_base_patch32_224", classes: 10, image: 240) == nil)
    #expect(ModelProfile.named("vit_tiny_patch16_224", classes: 10, cut: .afterBlock(12))?.cut == .afterBlock(12))
    #expect(ModelProfile.named("vit_tiny_patch16_224", classes: 10, cut: .afterBlock(13)) == nil)
  }

  @Test(
    "a cut is written as it is read", arguments: ["embedding", "after-embedding", "after-block-1", "after-block-12"])
  func text(text: String) {
    #expect(Cut(text)?.description == text)
  }

  @Test(
    "what is no cut is none",
    arguments: ["", "after-block-0", "after-block--1", "after-block-01", "after-block-+1", "after-block-", "block-1"])
  func badText(text: String) {
    #expect(Cut(text) == nil)
  }
}

@Suite("Frameworks")
struct FrameworkTests {
  @Test("of those that train side by side, sfl-v2 alone has one server model for all")
  func serverModel() {
    #expect(Framework.allCases.filter(\.traits.sharesServer) == [.sflV2])
  }

  @Test("sfl-v2 computes and sends what sfl does")
  func secondVersion() {
    var traits = Framework.sflV2.traits
    traits.sharesServer = false
    #expect(traits == Framework.sfl.traits)
  }
}
