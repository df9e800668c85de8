import Allocation
import EventKernel
import Units
import Wireless

/// What one admitted device will do in a round: the same step over and over, then a last upload. Where the server keeps
/// activations, a device's first epoch has fresh steps and all that follows takes place at the server.
///
/// Durations and energies are doubles by the closed form; the round turns them into event times.
struct DevicePlan: Sendable, Hashable {
  /// n.
  var device: Int
  /// k; `nil` where the framework uses no block.
  var block: Int?
  /// The rate on the air.
  var rate: BitsPerSecond
  /// s_n.
  var steps: Int
  /// The first steps of the round whose activations the server does not have: all of them unless it keeps activations.
  var freshSteps: Int
  /// Raw data that goes up before the first step, and its energy.
  var firstUpload: Leg?
  /// Forward pass, upload, server, backward pass: the legs of a fresh step that take place, in order.
  var step: [Leg]
  /// The model upload after the last step.
  var lastUpload: Leg?

  /// One stretch of a device's time that ends with an event.
  struct Leg: Sendable, Hashable {
    /// The event at its end.
    var kind: RoundEvent
    /// How long it takes.
    var time: Seconds
    /// What the device spends on it.
    var energy: Joules
  }

  /// The legs of a step, from 1: the server's alone where it has the activations.
  func legs(ofStep number: Int) -> [Leg] { number <= freshSteps ? step : step.filter { $0.kind == .server } }

  /// Why a round that has `leg` in it cannot be simulated.
  func outlasts(_ leg: Leg) -> SimulationError {
    SimulationError(
      "device \(device): \(leg.kind.name) takes \(leg.time), and simulated time ends at \(SimTime.distantFuture); its "
        + "rate on block \(block ?? 0) is \(rate)")
  }

  /// T_n of a fresh step: the legs' sum, Eq. (16).
  var stepLatency: Seconds { step.reduce(.zero) { $0 + $1.time } }
}

extension World {
  /// The plans of a round, in device order.
  ///
  /// `isFirst`: raw data goes up in this round, where the framework sends it at all. `kept`: the devices whose activations
  /// the server has, empty where activations change.
  func plans(for allocation: Allocation, gains: any GainSource, isFirst: Bool, kept: [Bool] = []) -> [DevicePlan] {
    if workload.traits.upload == .nothing {
      return terms.indices.map { plan(device: $0, assignment: nil, rate: .zero, isFirst: isFirst) }
    }
    return allocation.assignments.map { assignment in
      var rate = assignment.rate
      if workload.traits.order == .sequential, scenario.band == .all {
        rate = wholeBandRate(row: gains.row(device: assignment.device), power: assignment.power)
      }
      var plan = plan(device: assignment.device, assignment: assignment, rate: rate, isFirst: isFirst)
      if !kept.isEmpty { plan.freshSteps = kept[plan.device] ? 0 : plan.steps / workload.localEpochs }
      return plan
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

  private func plan(device index: Int, assignment: Assignment?, rate: BitsPerSecond, isFirst: Bool) -> DevicePlan {
    let device = fleet[index]
    let scale = assignment?.clockScale ?? 1
    let computeTime = terms[index].computeTime / scale
    let computeEnergy = terms[index].computeEnergy * (scale * scale)

    func transmission(_ kind: RoundEvent, _ data: Bits) -> DevicePlan.Leg {
      let time = StepCost.uplinkTime(payload: data, rate: rate)
      let energy = StepCost.uplinkEnergy(
        power: assignment?.power ?? .zero, time: time, circuitPower: device.circuitPower,
        amplifierEfficiency: device.amplifierEfficiency)
      return DevicePlan.Leg(kind: kind, time: time, energy: energy)
    }

    var step: [DevicePlan.Leg] = []
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
    return DevicePlan(
      device: index, block: assignment?.block, rate: rate, steps: steps, freshSteps: steps,
      firstUpload: traits.upload == .rawData && isFirst ? transmission(.uplink, rawData) : nil,
      step: step,
      lastUpload: workload.modelUpload > .zero ? transmission(.modelUpload, workload.modelUpload) : nil)
  }
}
