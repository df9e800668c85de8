import Datasets
import Randomness
import Training

/// Trains one model on one set of images, without any network: before a run, so that fine-tuning can be shown without a
/// download.
///
/// A mini-batch is cut into ``shards`` runs whose gradients are computed side by side and added in their order, so that
/// the numbers do not depend on the number of threads. Order and mirroring come from the streams
/// `.pretraining(epoch, 0)` and `.pretraining(epoch, 1)`.
public final class CentralTrainer {
  /// Runs of a mini-batch: more threads than these do not help. Our choice.
  public static let shards = 4

  /// What an epoch came to.
  public struct Epoch: Sendable, Hashable {
    /// Its number, from 1.
    public let number: Int
    /// Mean loss over all samples of all steps.
    public let trainLoss: Double
    /// What the model then makes of the test set; `nil` where there is none.
    public let test: Evaluation?
  }

  /// What loading the weights came to, a sentence each.
  public let notes: [String]

  private let settings: TrainerSettings
  private let layout: ParameterLayout
  private let inputs: InputPreparation
  private let tests: InputPreparation
  private let model: FloatBuffer
  private let sum: FloatBuffer
  private let optimizer: Optimizer
  private let pool: WorkerPool

  /// A trainer with the weights that `settings` give; its `localEpochs` are the epochs, which the learning rate's schedule
  /// counts as rounds. Framework, partition, cut, embedding, adapters and who has which head
  /// are not looked at.
  ///
  /// - Throws: `TrainingError`, `DatasetError` and `WeightsError`, as ``SplitTrainer/init(_:threads:)``.
  public init(_ settings: TrainerSettings, threads: Int) throws {
    var settings = settings
    settings.embedding = .trained
    (settings.cut, settings.otherCuts) = (.embedding, [])
    try settings.takeNormEpsilon()
    (settings.labels, settings.gradient, settings.adapters) = (.server, .returned, nil)
    settings.partition = Partition(samples: [])
    try settings.check()
    var shard = settings
    shard.batch = (settings.batch + Self.shards - 1) / Self.shards
    try shard.checkMemory(replicas: shard.replicas(threads: min(threads, Self.shards), models: Self.shards), copies: 3)
    self.settings = settings
    let shape = settings.architecture
    layout = ParameterLayout(shape)
    inputs = try InputPreparation(
      settings.images.train, side: shape.image, channels: shape.channels, normalization: settings.normalization)
    tests = try InputPreparation(
      settings.images.test, side: shape.image, channels: shape.channels, normalization: settings.normalization)
    let model = FloatBuffer(count: layout.count)
    notes = try settings.firstWeights(into: model.values, layout: layout)
    self.model = model
    let trained = settings.trainedRange(layout)
    sum = FloatBuffer(count: trained.count)
    optimizer = Optimizer(settings.optimizer, count: trained.count)
    let inputs = inputs
    pool = WorkerPool(threads: min(threads, Self.shards), scratch: Operators.scratch(shape)) { [shard] work in
      Replica(shard, inputs: inputs, model: model, work: work)
    }
  }

  /// Trains all epochs; `report` hears of each as it ends.
  ///
  /// - Throws: `TrainingError` with epoch and step where a loss is no number, and what `report` throws.
  public func train(report: (Epoch) throws -> Void) throws {
    for epoch in 1...max(1, settings.localEpochs) {
      let loss = try train(epoch: epoch)
      try report(Epoch(number: epoch, trainLoss: loss, test: tests.set.count > 0 ? evaluate() : nil))
    }
  }

  /// What the model makes of the test set, side by side.
  public func evaluate() -> Evaluation {
    Evaluation(pool.score(tests) { $0.load(model) })
  }

  /// Writes the weights in timm's names.
  ///
  /// - Throws: `TraceError` where the file cannot be written.
  public func writeWeights(to path: String) throws {
    try ModelWeights.save(
      UnsafeBufferPointer(model.values), layout: layout, normEpsilon: settings.normEpsilon, to: path)
  }

  private func train(epoch: Int) throws -> Double {
    let rule = settings.optimizer
    let rate = rule.learningRate(round: epoch, of: settings.localEpochs)
    var order = Array(0..<inputs.set.count)
    if settings.shuffles {
      var stream = settings.seed.stream(.pretraining, epoch, 0)
      stream.shuffle(&order)
    }
    var flips = settings.seed.stream(.pretraining, epoch, 1)
    var total = 0.0
    for (step, first) in stride(from: 0, to: order.count, by: settings.batch).enumerated() {
      let samples = order[first..<min(first + settings.batch, order.count)]
      let visits = samples.map {
        Visit(sample: $0, isFlipped: settings.augmentation == .flip && flips.word() >= 1 << 31)
      }
      let loss = gradient(of: visits)
      guard loss.isFinite else {
        throw TrainingError(
          "epoch \(epoch), step \(step + 1): the loss is \(loss / Double(visits.count)), not a finite number "
            + "(learning rate \(rate); try a smaller one, or gradient_clip)")
      }
      total += loss
      Gradients.clip(sum.values, to: rule.gradientClip)
      update(rate)
    }
    return total / Double(max(1, order.count))
  }

  /// One sample of a step.
  private struct Visit {
    var sample: Int
    var isFlipped: Bool
  }

  /// Leaves the gradient of the mean loss in ``sum``; the sum of the losses.
  private func gradient(of visits: [Visit]) -> Double {
    sum.clear()
    let size = (visits.count + Self.shards - 1) / Self.shards
    let shards = (visits.count + size - 1) / size
    let turns = OrderedBarrier(count: shards, helpers: pool.helpers)
    let trained = settings.trainedRange(layout)
    var losses = [Double](repeating: 0, count: shards)
    losses.withUnsafeMutableBufferPointer { losses in
      nonisolated(unsafe) let losses = losses
      pool.forEach(shards, prepare: { $0.load(model) }) { replica, shard in
        let part = visits[(shard * size)..<min((shard + 1) * size, visits.count)]
        let labels = part.map { inputs.set.labels[$0.sample] }
        for (row, visit) in part.enumerated() {
          inputs.fill(replica.network.input, at: row, sample: visit.sample, flipped: visit.isFlipped)
        }
        replica.network.forwardDevice(count: part.count)
        let (loss, _) = labels.withUnsafeBufferPointer {
          replica.network.stepServer(labels: $0, count: part.count, trainable: settings.trainable)
        }
        if settings.trainable == .all { replica.network.backwardDevice(count: part.count) }
        losses[shard] = loss * Double(part.count)
        turns.take(shard) {
          sum.add(Float(part.count) / Float(visits.count), replica.network.gradients.run(trained))
        }
      }
    }
    return losses.reduce(0, +)
  }

  private func update(_ rate: Double) {
    let weights = model.values.run(settings.trainedRange(layout))
    optimizer.update(
      parameters: weights, gradients: sum.values, range: 0..<weights.count, learningRate: rate)
  }
}

extension Evaluation {
  /// What the weights of `settings` make of the test part of its images, on up to `threads` threads.
  ///
  /// - Throws: `TrainingError`, `DatasetError` and `WeightsError`, as ``SplitTrainer/init(_:threads:)``.
  public static func run(_ settings: TrainerSettings, threads: Int) throws -> Evaluation {
    try CentralTrainer(settings, threads: threads).evaluate()
  }
}
