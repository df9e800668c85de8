import Datasets
import Training

/// What one device's training of a round came to.
struct DeviceResult {
  var loss = 0.0
  var samples = 0
  var accuracy: Double?
  var error: TrainingError?
}

extension SplitTrainer {
  /// Every participant from the version of the model that it began with, side by side; the model becomes what `merge` makes of
  /// them, or their mean by data, Eq. (6), where all began with it as it stands.
  ///
  /// They are taken, and added, by falling number of samples, and so of steps; ties by index. Where Adam's states are
  /// averaged, the mean of its step counts is rounded. Of the versions before, those stay that somebody still works on.
  func trainSideBySide(
    _ present: [RoundWork.Participant], _ round: RoundTask, _ merge: RoundWork.Merge?
  ) throws -> (losses: (loss: Double, samples: Int), accuracy: Double?) {
    let used = merge?.versionsInUse ?? []
    defer { state.retain(used) }
    guard !present.isEmpty else {
      state.keep(round.number, of: parts, where: used)
      return ((0, 0), nil)
    }
    let rule = settings.optimizer.state
    for participant in present {
      state.prepare(participant.device, model: nil, deviceOptimizer: rule == .kept, serverOptimizer: rule == .kept)
    }
    let order = present.sorted { (samples($0), $1.device) > (samples($1), $0.device) }
    let versions = order.map { merge == nil ? round.number : $0.version }
    let shares = (merge?.rule ?? AggregationRule()).coefficients(
      staleness: versions.map { round.number - $0 }, samples: order.map(samples))
    nonisolated(unsafe) let begun = try zip(order, versions).map { participant, version in
      guard let weights = state.weights(of: version, at: round.number, parts) else {
        throw TrainingError(
          "round \(round.number), device \(participant.device): version \(version) of the model, which it began "
            + "with, is not kept")
      }
      return weights
    }
    let turns = OrderedBarrier(count: order.count)
    for sum in [sums.model, sums.device, sums.server] { sum.clear() }
    if shares.base != 0 { sums.model.add(Float(shares.base), state.model.values.run(parts.trained)) }
    var steps = (device: 0.0, server: 0.0)

    let results = eachDevice(order) { replica, index, result in
      let own = state.devices[order[index].device]
      _ = replica.trained.update(fromContentsOf: begun[index])
      replica.deviceOptimizer.load(rule == .reset ? nil : own.deviceOptimizer ?? state.optimizer.device)
      replica.serverOptimizer.load(rule == .reset ? nil : own.serverOptimizer ?? state.optimizer.server)
      var task = round
      task.number = versions[index]
      task.learningRate = settings.optimizer.learningRate(round: task.number, of: settings.rounds)
      train(replica, order[index], task, &result)
      if rule == .kept {
        own.deviceOptimizer.map(replica.deviceOptimizer.store)
        own.serverOptimizer.map(replica.serverOptimizer.store)
      }
      turns.take(index) {
        let weight = shares.own[index]
        sums.model.add(Float(weight), replica.trained)
        if shares.begun[index] != 0 { sums.model.add(Float(-shares.begun[index]), begun[index]) }
        if rule == .averaged {
          sums.device.add(Float(weight), replica.deviceOptimizer.state)
          sums.server.add(Float(weight), replica.serverOptimizer.state)
          steps.device += weight * Double(replica.deviceOptimizer.steps)
          steps.server += weight * Double(replica.serverOptimizer.steps)
        }
      }
    }
    let losses = try total(results, of: order)
    state.keep(round.number, of: parts, where: used)
    _ = state.model.values.run(parts.trained).update(fromContentsOf: sums.model.values)
    if rule == .averaged {
      sums.device.steps = Int(steps.device.rounded())
      sums.server.steps = Int(steps.server.rounded())
      state.optimizer.device.copy(sums.device)
      state.optimizer.server.copy(sums.server)
    }
    let accuracies = results.compactMap(\.accuracy)
    return (losses, accuracies.isEmpty ? nil : accuracies.reduce(0, +) / Double(accuracies.count))
  }

  /// Every participant with its own model, side by side; nothing is aggregated.
  ///
  /// Each device's optimizer keeps its state, unless it is reset.
  func trainAlone(
    _ present: [RoundWork.Participant], _ round: RoundTask
  ) throws -> (loss: Double, samples: Int) {
    let keeps = settings.optimizer.state != .reset
    for participant in present {
      state.prepare(participant.device, model: parts, deviceOptimizer: keeps, serverOptimizer: keeps)
    }
    let order = present.sorted { (samples($0), $1.device) > (samples($1), $0.device) }
    let results = eachDevice(order) { replica, index, result in
      let own = state.devices[order[index].device]
      guard let model = own.model else { return }
      _ = replica.trained.update(fromContentsOf: model.values)
      replica.deviceOptimizer.load(own.deviceOptimizer)
      replica.serverOptimizer.load(own.serverOptimizer)
      var round = round
      round.evaluates = false
      train(replica, order[index], round, &result)
      _ = model.values.update(fromContentsOf: replica.trained)
      own.deviceOptimizer.map(replica.deviceOptimizer.store)
      own.serverOptimizer.map(replica.serverOptimizer.store)
    }
    return try total(results, of: order)
  }

  /// The mean by data of the devices' own models, those without one having the first; nothing happens before round 1.
  func averageLocalModels(into model: FloatBuffer) {
    let weights = Aggregation.weights(samples: settings.partition.samples.map(\.count))
    guard state.devices.contains(where: { $0.model != nil }) else { return }
    let mean = FloatBuffer(count: parts.trained.count)
    for (device, weight) in zip(state.devices, weights) {
      mean.add(Float(weight), device.model?.values ?? state.model.values.run(parts.trained))
    }
    _ = model.values.run(parts.trained).update(fromContentsOf: mean.values)
  }

  func samples(_ participant: RoundWork.Participant) -> Int { settings.partition.samples[participant.device].count }

  private func train(
    _ replica: Replica, _ participant: RoundWork.Participant, _ round: RoundTask, _ result: inout DeviceResult
  ) {
    var pass = DevicePass(
      settings, round: round.number, device: participant.device, bits: participant.bits, cut: participant.cut)
    do throws(TrainingError) {
      (result.loss, result.samples) = try replica.run(
        &pass, cache: state.devices[participant.device].cache, learningRate: round.learningRate)
      if round.evaluates { result.accuracy = accuracy(of: replica) }
    } catch {
      result.error = error
    }
  }

  private func eachDevice(
    _ order: [RoundWork.Participant], _ body: (Replica, Int, inout DeviceResult) -> Void
  ) -> [DeviceResult] {
    var results = [DeviceResult](repeating: DeviceResult(), count: order.count)
    results.withUnsafeMutableBufferPointer { results in
      nonisolated(unsafe) let results = results
      pool.forEach(order.count) { replica, index in body(replica, index, &results[index]) }
    }
    return results
  }

  /// Sums in the order of `order`, or the error of the first device by number.
  private func total(
    _ results: [DeviceResult], of order: [RoundWork.Participant]
  ) throws(TrainingError) -> (loss: Double, samples: Int) {
    let failed = order.indices.filter { results[$0].error != nil }.min { order[$0].device < order[$1].device }
    if let failed, let error = results[failed].error { throw error }
    return results.reduce((0, 0)) { ($0.0 + $1.loss, $0.1 + $1.samples) }
  }
}
