extension ModelProfile {
  /// Bytes that a device needs to train its part with mini-batches of `batch`: its weights, and what its forward pass
  /// keeps for the backward pass, in float32. Gradients, the optimizer's state and scratch space are not counted.
  ///
  /// The patch projection keeps its input. A block keeps, a token of width d, its input, both norms' results, queries,
  /// keys and values, the attention's result, the sum before the second norm and both sides of the GELU: 16 d values, and
  /// a weight a head and token. The activations at the cut stay until they are sent. The paper counts no memory; the
  /// rule is ours.
  public func deviceMemory(batch: Int) -> Double {
    let kept = Double(inputElements) + Double(cut.deviceBlocks) * architecture.keptByBlock + Double(activationElements)
    return 4 * (Double(deviceWeights) + Double(batch) * kept)
  }

  /// Bytes that training the whole model takes by the same rule, with its gradients.
  public func trainingMemory(batch: Int) -> Double {
    let kept = Double(inputElements) + Double(architecture.depth) * architecture.keptByBlock
    return 4 * (2 * Double(parameters) + Double(batch) * kept)
  }
}

extension VisionTransformer {
  /// Values that the forward pass of a block keeps for its backward pass, one image.
  fileprivate var keptByBlock: Double {
    Double(tokens) * (16 * Double(width) + Double(heads) * Double(tokens))
  }
}
