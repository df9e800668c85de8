import Units

/// What the network and the cost model need to know of a neural network that is cut in two: sizes and work.
///
/// A profile is of a Vision Transformer. ResNet-50, which Table I compares with, has no such cut and is no profile: see
/// ``ResNet50``.
public struct ModelProfile: Sendable, Hashable {
  /// The name, timm's where timm has the model.
  public let name: String
  /// The shape that all sizes follow from.
  public let architecture: VisionTransformer
  /// Where it is cut when a framework splits it.
  public let cut: Cut
  /// Forward work of the whole model, one sample.
  ///
  /// `vit_base_patch32_224` at 224 pixels carries the paper's printed figure, 558.99 GFLOP at b = 64 and 10 classes;
  /// every other model ``VisionTransformer/forwardWork``, the count that reproduces that figure.
  public let forwardWork: Flops

  /// A profile of any shape, under any name.
  ///
  /// - Precondition: `cut` lies within the blocks.
  public init(name: String, architecture: VisionTransformer, cut: Cut = .embedding) {
    self.init(name: name, architecture: architecture, cut: cut, forwardWork: architecture.forwardWork)
  }

  private init(name: String, architecture: VisionTransformer, cut: Cut, forwardWork: Flops) {
    precondition(cut.deviceBlocks <= architecture.depth, "a cut lies within the blocks")
    self.name = name
    self.architecture = architecture
    self.cut = cut
    self.forwardWork = forwardWork
  }

  /// Output classes.
  public var classes: Int { architecture.classes }
  /// Elements of one input sample, 3 × 224 × 224.
  public var inputElements: Int { architecture.inputElements }
  /// Activations of one sample that go over the air at the cut: patches × width behind the patch projection, which has
  /// no class token yet, tokens × width behind anything else.
  public var activationElements: Int {
    cut == .embedding ? architecture.embeddingElements : architecture.tokens * architecture.width
  }
  /// Weights of the device-side part: P² × channels × width, without the bias, where it is the patch projection, as in
  /// Table II; every parameter before any other cut.
  public var deviceWeights: Int {
    guard cut != .embedding else { return architecture.embeddingWeights }
    return architecture.embeddingParameters + cut.deviceBlocks * architecture.blockParameters
  }
  /// Parameters of the whole model.
  public var parameters: Int { architecture.parameters }
  /// Forward work of the device-side part, one sample.
  public var deviceForwardWork: Flops {
    architecture.embeddingWork + Double(cut.deviceBlocks) * architecture.blockWork
  }
}

extension ModelProfile {
  /// The models that a scenario may name, by size.
  public static let names = presets.map(\.name)

  /// The model that timm calls `name`, with `classes` outputs, for images of another size and cut elsewhere if wanted;
  /// `nil` where there is no such model, a number is out of range, patches do not tile the image, or the cut lies
  /// behind the last block.
  public static func named(
    _ name: String, classes: Int, image: Int = standardImage, cut: Cut = .embedding
  ) -> ModelProfile? {
    guard let preset = presets.first(where: { $0.name == name }),
      let shape = try? VisionTransformer(
        image: image, channels: 3, patch: preset.patch, width: preset.width, depth: preset.depth, heads: preset.heads,
        classes: classes),
      cut.deviceBlocks <= shape.depth
    else { return nil }
    guard name == paperModel, image == standardImage else {
      return ModelProfile(name: name, architecture: shape, cut: cut)
    }
    let head = WorkRule.multiplyAdd * Double(shape.width) * Double(classes - 10)
    return ModelProfile(name: name, architecture: shape, cut: cut, forwardWork: paperForwardWork + Flops(head))
  }

  /// Side of the images that the models of ``names`` were made for, pixels.
  public static let standardImage = 224

  /// The model of the paper's experiments.
  public static let paperModel = "vit_base_patch32_224"

  /// Table I's 558.99 GFLOP for a batch of 64, a sample.
  private static let paperForwardWork = Flops(558.99e9 / 64)

  private static let presets: [(name: String, patch: Int, width: Int, depth: Int, heads: Int)] = [
    ("vit_tiny_patch16_224", 16, 192, 12, 3),
    ("vit_small_patch16_224", 16, 384, 12, 6),
    ("vit_base_patch32_224", 32, 768, 12, 12),
    ("vit_base_patch16_224", 16, 768, 12, 12),
    ("vit_large_patch32_224", 32, 1024, 24, 16),
    ("vit_large_patch16_224", 16, 1024, 24, 16),
  ]
}
