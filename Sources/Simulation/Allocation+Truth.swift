import Allocation
import Network
import Wireless

extension Allocation {
  /// The same decisions at the prices of `problem`.
  func priced(in problem: Problem) -> Allocation {
    let priced = assignments.map { assignment in
      Assignment(
        pricing: problem, device: assignment.device, block: assignment.block,
        gain: problem.gains.gain(device: assignment.device, block: assignment.block), power: assignment.power,
        level: QuantizationLevel(bits: assignment.bits, payload: assignment.payload), clockScale: assignment.clockScale)
    }
    var result = Allocation(assignments: priced, iterations: iterations, unlinked: unlinked)
    result.violations = violations
    return result
  }

  /// The allocation with the objective that the round comes to: who was late contributes nothing.
  func counting(_ ledgers: [DeviceLedger]) -> Allocation {
    let late = Set(ledgers.lazy.filter(\.isLate).map(\.device))
    guard !late.isEmpty else { return self }
    var result = self
    result.objective = assignments.reduce(0) { late.contains($1.device) ? $0 : $0 + $1.value }
    return result
  }
}
