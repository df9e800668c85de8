import Datasets
import Randomness
import TestSupport
import Testing
import Training

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

@testable import SplitViT

@Suite("Central training")
struct CentralTrainerTests {
  typealias Fixture = TrainerFixture

  private func trained(
    threads: Int, change: (inout TrainerSettings) -> Void = { _ in }
  ) throws -> (epochs: [CentralTrainer.Epoch], evaluation: Evaluation) {
    let settings = try Fixture.settings(.cl) {
      $0.batch = 8
      $0.localEpochs = 3
      $0.augmentation = .flip
      change(&$0)
    }
    let trainer = try CentralTrainer(settings, threads: threads)
    var epochs: [CentralTrainer.Epoch] = []
    try trainer.train { epochs.append($0) }
    return (epochs, trainer.evaluate())
  }

  @Test("any number of threads trains the same numbers")
  func threads() throws {
    let one = try trained(threads: 1)
    for threads in 2...5 {
      let more = try trained(threads: threads)
      #expect(more.epochs == one.epochs)
      #expect(more.evaluation == one.evaluation)
    }
    #expect(one.epochs.map(\.number) == [1, 2, 3])
    #expect(one.epochs.last?.test == one.evaluation)
    #expect(one.evaluation.samples == 15)
  }

  @Test("weights have one loss: a round's, and that of an evaluation at any batch, cut and number of threads")
  func oneLoss() throws {
    let scratch = try Scratch()
    let path = "\(scratch.path)/weights.safetensors"
    for count in [7, 33] {
      let settings = try Fixture.settings(.sfl) { $0.images.test = Fixture.images(count, stream: 1) }
      let (trainer, learning) = try Fixture.trained(settings, threads: 2)
      try trainer.writeWeights(to: path)
      let losses = try [1, 8, 40].map { batch in
        var other = settings
        other.batch = batch
        other.weights = path
        return try Evaluation.run(other, threads: batch == 8 ? 1 : 2).loss
      }
      #expect(losses.allSatisfy { $0 == learning.last?.testLoss }, "\(count): \(losses), \(learning)")
      let ownRound = try SplitTrainer(
        try Fixture.settings(.fl) {
          $0.images.test = settings.images.test
          $0.cut = .afterBlock(2)
          $0.batch = 9
          $0.weights = path
        }, threads: 1
      ).train(RoundWork(round: 1, participants: []))
      #expect(ownRound.testLoss == learning.last?.testLoss)
    }
  }

  @Test("loss falls and accuracy rises")
  func learns() throws {
    let result = try trained(threads: 2) {
      $0.augmentation = .none
      $0.localEpochs = 20
      $0.optimizer.kind = .adamw
      $0.optimizer.learningRate = 0.01
    }
    #expect(result.epochs[19].trainLoss < 0.5 * result.epochs[0].trainLoss)
    #expect(result.evaluation.accuracy > 0.6)
  }

  @Test("shards add up to the mini-batch: a step is the plain one within rounding")
  func shards() throws {
    let settings = try Fixture.settings(.cl) {
      $0.images.train = Fixture.images(7, stream: 0)
      $0.partition = Partition(samples: [])
      $0.batch = 7
      $0.shuffles = false
    }
    let plain = try PlainSteps(settings)
    let loss = try plain.step(Array(0..<7))
    var epochs: [CentralTrainer.Epoch] = []
    let trainer = try CentralTrainer(settings, threads: 2)
    try trainer.train { epochs.append($0) }
    #expect(abs(epochs[0].trainLoss - loss) < 1e-6)
    let after = try Evaluation.score(plain, settings)
    #expect(abs(trainer.evaluate().loss - after) < 1e-6)
  }

  @Test("a loss that is no number stops with epoch and step")
  func noNumber() throws {
    let error = #expect(throws: TrainingError.self) { try trained(threads: 2) { $0.optimizer.learningRate = 1e30 } }
    #expect(try #require(error).description.hasPrefix("epoch 1, step 2: "))
  }
}

extension Evaluation {
  /// The mean loss that a network has on the test images, in one go.
  static func score(_ plain: PlainSteps, _ settings: TrainerSettings) throws -> Double {
    let images = settings.images.test
    let network = TransformerNetwork(settings.architecture, capacity: images.count)
    _ = network.parameters.update(fromContentsOf: plain.network.parameters)
    let inputs = try InputPreparation(images, side: 8, channels: 1, normalization: settings.normalization)
    for sample in 0..<images.count { inputs.fill(network.input, at: sample, sample: sample, flipped: false) }
    return images.labels.withUnsafeBufferPointer {
      network.evaluate(labels: $0, count: images.count).loss / Double(images.count)
    }
  }
}
