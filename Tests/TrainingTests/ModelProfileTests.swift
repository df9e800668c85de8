import Testing
import Training
import Units

@Suite("Model profiles")
struct ModelProfileTests {
  private func profile(_ name: String, classes: Int = 10) throws -> ModelProfile {
    try #require(ModelProfile.named(name, classes: classes))
  }

  /// Counted layer by layer apart from this code: embedding P²·3·d + d, class token d, positions tokens·d, in each
  /// block two norms 2·2d, QKV 3d² + 3d, projection d² + d, MLP 4d² + 4d + 4d² + d, then norm 2d and head d·c + c.
  /// With 1000 classes these are the sizes that timm states.
  @Test(
    "parameters are those of timm's models",
    arguments: [
      ("vit_tiny_patch16_224", 5_717_416), ("vit_small_patch16_224", 22_050_664),
      ("vit_base_patch32_224", 88_224_232), ("vit_base_patch16_224", 86_567_656),
      ("vit_large_patch32_224", 306_535_400), ("vit_large_patch16_224", 304_326_632),
    ])
  func parameters(name: String, count: Int) throws {
    #expect(try profile(name, classes: 1000).parameters == count)
  }

  @Test("ViT-B/32 with ten classes has the paper's sizes")
  func paperSizes() throws {
    let model = try profile("vit_base_patch32_224")
    #expect(model.parameters == 87_462_922)
    #expect(model.modelBits == Bits(2_798_813_504))
    #expect(model.deviceModelBits == Bits(75_497_472))  // 9.0 MB: 32 · 32 · 3 · 768 weights of 32 bits
    #expect(model.sampleBits == Bits(4_816_896))  // 3 · 224 · 224 values of 32 bits
    #expect(model.activationElements(batch: 64) == 2_408_448)  // 64 · 49 · 768
    #expect(
      PayloadRule.approximate.payload(elements: model.activationElements(batch: 64), bits: 32) == Bits(77_070_336))
  }

  @Test("ViT-B/32's work is the paper's: 2 × 14.80 GFLOP a step on the device, 3 × the rest of 558.99 on the server")
  func paperWork() throws {
    let model = try profile("vit_base_patch32_224")
    #expect(model.deviceForwardWork * 64 == Flops(14_797_504_512))  // 64 · 49 · 32 · 32 · 3 · 768 · 2
    #expect(model.deviceStepWork(batch: 64) == Flops(29_595_009_024))
    #expect(model.serverStepWork(batch: 64) == Flops(1_632_577_486_464))
    #expect(model.wholeStepWork(batch: 64) == Flops(1_676_970_000_000))
    #expect(model.stepWork(of: .nothing, under: TrainingRecipe(batch: 64)) == .zero)
  }

  @Test("the rule of counting gives the paper's printed 558.99 GFLOP, without the attention products")
  func countingRule() throws {
    let shape = try #require(try profile("vit_base_patch32_224").architecture)
    #expect(shape.productWork * 64 == Flops(558_380_285_952))
    #expect(shape.normWork * 64 == Flops(614_400_000))
    #expect(shape.forwardWork * 64 == Flops(558_994_685_952))
    #expect(shape.attentionWork * 64 == Flops(5_898_240_000))
  }

  @Test("a larger head costs its products and nothing else")
  func classes() throws {
    let difference =
      try profile("vit_base_patch32_224", classes: 1000).forwardWork.value
      - profile("vit_base_patch32_224").forwardWork.value
    #expect(difference == 2 * 768 * 990)
  }

  /// 64 · (2 · (patches·P²·3·d + depth·tokens·12·d² + d·10) + 10 · (2·depth + 1) · tokens · d).
  @Test(
    "the other models are counted by the same rule",
    arguments: [
      ("vit_tiny_patch16_224", 138_161_823_744.0), ("vit_small_patch16_224", 544_037_683_200),
      ("vit_base_patch16_224", 2_158_931_509_248), ("vit_large_patch32_224", 1_954_072_231_936),
      ("vit_large_patch16_224", 7_641_034_522_624),
    ])
  func otherWork(name: String, work: Double) throws {
    #expect(try profile(name).forwardWork * 64 == Flops(work))
  }

  @Test("only the listed names are models")
  func names() throws {
    #expect(ModelProfile.names.count == 6)
    for name in ModelProfile.names { #expect(try profile(name).name == name) }
    for name in ["resnet50", "vit_huge_patch14_224", "VIT_BASE_PATCH32_224", ""] {
      #expect(ModelProfile.named(name, classes: 10) == nil)
    }
    for classes in [0, -1, Int.max] { #expect(ModelProfile.named("vit_base_patch32_224", classes: classes) == nil) }
  }

  @Test("a model of any shape has a profile: 28 × 28 grey images in 7 × 7 patches")
  func freeShape() throws {
    let shape = try VisionTransformer(image: 28, channels: 1, patch: 7, width: 64, depth: 2, heads: 4, classes: 10)
    let model = ModelProfile(name: "tiny", architecture: shape)
    #expect(model.inputElements == 784)
    #expect(model.activationElements == 1024)  // 16 patches of width 64
    #expect(model.deviceWeights == 3136)  // 49 · 64
    // 3136 + 64 + 64 + 17·64 + 2·(12·4096 + 13·64) + 128 + 650
    #expect(model.parameters == 105_098)
    #expect(model.deviceForwardWork == Flops(100_352))  // 2 · 16 · 3136
  }

  @Test(
    "a shape that cannot be says why",
    arguments: [
      (224, 3, 15, 768, 12, 12, 10, "patch 15 does not divide image 224"),
      (224, 3, 32, 768, 12, 7, 10, "heads 7 do not divide width 768"),
      (224, 3, 0, 768, 12, 12, 10, "patch is 0, allowed is 1 to 224"),
      (-1, 3, 32, 768, 12, 12, 10, "image is -1, allowed is 1 to 16384"),
      (224, 3, 32, Int.max, 12, 12, 10, "width is 9223372036854775807, allowed is 1 to 65536"),
      (224, 3, 32, 768, 0, 12, 10, "depth is 0, allowed is 1 to 1024"),
    ])
  func badShape(
    image: Int, channels: Int, patch: Int, width: Int, depth: Int, heads: Int, classes: Int, reason: String
  ) {
    let error = #expect(throws: VisionTransformer.ShapeError.self) {
      try VisionTransformer(
        image: image, channels: channels, patch: patch, width: width, depth: depth, heads: heads, classes: classes)
    }
    #expect(error?.description == reason)
  }

  @Test("the largest shape allowed has sizes that fit")
  func largestShape() throws {
    let shape = try VisionTransformer(
      image: 16_384, channels: 1024, patch: 1, width: 65_536, depth: 1024, heads: 1, classes: 1_000_000)
    let model = ModelProfile(name: "huge", architecture: shape)
    #expect(model.forwardWork.isFinite)
    #expect(model.parameters > 0)
    #expect(model.activationElements(batch: .max) == .max)
  }
}
