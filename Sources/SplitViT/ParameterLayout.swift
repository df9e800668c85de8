import Training

/// Where each tensor of a Vision Transformer lies in one flat buffer of float32, under timm's names.
///
/// The order is that of the forward pass, so the device's part is a prefix whatever the cut. Optimizers, aggregation and
/// copies see nothing but the buffer.
public struct ParameterLayout: Sendable, Hashable {
  /// One tensor.
  public struct Tensor: Sendable, Hashable {
    /// timm's name, `blocks.0.attn.qkv.weight`.
    public let name: String
    /// Sizes, row-major: a matrix of weights is outputs × inputs.
    public let shape: [Int]
    /// Its first element in the buffer.
    public let offset: Int
    /// Elements.
    public var count: Int { shape.reduce(1, *) }
    /// Its place in the buffer.
    public var range: Range<Int> { offset..<offset + count }
  }

  /// The shape that the tensors follow from.
  public let architecture: VisionTransformer
  /// All tensors in the order of the buffer.
  public let tensors: [Tensor]
  /// Elements of the buffer.
  public let count: Int
  /// Whether an auxiliary head stands behind all of the model: a linear layer that trains the device's part by a loss of its
  /// own, and is no part of the model.
  public let hasAuxiliaryHead: Bool

  /// The layout of a shape.
  public init(_ architecture: VisionTransformer, hasAuxiliaryHead: Bool = false) {
    self.architecture = architecture
    self.hasAuxiliaryHead = hasAuxiliaryHead
    let width = architecture.width
    var tensors: [Tensor] = []
    var offset = 0
    func add(_ name: String, _ shape: Int...) {
      let tensor = Tensor(name: name, shape: shape, offset: offset)
      tensors.append(tensor)
      offset += tensor.count
    }
    add("patch_embed.proj.weight", width, architecture.channels, architecture.patch, architecture.patch)
    add("patch_embed.proj.bias", width)
    add("cls_token", 1, 1, width)
    add("pos_embed", 1, architecture.tokens, width)
    for block in 0..<architecture.depth {
      let prefix = "blocks.\(block)."
      add(prefix + "norm1.weight", width)
      add(prefix + "norm1.bias", width)
      add(prefix + "attn.qkv.weight", 3 * width, width)
      add(prefix + "attn.qkv.bias", 3 * width)
      add(prefix + "attn.proj.weight", width, width)
      add(prefix + "attn.proj.bias", width)
      add(prefix + "norm2.weight", width)
      add(prefix + "norm2.bias", width)
      add(prefix + "mlp.fc1.weight", 4 * width, width)
      add(prefix + "mlp.fc1.bias", 4 * width)
      add(prefix + "mlp.fc2.weight", width, 4 * width)
      add(prefix + "mlp.fc2.bias", width)
    }
    add("norm.weight", width)
    add("norm.bias", width)
    add("head.weight", architecture.classes, width)
    add("head.bias", architecture.classes)
    if hasAuxiliaryHead {
      add("auxiliary.weight", architecture.classes, width)
      add("auxiliary.bias", architecture.classes)
    }
    self.tensors = tensors
    count = offset
  }

  /// The tensor of a name.
  public subscript(name: String) -> Tensor? { tensors.first { $0.name == name } }

  /// The device's part of the buffer, a prefix.
  public func deviceRange(_ cut: Cut) -> Range<Int> {
    let last =
      switch cut {
      case .embedding: 2
      case .afterEmbedding: 4
      case .afterBlock(let count): 4 + 12 * count
      }
    return 0..<tensors[last - 1].range.upperBound
  }

  /// What stands behind the cut.
  public func serverRange(_ cut: Cut) -> Range<Int> { deviceRange(cut).upperBound..<headRange.upperBound }

  /// The head's part of the buffer: weight and bias of the last product.
  public var headRange: Range<Int> {
    let first = 6 + 12 * architecture.depth
    return tensors[first].offset..<tensors[first + 1].range.upperBound
  }

  /// The layout of the model alone, which this one begins with.
  var model: ParameterLayout { hasAuxiliaryHead ? ParameterLayout(architecture) : self }
}
