import Allocation
import Datasets
import External
import JSON
import Randomness
import Scenario
import SplitViT
import Training
import Units
import Wireless

extension World {
  /// The trainer that the scenario asks for, with the images and the first weights in memory; `nil` where it trains
  /// nothing.
  ///
  /// - Parameters:
  ///   - threads: Devices to train side by side, at least 1; the number changes no result of AirSplit's own trainer.
  ///   - companions: Where programs that a scenario names may run; `nil`: nowhere.
  /// - Throws: `DatasetError` where the images cannot be had, `WeightsError`, `TrainingError` where they do not fit the
  ///   model, ``SimulationError`` where what goes up would not have the size that policy, uplink and traces count, or no
  ///   program may be started.
  public func makeTrainer(threads: Int, companions: ExternalProcessPool? = nil) throws -> (any Trainer)? {
    switch scenario.training.trainer {
    case .none: return nil
    case .vit:
      guard let dataset = scenario.training.dataset, let partition,
        var settings = TrainerSettings(
          scenario, images: try dataset.load(seed: seed), normalization: dataset.normalization, partition: partition,
          seed: seed)
      else { return nil }
      if scenario.hasAdapterRanks, let adapters = scenario.training.adapters {
        settings.adapterRanks = fleet.adapterRank.map { $0 ?? adapters.rank }
      }
      let trainer = try SplitTrainer(settings, threads: threads)
      try checkPayloads()
      return trainer
    case .external(let command):
      guard let companions else { throw SimulationError("trainer external: no program may be started here") }
      return try externalTrainer(command, threads: threads, companions: companions)
    }
  }

  /// The trainer that is a program of its own. Where the scenario has no data set, the devices' samples are numbered one
  /// device after another, and what they are is the program's business.
  private func externalTrainer(
    _ command: ExternalCommand, threads: Int, companions: ExternalProcessPool
  ) throws -> ExternalTrainer {
    let plan = scenario.training
    let samples = fleet.samples.reduce(0.0) { $0 + Double($1) }
    guard samples <= Double(Int32.max) else {
      throw SimulationError(
        "trainer external: the devices have \(Int(samples)) samples, and \(Int32.max) can be numbered")
    }
    var opening: [Tensor] = []
    if let images = try plan.dataset?.load(seed: seed) {
      opening += Tensor.images(images.train, named: "train") + Tensor.images(images.test, named: "test")
    }
    var (notes, normEpsilon) = ([String](), 1e-6)
    if let architecture = scenario.model.architecture {
      let first = try ModelWeights.first(
        of: architecture, seed: seed, path: scenario.weights?.path, head: scenario.head,
        normalization: plan.dataset?.normalization)
      opening += first.tensors.map { Tensor("weights.\($0.name)", $0.shape, .floats($0.values)) }
      (notes, normEpsilon) = (first.notes, first.normEpsilon)
    }
    var settings = ExternalTrainerSettings(
      seed: seed, scenario: JSONValue(scenario.resolved), model: scenario.model, framework: scenario.framework,
      recipe: plan.recipe, rounds: scenario.rounds, flips: plan.dataset?.augmentation == .flip,
      partition: partition ?? Partition(numbering: fleet.samples), normalization: plan.dataset?.normalization,
      threads: threads)
    settings.normEpsilon = normEpsilon
    settings.mergesVersions = scenario.aggregation.carries
    return ExternalTrainer(
      command: command.words, directory: command.directory, timeout: command.timeout, settings: settings,
      opening: opening, notes: notes, companions: companions)
  }

  /// Under `quantizer.payload: exact`, holds the bits of a packed mini-batch against the payload of every level.
  func checkPayloads() throws {
    guard scenario.quantizer.payload == .exact, workload.traits.hasStepOnAir else { return }
    for (workload, model) in zip(workloads, scenario.models) {
      try checkPayloads(of: workload, elements: model.activationElements(batch: workload.batch))
    }
  }

  private func checkPayloads(of workload: Workload, elements: Int) throws {
    let values = [Float](repeating: 0, count: elements)
    let packed = PackedActivations()
    var stream = seed.stream(.quantization)
    for level in workload.levels {
      try values.withUnsafeBufferPointer { try packed.pack($0, bits: level.bits, stream: &stream) }
      let payload = level.payload - workload.gradientUpload
      guard Double(packed.packedBits) == payload.value, packed.bytes.count == (packed.packedBits + 7) / 8 else {
        throw SimulationError(
          "\(values.count) activations at \(level.bits) bits are packed into \(packed.packedBits) bit, and the payload "
            + "counts \(payload)")
      }
    }
  }
}

extension TrainerSettings {
  /// What a scenario says of training, on images that it names; `nil` where its model is no Vision Transformer.
  public init?(
    _ scenario: Scenario, images: ImageSet.Split, normalization: DatasetPlan.Normalization, partition: Partition,
    seed: Seed
  ) {
    guard let architecture = scenario.model.architecture else { return nil }
    let plan = scenario.training
    self.init(
      architecture: architecture, recipe: plan.recipe, rounds: scenario.rounds, seed: seed, images: images,
      normalization: normalization, partition: partition)
    cut = scenario.model.cut
    otherCuts = scenario.otherCuts.map(\.cut)
    framework = scenario.framework
    augmentation = plan.dataset?.augmentation ?? .none
    payload = scenario.quantizer.payload
    participants = scenario.uplink.blocks
    if let downlink = scenario.downlink, scenario.framework.traits(under: plan.recipe).hasStepOnAir {
      gradientBits = downlink.gradientBits
    }
    weights = scenario.weights?.path
    head = scenario.head
    if scenario.aggregation.carries {
      versions = min(scenario.uplink.blocks, scenario.aggregation.concurrency ?? scenario.uplink.blocks)
    }
  }
}
