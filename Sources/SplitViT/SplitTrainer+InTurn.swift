import Datasets
import Training

/// Frameworks whose steps follow one another on one model, and so on one thread, which all others help.
///
/// The optimizer's state of the server's part goes on, unless it is reset, which then happens once per round. That of the
/// device's part starts from nothing with each device where it is reset, is each device's own where it is kept, and goes
/// with the weights where it is averaged: handed on under `sl`, aggregated under `sfl-v2`.
extension SplitTrainer {
  /// `sl`: the participants one after another, each from the model of the one before.
  func trainInTurn(
    _ present: [RoundWork.Participant], _ round: RoundTask
  ) throws -> (loss: Double, samples: Int) {
    let rule = settings.optimizer.state
    return try pool.alone { replica in
      replica.load(state.model)
      replica.serverOptimizer.load(rule == .reset ? nil : state.optimizer.server)
      replica.deviceOptimizer.load(rule == .averaged ? state.optimizer.device : nil)
      var total = (loss: 0.0, samples: 0)
      for participant in present {
        state.prepare(participant.device, model: nil, deviceOptimizer: rule == .kept, serverOptimizer: false)
        let own = state.devices[participant.device]
        if rule != .averaged { replica.deviceOptimizer.load(own.deviceOptimizer) }
        var pass = DevicePass(settings, round: round.number, device: participant.device, bits: participant.bits)
        let done = try replica.run(&pass, cache: own.cache, learningRate: round.learningRate)
        total = (total.loss + done.loss, total.samples + done.samples)
        crossed[participant.device] = pass.crossed
        own.deviceOptimizer.map(replica.deviceOptimizer.store)
      }
      keepModel(of: replica)
      return total
    }
  }

  /// `cl`: the participants' samples as those of one device.
  func trainPooled(
    _ present: [RoundWork.Participant], _ round: RoundTask
  ) throws -> (loss: Double, samples: Int) {
    guard let first = present.first else { return (0, 0) }
    let rule = settings.optimizer.state
    return try pool.alone { replica in
      replica.load(state.model)
      replica.serverOptimizer.load(rule == .reset ? nil : state.optimizer.server)
      replica.deviceOptimizer.load(rule == .reset ? nil : state.optimizer.device)
      var pass = DevicePass(
        settings, round: round.number, device: first.device, bits: 32,
        pooled: present.flatMap { settings.partition.samples[$0.device] })
      let total = try replica.run(&pass, cache: nil, learningRate: round.learningRate)
      keepModel(of: replica)
      return total
    }
  }

  /// `sfl-v2`: one server part, updated by the participants' steps in the order in which the server ended them; the
  /// device parts, which take turns in one replica, are aggregated, Eq. (6).
  func trainOnOneServer(
    _ present: [RoundWork.Participant], _ work: RoundWork, _ round: RoundTask
  ) throws -> (loss: Double, samples: Int) {
    guard !present.isEmpty else { return (0, 0) }
    let rule = settings.optimizer.state
    return try pool.alone { replica in
      replica.load(state.model)
      replica.serverOptimizer.load(rule == .reset ? nil : state.optimizer.server)
      var clients: [Client] = present.map { participant in
        let client = Client(
          pass: DevicePass(settings, round: round.number, device: participant.device, bits: participant.bits),
          weights: FloatBuffer(count: parts.deviceCount),
          optimizer: FloatBuffer(count: state.optimizer.device.values.count))
        parts.takeDevice(of: state.model.values.run(parts.trained), into: client.weights)
        if rule == .averaged { client.optimizer.copy(state.optimizer.device) }
        if rule == .kept, let own = state.devices[participant.device].deviceOptimizer { client.optimizer.copy(own) }
        return client
      }
      let slots = Dictionary(uniqueKeysWithValues: present.enumerated().map { ($1.device, $0) })
      var total = (loss: 0.0, samples: 0)
      for place in work.serverOrder where work.participants.indices.contains(place) {
        guard let slot = slots[work.participants[place].device] else { continue }
        parts.putDevice(clients[slot].weights, into: replica.trained)
        replica.deviceOptimizer.load(clients[slot].optimizer)
        let done = try replica.step(
          &clients[slot].pass, cache: state.devices[present[slot].device].cache, learningRate: round.learningRate)
        total = (total.loss + done.loss, total.samples + done.samples)
        parts.takeDevice(of: replica.trained, into: clients[slot].weights)
        replica.deviceOptimizer.store(clients[slot].optimizer)
      }
      for client in clients { crossed[client.pass.device] = client.pass.crossed }
      aggregate(clients, present, in: replica)
      keepModel(of: replica)
      return total
    }
  }

  /// One device of `sfl-v2`: where it stands, its part of the weights and of the optimizer's state.
  struct Client {
    var pass: DevicePass
    var weights: FloatBuffer
    var optimizer: FloatBuffer
  }

  /// Makes `replica`'s device part the mean by data of the clients', and its optimizer's state where that is averaged.
  private func aggregate(_ clients: [Client], _ present: [RoundWork.Participant], in replica: Replica) {
    let shares = Aggregation.weights(samples: present.map(samples))
    let weights = FloatBuffer(count: parts.deviceCount)
    let optimizer = FloatBuffer(count: state.optimizer.device.values.count)
    var steps = 0.0
    for (slot, client) in clients.enumerated() {
      weights.add(Float(shares[slot]), client.weights.values)
      optimizer.add(Float(shares[slot]), client.optimizer.values)
      steps += shares[slot] * Double(client.optimizer.steps)
      if settings.optimizer.state == .kept { state.devices[present[slot].device].deviceOptimizer = client.optimizer }
    }
    optimizer.steps = Int(steps.rounded())
    parts.putDevice(weights, into: replica.trained)
    replica.deviceOptimizer.load(optimizer)
  }

  /// Makes the replica's weights and optimizers those of the model.
  private func keepModel(of replica: Replica) {
    _ = state.model.values.run(parts.trained).update(fromContentsOf: replica.trained)
    replica.deviceOptimizer.store(state.optimizer.device)
    replica.serverOptimizer.store(state.optimizer.server)
  }
}
