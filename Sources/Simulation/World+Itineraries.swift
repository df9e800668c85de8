import Allocation
import Network
import Scenario
import Training
import Units
import Wireless

extension World {
  /// The itineraries of a round, in device order.
  ///
  /// `isFirst`: raw data goes up in this round, where the framework sends it at all. `kept`: the devices whose activations
  /// the server has, empty where activations change.
  func itineraries(
    for allocation: Allocation, gains: any GainSource, at time: Seconds = .zero, isFirst: Bool, kept: [Bool] = []
  ) -> [Itinerary] {
    var itineraries = itineraries(for: allocation, gains: gains, at: time, isFirst, kept)
    // Data that went up once is at the server, wherever its device is.
    guard availability != nil, workload.traits.upload != .rawData || isFirst else { return itineraries }
    for index in itineraries.indices {
      itineraries[index].departure = departure(of: itineraries[index].device, after: time)
    }
    return itineraries
  }

  private func itineraries(
    for allocation: Allocation, gains: any GainSource, at time: Seconds, _ isFirst: Bool, _ kept: [Bool]
  ) -> [Itinerary] {
    if workload.traits.upload == .nothing {
      return terms.indices.lazy.filter { self.isThere($0, at: time) }.map {
        itinerary(device: $0, assignment: nil, rate: .zero, isFirst: isFirst)
      }
    }
    let broadcast = broadcastsModel ? broadcastTime(to: allocation.assignments.map(\.device), gains: gains) : nil
    return allocation.assignments.map { assignment in
      var rate = assignment.rate
      if scenario.sendsOverWholeBand {
        rate = wholeBandRate(row: gains.row(device: assignment.device), power: assignment.power)
      }
      var itinerary = itinerary(device: assignment.device, assignment: assignment, rate: rate, isFirst: isFirst)
      if downlink != nil {
        let gain = gains.gain(device: assignment.device, block: assignment.block)
        addDownlink(
          to: &itinerary, workload(of: assignment.device, cut: assignment.cut), gain: gain,
          hearing: scenario.sendsOverWholeBand ? gains : nil,
          broadcast: broadcast)
      }
      if !kept.isEmpty {
        itinerary.freshSteps = kept[itinerary.device] ? 0 : itinerary.steps / workload.localEpochs
      }
      return itinerary
    }
  }

  /// Adds what comes down: the model before the first step; after the server, what the head reads where that is on the device,
  /// and the gradient of each step's activations.
  ///
  /// - Parameters:
  ///   - hearing: The gains of every block where the device hears all of them, alone in the band.
  ///   - broadcast: How long the model takes where it is sent to all at once; `nil`: it is sent to this device, at its rate.
  private func addDownlink(
    to itinerary: inout Itinerary, _ workload: Workload, gain: Double, hearing: (any GainSource)?, broadcast: Seconds?
  ) {
    guard let downlink else { return }
    let device = itinerary.device
    let rate =
      hearing.map { downRate(device: device, gains: $0) }
      ?? downlink.rate(bandwidth: scenario.uplink.blockBandwidth, gain: gain)
    // The noise of the base station's receiver is that of the channel; a device's differs.
    let power = downlink.power * (scenario.uplink.noise / downlink.noise)
    let drawn = terms[device].receivePower
    func reception(_ data: Bits, turn: Int? = nil) -> Itinerary.Activity {
      let time = data / rate
      return .init(
        kind: .downlink, time: time, energy: drawn * time,
        transmission: transmission(data, power: power, drawnPower: drawn, turn: turn))
    }
    if workload.modelDownload > .zero {
      let model =
        broadcast.map { Itinerary.Activity(kind: .downlink, time: $0, energy: drawn * $0) }
      itinerary.before.insert(model ?? reception(workload.modelDownload), at: 0)
    }
    let keepsLabels = workload.headDownload > .zero
    if workload.gradientDownload > .zero, let server = itinerary.step.lastIndex(where: { $0.kind == .server }) {
      itinerary.step.insert(reception(workload.gradientDownload, turn: keepsLabels ? 2 : nil), at: server + 1)
    }
    if keepsLabels, let server = itinerary.step.firstIndex(where: { $0.kind == .server }) {
      itinerary.step.insert(reception(workload.headDownload, turn: 1), at: server + 1)
    }
  }

  /// The rate over every block at once, the power split equally: sum_k B log2(1 + g_k p / K).
  private func wholeBandRate(row: [Double], power: Watts) -> BitsPerSecond {
    row.reduce(.zero) { sum, gain in
      sum
        + StepCost.rate(
          bandwidth: scenario.uplink.blockBandwidth, gain: gain, power: power / Double(row.count),
          noise: noise, link: scenario.uplink.link)
    }
  }

  private func itinerary(device index: Int, assignment: Assignment?, rate: BitsPerSecond, isFirst: Bool) -> Itinerary {
    let samples = fleet.samples[index]
    let workload = workload(of: index, cut: assignment?.cut ?? 0)
    let terms = cuts[assignment?.cut ?? 0].applied(to: self.terms[index])
    let (computeTime, computeEnergy) = terms.computing(at: assignment?.clockScale ?? 1)

    func sending(_ kind: RoundEvent, _ data: Bits, turn: Int? = nil) -> Itinerary.Activity {
      let power = assignment?.power ?? .zero
      let (time, energy) = terms.sending(data, power: power, rate: rate)
      return Itinerary.Activity(
        kind: kind, time: time, energy: energy,
        transmission: transmission(
          data, power: scenario.sendsOverWholeBand ? power / Double(scenario.uplink.blocks) : power,
          drawnPower: terms.drawnPower(power), turn: turn))
    }
    func computing(_ kind: RoundEvent, _ share: Double) -> Itinerary.Activity {
      .init(kind: kind, time: computeTime * share, energy: computeEnergy * share)
    }
    func serving(_ share: Double) -> Itinerary.Activity {
      .init(kind: .server, time: terms.serverTime * share, energy: .zero)
    }

    let traits = workload.traits
    let gradient = workload.gradientUpload
    var step: [Itinerary.Activity] = []
    // Forward, upload, server, head, upload, server, backward.
    step.reserveCapacity(7)
    func addBackwardPass() {
      guard traits.device != .nothing, workload.backwardShare > 0 else { return }
      step.append(computing(.backward, workload.backwardShare))
    }
    if traits.device != .nothing { step.append(computing(.forward, workload.forwardShare)) }
    if traits.gradient == .localLoss { addBackwardPass() }
    if traits.upload == .activations, let assignment {
      step.append(sending(.uplink, assignment.payload - gradient, turn: gradient > .zero ? 1 : nil))
    }
    if traits.server != .nothing { step.append(serving(workload.serverForwardShare)) }
    if traits.labels == .device { step.append(computing(.backward, workload.headShare)) }
    if gradient > .zero {
      step.append(sending(.uplink, gradient, turn: 2))
      step.append(serving(1 - workload.serverForwardShare))
    }
    if traits.gradient == .returned { addBackwardPass() }

    let rawData = workload.sampleUpload * Double(samples)
    let steps = workload.steps(samples: samples)
    var itinerary = Itinerary(
      device: index, block: assignment?.block, rate: rate, steps: steps, freshSteps: steps,
      before: traits.upload == .rawData && isFirst ? [sending(.uplink, rawData)] : [],
      step: step,
      after: workload.modelUpload > .zero ? [sending(.modelUpload, workload.modelUpload)] : [])
    itinerary.sleep = traits.upload != .rawData || isFirst ? scenario.devices.radioSleep : nil
    itinerary.hasJitter = scenario.devices.jitter != nil && traits.device != .nothing
    return itinerary
  }
}
