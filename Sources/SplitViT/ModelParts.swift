import Training

/// The runs of the flat buffer that training changes: on the device, on the server, and both, which lie side by side.
struct ModelParts: Sendable {
  /// What the device updates; empty where it is frozen.
  let device: Range<Int>
  /// What the server updates.
  let server: Range<Int>
  /// Both.
  var trained: Range<Int> { device.lowerBound..<server.upperBound }

  init(_ settings: TrainerSettings) {
    let layout = ParameterLayout(settings.architecture)
    let trained = settings.trainedRange(layout)
    let border = layout.deviceRange(settings.cut).upperBound
    let split = max(trained.lowerBound, min(border, trained.upperBound))
    device = trained.lowerBound..<split
    server = split..<trained.upperBound
  }
}

/// Numbers that outlive a step: weights of a model, or an optimizer's state.
final class FloatBuffer {
  let values: UnsafeMutableBufferPointer<Float>
  /// Updates that an optimizer's state has seen.
  var steps = 0

  /// `count` zeros.
  init(count: Int) {
    values = .allocate(capacity: count)
    values.initialize(repeating: 0)
  }

  deinit { values.deallocate() }

  /// Takes over all of `other`, of the same size.
  func copy(_ other: FloatBuffer) {
    _ = values.update(fromContentsOf: other.values)
    steps = other.steps
  }

  /// Adds `weight` times the elements of `other` in float32.
  func add(_ weight: Float, _ other: UnsafeMutableBufferPointer<Float>) {
    guard let sum = values.baseAddress, let term = other.baseAddress else { return }
    for index in 0..<min(values.count, other.count) { sum[index] += weight * term[index] }
  }

  /// Zeros.
  func clear() {
    values.update(repeating: 0)
    steps = 0
  }
}

extension Optimizer {
  /// Takes up a state; none is all zero.
  func load(_ saved: FloatBuffer?) {
    guard let saved else { return reset() }
    _ = state.update(fromContentsOf: saved.values)
    steps = saved.steps
  }

  /// Hands its state over.
  func store(_ saved: FloatBuffer) {
    _ = saved.values.update(fromContentsOf: state)
    saved.steps = steps
  }
}

extension UnsafeMutableBufferPointer where Element == Float {
  /// A run of the buffer.
  func run(_ range: Range<Int>) -> UnsafeMutableBufferPointer<Float> { .init(rebasing: self[range]) }
}
