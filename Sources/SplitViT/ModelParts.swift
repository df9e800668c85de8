import Training

/// The run of the flat buffer that training changes, and the parts of it that device and server change, which lie side by side.
struct ModelParts: Sendable {
  /// All that training changes, in the model's buffer.
  let trained: Range<Int>
  /// What the device updates before the cut, within ``trained``; empty where it is frozen.
  let device: Range<Int>
  /// What the server updates, within ``trained``.
  let server: Range<Int>
  /// What the device updates behind the server's part, within ``trained``: the head where it has the labels, and the auxiliary head
  /// where it has one.
  let heads: Range<Int>
  /// What the device updates, within ``trained``.
  let deviceRuns: [Range<Int>]
  /// Elements of what the device updates.
  var deviceCount: Int { device.count + heads.count }

  init(_ settings: TrainerSettings) {
    let layout = settings.layout
    let trained = settings.trainedRange(layout)
    func border(_ place: Int) -> Int { max(0, min(place - trained.lowerBound, trained.count)) }
    let cut = border(
      layout.adapters == nil
        ? layout.deviceRange(settings.cut).upperBound : layout.adapterEnd(before: settings.cut.deviceBlocks))
    let head = layout.headRange
    let end = max(cut, border(settings.traits.labels == .device ? head.lowerBound : head.upperBound))
    self.trained = trained
    device = 0..<cut
    server = cut..<end
    heads = end..<trained.count
    deviceRuns = [device, heads].filter { !$0.isEmpty }
  }

  /// Gathers what the device updates of `weights`, which are those of ``trained``, run after run.
  func takeDevice(of weights: UnsafeMutableBufferPointer<Float>, into own: FloatBuffer) {
    var place = 0
    for run in deviceRuns {
      _ = own.values.run(place..<place + run.count).update(fromContentsOf: weights.run(run))
      place += run.count
    }
  }

  /// Puts what ``takeDevice(of:into:)`` gathered back in its place.
  func putDevice(_ own: FloatBuffer, into weights: UnsafeMutableBufferPointer<Float>) {
    var place = 0
    for run in deviceRuns {
      _ = weights.run(run).update(fromContentsOf: own.values.run(place..<place + run.count))
      place += run.count
    }
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
