import Datasets
import Randomness
import Scenario
import SplitViT
import Training

extension World {
  /// The trainer that the scenario asks for, with the images and the first weights in memory; `nil` where it trains
  /// nothing.
  ///
  /// - Parameter threads: Devices to train side by side, at least 1; the number changes no result.
  /// - Throws: `DatasetError` where the images cannot be had, `WeightsError`, `TrainingError` where they do not fit the
  ///   model, ``SimulationError`` where what goes up would not have the size that policy, uplink and traces count.
  public func makeTrainer(threads: Int) throws -> SplitTrainer? {
    guard scenario.training.trainer == .vit, let dataset = scenario.training.dataset, let partition else { return nil }
    let settings = TrainerSettings(
      scenario, images: try dataset.load(seed: seed), normalization: dataset.normalization, partition: partition,
      seed: seed)
    let trainer = try SplitTrainer(settings, threads: threads)
    try checkPayloads()
    return trainer
  }

  /// Under `quantizer.payload: exact`, holds the bits of a packed mini-batch against the payload of every level.
  func checkPayloads() throws {
    guard scenario.quantizer.payload == .exact, workload.traits.hasStepOnAir else { return }
    let values = [Float](repeating: 0, count: scenario.model.activationElements(batch: workload.batch))
    let packed = PackedActivations()
    var stream = seed.stream(.quantization)
    for level in workload.levels {
      try values.withUnsafeBufferPointer { try packed.pack($0, bits: level.bits, stream: &stream) }
      guard Double(packed.packedBits) == level.payload.value, packed.bytes.count == (packed.packedBits + 7) / 8 else {
        throw SimulationError(
          "\(values.count) activations at \(level.bits) bits are packed into \(packed.packedBits) bit, and the payload "
            + "counts \(level.payload)")
      }
    }
  }
}

extension TrainerSettings {
  /// What a scenario says of training, on images that it names.
  public init(
    _ scenario: Scenario, images: ImageSet.Split, normalization: DatasetPlan.Normalization, partition: Partition,
    seed: Seed
  ) {
    let plan = scenario.training
    self.init(
      architecture: scenario.model.architecture, rounds: scenario.rounds, seed: seed, images: images,
      normalization: normalization, partition: partition)
    cut = scenario.model.cut
    framework = scenario.framework
    batch = plan.batch
    localEpochs = plan.localEpochs
    augmentation = plan.dataset?.augmentation ?? .none
    optimizer = plan.optimizer
    trainable = plan.trainable
    embedding = plan.embedding
    shuffles = plan.shuffles
    evaluateEvery = plan.evaluateEvery
    evaluatesLocal = plan.evaluatesLocal
    weights = scenario.weights?.path
    head = scenario.head
  }
}
