import Allocation
import Trace
import Training
import Wireless

/// What devices could do in a round: the problem as it was, and each device's feasibility under the deadline.
public struct Prospects: Sendable {
  /// The world.
  let world: World
  /// Eq. (22) of the round as it was; `nil` where the framework had nothing to allocate.
  public let problem: Problem?
  /// Each device's feasibility; empty where there was no problem yet.
  let feasibility: [Feasibility]

  /// Why a device that was not admitted was not: without a link, out of memory, time or power, or left out.
  func outcome(ofIdle device: Int, _ allocation: Allocation) -> Outcome {
    if allocation.unlinked.contains(where: { $0.device == device }) { return .noLink }
    guard let problem else { return .notSelected }
    if feasibility[device] == .noMemory { return .noMemory }
    if feasibility[device] == .noTime { return .noTime }
    let best = problem.gains.rowMaximum(device: device)
    if best == 0 { return .noLink }
    return feasibility[device].allows(gain: best) ? .notSelected : .noPower
  }

  /// How many devices could meet the deadline on at least one block.
  func feasibleCount() -> Int {
    guard let problem else { return world.workload.traits.upload == .nothing ? world.fleet.count : 0 }
    return feasibility.indices.count { feasibility[$0].allows(device: $0, in: problem.gains) }
  }
}
