import CTensor
import Training

/// Adapters: the frozen matrix W acts as W + s B A, which is made anew in each pass, in one place for all matrices.
///
/// peft keeps W x and s B (A x) apart; the sum of the matrices gives the same to rounding, and takes r multiply-adds for each of
/// its elements where the two products take r for each token and each input and output.
extension TransformerNetwork {
  /// The place of A among the layout's tensors, behind which that of B is; `nil` where the matrix has no adapter.
  func adapter(_ block: Int, _ tensor: TensorPlace.InBlock) -> Int? {
    guard layout.adaptedBlocks.contains(block), let ordinal = adapterOrdinals[tensor.rawValue] else { return nil }
    return layout.adapterIndex + 2 * ((block - layout.adaptedBlocks.lowerBound) * adaptersInBlock + ordinal)
  }

  /// A matrix of a block as it acts, until the next one is asked for; without its adapter where a step drops what that takes.
  func effective(_ block: Int, _ tensor: TensorPlace.InBlock) -> UnsafeMutablePointer<Float> {
    let weight = weight(.block(block, tensor))
    guard let place = adapter(block, tensor), let adapters = layout.adapters, dropout == nil else { return weight }
    let (outputs, inputs) = (layout.tensors[place + 1].shape[0], layout.tensors[place].shape[1])
    operators.addLowRank(
      weight, a: self.weight(at: place), b: self.weight(at: place + 1), rows: outputs, columns: inputs,
      rank: adapters.rank, factor: Float(adapters.scale), to: memory.merged)
    return memory.merged
  }

  /// Gradients of A and B where the matrix has an adapter, dB = s dyᵀ (x Aᵀ) and dA = s (dy B)ᵀ x; no others.
  ///
  /// - Parameters:
  ///   - first: The output that dy begins with.
  ///   - adds: Whether A already has the gradient of other outputs.
  func adapterGradient(
    _ block: Int, _ tensor: TensorPlace.InBlock, _ dy: Matrix, _ x: Matrix, first: Int = 0, adds: Bool = false
  ) {
    guard let place = adapter(block, tensor), let adapters = layout.adapters else { return }
    let scale = Float(adapters.scale)
    let inner = Matrix(memory.inner, rows: dy.rows, columns: adapters.rank)
    operators.add(x, weight: weight(at: place), to: inner, adds: false)
    operators.weightGradient(
      dy, inner, to: gradient(at: place + 1) + first * adapters.rank, scale: scale)
    operators.inputGradient(
      dy, weight: weight(at: place + 1) + first * adapters.rank, to: inner, scale: scale)
    operators.weightGradient(inner, x, to: gradient(at: place), adds: adds)
  }

  /// The first block whose gradients are wanted, and so the last that a backward pass comes to.
  var firstTrainedBlock: Int { layout.adaptedBlocks.lowerBound }

  /// Whether a backward pass goes on before this block: to the embedding where all is trained, to the first adapters else.
  func goesOn(before block: Int) -> Bool { layout.adapters == nil || block > firstTrainedBlock }
}
