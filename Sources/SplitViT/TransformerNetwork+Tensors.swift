import CTensor
import Training

/// The vector kernels of this processor.
enum Kernels {
  static var best: tensor_kernels { (tensor_kernels_avx2() ?? tensor_kernels_plain()).pointee }
}

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

  func index(depth: Int) -> Int {
    switch self {
    case .patchWeight: 0
    case .patchBias: 1
    case .classToken: 2
    case .positions: 3
    case .block(let block, let tensor): 4 + 12 * block + tensor.rawValue
    case .normWeight: 4 + 12 * depth
    case .normBias: 5 + 12 * depth
    case .headWeight: 6 + 12 * depth
    case .headBias: 7 + 12 * depth
    case .auxiliaryWeight: 8 + 12 * depth
    case .auxiliaryBias: 9 + 12 * depth
    }
  }
}

extension TransformerNetwork {
  func weight(_ place: TensorPlace) -> UnsafeMutablePointer<Float> {
    memory.parameters + offsets[place.index(depth: architecture.depth)]
  }

  func gradient(_ place: TensorPlace) -> UnsafeMutablePointer<Float> {
    memory.gradients + offsets[place.index(depth: architecture.depth)]
  }
}
