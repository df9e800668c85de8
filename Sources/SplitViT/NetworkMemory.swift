import CTensor
import Training

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// What one block keeps of its forward pass for the backward pass. In a short block, computed for the class token alone,
/// ``attended`` and all behind it have one row per sample.
struct BlockMemory {
  /// Residual stream before the block; the ``output`` of the block before.
  var input: UnsafeMutablePointer<Float>
  var norm1: UnsafeMutablePointer<Float>
  var stats1: UnsafeMutablePointer<Float>
  var qkv: UnsafeMutablePointer<Float>
  var probabilities: UnsafeMutablePointer<Float>
  var attended: UnsafeMutablePointer<Float>
  /// Residual stream between attention and MLP.
  var middle: UnsafeMutablePointer<Float>
  var norm2: UnsafeMutablePointer<Float>
  var stats2: UnsafeMutablePointer<Float>
  /// What the GELU takes; then its derivative.
  var slopes: UnsafeMutablePointer<Float>
  var hidden: UnsafeMutablePointer<Float>
  /// Residual stream behind the block.
  var output: UnsafeMutablePointer<Float>
}

/// All memory of a network: each buffer at the start of a cache line, all zero at first.
final class NetworkMemory {
  /// Bytes of a cache line.
  static let line = 64

  let parameters: UnsafeMutablePointer<Float>
  /// With adapters the weights that are not trained, of this network or of whoever made it.
  let frozen: UnsafeMutablePointer<Float>
  let gradients: UnsafeMutablePointer<Float>
  let input: UnsafeMutablePointer<Float>
  /// The images as rows of patches, and these projected.
  let patches: UnsafeMutablePointer<Float>
  let embedded: UnsafeMutablePointer<Float>
  let blocks: [BlockMemory]
  let norm: UnsafeMutablePointer<Float>
  let normStats: UnsafeMutablePointer<Float>
  let logits: UnsafeMutablePointer<Float>
  let logitGradient: UnsafeMutablePointer<Float>
  /// Gradient of the residual stream, all tokens.
  let streamGradient: UnsafeMutablePointer<Float>
  /// Gradient of the residual stream, class token alone.
  let classGradient: UnsafeMutablePointer<Float>
  /// Gradient of what a norm, attention or the patch projection put out.
  let rowGradient: UnsafeMutablePointer<Float>
  let qkvGradient: UnsafeMutablePointer<Float>
  let hiddenGradient: UnsafeMutablePointer<Float>
  /// What an operator computes in.
  let scratch: UnsafeMutablePointer<Float>
  /// With adapters: a matrix with its adapter added, rows × rank between A and B, and gradients that nobody reads.
  let merged: UnsafeMutablePointer<Float>
  let inner: UnsafeMutablePointer<Float>
  let unread: UnsafeMutablePointer<Float>
  /// What adapters take, some of it dropped, and then its gradient; nothing where nothing is dropped.
  let dropped: UnsafeMutablePointer<Float>
  /// What the auxiliary head reads, and then the gradient of it; its scores and their gradients. Nothing without one.
  let auxiliaryMean: UnsafeMutablePointer<Float>
  let auxiliaryLogits: UnsafeMutablePointer<Float>
  let auxiliaryGradient: UnsafeMutablePointer<Float>
  /// All bytes asked for.
  let bytes: Int
  private let pieces: [UnsafeMutableRawPointer]

  init(_ layout: ParameterLayout, cut: Cut, capacity: Int, frozen: UnsafeMutablePointer<Float>?) {
    let (architecture, count) = (layout.architecture, layout.ownRange.count)
    var pieces: [UnsafeMutableRawPointer] = []
    var bytes = 0
    func allocate(_ count: Int) -> UnsafeMutablePointer<Float> {
      let size = count * MemoryLayout<Float>.stride + Self.line
      bytes += size
      guard let piece = calloc(size, 1) else {
        fatalError("no memory for \(count) numbers of a network")
      }
      pieces.append(piece)
      return piece.alignedUp(toMultipleOf: Self.line).bindMemory(to: Float.self, capacity: count)
    }
    let width = architecture.width
    let rows = capacity * architecture.tokens
    // Evaluation passes through the first block's memory alone.
    let most = max(capacity, TransformerNetwork.evaluationChunk)
    let columns = tensor_attention_columns(architecture.tokens)

    parameters = allocate(count)
    gradients = allocate(count)
    self.frozen = frozen ?? (layout.adapters == nil ? parameters : allocate(layout.ownRange.lowerBound))
    input = allocate(most * architecture.inputElements)
    patches = allocate(most * architecture.inputElements)
    embedded = allocate(most * architecture.embeddingElements)
    var blocks: [BlockMemory] = []
    var stream = allocate(most * architecture.tokens * width)
    for block in 0..<architecture.depth {
      let isShort = block == architecture.depth - 1 && cut.deviceBlocks < architecture.depth
      let samples = block == 0 ? most : capacity
      let rows = samples * architecture.tokens
      let rowsOut = samples * (isShort ? 1 : architecture.tokens)
      let memory = BlockMemory(
        input: stream, norm1: allocate(rows * width), stats1: allocate(rows * 2), qkv: allocate(rows * 3 * width),
        probabilities: allocate(rowsOut * architecture.heads * columns), attended: allocate(rowsOut * width),
        middle: allocate(rowsOut * width), norm2: allocate(rowsOut * width), stats2: allocate(rowsOut * 2),
        slopes: allocate(rowsOut * 4 * width), hidden: allocate(rowsOut * 4 * width), output: allocate(rowsOut * width))
      blocks.append(memory)
      stream = memory.output
    }
    self.blocks = blocks
    norm = allocate(most * width)
    normStats = allocate(most * 2)
    logits = allocate(most * architecture.classes)
    logitGradient = allocate(capacity * architecture.classes)
    streamGradient = allocate(rows * width)
    classGradient = allocate(capacity * width)
    rowGradient = allocate(rows * width)
    qkvGradient = allocate(rows * 3 * width)
    hiddenGradient = allocate(rows * 4 * width)
    scratch = allocate(Operators.scratch(architecture))
    merged = allocate(layout.adapters == nil ? 0 : 4 * width * width)
    inner = allocate((layout.adapters?.rank ?? 0) * rows)
    unread = allocate(layout.adapters == nil ? 0 : 8 * width)
    dropped = allocate((layout.adapters?.dropout ?? 0) > 0 ? 4 * rows * width : 0)
    let auxiliary = layout.hasAuxiliaryHead ? capacity : 0
    auxiliaryMean = allocate(auxiliary * width)
    auxiliaryLogits = allocate(auxiliary * architecture.classes)
    auxiliaryGradient = allocate(auxiliary * architecture.classes)
    self.pieces = pieces
    self.bytes = bytes
  }

  deinit { for piece in pieces { free(piece) } }
}

extension TransformerNetwork {
  /// Bytes of a network's memory, in floating point: no shape overflows it. To refuse a shape before one is made. Frozen weights
  /// beside adapters are shared, and not counted.
  public static func bytes(
    _ architecture: VisionTransformer, cut: Cut = .embedding, capacity: Int, hasAuxiliaryHead: Bool = false,
    adapters: LowRankAdapters? = nil
  ) -> Double {
    let width = Double(architecture.width)
    let tokens = Double(architecture.tokens)
    let heads = Double(architecture.heads)
    let classes = Double(architecture.classes)
    let columns = (tokens / 8).rounded(.up) * 8
    let samples = Double(capacity)
    let most = max(samples, Double(evaluationChunk))
    /// Elements of a block, per sample.
    func block(_ number: Int) -> Double {
      let isShort = number == architecture.depth - 1 && cut.deviceBlocks < architecture.depth
      return tokens * (4 * width + 2) + (isShort ? 1 : tokens) * (12 * width + heads * columns + 2)
    }
    let edges =
      2 * Double(architecture.inputElements) + Double(architecture.embeddingElements) + tokens * width + width + 2
      + classes
    let gradients = tokens * 9 * width + width + classes
    let middle = Double(max(0, architecture.depth - 2)) * block(-1)
    let last = architecture.depth > 1 ? block(architecture.depth - 1) : 0
    let scratch = max(Double(tensor_product_scratch), (width / heads + 2 * tokens) * columns)
    let auxiliary = hasAuxiliaryHead ? 2 * Double(architecture.headParameters) + samples * (width + 2 * classes) : 0
    let own = trained(architecture, cut: cut, adapters)
    let adapting =
      adapters.map {
        4 * width * width + (Double($0.rank) + ($0.dropout > 0 ? 4 * width : 0)) * samples * tokens + 8 * width
      } ?? 0
    let elements =
      2 * own + adapting + most * (edges + block(0)) + samples * (gradients + middle + last) + scratch
      + auxiliary
    return 4 * elements + Double(NetworkMemory.line) * (23 + 11 * Double(architecture.depth))
  }

  /// Parameters that a network has for itself: the model, or with adapters these and the head.
  static func trained(_ architecture: VisionTransformer, cut: Cut, _ adapters: LowRankAdapters?) -> Double {
    guard let adapters else { return Double(architecture.parameters) }
    let blocks = adapters.blocks(cut: cut, depth: architecture.depth).count
    return Double(blocks) * Double(adapters.parameters(width: architecture.width))
      + Double(architecture.headParameters)
  }
}
