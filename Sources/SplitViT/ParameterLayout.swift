import Training

/// Where each tensor of a Vision Transformer lies in one flat buffer of float32, under timm's names.
///
/// The order is that of the forward pass, so the device's part is a prefix whatever the cut. Adapters, where there are any, stand
/// block by block between the last norm and the head: what is trained is then one run, of which the device's is again a prefix.
/// Optimizers, aggregation and copies see nothing but the buffer.
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
  /// The adapters beside the model, which is then frozen but for its head.
  public let adapters: LowRankAdapters?
  /// The blocks that have adapters; without any, none.
  public let adaptedBlocks: Range<Int>

  /// The layout of a shape.
  ///
  /// - Parameters:
  ///   - architecture: The shape.
  ///   - hasAuxiliaryHead: Whether there is an auxiliary head.
  ///   - adapters: The adapters beside the model.
  ///   - cut: What tells the device's adapters from the server's.
  /// - Precondition: some block has adapters, where there are any.
  public init(
    _ architecture: VisionTransformer, hasAuxiliaryHead: Bool = false, adapters: LowRankAdapters? = nil,
    cut: Cut = .embedding
  ) {
    self.architecture = architecture
    self.hasAuxiliaryHead = hasAuxiliaryHead
    self.adapters = adapters
    adaptedBlocks = adapters?.blocks(cut: cut, depth: architecture.depth) ?? 0..<0
    precondition(
      adapters == nil || !adaptedBlocks.isEmpty && adapters?.targets.isEmpty == false, "adapters have a place")
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
    if let adapters {
      for block in adaptedBlocks {
        for target in adapters.orderedTargets {
          let name = "blocks.\(block).\(target.module)."
          add(name + "lora_A.weight", adapters.rank, target.widths.inputs * width)
          add(name + "lora_B.weight", target.widths.outputs * width, adapters.rank)
        }
      }
    }
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

  /// The device's part of the buffer without adapters, a prefix.
  public func deviceRange(_ cut: Cut) -> Range<Int> {
    let last =
      switch cut {
      case .embedding: 2
      case .afterEmbedding: 4
      case .afterBlock(let count): 4 + 12 * count
      }
    return 0..<tensors[last - 1].range.upperBound
  }

  /// What stands behind the cut of a model without adapters.
  public func serverRange(_ cut: Cut) -> Range<Int> { deviceRange(cut).upperBound..<headRange.upperBound }

  /// The head's part of the buffer: weight and bias of the last product.
  public var headRange: Range<Int> {
    tensors[headIndex].offset..<tensors[headIndex + 1].range.upperBound
  }

  /// What training may change where there are adapters: these, the head, and an auxiliary head; all of the buffer without any.
  public var ownRange: Range<Int> { adapters == nil ? 0..<count : adapterRange.lowerBound..<count }

  /// The place of the head's weight among ``tensors``.
  var headIndex: Int { adapterIndex + 2 * (adapters?.targets.count ?? 0) * adaptedBlocks.count }

  /// The place of the first adapter among ``tensors``.
  var adapterIndex: Int { 6 + 12 * architecture.depth }

  /// All adapters' part of the buffer.
  var adapterRange: Range<Int> { tensors[adapterIndex].offset..<headRange.lowerBound }

  /// The adapters' part of the blocks before this one.
  func adapterEnd(before block: Int) -> Int {
    let count = max(0, min(block, adaptedBlocks.upperBound) - adaptedBlocks.lowerBound)
    return tensors[adapterIndex + 2 * (adapters?.targets.count ?? 0) * count].offset
  }

  /// The tensors of the model itself, wherever they lie.
  var modelTensors: [Tensor] { Array(tensors[..<adapterIndex]) + headTensors }

  /// Weight and bias of the head.
  var headTensors: ArraySlice<Tensor> { tensors[headIndex..<headIndex + 2] }

  /// The adapters, A before B.
  var adapterTensors: ArraySlice<Tensor> { tensors[adapterIndex..<headIndex] }
}

extension LowRankAdapters.Target {
  /// timm's name of the matrix within a block.
  var module: String {
    switch self {
    case .qkv: "attn.qkv"
    case .proj: "attn.proj"
    case .fc1: "mlp.fc1"
    case .fc2: "mlp.fc2"
    }
  }

  /// The matrix among a block's tensors.
  var place: TensorPlace.InBlock {
    switch self {
    case .qkv: .qkvWeight
    case .proj: .projectionWeight
    case .fc1: .hiddenWeight
    case .fc2: .outputWeight
    }
  }
}
