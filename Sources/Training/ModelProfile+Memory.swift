import Units

extension ModelProfile {
  /// Bytes that a device needs to train its part with mini-batches of `batch`: its weights, in float32, and what its
  /// forward pass keeps for the backward pass; with the labels on the device, the head and what it reads too. Gradients, the
  /// optimizer's state and scratch space are not counted. `nil` where the figures do not say.
  public func deviceMemory(batch: Int, labels: Labels = .server) -> Double? {
    guard let kept = figures.deviceMemory else { return nil }
    let own = 4 * Double(deviceWeights) + Double(batch) * kept.value / 8
    guard labels == .device else { return own }
    guard let parameters = figures.headParameters, let read = figures.headActivations else { return nil }
    return own + 4 * Double(parameters) + 4 * Double(batch) * Double(read)
  }

  /// Bytes that training the whole model takes by the same rule, with its gradients.
  public func trainingMemory(batch: Int) -> Double? {
    figures.memory.map { 8 * Double(parameters) + Double(batch) * $0.value / 8 }
  }
}
