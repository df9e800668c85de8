import Allocation
import EventKernel
import Units
import Wireless

/// What one admitted device will do in a round: the same step over and over, and what comes before the first and after the
/// last one. Where the server keeps activations, a device's first epoch has fresh steps and all that follows takes place at
/// the server.
///
/// Durations and energies are doubles by the closed form; the round turns them into event times.
struct Itinerary: Sendable, Hashable {
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
  /// Before the first step: raw data that goes up.
  var before: [Activity] = []
  /// Forward pass, upload, server, backward pass: those of a fresh step that take place, in order.
  var step: [Activity]
  /// After the last step: the model upload.
  var after: [Activity] = []

  /// One stretch of a device's time that ends with an event.
  struct Activity: Sendable, Hashable {
    /// The event at its end.
    var kind: RoundEvent
    /// How long it takes.
    var time: Seconds
    /// What the device spends on it.
    var energy: Joules
  }

  /// The activities of a step whose activations the server has: its own.
  var cachedStep: [Activity] { step.filter { $0.kind == .server } }

  /// Why a round that has `activity` in it cannot be simulated.
  func outlasts(_ activity: Activity) -> SimulationError {
    SimulationError(
      "device \(device): \(activity.kind.name) takes \(activity.time), and simulated time ends at "
        + "\(SimTime.distantFuture); its rate on block \(block ?? 0) is \(rate)")
  }

  /// T_n of a fresh step: the activities' sum, Eq. (16).
  var stepLatency: Seconds { step.reduce(.zero) { $0 + $1.time } }

  /// E_n of a step, Eq. (17).
  var stepEnergy: Joules { step.reduce(.zero) { $0 + $1.energy } }

  /// s_n T_n, the server's part alone of the steps that are not fresh, and what comes before and after.
  var roundTime: Seconds {
    stepLatency * Double(freshSteps) + time(.server) * Double(steps - freshSteps)
      + before.reduce(.zero) { $0 + $1.time } + after.reduce(.zero) { $0 + $1.time }
  }

  /// The time that a step spends on one kind of activity, 0 where it has none.
  func time(_ kind: RoundEvent) -> Seconds { step.first { $0.kind == kind }?.time ?? .zero }
}

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
