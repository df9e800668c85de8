import Units

/// A neural network that is cut in two: its name, and what the network and the cost model need to know of it.
///
/// The figures of a Vision Transformer follow from its shape; those of any other model are given. ResNet-50, which Table I
/// compares with, has no such cut and is no profile: see ``ResNet50``.
public struct ModelProfile: Sendable, Hashable {
  /// The name, timm's where timm has the model.
  public let name: String
  /// Output classes.
  public let classes: Int
  /// The shape that all figures follow from; `nil` where they are given.
  public let architecture: VisionTransformer?
  /// Where it is cut when a framework splits it; a name to the eye only where figures are given.
  public let cut: Cut
  /// Sizes and work.
  ///
  /// `vit_base_patch32_224` at 224 pixels carries the paper's printed figure, 558.99 GFLOP at b = 64 and 10 classes;
  /// every other transformer ``VisionTransformer/forwardWork``, the count that reproduces that figure.
  public let figures: ModelCosts

  /// A transformer of any shape, under any name.
  ///
  /// - Precondition: `cut` lies within the blocks.
  public init(name: String, architecture: VisionTransformer, cut: Cut = .embedding) {
    self.init(name: name, architecture: architecture, cut: cut, forwardWork: architecture.forwardWork)
  }

  /// A model of any kind, known by its figures.
  public init(name: String, classes: Int, cut: Cut = .embedding, figures: ModelCosts) {
    self.name = name
    self.classes = classes
    self.cut = cut
    self.figures = figures
    architecture = nil
  }

  private init(name: String, architecture: VisionTransformer, cut: Cut, forwardWork: Flops) {
    precondition(cut.deviceBlocks <= architecture.depth, "a cut lies within the blocks")
    self.name = name
    self.architecture = architecture
    self.cut = cut
    classes = architecture.classes
    figures = ModelCosts(architecture, cut: cut, forwardWork: forwardWork)
  }

  /// Elements of one input sample, 3 × 224 × 224.
  public var inputElements: Int { figures.sampleElements }
  /// Activations of one sample that go over the air at the cut.
  public var activationElements: Int { figures.activationElements }
  /// Weights of the device-side part.
  public var deviceWeights: Int { figures.deviceWeights }
  /// Parameters of the whole model.
  public var parameters: Int { figures.parameters }
  /// Forward work of the whole model, one sample.
  public var forwardWork: Flops { figures.forwardWork }
  /// Forward work of the device-side part, one sample.
  public var deviceForwardWork: Flops { figures.deviceForwardWork }
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
