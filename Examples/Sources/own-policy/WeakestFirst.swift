import Allocation

/// A policy of one's own: the device that has taken part least often goes first, to its best free block.
struct WeakestFirst: Policy {
  /// How often each device took part is handed on from round to round.
  var remembersRounds: Bool { true }

  func allocate(_ problem: Problem, in context: RoundContext) -> Allocation {
    let times = context.memory.numbers.isEmpty ? problem.devices.map { _ in 0.0 } : context.memory.numbers
    let valuation = EdgeValuation(problem)
    var free = Set(0..<problem.blockCount)
    var assignments: [Assignment] = []
    for device in problem.devices.indices.sorted(by: { (times[$0], $0) < (times[$1], $1) }) {
      let gains = problem.gains.row(device: device)
      guard let block = free.max(by: { (gains[$0], $1) < (gains[$1], $0) }),
        let choice = valuation.best(device: device, gain: gains[block])
      else { continue }
      free.remove(block)
      assignments.append(valuation.assignment(device: device, block: block, gain: gains[block], choice: choice))
    }
    return Allocation(assignments: assignments)
  }

  func memory(after outcome: RoundOutcome, of problem: Problem, in context: RoundContext) -> PolicyMemory {
    var times = context.memory.numbers.isEmpty ? problem.devices.map { _ in 0.0 } : context.memory.numbers
    for participant in outcome.participants { times[participant.device] += 1 }
    return PolicyMemory(numbers: times)
  }
}
