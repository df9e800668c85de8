import Units

/// What the network and the cost model need to know of a neural network that is cut in two: sizes and work.
///
/// Figures are from first principles; forward work counts 2 FLOP a multiply-add.
public struct ModelProfile: Sendable, Hashable {
  /// The name, timm's where timm has the model.
  public var name: String
  /// Output classes.
  public var classes: Int
  /// Elements of one input sample, 3 × 224 × 224.
  public var inputElements: Int
  /// Activations of one sample that go over the air at the cut: patches × width, without the class token.
  public var activationElements: Int
  /// Weights of the device-side part, without bias: P² × 3 × width.
  public var deviceWeights: Int
  /// Parameters of the whole model.
  public var parameters: Int
  /// Forward work of the device-side part, one sample.
  public var deviceForwardWork: Flops
  /// Forward work of the whole model, one sample.
  public var forwardWork: Flops
}
