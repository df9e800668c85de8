import Datasets
import Training

extension SplitTrainer {
  /// Every participant from the version of the model that it began with, side by side; the model becomes what `merge` makes of
  /// them, or their mean by data, Eq. (6), where all began with it as it stands.
  ///
  /// They are taken, and added, by falling number of samples, and so of steps; ties by index. Where Adam's states are
  /// averaged, the mean of its step counts is rounded. Of the versions before, those stay that somebody still works on. Who has been
  /// trained ahead of the merge is added in its turn, as soon as it is done.
  func trainSideBySide(
    _ present: [RoundWork.Participant], _ round: RoundTask, _ merge: RoundWork.Merge?
  ) throws -> (losses: (loss: Double, samples: Int), accuracy: Double?) {
    let used = merge?.versionsInUse ?? []
    guard !present.isEmpty else {
      state.endRound(nil, parts, keeping: used)
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
      guard let weights = state.weights(of: version, parts) else {
        throw TrainingError(
          "round \(round.number), device \(participant.device): version \(version) of the model, which it began "
            + "with, is not kept")
      }
      return weights
    }
    let early = merge == nil ? order.map { _ in nil } : earlyTraining?.take(order) ?? order.map { _ in nil }
    defer { earlyTraining?.endMerge() }
    let turns = OrderedBarrier(count: order.count, helpers: pool.helpers)
    for sum in [sums.model, sums.device, sums.server] { sum.clear() }
    let aggregation = settings.adapters?.aggregation ?? .apart
    let products = aggregation == .apart ? nil : AdapterProducts(settings.layout)
    func add(_ weight: Double, _ weights: UnsafeMutableBufferPointer<Float>) {
      sums.model.add(Float(weight), weights)
      products?.add(weight, weights)
    }
    if shares.base != 0 { add(shares.base, state.model.values.run(parts.trained)) }
    func add(_ index: Int, _ weights: UnsafeMutableBufferPointer<Float>) {
      add(shares.own[index], weights)
      if shares.begun[index] != 0 { add(-shares.begun[index], begun[index]) }
    }
    var steps = (device: 0.0, server: 0.0)

    for case (let index, let contribution?) in early.enumerated() {
      let own = state.devices[contribution.participant.device]
      contribution.whenDone {
        turns.leave(index) {
          guard let weights = contribution.weights else { return }
          add(index, weights.values)
          guard let optimizers = contribution.optimizers else { return }
          own.deviceOptimizer?.copy(optimizers.device)
          own.serverOptimizer?.copy(optimizers.server)
        }
      }
    }
    let rest = order.indices.filter { early[$0] == nil }
    let training = training
    var results = eachDevice(rest.map { order[$0] }) { replica, place, result in
      let index = rest[place]
      let own = state.devices[order[index].device]
      _ = replica.trained.update(fromContentsOf: begun[index])
      training.ranks.cut(replica.trained, to: order[index].device)
      replica.deviceOptimizer.load(rule == .reset ? nil : own.deviceOptimizer ?? state.optimizer.device)
      replica.serverOptimizer.load(rule == .reset ? nil : own.serverOptimizer ?? state.optimizer.server)
      result = training.run(replica, order[index], version: versions[index], cache: own.cache)
      if round.evaluates, result.error == nil { result.accuracy = replica.score(tests).accuracy }
      if rule == .kept {
        own.deviceOptimizer.map(replica.deviceOptimizer.store)
        own.serverOptimizer.map(replica.serverOptimizer.store)
      }
      turns.take(index) {
        add(index, replica.trained)
        if rule == .averaged {
          let weight = shares.own[index]
          sums.device.add(Float(weight), replica.deviceOptimizer.state)
          sums.server.add(Float(weight), replica.serverOptimizer.state)
          steps.device += weight * Double(replica.deviceOptimizer.steps)
          steps.server += weight * Double(replica.serverOptimizer.steps)
        }
      }
    }
    turns.waitForAll()
    results = combine(results, early, evaluates: round.evaluates)
    let losses = try total(results, of: order)
    for (participant, result) in zip(order, results) { crossed[participant.device] = result.crossed }
    switch aggregation {
    case .apart: break
    case .svd: products?.write(into: sums.model.values, on: pool)
    case .stacked:
      products?.merge(into: state.model.values, on: pool)
      ModelWeights.beginAdapters(sums.model.values, layout: settings.layout, seed: settings.seed, after: round.number)
      state.stack += order.reduce(0) { $0 + ranks.rank(of: $1.device) }
    }
    state.endRound(sums.model, parts, keeping: used)
    if rule == .averaged {
      sums.device.steps = Int(steps.device.rounded())
      sums.server.steps = Int(steps.server.rounded())
      state.optimizer.device.copy(sums.device)
      state.optimizer.server.copy(sums.server)
    }
    let accuracies = results.compactMap(\.accuracy)
    return (losses, accuracies.isEmpty ? nil : accuracies.reduce(0, +) / Double(accuracies.count))
  }

  /// The results of all that merge, of those trained in the merge and of those trained `early`, which are judged now where they are to be.
  private func combine(
    _ results: [DeviceResult], _ early: [Contribution?], evaluates: Bool
  ) -> [DeviceResult] {
    let done = early.compactMap(\.self)
    if evaluates {
      pool.forEach(done.count) { replica, index in
        guard done[index].result.error == nil, let weights = done[index].weights else { return }
        _ = replica.trained.update(fromContentsOf: weights.values)
        done[index].result.accuracy = replica.score(tests).accuracy
      }
    }
    var rest = results.makeIterator()
    return early.map { $0?.result ?? rest.next() ?? DeviceResult() }
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
      result = training.run(replica, order[index], version: round.number, cache: own.cache)
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
