import Units

/// What the network and the cost model need to know of a model that is cut in two, whatever it is made of. All figures but
/// the weights' are of one sample.
public struct ModelCosts: Sendable, Hashable {
  /// Elements of one raw sample.
  public var sampleElements: Int
  /// Activations that go over the air at the cut.
  public var activationElements: Int
  /// Weights before the cut that go up at a round's end.
  public var deviceWeights: Int
  /// Parameters of the whole model.
  public var parameters: Int
  /// Parameters of the head alone; `nil`: not known.
  public var headParameters: Int?
  /// Activations that the head reads; `nil`: not known.
  public var headActivations: Int?
  /// Forward work before the cut.
  public var deviceForwardWork: Flops
  /// Backward work before the cut.
  public var deviceBackwardWork: Flops
  /// Forward work of the whole model.
  public var forwardWork: Flops
  /// Forward work of the head alone; `nil`: not known.
  public var headForwardWork: Flops?
  /// Parameters of the auxiliary head, which a device trains its part with where no gradient comes back; `nil`: not known.
  public var auxiliaryParameters: Int?
  /// Forward work of the auxiliary head; `nil`: not known.
  public var auxiliaryForwardWork: Flops?
  /// What the forward pass before the cut keeps for the backward pass; `nil`: not known.
  public var deviceMemory: Bits?
  /// What the forward pass of the whole model keeps for the backward pass; `nil`: not known.
  public var memory: Bits?

  /// Figures of a model.
  public init(
    sampleElements: Int, activationElements: Int, deviceWeights: Int, parameters: Int, headParameters: Int? = nil,
    headActivations: Int? = nil, deviceForwardWork: Flops, deviceBackwardWork: Flops, forwardWork: Flops,
    headForwardWork: Flops? = nil, auxiliaryParameters: Int? = nil, auxiliaryForwardWork: Flops? = nil,
    deviceMemory: Bits? = nil, memory: Bits? = nil
  ) {
    self.sampleElements = sampleElements
    self.activationElements = activationElements
    self.deviceWeights = deviceWeights
    self.parameters = parameters
    self.headParameters = headParameters
    self.headActivations = headActivations
    self.deviceForwardWork = deviceForwardWork
    self.deviceBackwardWork = deviceBackwardWork
    self.forwardWork = forwardWork
    self.headForwardWork = headForwardWork
    self.auxiliaryParameters = auxiliaryParameters
    self.auxiliaryForwardWork = auxiliaryForwardWork
    self.deviceMemory = deviceMemory
    self.memory = memory
  }
}

extension ModelCosts {
  /// The figures of a Vision Transformer that is cut there.
  ///
  /// - Activations: patches × width behind the patch projection, which has no class token yet, tokens × width behind
  ///   anything else.
  /// - Weights on the device: P² × channels × width, without the bias, where it is the patch projection, as in Table II;
  ///   every parameter before any other cut.
  /// - What the head reads: the class token behind the last norm.
  /// - The auxiliary head: a mean over the patches or tokens at the cut, and a linear layer to the classes.
  /// - Backward work: twice the forward work, once that of the patch projection, whose input needs no gradient. The paper
  ///   gives no factor; these are ours.
  /// - Memory, in float32: the patch projection keeps its input. A block keeps, a token of width d, its input, both norms'
  ///   results, queries, keys and values, the attention's result, the sum before the second norm and both sides of the
  ///   GELU: 16 d values, and a weight a head and token. The activations at the cut stay until they are sent. The paper
  ///   counts no memory; the rule is ours.
  ///
  /// - Parameter forwardWork: Of the whole model, where it is not the shape's own count.
  init(_ shape: VisionTransformer, cut: Cut, forwardWork: Flops) {
    let blocks = Double(cut.deviceBlocks)
    let isEmbedding = cut == .embedding
    let activations = isEmbedding ? shape.embeddingElements : shape.tokens * shape.width
    let keptByBlock = Double(shape.tokens) * (16 * Double(shape.width) + Double(shape.heads) * Double(shape.tokens))
    let input = Double(shape.inputElements)
    let deviceForward = shape.embeddingWork + blocks * shape.blockWork
    self.init(
      sampleElements: shape.inputElements, activationElements: activations,
      deviceWeights: isEmbedding
        ? shape.embeddingWeights : shape.embeddingParameters + cut.deviceBlocks * shape.blockParameters,
      parameters: shape.parameters, headParameters: shape.headParameters, headActivations: shape.width,
      deviceForwardWork: deviceForward,
      deviceBackwardWork: 2 * deviceForward - shape.embeddingWork, forwardWork: forwardWork,
      headForwardWork: shape.headWork, auxiliaryParameters: shape.headParameters,
      auxiliaryForwardWork: shape.headWork + Flops(WorkRule.pooling * Double(activations)),
      deviceMemory: Bits(32 * (input + blocks * keptByBlock + Double(activations))),
      memory: Bits(32 * (input + Double(shape.depth) * keptByBlock)))
  }
}
