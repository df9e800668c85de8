import Training

/// What one device's training of a round came to.
struct DeviceResult {
  var loss = 0.0
  var samples = 0
  var accuracy: Double?
  var error: TrainingError?
  /// What crossed the cut.
  var crossed: [CutTensor] = []
}

/// How a device trains by itself: from weights and an optimizer's state that a replica has taken up, on one thread.
struct DeviceTraining {
  let settings: TrainerSettings
  /// What devices have of the model's adapters.
  let ranks: AdapterRanks

  /// All steps of a device that began with `version` of the model, at the learning rate of that round.
  ///
  /// - Parameter isWanted: Whether to go on; asked before each step.
  func run(
    _ replica: Replica, _ participant: RoundWork.Participant, version: Int, cache: ActivationCache?,
    while isWanted: () -> Bool = { true }
  ) -> DeviceResult {
    var result = DeviceResult()
    var pass = DevicePass(
      settings, round: version, device: participant.device, bits: participant.bits, cut: participant.cut)
    let rate = settings.optimizer.learningRate(round: version, of: settings.rounds)
    do throws(TrainingError) {
      (result.loss, result.samples) = try replica.run(&pass, cache: cache, learningRate: rate, while: isWanted)
    } catch {
      result.error = error
    }
    result.crossed = pass.crossed
    return result
  }

  /// Trains a contribution from the version that it began with, where that is kept, and takes down what it came to.
  func fill(_ contribution: Contribution, on replica: Replica, _ state: TrainerState, _ parts: ModelParts) {
    let (participant, own) = (contribution.participant, contribution.own)
    let keeps = settings.optimizer.state == .kept
    guard state.read(participant.version, parts, into: replica.trained) else { return }
    ranks.cut(replica.trained, to: participant.device)
    replica.deviceOptimizer.load(keeps ? own.deviceOptimizer : nil)
    replica.serverOptimizer.load(keeps ? own.serverOptimizer : nil)
    contribution.result = run(
      replica, participant, version: participant.version, cache: own.cache, while: { contribution.isWanted })
    guard contribution.isWanted else { return }
    let weights = FloatBuffer(count: replica.trained.count)
    _ = weights.values.update(fromContentsOf: replica.trained)
    contribution.weights = weights
    guard keeps else { return }
    let states = [replica.deviceOptimizer, replica.serverOptimizer].map { optimizer in
      let state = FloatBuffer(count: optimizer.state.count)
      optimizer.store(state)
      return state
    }
    contribution.optimizers = (states[0], states[1])
  }
}
