import CTensor
import Training

/// A Vision Transformer that computes: parameters, gradients and activations of one model, for one thread at a time, which others
/// may help.
///
/// Pre-norm blocks, exact GELU, LayerNorm with ε = 1e-6 unless said otherwise, class token, learned positions, fused `qkv` with bias, head on
/// the class token behind the last norm, mean cross entropy over the mini-batch: what timm builds. All memory is planned
/// once; a step allocates nothing. The same numbers come out whatever thread calls and however large the capacity.
///
/// A step is ``forwardDevice(count:)``, ``stepServer(labels:count:trainable:)`` and ``backwardDevice(count:)``. What goes
/// over the air between them, ``activations`` and ``activationGradients``, lies open for a quantiser to overwrite. The
/// whole model at one place is the same three calls.
///
/// With adapters all weights but these and the head are frozen; networks of several threads may share them, see ``ParameterLayout/ownRange``.
///
/// The last block's queries, MLP and residuals are computed for the class token alone, which is all that the head reads,
/// unless the block stands before the cut.
public final class TransformerNetwork {
  /// Where each tensor lies in ``parameters`` and ``gradients``.
  public let layout: ParameterLayout
  /// What stands on the device; it may move, not beyond the blocks of the cut that the network was made with.
  public var cut: Cut {
    didSet {
      precondition(cut.deviceBlocks <= deepestBlocks, "memory is planned for the cut that the network was made with")
    }
  }
  /// Samples of the largest mini-batch.
  public let capacity: Int
  /// The weights of ``ParameterLayout/ownRange``: all of them, or with adapters those that are trained; zero at first.
  public let parameters: UnsafeMutableBufferPointer<Float>
  /// The gradients of the mean loss, as ``parameters``; each backward pass overwrites those of its part.
  public let gradients: UnsafeMutableBufferPointer<Float>
  /// Images that are judged together. Our choice: a batch that keeps a product busy and takes little memory beside what training
  /// needs; no image's scores depend on it.
  public static let evaluationChunk = 16
  /// The images, each channels × side × side, as many as ``capacity`` or ``evaluationChunk``, whichever is more; the
  /// caller fills the first of them.
  public let input: UnsafeMutableBufferPointer<Float>
  /// What the device sends, capacity × elements at the cut; overwritten by ``forwardDevice(count:)``.
  public var activations: UnsafeMutableBufferPointer<Float> {
    let sent =
      switch cut {
      case .embedding: memory.embedded
      case .afterEmbedding: memory.blocks[0].input
      case .afterBlock(let number): memory.blocks[number - 1].output
      }
    return UnsafeMutableBufferPointer(start: sent, count: capacity * architecture.elements(at: cut))
  }
  /// What the server sends back, as ``activations``; overwritten by ``stepServer(labels:count:trainable:)``.
  public var activationGradients: UnsafeMutableBufferPointer<Float> {
    let returned = cut == .embedding ? memory.rowGradient : memory.streamGradient
    return UnsafeMutableBufferPointer(start: returned, count: capacity * architecture.elements(at: cut))
  }
  /// What norms add to a variance: timm's 1e-6, unless the weights were made with another.
  public var normEpsilon: Float = 1e-6
  /// What the step under way leaves out of what adapters take; `nil`: nothing, as in judging.
  var dropout: StepDropout?
  /// Time spent in matrix products, where it is switched on.
  public var productClock: ProductClock {
    get { operators.clock }
    set { operators.clock = newValue }
  }

  /// Blocks on the device that memory is planned for.
  private let deepestBlocks: Int
  let memory: NetworkMemory
  let kernels: tensor_kernels
  var operators: Operators
  let offsets: [Int]
  /// Where ``parameters`` begins in the layout.
  let firstOwn: Int
  /// The place of each tensor of a block among the block's adapters; `nil` where it has none.
  let adapterOrdinals: [Int?]
  let adaptersInBlock: Int

  /// A network of this shape with all weights zero, for up to `capacity` samples at once.
  ///
  /// - Parameters:
  ///   - architecture: The shape.
  ///   - cut: What stands on the device, at most if it is to move.
  ///   - capacity: Samples of the largest mini-batch.
  ///   - hasAuxiliaryHead: Whether it has the head that trains the device's part by a loss of its own.
  ///   - adapters: The adapters that are trained in the place of the model.
  ///   - frozen: With adapters the frozen weights, the layout's elements before its ``ParameterLayout/ownRange``, which are read and
  ///     must outlive the network; `nil`: it has memory of its own for them, ``frozenWeights``.
  public convenience init(
    _ architecture: VisionTransformer, cut: Cut = .embedding, capacity: Int, hasAuxiliaryHead: Bool = false,
    adapters: LowRankAdapters? = nil, frozen: UnsafeMutableBufferPointer<Float>? = nil
  ) {
    self.init(
      architecture, cut: cut, capacity: capacity, kernels: Kernels.best, hasAuxiliaryHead: hasAuxiliaryHead,
      adapters: adapters, frozen: frozen)
  }

  init(
    _ architecture: VisionTransformer, cut: Cut, capacity: Int, kernels: tensor_kernels, hasAuxiliaryHead: Bool = false,
    adapters: LowRankAdapters? = nil, frozen: UnsafeMutableBufferPointer<Float>? = nil, work: SharedWork? = nil
  ) {
    precondition(capacity >= 1 && cut.deviceBlocks <= architecture.depth)
    let layout = ParameterLayout(architecture, hasAuxiliaryHead: hasAuxiliaryHead, adapters: adapters, cut: cut)
    self.layout = layout
    offsets = layout.tensors.map(\.offset)
    firstOwn = layout.ownRange.lowerBound
    precondition(frozen.map { $0.count >= layout.ownRange.lowerBound } ?? true)
    let targets = adapters?.orderedTargets ?? []
    adaptersInBlock = targets.count
    adapterOrdinals = (0..<12).map { tensor in targets.firstIndex { $0.place.rawValue == tensor } }
    self.cut = cut
    deepestBlocks = cut.deviceBlocks
    self.capacity = capacity
    self.kernels = kernels
    memory = NetworkMemory(layout, cut: cut, capacity: capacity, frozen: frozen?.baseAddress)
    operators = Operators(kernels, scratch: memory.scratch, work: work)
    func buffer(_ base: UnsafeMutablePointer<Float>, _ count: Int) -> UnsafeMutableBufferPointer<Float> {
      UnsafeMutableBufferPointer(start: base, count: count)
    }
    parameters = buffer(memory.parameters, layout.ownRange.count)
    gradients = buffer(memory.gradients, layout.ownRange.count)
    input = buffer(memory.input, max(capacity, Self.evaluationChunk) * architecture.inputElements)
  }

  /// With adapters the weights that are not trained, the layout's elements before its ``ParameterLayout/ownRange``.
  public var frozenWeights: UnsafeMutableBufferPointer<Float> {
    UnsafeMutableBufferPointer(start: memory.frozen, count: firstOwn)
  }

  var architecture: VisionTransformer { layout.architecture }

  /// Whether the last block is computed for the class token alone.
  var isLastBlockShort: Bool { cut.deviceBlocks < architecture.depth }

  /// The device's forward pass: ``input`` to ``activations``.
  public func forwardDevice(count: Int) {
    precondition(count <= capacity)
    embed(count: count)
    if cut == .embedding { return }
    addPositions(count: count)
    for block in 0..<cut.deviceBlocks {
      forward(block: block, memory.blocks[block], count: count, isShort: false, keepsSlopes: true)
    }
  }

  /// The server's part of a step: ``activations`` to the loss, and back to ``activationGradients``.
  ///
  /// With `Trainable.head` only the head's gradient is computed; all others, and ``activationGradients``, become zero. Where adapters
  /// leave the device's part frozen, ``activationGradients`` become zero, too.
  ///
  /// - Returns: The mean loss, and how many samples are classified right.
  public func stepServer(
    labels: UnsafeBufferPointer<UInt8>, count: Int, trainable: Trainable
  ) -> (loss: Double, correct: Int) {
    precondition(count >= 1 && count <= capacity && labels.count >= count)
    precondition(trainable == .all || layout.adapters == nil)
    forwardServer(count: count, keepsSlopes: trainable == .all)
    let (loss, correct) = crossEntropy(memory.logits, labels, count: count, gradient: memory.logitGradient)
    switch trainable {
    case .all: backwardServer(count: count)
    case .head:
      UnsafeMutableBufferPointer(rebasing: gradients[..<layout.headRange.lowerBound]).update(repeating: 0)
      activationGradients.update(repeating: 0)
      backwardHead(count: count)
    }
    return (loss / Double(count), correct)
  }

  /// The device's backward pass: ``activationGradients`` to the gradients of its weights.
  public func backwardDevice(count: Int) {
    precondition(count <= capacity)
    if cut != .embedding {
      for block in (min(firstTrainedBlock, cut.deviceBlocks)..<cut.deviceBlocks).reversed() {
        backward(block: block, count: count, isShort: false)
      }
    }
    if layout.adapters != nil { return }
    if cut != .embedding { backwardPositions(count: count) }
    backwardEmbedding(count: count)
  }

  /// The whole model on ``input``, forward only. It overwrites ``activations`` and what a backward pass needs.
  ///
  /// - Returns: The sum of the losses, and how many samples are classified right.
  public func evaluate(labels: UnsafeBufferPointer<UInt8>, count: Int) -> (loss: Double, correct: Int) {
    precondition(count <= max(capacity, Self.evaluationChunk) && labels.count >= count)
    let dropped = dropout
    dropout = nil
    defer { dropout = dropped }
    embed(count: count)
    addPositions(count: count)
    var place = memory.blocks[0]
    place.output = place.input
    for block in 0..<architecture.depth {
      forward(block: block, place, count: count, isShort: block == architecture.depth - 1, keepsSlopes: false)
    }
    forwardHead(place.output, stride: architecture.width, count: count)
    return crossEntropy(memory.logits, labels, count: count, gradient: nil)
  }

  /// The scores of the last forward pass, `count` × classes.
  public func logits(count: Int) -> [Float] {
    Array(UnsafeBufferPointer(start: memory.logits, count: count * architecture.classes))
  }

  /// The sum of the losses of these scores, how many samples are classified right, and where asked the gradient of the mean loss.
  func crossEntropy(
    _ logits: UnsafeMutablePointer<Float>, _ labels: UnsafeBufferPointer<UInt8>, count: Int,
    gradient: UnsafeMutablePointer<Float>?
  ) -> (loss: Double, correct: Int) {
    var correct = 0
    guard let labels = labels.baseAddress else { return (0, 0) }
    let loss = tensor_cross_entropy(
      logits, labels, count, architecture.classes, &correct, gradient)
    return (loss, correct)
  }
}

extension VisionTransformer {
  /// Activations of one image at the cut.
  public func elements(at cut: Cut) -> Int { cut == .embedding ? embeddingElements : tokens * width }
}
