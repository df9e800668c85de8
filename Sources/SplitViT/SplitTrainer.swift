import Datasets
import Trace
import Training

/// Trains a Vision Transformer, cut between devices and server, on real images: what happens in a round's events.
///
/// Devices that train independently of each other do so side by side, one thread a model, and threads that have none help the
/// others within their operators; models are added up in one fixed order, so all numbers are the same on any number of threads. At any time there are at most `threads` copies of
/// model, optimizer and activations, the model and the sum of the models; beside them only what the framework itself
/// keeps: a model a device under `ll`, an optimizer's state a device where it is kept, activations where they are cached, versions
/// of the model that devices at work began with, and as many models as threads that are trained ahead of their merge.
///
/// How each framework trains:
/// - `sflam`, `sfl`, `fl`: every participant starts from the model, and the models are aggregated, Eq. (6), device and
///   server part alike. Only `sflam` quantises activations, Eq. (7).
/// - `sfl-v2`: one server part takes all steps in the order of the server's events; device parts are aggregated.
/// - `sl`: the model is handed on from participant to participant.
/// - With `gradient: local-loss` an auxiliary head at the cut trains the device's part, and is aggregated as that is; the loss that
///   rounds report is the server's.
/// - With `labels: device` the head is the device's: its optimizer's state goes where that of the device's part goes. All else
///   is the same numbers in other places, since nothing on the way to the head and back is rounded.
/// - `ll`: each device has a model of its own; test figures are means over all devices.
/// - `cl`: the participants' samples are one pool, in the order of the devices, that draws from the streams of the first
///   of them.
///
/// A device that is late is left out everywhere, as though it had not taken part. Where nobody takes part the model stays.
///
/// With adapters only these and the head are trained and aggregated. Where A and B are averaged each by itself a round's adapters are
/// not the mean of the participants' models, since the product of means is not the mean of products; where their products are, they
/// are, as far as the rank goes. All threads read one frozen model; where products are stacked it changes between rounds, when nobody
/// reads it.
///
/// Participants have whole models of their own before aggregation, and so a local accuracy, under `sflam`, `sfl` and `fl`.
public final class SplitTrainer: Trainer {
  /// What is trained, on what and how.
  public let settings: TrainerSettings
  /// What loading the weights came to, a sentence each: a head that was replaced, positions that were interpolated.
  public let notes: [String]

  let parts: ModelParts
  let ranks: AdapterRanks
  let state: TrainerState
  let pool: WorkerPool
  /// Sums of Eq. (6): weights, and where they are averaged the optimizers' states.
  let sums: (model: FloatBuffer, device: FloatBuffer, server: FloatBuffer)
  let tests: InputPreparation
  /// What trains ahead of merges; `nil` where nothing can be, or there is one thread only.
  private(set) var earlyTraining: EarlyTraining?
  /// What crossed the cut in the round, of each device that was trained.
  var crossed: [Int: [CutTensor]] = [:]
  /// The sum of the ranks of the products that each participant of the round had not been sent yet, where they are stacked.
  var missed: [Int: Int] = [:]
  /// Whether it lists what goes over the air: yes.
  public var listsTensors: Bool { true }

  /// A trainer with the model that `settings` give, on up to `threads` threads.
  ///
  /// - Throws: `TrainingError` where model, images and partition do not fit, `DatasetError` where images cannot become
  ///   inputs, and what loading weights throws.
  public init(_ settings: TrainerSettings, threads: Int) throws {
    try settings.check()
    let devices = settings.partition.samples.count
    let own =
      (settings.framework.traits.style == .alone ? devices : 0) + (settings.optimizer.state == .kept ? devices : 0)
    let style = settings.framework.traits.style
    let models = style == .averaged || style == .alone ? devices : 1
    let ahead = settings.trainsEarly(threads: threads) ? threads * (settings.optimizer.state == .kept ? 2 : 1) : 0
    try settings.checkMemory(
      replicas: settings.replicas(threads: threads, models: models), copies: 2 + own + settings.versions + ahead,
      merged: min(devices, settings.participants ?? devices))
    var settings = settings
    try settings.takeNormEpsilon()
    self.settings = settings
    let shape = settings.architecture
    let inputs = try InputPreparation(
      settings.images.train, side: shape.image, channels: shape.channels, normalization: settings.normalization)
    tests = try InputPreparation(
      settings.images.test, side: shape.image, channels: shape.channels, normalization: settings.normalization)
    parts = ModelParts(settings)
    ranks = AdapterRanks(settings)
    let layout = settings.layout
    let device = Optimizer(settings.optimizer, count: parts.deviceCount)
    let server = Optimizer(settings.optimizer, count: parts.server.count)
    let state = TrainerState(
      parameters: layout.count, device: device, server: server, devices: settings.partition.samples.count)
    notes = try settings.firstWeights(into: state.model.values, layout: layout)
    self.state = state
    let averages = settings.optimizer.state == .averaged
    sums = (
      FloatBuffer(count: parts.trained.count), FloatBuffer(count: averages ? device.state.count : 0),
      FloatBuffer(count: averages ? server.state.count : 0)
    )
    pool = WorkerPool(threads: threads, scratch: Operators.scratch(shape)) { [settings] work in
      Replica(settings, inputs: inputs, model: state.model, work: work)
    }
    guard settings.trainsEarly(threads: threads) else { return }
    let (training, parts) = (training, parts)
    earlyTraining = EarlyTraining(pool) { training.fill($1, on: $0, state, parts) }
  }

  deinit { earlyTraining?.stop() }

  /// How one device trains.
  var training: DeviceTraining { DeviceTraining(settings: settings, ranks: ranks) }

  /// Trains one round, aggregates and evaluates where it is due, as `Trainer` says.
  public func train(_ work: RoundWork) throws -> RoundLearning {
    let present = work.participants.filter { !$0.isLate && !settings.partition.samples[$0.device].isEmpty }
    let rate = settings.optimizer.learningRate(round: work.round, of: settings.rounds)
    let isDue = work.isEvaluated(every: settings.evaluateEvery)
    let round = RoundTask(number: work.round, learningRate: rate, evaluates: isDue && settings.evaluatesLocal)
    if settings.cachesActivations { beginCaches(work) }
    state.begin(round: work.round)
    if work.isLast { earlyTraining?.expectNobody() }
    crossed = [:]
    if settings.adapters?.aggregation == .stacked { sendStacks(to: work.participants.map(\.device)) }

    var learning = RoundLearning()
    let losses: (loss: Double, samples: Int)
    switch settings.framework.traits.style {
    case .averaged:
      (losses, learning.testAccuracyLocal) =
        try trainSideBySide(present, round, work.merge)
    case .sharedServer: losses = try trainOnOneServer(present, work, round)
    case .handedOn: losses = try trainInTurn(present, round)
    case .alone: losses = try trainAlone(present, round)
    case .pooled: losses = try trainPooled(present, round)
    }
    if losses.samples > 0 { learning.trainLoss = losses.loss / Double(losses.samples) }
    if work.listsTensors { learning.tensors = tensorsOnAir(in: work) }
    if isDue, tests.set.count > 0 {
      (learning.testLoss, learning.testAccuracy) = settings.framework.traits.style == .alone ? scoreAll() : scoreModel()
      if let loss = learning.testLoss, !loss.isFinite {
        throw TrainingError(
          "round \(work.round): the loss on the test set is \(loss), not a finite number "
            + "(learning rate \(rate); try a smaller one, or gradient_clip)")
      }
    }
    return learning
  }

  /// Trains on idle threads who can be trained before the merge; nothing depends on it but time.
  ///
  /// Left to the merge is who would be the first to send the activations that the server keeps.
  public func expect(_ contributions: [RoundWork.Participant], round: Int) {
    guard let earlyTraining else { return }
    state.begin(round: round)
    let trainable = contributions.filter {
      !settings.partition.samples[$0.device].isEmpty
        && (!settings.cachesActivations || state.devices[$0.device].cache?.isFilled == true)
    }
    let limit = min(2 * pool.threads, settings.versions + pool.threads - state.versions.count)
    earlyTraining.expect(trainable, limit: limit) { state.devices[$0] }
  }

  /// Writes the model in timm's names, adapters added to their matrices; under `ll`, whose devices have one each, their mean by data.
  public func writeWeights(to file: OutputFile) throws {
    let model = meanModel()
    defer { withExtendedLifetime(model) {} }
    try ModelWeights.save(
      UnsafeBufferPointer(model.values), layout: settings.layout, normEpsilon: settings.normEpsilon, to: file)
  }

  /// The model; under `ll`, whose devices have one each, their mean by data.
  func meanModel() -> FloatBuffer {
    guard settings.framework.traits.style == .alone else { return state.model }
    let model = FloatBuffer(count: state.model.values.count)
    model.copy(state.model)
    averageLocalModels(into: model)
    return model
  }

  /// Sends devices the products that they have not been sent yet.
  private func sendStacks(to devices: [Int]) {
    missed = [:]
    for device in devices {
      missed[device] = state.stack - state.devices[device].stack
      state.devices[device].stack = state.stack
    }
  }

  private func scoreModel() -> (loss: Double?, accuracy: Double?) {
    let score = pool.score(tests) { $0.load(state.model) }
    return (score.meanLoss, score.accuracy)
  }

  /// The mean over all devices of what each one's own model makes of the test set.
  private func scoreAll() -> (loss: Double?, accuracy: Double?) {
    let owners = state.devices.indices.filter { state.devices[$0].model != nil }
    var scores = [Score](repeating: Score(), count: owners.count)
    scores.withUnsafeMutableBufferPointer { scores in
      nonisolated(unsafe) let scores = scores
      pool.forEach(owners.count) { replica, index in
        guard let own = state.devices[owners[index]].model else { return }
        _ = replica.trained.update(fromContentsOf: own.values)
        scores[index] = replica.score(tests)
      }
    }
    // Devices without a model of their own still have the first one.
    let rest = state.devices.count - owners.count
    let first = rest > 0 ? pool.score(tests) { $0.load(state.model) } : Score()
    let count = Double(max(1, state.devices.count))
    let loss = scores.reduce(first.meanLoss * Double(rest)) { $0 + $1.meanLoss } / count
    let accuracy = scores.reduce(first.accuracy * Double(rest)) { $0 + $1.accuracy } / count
    return (loss, accuracy)
  }

  /// Activations stay with the server once a device has sent all of an epoch, late or not.
  private func beginCaches(_ work: RoundWork) {
    for participant in work.participants where state.devices[participant.device].cache == nil {
      let epoch = MiniBatches.steps(samples: samples(participant), batch: settings.batch)
      guard !participant.isLate || participant.steps >= epoch else { continue }
      state.devices[participant.device].cache = ActivationCache(round: work.round, bits: participant.bits)
    }
  }
}

/// What all devices' training of one round shares.
struct RoundTask {
  /// r, from 1.
  var number: Int
  /// η of the round.
  var learningRate: Double
  /// Whether each participant's own model is judged.
  var evaluates: Bool
}
