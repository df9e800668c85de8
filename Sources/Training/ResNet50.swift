import Units

/// ResNet-50 for 224 × 224 images, counted from its layers: what Table I compares the transformer with.
///
/// It has no embedding layer to be cut behind, so it is no ``ModelProfile``; only `fl` could train it.
public struct ResNet50: Sendable, Hashable {
  /// Weights and biases: convolutions, two an output channel of each batch norm, the head.
  public private(set) var parameters = 0
  /// Running means and variances of the batch norms, which a model upload carries too.
  public private(set) var runningStatistics = 0
  /// Multiply-adds of a forward pass on one image.
  public private(set) var multiplyAdds = 0
  /// Elements that the batch norms see, one image.
  public private(set) var normElements = 0
  /// Elements that the average pooling sees, one image.
  public private(set) var pooledElements = 0

  /// A network with `classes` outputs.
  public init(classes: Int) {
    convolve(from: 3, to: 64, kernel: 7, side: 112)
    var channels = 64
    var side = 56
    for (width, blocks) in [(64, 3), (128, 4), (256, 6), (512, 3)] {
      for block in 0..<blocks {
        let isFirst = block == 0
        let inputSide = side
        if isFirst && width > 64 { side /= 2 }
        convolve(from: channels, to: width, kernel: 1, side: inputSide)
        convolve(from: width, to: width, kernel: 3, side: side)
        convolve(from: width, to: 4 * width, kernel: 1, side: side)
        if isFirst { convolve(from: channels, to: 4 * width, kernel: 1, side: side) }
        channels = 4 * width
      }
    }
    pooledElements = channels * side * side
    parameters += (channels + 1) * classes
    multiplyAdds += channels * classes
  }

  /// A convolution to a square output, and the batch norm behind it.
  private mutating func convolve(from input: Int, to output: Int, kernel: Int, side: Int) {
    let weights = input * output * kernel * kernel
    parameters += weights + 2 * output
    runningStatistics += 2 * output
    multiplyAdds += weights * side * side
    normElements += output * side * side
  }

  /// Forward work on one image, counted as ``WorkRule`` says.
  public var forwardWork: Flops {
    Flops(
      WorkRule.multiplyAdd * Double(multiplyAdds) + WorkRule.norm * Double(normElements)
        + WorkRule.pooling * Double(pooledElements))
  }
}
