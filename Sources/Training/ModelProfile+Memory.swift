import Units

extension ModelProfile {
  /// Bytes that a device needs to train its part with mini-batches of `batch`: its weights, in float32, and what its
  /// forward pass keeps for the backward pass; with the labels on the device, the head and what it reads too, and with a local
  /// loss the auxiliary head and its mean. Gradients, the optimizer's state and scratch space are not counted. `nil` where the
  /// figures do not say.
  public func deviceMemory(batch: Int, labels: Labels = .server, gradient: CutGradient = .returned) -> Double? {
    guard var kept = figures.deviceMemory.map({ $0.value / 32 }) else { return nil }
    var weights = Double(deviceWeights)
    if labels == .device {
      guard let parameters = figures.headParameters, let read = figures.headActivations else { return nil }
      (weights, kept) = (weights + Double(parameters), kept + Double(read))
    }
    if gradient == .localLoss {
      guard let parameters = figures.auxiliaryParameters, let width = architecture?.width else { return nil }
      (weights, kept) = (weights + Double(parameters), kept + Double(width))
    }
    return 4 * weights + Double(batch) * (4 * kept)
  }

  /// Bytes that training the whole model takes by the same rule, with its gradients.
  public func trainingMemory(batch: Int) -> Double? {
    figures.memory.map { 8 * Double(parameters) + Double(batch) * $0.value / 8 }
  }
}
