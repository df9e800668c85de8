import Datasets
import Randomness
import Training

@testable import SplitViT

/// A small model on small images of three classes, each a pattern of its own under noise.
enum TrainerFixture {
  static func shape() throws -> VisionTransformer {
    try VisionTransformer(image: 8, channels: 1, patch: 4, width: 8, depth: 2, heads: 2, classes: 3)
  }

  static func images(_ count: Int, stream index: Int) -> ImageSet {
    var stream = Seed(11).stream(.images, index)
    let labels = (0..<count).map { UInt8($0 % 3) }
    var pixels: [UInt8] = []
    for label in labels {
      for pixel in 0..<64 {
        let isBright = pixel * (Int(label) + 1) / 8 % 2 == 1
        pixels.append(UInt8((isBright ? 100 : 0) + stream.integer(in: 0...99)))
      }
    }
    return ImageSet(channels: 1, side: 8, classes: 3, pixels: pixels, labels: labels)
  }

  /// Four devices with 13, 7, 18 and 4 samples.
  static let partition = Partition(
    samples: [Array(0..<13), Array(13..<20), Array(20..<38), Array(38..<42)])

  static func settings(
    _ framework: Framework, partition: Partition = partition, change: (inout TrainerSettings) -> Void = { _ in }
  ) throws -> TrainerSettings {
    var settings = TrainerSettings(
      architecture: try shape(),
      recipe: TrainingRecipe(
        batch: 5, localEpochs: 1, optimizer: OptimizerRule(learningRate: 0.05), evaluatesLocal: false),
      rounds: 4, seed: Seed(3),
      images: ImageSet.Split(train: images(42, stream: 0), test: images(15, stream: 1)),
      normalization: DatasetPlan.Normalization(mean: [0.4], std: [0.25]), partition: partition)
    settings.framework = framework
    change(&settings)
    return settings
  }

  /// All devices of `settings`, in a round whose server takes their steps in turns; 8 bits where they are quantised.
  static func work(
    _ settings: TrainerSettings, round: Int, bits: Int? = nil, devices: [Int]? = nil, late: Set<Int> = []
  ) -> RoundWork {
    let devices = devices ?? Array(settings.partition.samples.indices)
    let participants = devices.map { device in
      let count = settings.partition.samples[device].count
      return RoundWork.Participant(
        device: device, bits: settings.framework.traits.quantized ? bits ?? 8 : 32,
        steps: settings.localEpochs * ((count + settings.batch - 1) / settings.batch), isLate: late.contains(device))
    }
    var order: [Int] = []
    if settings.framework.traits.sharesServer {
      for step in 0..<(participants.map(\.steps).max() ?? 0) {
        for (place, participant) in participants.enumerated() where step < participant.steps { order.append(place) }
      }
    }
    return RoundWork(
      round: round, participants: participants, serverOrder: order, isLast: round == settings.rounds)
  }

  /// A trainer that has trained `rounds` rounds, and what each came to; its threads share the smallest operators, too.
  static func trained(
    _ settings: TrainerSettings, threads: Int = 1, rounds: Int = 2, bits: Int? = nil, late: Set<Int> = []
  ) throws -> (trainer: SplitTrainer, learning: [RoundLearning]) {
    let trainer = try SplitTrainer(settings, threads: threads)
    trainer.pool.helpers.leastElements = 1
    let learning = try (1...max(1, rounds)).prefix(rounds).map {
      try trainer.train(work(settings, round: $0, bits: bits, late: late))
    }
    return (trainer, learning)
  }
}

extension SplitTrainer {
  /// All weights: the model's, then those that devices have of their own.
  var bits: [UInt32] {
    (Array(state.model.values) + state.devices.flatMap { $0.model.map { Array($0.values) } ?? [] }).map(\.bitPattern)
  }
}
