import TestSupport
import Training

@testable import SplitViT

/// Numbers in [-1, 1) that are the same everywhere.
struct TestNumbers {
  private var generator: SplitMix

  init(_ seed: UInt64) { generator = SplitMix(state: seed) }

  mutating func bits() -> UInt64 { generator.next() }

  mutating func next() -> Float { Float(bits() >> 40) / Float(1 << 23) - 1 }

  mutating func array(_ count: Int, scale: Float = 1) -> [Float] { (0..<count).map { _ in next() * scale } }
}

extension TransformerNetwork {
  /// Weights, images and labels for a test: weights large enough that every gradient is well above rounding.
  func fill(seed: UInt64) {
    var numbers = TestNumbers(seed)
    for tensor in layout.tensors {
      let isNorm = tensor.name.contains("norm") && tensor.name.hasSuffix("weight")
      for value in values(of: tensor).indices {
        values(of: tensor)[value] = numbers.next() * 0.5 + (isNorm ? 1 : 0)
      }
    }
    for place in input.indices { input[place] = numbers.next() * 1.5 }
  }

  /// The weights of a tensor, trained or frozen.
  func values(of tensor: ParameterLayout.Tensor) -> UnsafeMutableBufferPointer<Float> {
    tensor.offset < firstOwn ? frozenWeights.run(tensor.range) : parameters.run(own(tensor))
  }

  /// The gradients of a tensor that is trained.
  func gradients(of tensor: ParameterLayout.Tensor) -> UnsafeMutableBufferPointer<Float> { gradients.run(own(tensor)) }

  /// The place of a tensor in ``parameters`` and ``gradients``.
  func own(_ tensor: ParameterLayout.Tensor) -> Range<Int> {
    tensor.range.lowerBound - firstOwn..<tensor.range.upperBound - firstOwn
  }

  /// The tensors that are trained.
  var ownTensors: [ParameterLayout.Tensor] { layout.tensors.filter { $0.offset >= firstOwn } }

  /// Labels that run through the classes.
  func labels(_ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(($0 * 3 + 1) % layout.architecture.classes) }
  }

  /// A whole step, with the activations as they are.
  @discardableResult
  func step(count: Int, trainable: Trainable = .all) -> (loss: Double, correct: Int) {
    forwardDevice(count: count)
    let result = labels(count).withUnsafeBufferPointer { stepServer(labels: $0, count: count, trainable: trainable) }
    backwardDevice(count: count)
    return result
  }

  /// The mean loss, forward only.
  func loss(count: Int) -> Double {
    labels(count).withUnsafeBufferPointer { evaluate(labels: $0, count: count) }.loss / Double(count)
  }
}

/// Small shapes whose sizes hit whole vectors, odd ends and both.
enum TinyModel {
  static let odd = try? VisionTransformer(
    image: 6, channels: 2, patch: 3, width: 12, depth: 2, heads: 3, classes: 5)
  static let mixed = try? VisionTransformer(
    image: 8, channels: 1, patch: 2, width: 36, depth: 2, heads: 3, classes: 3)
  static let even = try? VisionTransformer(
    image: 8, channels: 3, patch: 4, width: 32, depth: 3, heads: 2, classes: 10)
}
