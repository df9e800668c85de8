import Training

/// Devices that merge with models of different versions.
extension SplitTrainer {
  /// Every participant from the version that it began with, side by side; the model becomes what the merge's rule makes of them.
  ///
  /// They are taken, and added, in the order of ``trainSideBySide(_:_:)``. Of the versions before, those stay that somebody still
  /// works on.
  func trainFromVersions(
    _ present: [RoundWork.Participant], _ round: RoundTask, _ merge: RoundWork.Merge
  ) throws -> (losses: (loss: Double, samples: Int), accuracy: Double?) {
    defer { state.retain(merge.versionsInUse) }
    guard !present.isEmpty else {
      state.keep(round.number, of: parts, where: merge.versionsInUse)
      return ((0, 0), nil)
    }
    let rule = settings.optimizer.state
    for participant in present {
      state.prepare(participant.device, model: nil, deviceOptimizer: rule == .kept, serverOptimizer: rule == .kept)
    }
    let order = present.sorted { (samples($0), $1.device) > (samples($1), $0.device) }
    let parts = merge.rule.coefficients(
      staleness: order.map { round.number - $0.version }, samples: order.map(samples))
    var begun: [UnsafeMutableBufferPointer<Float>] = []
    for participant in order {
      guard let weights = state.weights(of: participant.version, at: round.number, self.parts) else {
        throw TrainingError(
          "round \(round.number), device \(participant.device): version \(participant.version) of the model, which it began "
            + "with, is not kept")
      }
      begun.append(weights)
    }
    let turns = OrderedBarrier(count: order.count)
    let sum = sums.model
    sum.clear()
    if parts.base != 0 { sum.add(Float(parts.base), state.model.values.run(self.parts.trained)) }
    nonisolated(unsafe) let models = begun

    let results = eachDevice(order) { replica, index, result in
      let own = state.devices[order[index].device]
      _ = replica.trained.update(fromContentsOf: models[index])
      replica.deviceOptimizer.load(rule == .kept ? own.deviceOptimizer : nil)
      replica.serverOptimizer.load(rule == .kept ? own.serverOptimizer : nil)
      var task = round
      task.number = order[index].version
      task.learningRate = settings.optimizer.learningRate(round: task.number, of: settings.rounds)
      train(replica, order[index], task, &result)
      if rule == .kept {
        own.deviceOptimizer.map(replica.deviceOptimizer.store)
        own.serverOptimizer.map(replica.serverOptimizer.store)
      }
      turns.take(index) {
        sum.add(Float(parts.own[index]), replica.trained)
        if parts.begun[index] != 0 { sum.add(Float(-parts.begun[index]), models[index]) }
      }
    }
    let losses = try total(results, of: order)
    state.keep(round.number, of: self.parts, where: merge.versionsInUse)
    _ = state.model.values.run(self.parts.trained).update(fromContentsOf: sum.values)
    let accuracies = results.compactMap(\.accuracy)
    return (losses, accuracies.isEmpty ? nil : accuracies.reduce(0, +) / Double(accuracies.count))
  }
}

extension TrainerState {
  /// The trained part of a version of the model, in round `current`; `nil` where it is not kept.
  func weights(of version: Int, at current: Int, _ parts: ModelParts) -> UnsafeMutableBufferPointer<Float>? {
    version == current ? model.values.run(parts.trained) : versions[version]?.values
  }

  /// Keeps the model as it stands, the version of round `current`, where somebody works on it.
  func keep(_ current: Int, of parts: ModelParts, where used: [Int]) {
    guard used.contains(current) else { return }
    let copy = FloatBuffer(count: parts.trained.count)
    _ = copy.values.update(fromContentsOf: model.values.run(parts.trained))
    versions[current] = copy
  }

  /// Lets go of all versions but these.
  func retain(_ used: [Int]) { versions = versions.filter { used.contains($0.key) } }
}
