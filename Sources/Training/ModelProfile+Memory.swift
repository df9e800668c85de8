import Units

extension ModelProfile {
  /// Bytes that a device needs to train its part with mini-batches of `batch`: its weights, in float32, and what its
  /// forward pass keeps for the backward pass. Gradients, the optimizer's state and scratch space are not counted. `nil`
  /// where the figures do not say.
  public func deviceMemory(batch: Int) -> Double? {
    figures.deviceMemory.map { 4 * Double(deviceWeights) + Double(batch) * $0.value / 8 }
  }

  /// Bytes that training the whole model takes by the same rule, with its gradients.
  public func trainingMemory(batch: Int) -> Double? {
    figures.memory.map { 8 * Double(parameters) + Double(batch) * $0.value / 8 }
  }
}
