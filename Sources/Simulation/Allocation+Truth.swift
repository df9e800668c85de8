import Allocation
import Network
import Scenario
import Units
import Wireless

extension Allocation {
  /// The same decisions at the prices of `problem`. A device on a block without a link does not take part.
  func priced(in problem: Problem) -> Allocation {
    var (priced, unlinked): ([Assignment], [Pair]) = ([], unlinked)
    for assignment in assignments {
      let (device, block) = (assignment.device, assignment.block)
      let gain = problem.gains.gain(device: device, block: block)
      guard gain > 0 else {
        unlinked.append(Pair(device: device, block: block))
        continue
      }
      priced.append(
        Assignment(
          pricing: problem, device: device, block: block, gain: gain, power: assignment.power,
          level: QuantizationLevel(bits: assignment.bits, payload: assignment.payload, cut: assignment.cut),
          clockScale: assignment.clockScale))
    }
    var result = Allocation(
      assignments: priced, iterations: iterations, unlinked: unlinked.sorted { $0.block < $1.block })
    result.violations = violations
    return result
  }

  /// The allocation with the objective that the round comes to: who was late contributes nothing, and where the channel moves or
  /// computing varies, a step is worth what its energy came to in the mean over the round.
  func counting(_ ledgers: [DeviceLedger], in world: World) -> Allocation {
    if world.playsActivities {
      var result = self
      result.objective = zip(assignments, ledgers).reduce(0) { $0 + $1.1.playedValue(of: $1.0, in: world) }
      return result
    }
    let late = Set(ledgers.lazy.filter(\.isLate).map(\.device))
    guard !late.isEmpty else { return self }
    var result = self
    result.objective = assignments.reduce(0) { late.contains($1.device) ? $0 : $0 + $1.value }
    return result
  }
}

extension DeviceLedger {
  /// What the device added to U(t), Eq. (21), at the mean energy of its steps; 0 where it did not end its round in time.
  func playedValue(of assignment: Assignment, in world: World) -> Double {
    guard !isLate, steps > 0 else { return 0 }
    // The server has all that it would send: what a step of it would cost is the plan's.
    guard itinerary.freshSteps > 0 else { return assignment.value }
    return world.scenario.objective.value(
      dataShare: world.terms[device].dataShare, information: Objective.information(bits: assignment.bits),
      energy: stepEnergy)
  }
}
