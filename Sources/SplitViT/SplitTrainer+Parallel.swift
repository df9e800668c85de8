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
  /// Every participant from the model, side by side; the model becomes their mean by data, Eq. (6).
  ///
  /// They are taken, and added, by falling number of samples, and so of steps; ties by index. Where Adam's states are
  /// averaged, the mean of its step counts is rounded.
  func trainSideBySide(
    _ present: [RoundWork.Participant], _ round: RoundTask
  ) throws -> (losses: (loss: Double, samples: Int), accuracy: Double?) {
    guard !present.isEmpty else { return ((0, 0), nil) }
    let rule = settings.optimizer.state
    for participant in present {
      state.prepare(participant.device, model: nil, deviceOptimizer: rule == .kept, serverOptimizer: rule == .kept)
    }
    let order = present.sorted { (samples($0), $1.device) > (samples($1), $0.device) }
    let weights = Aggregation.weights(samples: order.map(samples))
    let turns = OrderedBarrier(count: order.count)
    for sum in [sums.model, sums.device, sums.server] { sum.clear() }
    var steps = (device: 0.0, server: 0.0)

    let results = eachDevice(order) { replica, index, result in
      let own = state.devices[order[index].device]
      replica.load(state.model)
      replica.deviceOptimizer.load(rule == .reset ? nil : own.deviceOptimizer ?? state.optimizer.device)
      replica.serverOptimizer.load(rule == .reset ? nil : own.serverOptimizer ?? state.optimizer.server)
      train(replica, order[index], round, &result)
      if rule == .kept {
        own.deviceOptimizer.map(replica.deviceOptimizer.store)
        own.serverOptimizer.map(replica.serverOptimizer.store)
      }
      turns.take(index) {
        let weight = Float(weights[index])
        sums.model.add(weight, replica.trained)
        if rule == .averaged {
          sums.device.add(weight, replica.deviceOptimizer.state)
          sums.server.add(weight, replica.serverOptimizer.state)
          steps.device += weights[index] * Double(replica.deviceOptimizer.steps)
          steps.server += weights[index] * Double(replica.serverOptimizer.steps)
        }
      }
    }
    let losses = try total(results, of: order)
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

  func train(
    _ replica: Replica, _ participant: RoundWork.Participant, _ round: RoundTask, _ result: inout DeviceResult
  ) {
    var pass = DevicePass(settings, round: round.number, device: participant.device, bits: participant.bits)
    do throws(TrainingError) {
      (result.loss, result.samples) = try replica.run(
        &pass, cache: state.devices[participant.device].cache, learningRate: round.learningRate)
      if round.evaluates { result.accuracy = accuracy(of: replica) }
    } catch {
      result.error = error
    }
  }

  func eachDevice(
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
  func total(
    _ results: [DeviceResult], of order: [RoundWork.Participant]
  ) throws(TrainingError) -> (loss: Double, samples: Int) {
    let failed = order.indices.filter { results[$0].error != nil }.min { order[$0].device < order[$1].device }
    if let failed, let error = results[failed].error { throw error }
    return results.reduce((0, 0)) { ($0.0 + $1.loss, $0.1 + $1.samples) }
  }
}
