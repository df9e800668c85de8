import Allocation
import Randomness
import Testing
import Units
import Wireless

/// Each block goes to the device that is heard best on it among those that meet the deadline there: a policy in one
/// file, as CONTRIBUTING shows.
struct GreedyByGainPolicy: Policy {
  var power: Watts

  func allocate(_ problem: Problem, in context: RoundContext) -> Allocation {
    let valuation = EdgeValuation(problem, restriction: Restriction(power: .fixed(power)))
    var isFree = Array(repeating: true, count: problem.devices.count)
    var assignments: [Assignment] = []
    for block in 0..<problem.blockCount {
      var best: (assignment: Assignment, gain: Double)?
      for device in problem.devices.indices where isFree[device] {
        let gain = problem.gains.gain(device: device, block: block)
        guard gain > best?.gain ?? 0, let choice = valuation.best(device: device, gain: gain) else { continue }
        best = (valuation.assignment(device: device, block: block, gain: gain, choice: choice), gain)
      }
      guard let best else { continue }
      isFree[best.assignment.device] = false
      assignments.append(best.assignment)
    }
    return Allocation(assignments: assignments)
  }

  static let entry = PolicyEntry(
    name: "greedy-by-gain", summary: "each block to the device that is heard best on it",
    options: [PolicyOption("power", .power(default: Watts(1)), "the power, clipped to each device's limits")],
    make: { GreedyByGainPolicy(power: $0.power("power")) })
}

@Suite("The example policy of CONTRIBUTING")
struct ExamplePolicyTests {
  @Test("keeps the constraints and stays below the optimum")
  func works() throws {
    let entry = GreedyByGainPolicy.entry
    let policy = try entry.make(PolicySettings(options: entry.options))
    let context = RoundContext(round: 1, seed: Seed(1))
    for seed in 0..<20 {
      let problem = RandomProblem(devices: 12, blocks: 5, seed: seed).problem
      let allocation = try policy.allocate(problem, in: context)
      #expect(AllocationChecker.violations(of: allocation, in: problem) == [], "seed \(seed)")
      let optimum = ExactPolicy().allocate(problem, in: context).objective
      #expect(allocation.objective > 0 && allocation.objective <= optimum * (1 + 1e-12), "seed \(seed)")
    }
  }
}
