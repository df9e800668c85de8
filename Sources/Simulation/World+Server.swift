import Allocation
import EventKernel
import Network
import Scenario
import Training
import Units
import Wireless

extension World {
  /// The server's accelerators: as many as anybody could want where the scenario does not count them.
  var accelerators: Accelerators { scenario.server.accelerators ?? .unlimited }

  /// Whether they are counted.
  private var hasFewAccelerators: Bool { accelerators.count < .max }

  /// Whether the server has a number of accelerators, and does something.
  var countsAccelerators: Bool { hasFewAccelerators && workload.traits.server != .nothing }

  /// What its accelerators did in a round of `duration`; `nil` where they are not counted.
  func serverUse(of engine: RoundEngine, duration: SimTime) -> RoundReport.ServerUse? {
    guard countsAccelerators else { return nil }
    let length = Seconds(max(duration, .tick).seconds)
    return RoundReport.ServerUse(
      served: Seconds(engine.serverServed.seconds), capacity: length * Double(accelerators.count),
      waited: Seconds(engine.serverWaited.seconds), length: length)
  }

  /// Whether all ends of a round are known when it begins, since no device can ever wait for the server and the channel stands
  /// still, computing takes what is planned, nobody leaves or runs empty and all merge together: the closed form then holds.
  var isStatic: Bool {
    neverQueues && !playsActivities && availability == nil && batteries == nil
      && scenario.aggregation.mode == .synchronous
  }

  /// Whether what happens in a round depends on when it begins.
  var dependsOnTime: Bool { movingChannel != nil || availability != nil || batteries != nil }

  /// Whether no device can ever wait for the server.
  var neverQueues: Bool {
    let participants = workload.traits.upload == .nothing ? fleet.count : min(fleet.count, scenario.uplink.blocks)
    return workload.traits.server == .nothing || workload.traits.order == .sequential
      || accelerators.count >= participants
  }

  /// The server's energy in a round of `duration`; `nil` where its power is not given.
  ///
  /// Counted accelerators draw power one by one, the server of Eq. (11) as a whole.
  func serverEnergy(of engine: RoundEngine, duration: SimTime) -> Joules? {
    server.power.map { power in
      let work = Seconds((hasFewAccelerators ? engine.serverServed : engine.serverBusy).seconds)
      let all = Seconds(duration.seconds) * (hasFewAccelerators ? Double(accelerators.count) : 1)
      return server.idlePower == .zero ? power * work : power * work + server.idlePower * max(.zero, all - work)
    }
  }

  /// What a step is expected to wait for an accelerator, by the scenario's `forecast.server`.
  ///
  /// - Parameter last: What it waited in the last round.
  func expectedWait(last: Seconds) -> Seconds {
    guard !neverQueues else { return .zero }
    switch scenario.serverForecast {
    case .none: return .zero
    case .mean: return last
    case .mva: return closedQueueWait.value(findClosedQueueWait)
    }
  }

  /// The wait of devices that fill their deadline: a device on each block computes and sends for what the deadline leaves beside
  /// the server, its service and its wait in a closed queue of all of them. Found by iteration from no wait, which only rises. A
  /// step that comes twice is taken for two that come once, half of each.
  private func findClosedQueueWait() -> Seconds {
    let visits = workload.gradientUpload > .zero ? 2.0 : 1
    let service = (terms.first?.serverTime ?? .zero) / visits
    let steps = scenario.deadline.per == .step ? 1 : Double(terms.map(\.deadlineSteps).max() ?? 1)
    let deadline = scenario.deadline.value / (steps * visits)
    let machines = min(fleet.count, scenario.uplink.blocks)
    var wait = Seconds.zero
    for _ in 0..<1_000 {
      let next = MachineRepairman.meanWait(
        machines: machines, running: max(.zero, deadline - service - wait), repair: service,
        repairmen: accelerators.count)
      guard next > wait * (1 + 1e-12) else { break }
      wait = next
    }
    return wait * visits
  }
}
