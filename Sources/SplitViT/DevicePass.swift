import Datasets
import Randomness
import Training

/// One device's way through its mini-batches in one round, and the numbers that rounding draws.
struct DevicePass {
  /// r, from 1.
  let round: Int
  /// n, from 0.
  let device: Int
  /// q_n.
  let bits: Int
  /// What stands on the device.
  let cut: Cut
  /// Whether the samples are several devices' in one place.
  let isPooled: Bool
  /// The mini-batches that are left.
  var batches: MiniBatches
  /// Where rounding of activations draws from.
  var quantization: RandomStream
  /// Where rounding of what comes back draws from: activations are rounded alike whether it is or not.
  var gradientQuantization: RandomStream
  /// What has crossed the cut so far.
  var crossed: [CutTensor] = []

  /// The pass of `device` in `round`, over `pooled` where the data of several devices lies in one place.
  ///
  /// - Parameter cut: The place of its cut among those of the settings.
  init(
    _ settings: TrainerSettings, round: Int, device: Int, bits: Int, cut: Int = 0, pooled: [Int32]? = nil,
    epochs: Int? = nil
  ) {
    self.cut = settings.cuts[cut]
    self.round = round
    self.device = device
    self.bits = bits
    isPooled = pooled != nil
    quantization = settings.seed.stream(.quantization, round, device)
    gradientQuantization = settings.seed.stream(.gradientQuantization, round, device)
    batches = MiniBatches(
      pooled ?? settings.partition.samples[device],
      rule: MiniBatches.Rule(
        batch: settings.batch, epochs: epochs ?? settings.localEpochs, shuffles: settings.shuffles,
        flips: settings.augmentation == .flip),
      seed: settings.seed, round: round, device: device)
  }

  /// Where the pass stands, as messages say it.
  var description: String { "round \(round)\(isPooled ? "" : ", device \(device)"), step \(batches.stepsTaken)" }
}

/// A tensor that crossed the cut in one step, as it was packed.
struct CutTensor {
  /// The step, from 1.
  let step: Int
  /// Whether it came down: the gradient of what went up.
  let isGradient: Bool
  /// Samples of the mini-batch.
  let samples: Int
  /// Numbers of it.
  let elements: Int
  /// Bits of each number.
  let bits: Int
}

extension DevicePass {
  /// Notes what has crossed the cut in the step that was taken last.
  mutating func note(elements: Int, bits: Int, samples: Int, isGradient: Bool = false) {
    crossed.append(
      CutTensor(
        step: batches.stepsTaken, isGradient: isGradient, samples: samples, elements: elements, bits: bits))
  }
}
