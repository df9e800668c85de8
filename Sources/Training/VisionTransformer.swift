import Units

/// The shape of a Vision Transformer with an MLP ratio of 4, a class token and learned positions, as timm builds it.
///
/// Every size and work below follows from these seven numbers.
public struct VisionTransformer: Sendable, Hashable {
  /// Side of the square input image, pixels.
  public let image: Int
  /// Channels of the image.
  public let channels: Int
  /// Side P of a square patch, pixels.
  public let patch: Int
  /// Width d of a token.
  public let width: Int
  /// Transformer blocks.
  public let depth: Int
  /// Attention heads.
  public let heads: Int
  /// Output classes.
  public let classes: Int

  /// A transformer of this shape.
  ///
  /// - Throws: ``ShapeError`` where a number is out of range, patches do not tile the image, or heads do not divide
  ///   the width.
  public init(
    image: Int, channels: Int, patch: Int, width: Int, depth: Int, heads: Int, classes: Int
  ) throws(ShapeError) {
    try Self.require(image, in: 1...16_384, "image")
    try Self.require(channels, in: 1...1024, "channels")
    try Self.require(patch, in: 1...image, "patch")
    try Self.require(width, in: 1...65_536, "width")
    try Self.require(depth, in: 1...1024, "depth")
    try Self.require(heads, in: 1...width, "heads")
    try Self.require(classes, in: 1...1_000_000, "classes")
    guard image % patch == 0 else {
      throw ShapeError("patch \(patch) does not divide image \(image)")
    }
    guard width % heads == 0 else {
      throw ShapeError("heads \(heads) do not divide width \(width)")
    }
    self.image = image
    self.channels = channels
    self.patch = patch
    self.width = width
    self.depth = depth
    self.heads = heads
    self.classes = classes
  }

  /// Why a shape is none.
  public struct ShapeError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What is wrong with which number, and what is allowed.
    public let description: String

    init(_ description: String) { self.description = description }
  }

  private static func require(_ value: Int, in range: ClosedRange<Int>, _ name: String) throws(ShapeError) {
    guard range.contains(value) else {
      throw ShapeError("\(name) is \(value), allowed is \(range.lowerBound) to \(range.upperBound)")
    }
  }
}

extension VisionTransformer {
  /// Patches of an image, (image / P)².
  public var patches: Int { (image / patch) * (image / patch) }

  /// Tokens within the blocks: the patches and the class token.
  public var tokens: Int { patches + 1 }

  /// Values of one input image.
  public var inputElements: Int { channels * image * image }

  /// Weights of the patch embedding without bias, P² × channels × d: the device-side part of Table II.
  public var embeddingWeights: Int { patch * patch * channels * width }

  /// Activations of one image at the cut, patches × d. The server adds the class token and the positions, so they do
  /// not go over the air, although the paper prints the shape with them.
  public var embeddingElements: Int { patches * width }

  /// Parameters before the blocks: patch projection with its bias, class token, positions.
  public var embeddingParameters: Int { embeddingWeights + width + width + tokens * width }

  /// Parameters of a block, 12 d² + 13 d.
  public var blockParameters: Int { 12 * width * width + 13 * width }

  /// Parameters of the classification head, weights and biases.
  public var headParameters: Int { (width + 1) * classes }

  /// Parameters of the whole model: those before the blocks, the blocks, last norm, head.
  public var parameters: Int { embeddingParameters + depth * blockParameters + 2 * width + headParameters }

  /// Forward work of the patch embedding on one image: patches × P² × channels × d × 2.
  public var embeddingWork: Flops { Flops(2 * Double(patches) * Double(embeddingWeights)) }

  /// Forward work on one image of a block's products with weights, 12 d² multiply-adds a token.
  private var blockProductWork: Flops {
    Flops(WorkRule.multiplyAdd * Double(tokens) * 12 * Double(width) * Double(width))
  }

  /// Forward work on one image of a layer norm, at ``WorkRule/norm`` FLOP an element.
  private var singleNormWork: Flops { Flops(WorkRule.norm * Double(tokens) * Double(width)) }

  /// Forward work on one image of the classification head.
  public var headWork: Flops { Flops(WorkRule.multiplyAdd * Double(width) * Double(classes)) }

  /// Forward work on one image of a block: its products and its two norms.
  public var blockWork: Flops { blockProductWork + 2 * singleNormWork }

  /// Forward work on one image of all products with weights.
  public var productWork: Flops { embeddingWork + Double(depth) * blockProductWork + headWork }

  /// Forward work on one image of the attention products Q Kᵀ and A V, 2 FLOP a multiply-add.
  public var attentionWork: Flops {
    Flops(2 * Double(depth) * 2 * Double(tokens) * Double(tokens) * Double(width))
  }

  /// Forward work on one image of the 2 depth + 1 layer norms.
  public var normWork: Flops { Double(2 * depth + 1) * singleNormWork }

  /// Forward work on one image as the paper counts it: products with weights and norms, without the attention products.
  ///
  /// For ViT-B/32 with 10 classes and b = 64 this is 558.994685952 GFLOP, and Table I prints 558.99; the attention
  /// products would add 5.90. Leaving them out keeps every preset on the paper's footing.
  public var forwardWork: Flops { productWork + normWork }
}

/// How work is counted where Tables I and II are reproduced.
///
/// The counts that reproduce the paper's figures to all printed digits charge one operation a multiply-add, five an
/// element of a norm and one an input element of a pooling layer, at b = 128: the rule of the fvcore counter in training
/// mode. We write the same as two, ten and two at b = 64. The paper names no rule.
public enum WorkRule {
  /// FLOP a multiply-add.
  public static let multiplyAdd = 2.0
  /// FLOP an element of a layer norm or batch norm.
  public static let norm = 10.0
  /// FLOP an input element of an average pooling.
  public static let pooling = 2.0
}
