import Allocation
import Wireless

/// A policy of one's own: the device that has taken part least often goes first, to its best free block.
struct WeakestFirst: RememberingPolicy {
  func session(resuming memory: PolicyMemory?) -> Session { Session(times: memory ?? PolicyMemory()) }

  struct Session: PolicySession {
    /// How often each device took part.
    var times: PolicyMemory
    var memory: PolicyMemory? { times }

    mutating func allocate(_ problem: Problem, in context: RoundContext) throws -> Allocation {
      try times.begin(problem.devices.count)
      let valuation = EdgeValuation(problem)
      var free = Set(0..<problem.blockCount)
      var assignments: [Assignment] = []
      for device in problem.devices.indices.sorted(by: { (times.numbers[$0], $0) < (times.numbers[$1], $1) }) {
        let gains = problem.gains.row(device: device)
        guard let block = free.max(by: { (gains[$0], $1) < (gains[$1], $0) }),
          let choice = valuation.best(device: device, gain: gains[block])
        else { continue }
        free.remove(block)
        assignments.append(valuation.assignment(device: device, block: block, gain: gains[block], choice: choice))
      }
      return Allocation(assignments: assignments)
    }

    mutating func observe(_ outcome: RoundOutcome) {
      for participant in outcome.participants { times.numbers[participant.device] += 1 }
    }
  }
}
