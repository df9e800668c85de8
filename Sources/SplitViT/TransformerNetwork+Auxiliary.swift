import CTensor
import Training

/// The auxiliary head, which trains the device's part without the server: the mean of an image's activations at the cut over its
/// patches or tokens, and one linear layer. The form is ours: it is the smallest that sees every activation.
extension TransformerNetwork {
  /// The auxiliary head on ``activations`` as they are, and the gradients of its weights.
  ///
  /// - Returns: The mean loss, and how many samples are classified right.
  public func stepAuxiliary(labels: UnsafeBufferPointer<UInt8>, count: Int) -> (loss: Double, correct: Int) {
    precondition(layout.hasAuxiliaryHead && count >= 1 && count <= capacity && labels.count >= count)
    let (width, classes) = (architecture.width, architecture.classes)
    let elements = architecture.elements(at: cut)
    guard let sent = activations.baseAddress else { return (0, 0) }
    for place in 0..<count {
      kernels.sum_rows(sent + place * elements, width, elements / width, width, memory.auxiliaryMean + place * width)
    }
    kernels.scale(count * width, Float(width) / Float(elements), memory.auxiliaryMean)
    let mean = Matrix(memory.auxiliaryMean, rows: count, columns: width)
    let logits = Matrix(memory.auxiliaryLogits, rows: count, columns: classes)
    kernels.start_rows(weight(.auxiliaryBias), nil, 0, count, classes, logits.base, classes)
    operators.add(mean, weight: weight(.auxiliaryWeight), to: logits)
    let gradients = Matrix(memory.auxiliaryGradient, rows: count, columns: classes)
    let (loss, correct) = crossEntropy(logits.base, labels, count: count, gradient: gradients.base)
    kernels.sum_rows(gradients.base, classes, count, classes, gradient(.auxiliaryBias))
    operators.weightGradient(gradients, mean, to: gradient(.auxiliaryWeight))
    return (loss / Double(count), correct)
  }

  /// Puts the gradient of the auxiliary head's loss in the place of ``activationGradients``, behind ``stepAuxiliary(labels:count:)``
  /// and whatever the server did.
  public func returnAuxiliaryGradient(count: Int) {
    precondition(layout.hasAuxiliaryHead && count <= capacity)
    let (width, elements) = (architecture.width, architecture.elements(at: cut))
    let mean = Matrix(memory.auxiliaryMean, rows: count, columns: width)
    operators.inputGradient(
      Matrix(memory.auxiliaryGradient, rows: count, columns: architecture.classes), weight: weight(.auxiliaryWeight),
      to: mean)
    kernels.scale(count * width, Float(width) / Float(elements), mean.base)
    guard let returned = activationGradients.baseAddress else { return }
    for row in 0..<count * elements / width {
      (returned + row * width).update(from: mean.base + row / (elements / width) * width, count: width)
    }
  }
}
