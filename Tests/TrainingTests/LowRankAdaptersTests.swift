import Testing
import Training
import Units

@Suite("Low-rank adapters")
struct LowRankAdaptersTests {
  @Test("s is alpha over the rank, or over its root")
  func scale() {
    #expect(LowRankAdapters(rank: 8, alpha: 16).scale == 2)
    #expect(LowRankAdapters(rank: 16, alpha: 8, scaling: .rankStabilized).scale == 2)
  }

  @Test("blocks are those of the part, and without one before the cut the device's part is frozen")
  func blocks() {
    func blocks(_ part: LowRankAdapters.Part, _ cut: Cut) -> Range<Int> {
      LowRankAdapters(part: part).blocks(cut: cut, depth: 12)
    }
    #expect(blocks(.both, .afterBlock(4)) == 0..<12)
    #expect(blocks(.device, .afterBlock(4)) == 0..<4)
    #expect(blocks(.server, .afterBlock(4)) == 4..<12)
    #expect(blocks(.device, .embedding).isEmpty && blocks(.server, .afterBlock(12)).isEmpty)
    let frozen = LowRankAdapters.Part.allCases.map {
      LowRankAdapters(part: $0).freezesDevicePart(cut: .afterBlock(4))
    }
    #expect(frozen == [false, false, true])
    #expect(LowRankAdapters().freezesDevicePart(cut: .embedding))
  }

  @Test("a block's parameters are r times inputs and outputs of its targets")
  func parameters() {
    // d = 768, r = 8: (1 + 3) + (1 + 1) + (1 + 4) + (4 + 1) widths.
    #expect(LowRankAdapters().parameters(width: 768) == 16 * 8 * 768)
    #expect(LowRankAdapters(rank: 4, targets: [.proj, .fc2]).parameters(width: 10) == 4 * 7 * 10)
  }

  /// ViT-B/32 with 10 classes: 50 tokens of 768; a block's forward work is 2 × 50 × 12 × 768² and 2 norms of 10 × 50 × 768.
  private static let blockWork = 707_788_800.0 + 768_000
  private static let embeddingWork = 2.0 * 49 * 3072 * 768
  private static let headWork = 2.0 * 768 * 10

  @Test("work counts frozen blocks once forward and once back, adapters and head three times")
  func work() throws {
    let model = try #require(ModelProfile.named("vit_base_patch32_224", classes: 10, cut: .afterBlock(4)))
    let recipe = TrainingRecipe(batch: 2, adapters: LowRankAdapters())
    // 98304 parameters a block, 2 FLOP a token each.
    let adapters = 2.0 * 50 * 98_304
    let device = Self.embeddingWork + 8 * Self.blockWork + 3 * 4 * adapters
    #expect(model.stepWork(of: .embedding, under: recipe).value == 2 * device)
    let forward = model.forwardWork.value - model.deviceForwardWork.value
    let server = forward + 8 * Self.blockWork + 2 * Self.headWork + 3 * 8 * adapters
    #expect(abs(model.stepWork(of: .rest, under: recipe).value / (2 * server) - 1) < 1e-12)
    let whole = model.forwardWork.value + 12 * Self.blockWork + 2 * Self.headWork + 3 * 12 * adapters
    #expect(abs(model.stepWork(of: .whole, under: recipe).value / (2 * whole) - 1) < 1e-12)
    let full = TrainingRecipe(batch: 2)
    for part in [Framework.Traits.Part.embedding, .rest, .whole] {
      #expect(model.stepWork(of: part, under: recipe) < model.stepWork(of: part, under: full))
    }
  }

  @Test("where adapters stand behind the cut alone, the device goes forward and the gradient stops at the cut")
  func server() throws {
    let model = try #require(ModelProfile.named("vit_base_patch32_224", classes: 10, cut: .afterBlock(4)))
    let recipe = TrainingRecipe(batch: 1, adapters: LowRankAdapters(part: .server), embedding: .frozen)
    #expect(model.stepWork(of: .embedding, under: recipe) == model.deviceForwardWork)
    let device = TrainingRecipe(batch: 1, adapters: LowRankAdapters(part: .device))
    let passed = model.backwardWork(of: .rest, under: device).value
    #expect(
      abs(passed / (8 * Self.blockWork + 2 * Self.headWork) - 1) < 1e-12, "the gradient passes, and trains the head")
    #expect(model.adapterParameters(of: .rest, LowRankAdapters(part: .device)) == 0)
    // Fewer blocks to go back through in a whole model, too.
    let whole = model.backwardWork(of: .whole, under: recipe).value
    #expect(abs(whole / (8 * Self.blockWork + 2 * Self.headWork + 2 * 8 * 2.0 * 50 * 98_304) - 1) < 1e-12)
  }

  @Test("adapters go up alone, and with the head where the whole model would")
  func upload() throws {
    let model = try #require(ModelProfile.named("vit_base_patch32_224", classes: 10, cut: .afterBlock(4)))
    let both = TrainingRecipe(adapters: LowRankAdapters())
    #expect(model.uploadBits(of: .embedding, under: both).value == 32 * 4 * 98_304)
    #expect(model.uploadBits(of: .whole, under: both).value == 32 * (12 * 98_304 + 7690))
    let server = TrainingRecipe(adapters: LowRankAdapters(part: .server), embedding: .frozen)
    #expect(model.uploadBits(of: .embedding, under: server) == .zero)
    #expect(model.uploadBits(of: .whole, under: server).value == 32 * (8 * 98_304 + 7690))
    #expect(model.uploadBits(of: .embedding, under: TrainingRecipe()) == model.deviceModelBits)
    #expect(model.uploadBits(of: .whole, under: TrainingRecipe(trainable: .head)) == model.headBits)
  }

  @Test("memory counts the frozen model once, and gradients of what is trained")
  func memory() throws {
    let model = try #require(ModelProfile.named("vit_base_patch32_224", classes: 10, cut: .afterBlock(4)))
    let full = try #require(model.trainingMemory(batch: 16))
    let adapted = try #require(model.trainingMemory(batch: 16, adapters: LowRankAdapters()))
    #expect(full - adapted == 4 * Double(model.parameters) - 8 * Double(12 * 98_304 + 7690))
    let device = try #require(model.deviceMemory(batch: 16, adapters: LowRankAdapters()))
    #expect(try device - #require(model.deviceMemory(batch: 16)) == 4 * 4 * 98_304)
  }
}
