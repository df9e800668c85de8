import Datasets
import Training

/// One worker's model, optimizer and buffers, allocated once: it takes the steps of one device after another.
final class Replica {
  let network: TransformerNetwork
  let parts: ModelParts
  /// State of what the device updates.
  private(set) lazy var deviceOptimizer = Optimizer(settings.optimizer, count: parts.deviceCount, work: work)
  /// State of what the server updates.
  private(set) lazy var serverOptimizer = Optimizer(settings.optimizer, count: parts.server.count, work: work)

  private let settings: TrainerSettings
  private let work: SharedWork?
  private let model: FloatBuffer
  private let trainsByLocalLoss: Bool
  private let inputs: InputPreparation
  private let wire = PackedActivations()
  private let labels: UnsafeMutableBufferPointer<UInt8>
  private var places: [Int]

  /// A worker that begins with the weights of `model`, and goes on reading those of them that are frozen beside adapters.
  ///
  /// - Parameter work: Where others may help with its steps.
  init(_ settings: TrainerSettings, inputs: InputPreparation, model: FloatBuffer, work: SharedWork? = nil) {
    self.settings = settings
    self.work = work
    self.inputs = inputs
    parts = ModelParts(settings)
    trainsByLocalLoss = settings.trainsByLocalLoss
    self.model = model
    network = TransformerNetwork(
      settings.architecture, cut: settings.deepestCut, capacity: settings.capacity, kernels: Kernels.best,
      hasAuxiliaryHead: trainsByLocalLoss, adapters: settings.adapters,
      frozen: settings.adapters == nil ? nil : model.values, work: work)
    network.cut = settings.cut
    network.normEpsilon = Float(settings.normEpsilon)
    labels = .allocate(capacity: settings.capacity)
    labels.initialize(repeating: 0)
    places = Array(repeating: 0, count: settings.capacity)
    begin()
  }

  deinit { labels.deallocate() }

  /// The weights that training changes.
  var trained: UnsafeMutableBufferPointer<Float> { own(network.parameters) }

  /// Their gradients.
  var gradients: UnsafeMutableBufferPointer<Float> { own(network.gradients) }

  private func own(_ buffer: UnsafeMutableBufferPointer<Float>) -> UnsafeMutableBufferPointer<Float> {
    let first = network.layout.ownRange.lowerBound
    return buffer.run(parts.trained.lowerBound - first..<parts.trained.upperBound - first)
  }

  /// Takes up all of the model's weights that the network does not share with it.
  func begin() { _ = network.parameters.update(fromContentsOf: model.values.run(network.layout.ownRange)) }

  /// Takes up the trained part of a model's weights; the rest is the same in all models of a run.
  func load(_ model: FloatBuffer) { _ = trained.update(fromContentsOf: model.values.run(parts.trained)) }

  /// One mini-batch step of a device: forward, over the air, server, and back, with both updates, Eqs. (2) to (5).
  ///
  /// - Returns: The sum of the samples' losses, and how many there were: 0 behind the last step.
  func step(
    _ pass: inout DevicePass, cache: ActivationCache?, learningRate: Double
  ) throws(TrainingError) -> (loss: Double, samples: Int) {
    network.cut = pass.cut
    if let cache, !cache.isFilled { try fill(cache, device: pass.device) }
    let count = take(&pass, input: cache == nil)
    guard count > 0 else { return (0, 0) }
    network.dropout = dropout(of: pass)
    let elements = settings.architecture.elements(at: network.cut)
    if let cache {
      pass.note(elements: count * elements, bits: cache.bits, samples: count)
      for row in 0..<count {
        let first = row * elements
        cache.unpack(place: places[row], into: network.activations.run(first..<first + elements))
      }
    } else {
      network.forwardDevice(count: count)
      if trainsByLocalLoss {
        // Of the activations as they are, before they are rounded.
        let own = network.stepAuxiliary(labels: UnsafeBufferPointer(labels), count: count)
        try check(own.loss, "the device's own loss", pass, learningRate)
      }
      if pass.bits < 32 {
        wire.unpack(into: try pack(wire, &pass, count: count))
        pass.note(elements: wire.count, bits: wire.bits, samples: count)
      } else {
        pass.note(elements: count * elements, bits: 32, samples: count)
      }
    }
    let (loss, _) = network.stepServer(
      labels: UnsafeBufferPointer(labels), count: count, trainable: settings.trainable)
    try check(loss, "the loss", pass, learningRate)
    if trainsByLocalLoss { network.returnAuxiliaryGradient(count: count) }
    if !parts.device.isEmpty {
      try sendGradientBack(&pass, count: count)
      network.backwardDevice(count: count)
    }
    Gradients.clip(gradients, to: settings.optimizer.gradientClip)
    deviceOptimizer.update(
      parameters: trained, gradients: gradients, runs: parts.deviceRuns, learningRate: learningRate)
    serverOptimizer.update(
      parameters: trained, gradients: gradients, range: parts.server, learningRate: learningRate)
    return (loss * Double(count), count)
  }

  /// What a step drops, of the pass that has just taken it.
  private func dropout(of pass: DevicePass) -> StepDropout? {
    guard let share = settings.adapters?.dropout, share > 0 else { return nil }
    return StepDropout(
      share: share, seed: settings.seed, round: pass.round, device: pass.device, step: pass.batches.stepsTaken)
  }

  private func check(
    _ loss: Double, _ name: String, _ pass: DevicePass, _ learningRate: Double
  ) throws(TrainingError) {
    guard !loss.isFinite else { return }
    throw TrainingError(
      "\(pass.description): \(name) is \(loss), not a finite number "
        + "(learning rate \(learningRate); try a smaller one, or gradient_clip)")
  }

  /// All steps that are left of a pass, or those before which `isWanted` says so; the sum of the samples' losses and their number.
  func run(
    _ pass: inout DevicePass, cache: ActivationCache?, learningRate: Double, while isWanted: () -> Bool = { true }
  ) throws(TrainingError) -> (loss: Double, samples: Int) {
    var total = (loss: 0.0, samples: 0)
    while isWanted() {
      let step = try step(&pass, cache: cache, learningRate: learningRate)
      if step.samples == 0 { return total }
      total.loss += step.loss
      total.samples += step.samples
    }
    return total
  }

  /// Sends the first epoch of the cache's round through the device's part once.
  private func fill(_ cache: ActivationCache, device: Int) throws(TrainingError) {
    var pass = DevicePass(settings, round: cache.round, device: device, bits: cache.bits, epochs: 1)
    cache.begin(samples: pass.batches.samples.count)
    while true {
      let count = take(&pass, input: true)
      guard count > 0 else { return }
      network.forwardDevice(count: count)
      let tensor = PackedActivations()
      _ = try pack(tensor, &pass, count: count)
      cache.append(tensor, places: Array(places[..<count]))
    }
  }

  /// Fills labels, places and, where asked, inputs of the next mini-batch.
  private func take(_ pass: inout DevicePass, input: Bool) -> Int {
    pass.batches.next { row, visit in
      labels[row] = inputs.set.labels[visit.sample]
      places[row] = visit.place
      if input { inputs.fill(network.input, at: row, sample: visit.sample, flipped: visit.isFlipped) }
    }
  }

  /// Quantises the activations of a mini-batch, Eq. (7).
  private func pack(
    _ tensor: PackedActivations, _ pass: inout DevicePass, count: Int
  ) throws(TrainingError) -> UnsafeMutableBufferPointer<Float> {
    let sent = network.activations.run(0..<count * settings.architecture.elements(at: network.cut))
    do {
      try tensor.pack(UnsafeBufferPointer(sent), bits: pass.bits, stream: &pass.quantization)
    } catch {
      throw TrainingError("\(pass.description): the activations cannot be sent at \(pass.bits) bits: \(error)")
    }
    return sent
  }

  /// Sends the gradient of a mini-batch's activations down to the device: quantised like them, Eq. (7), or at 32 bits as it is. Of a
  /// local loss nothing comes down.
  func sendGradientBack(_ pass: inout DevicePass, count: Int) throws(TrainingError) {
    guard !trainsByLocalLoss else { return }
    let returned = network.activationGradients.run(0..<count * settings.architecture.elements(at: network.cut))
    guard settings.gradientBits < 32 else {
      return pass.note(elements: returned.count, bits: 32, samples: count, isGradient: true)
    }
    do {
      try wire.pack(
        UnsafeBufferPointer(returned), bits: settings.gradientBits, stream: &pass.gradientQuantization)
    } catch {
      throw TrainingError(
        "\(pass.description): the gradient cannot be sent at \(settings.gradientBits) bits: \(error)")
    }
    wire.unpack(into: returned)
    pass.note(elements: wire.count, bits: wire.bits, samples: count, isGradient: true)
  }
}
