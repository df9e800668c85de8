import Allocation
import Network
import Units
import Wireless

extension World {
  /// The itineraries of a round, in device order.
  ///
  /// `isFirst`: raw data goes up in this round, where the framework sends it at all. `kept`: the devices whose activations
  /// the server has, empty where activations change.
  func itineraries(for allocation: Allocation, gains: any GainSource, isFirst: Bool, kept: [Bool] = []) -> [Itinerary] {
    if workload.traits.upload == .nothing {
      return terms.indices.map { itinerary(device: $0, assignment: nil, rate: .zero, isFirst: isFirst) }
    }
    return allocation.assignments.map { assignment in
      var rate = assignment.rate
      if workload.traits.order == .sequential, scenario.band == .all {
        rate = wholeBandRate(row: gains.row(device: assignment.device), power: assignment.power)
      }
      var itinerary = itinerary(device: assignment.device, assignment: assignment, rate: rate, isFirst: isFirst)
      if !kept.isEmpty {
        itinerary.freshSteps = kept[itinerary.device] ? 0 : itinerary.steps / workload.localEpochs
      }
      return itinerary
    }
  }

  /// The rate over every block at once, the power split equally: sum_k B log2(1 + g_k p / K).
  private func wholeBandRate(row: [Double], power: Watts) -> BitsPerSecond {
    row.reduce(.zero) { sum, gain in
      sum
        + StepCost.rate(
          bandwidth: scenario.uplink.blockBandwidth, gain: gain, power: power / Double(row.count),
          noise: scenario.uplink.noise)
    }
  }

  private func itinerary(device index: Int, assignment: Assignment?, rate: BitsPerSecond, isFirst: Bool) -> Itinerary {
    let device = fleet[index]
    let scale = assignment?.clockScale ?? 1
    let computeTime = terms[index].computeTime / scale
    let computeEnergy = terms[index].computeEnergy * (scale * scale)

    func transmission(_ kind: RoundEvent, _ data: Bits) -> Itinerary.Activity {
      let time = StepCost.uplinkTime(payload: data, rate: rate)
      let energy = StepCost.uplinkEnergy(
        power: assignment?.power ?? .zero, time: time, circuitPower: device.circuitPower,
        amplifierEfficiency: device.amplifierEfficiency)
      return Itinerary.Activity(kind: kind, time: time, energy: energy)
    }

    var step: [Itinerary.Activity] = []
    let traits = workload.traits
    if traits.device != .nothing {
      step.append(
        .init(kind: .forward, time: computeTime * workload.forwardShare, energy: computeEnergy * workload.forwardShare))
    }
    if traits.upload == .activations, let assignment {
      step.append(transmission(.uplink, assignment.payload))
    }
    if traits.server != .nothing {
      step.append(.init(kind: .server, time: terms[index].serverTime, energy: .zero))
    }
    let rest = 1 - workload.forwardShare
    if traits.device != .nothing, rest > 0 {
      step.append(.init(kind: .backward, time: computeTime * rest, energy: computeEnergy * rest))
    }

    let rawData = workload.sampleUpload * Double(device.samples)
    let steps = workload.steps(samples: device.samples)
    return Itinerary(
      device: index, block: assignment?.block, rate: rate, steps: steps, freshSteps: steps,
      before: traits.upload == .rawData && isFirst ? [transmission(.uplink, rawData)] : [],
      step: step,
      after: workload.modelUpload > .zero ? [transmission(.modelUpload, workload.modelUpload)] : [])
  }
}
