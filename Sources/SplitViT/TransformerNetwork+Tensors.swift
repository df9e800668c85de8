import Training

/// A tensor's place among those of ``ParameterLayout``.
enum TensorPlace {
  /// Those of a block, in the layout's order.
  enum InBlock: Int {
    case norm1Weight, norm1Bias, qkvWeight, qkvBias, projectionWeight, projectionBias
    case norm2Weight, norm2Bias, hiddenWeight, hiddenBias, outputWeight, outputBias
  }

  case patchWeight, patchBias, classToken, positions
  case block(Int, InBlock)
  case normWeight, normBias, headWeight, headBias, auxiliaryWeight, auxiliaryBias

  func index(in layout: ParameterLayout) -> Int {
    switch self {
    case .patchWeight: 0
    case .patchBias: 1
    case .classToken: 2
    case .positions: 3
    case .block(let block, let tensor): 4 + 12 * block + tensor.rawValue
    case .normWeight: layout.adapterIndex - 2
    case .normBias: layout.adapterIndex - 1
    case .headWeight: layout.headIndex
    case .headBias: layout.headIndex + 1
    case .auxiliaryWeight: layout.headIndex + 2
    case .auxiliaryBias: layout.headIndex + 3
    }
  }
}

extension TransformerNetwork {
  func weight(_ place: TensorPlace) -> UnsafeMutablePointer<Float> { weight(at: place.index(in: layout)) }

  func weight(at index: Int) -> UnsafeMutablePointer<Float> {
    let offset = offsets[index]
    return offset < firstOwn ? memory.frozen + offset : memory.parameters + (offset - firstOwn)
  }

  /// Where the gradient of a tensor goes; that of a vector that is frozen, to where nobody reads it.
  func gradient(_ place: TensorPlace) -> UnsafeMutablePointer<Float> { gradient(at: place.index(in: layout)) }

  func gradient(at index: Int) -> UnsafeMutablePointer<Float> {
    let offset = offsets[index]
    return offset < firstOwn
      ? memory.unread + index % 2 * 4 * architecture.width : memory.gradients + (offset - firstOwn)
  }
}
