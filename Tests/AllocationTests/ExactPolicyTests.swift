import Randomness
import Testing
import Units
import Wireless

@testable import Allocation

@Suite("The optimum")
struct ExactPolicyTests {
  static func optimum(_ problem: Problem) -> Double {
    ExactPolicy().allocate(problem, in: RoundContext(round: 1, seed: Seed(1))).objective
  }

  /// The largest U over every partial assignment, every level and a grid of powers.
  static func bruteForce(_ problem: Problem, powers: Int) -> Double {
    let blocks = problem.blockCount
    func best(_ device: Int, _ block: Int) -> Double {
      let terms = problem.devices[device]
      let gain = problem.gains.gain(device: device, block: block)
      var best = 0.0
      for level in problem.levels {
        for step in 0...powers {
          let power = terms.powerMin + (terms.powerMax - terms.powerMin) * (Double(step) / Double(powers))
          let assignment = Assignment(
            pricing: problem, device: device, block: block, gain: gain, power: power, level: level)
          if terms.deadlineTime(of: assignment) <= problem.deadline { best = max(best, assignment.value) }
        }
      }
      return best
    }
    let values = problem.devices.indices.map { device in (0..<blocks).map { best(device, $0) } }
    func search(_ device: Int, _ taken: Set<Int>) -> Double {
      guard device < values.count else { return 0 }
      return (0..<blocks).filter { !taken.contains($0) }
        .map { values[device][$0] + search(device + 1, taken.union([$0])) }
        .reduce(search(device + 1, taken), max)
    }
    return search(0, [])
  }

  @Test("is not beaten by any assignment, bits and powers of a grid, and the grid comes close", arguments: 0..<8)
  func bruteForce(seed: Int) {
    var drawn = RandomProblem(devices: 4, blocks: 3, seed: seed)
    drawn.levels = RandomProblem.linearLevels(4...32).filter { $0.bits % 4 == 0 }
    if seed % 2 == 1 { drawn.objective = .difference(weight: Joules(2)) }
    let optimum = Self.optimum(drawn.problem)
    let grid = Self.bruteForce(drawn.problem, powers: 300)
    #expect(grid <= optimum * (1 + 1e-9) && grid >= optimum * 0.98, "seed \(seed): \(grid), \(optimum)")
  }

  @Test("never falls as the deadline, the blocks or the powers grow", arguments: 0..<20)
  func monotone(seed: Int) {
    var drawn = RandomProblem(devices: 8, blocks: 4, seed: seed)
    if seed % 2 == 1 { drawn.objective = .difference(weight: Joules(2)) }
    var last = 0.0
    for deadline in stride(from: 3.4, through: 9, by: 0.4) {
      drawn.deadline = Seconds(deadline)
      let optimum = Self.optimum(drawn.problem)
      #expect(optimum >= last * (1 - 1e-12), "seed \(seed), deadline \(deadline)")
      last = optimum
    }
    drawn.deadline = Seconds(4.5)
    let all = drawn.gains
    last = 0
    for blocks in 1...4 {
      drawn.gains = GainMatrix(
        deviceCount: 8, blockCount: blocks, values: (0..<8).flatMap { all.row(device: $0).prefix(blocks) })
      let optimum = Self.optimum(drawn.problem)
      #expect(optimum >= last * (1 - 1e-12), "seed \(seed), blocks \(blocks)")
      last = optimum
    }
    for _ in 0..<4 {
      for device in drawn.devices.indices {
        drawn.devices[device].powerMax = drawn.devices[device].powerMax * 1.5
        drawn.devices[device].powerMin = drawn.devices[device].powerMin * 0.7
      }
      let optimum = Self.optimum(drawn.problem)
      #expect(optimum >= last * (1 - 1e-12), "seed \(seed), power")
      last = optimum
    }
  }

  @Test("does not change when devices or blocks change places", arguments: 0..<10)
  func permuted(seed: Int) {
    let drawn = RandomProblem(devices: 9, blocks: 5, seed: seed)
    var random = TestRandom(seed)
    let devices = Array(0..<9).shuffled(using: &random)
    let blocks = Array(0..<5).shuffled(using: &random)
    var shuffled = drawn
    shuffled.devices = devices.map { drawn.devices[$0] }
    shuffled.gains = GainMatrix(
      deviceCount: 9, blockCount: 5,
      values: devices.flatMap { device in blocks.map { drawn.gains[device, $0] } })
    let optimum = Self.optimum(drawn.problem)
    #expect(abs(Self.optimum(shuffled.problem) - optimum) <= 1e-12 * optimum, "seed \(seed)")
  }

  @Test("a device's energy falls as the deadline grows, at fixed bits and block", arguments: 0..<10)
  func energyFalls(seed: Int) {
    var drawn = RandomProblem(devices: 5, blocks: 1, seed: seed)
    for device in 0..<5 {
      var last = Double.infinity
      for deadline in stride(from: 3.4, through: 9, by: 0.2) {
        drawn.deadline = Seconds(deadline)
        let valuation = EdgeValuation(drawn.problem, restriction: Restriction(bits: 12...12))
        let choice = valuation.best(device: device, gain: drawn.gains[device, 0])
        #expect(choice != nil || last == .infinity, "seed \(seed): feasible only at the shorter deadline")
        guard let energy = choice?.energy.value else { continue }
        #expect(energy <= last * (1 + 1e-12), "seed \(seed), device \(device), deadline \(deadline)")
        last = energy
      }
    }
  }

  @Test("without fading all choices of blocks for the same devices are worth the same")
  func noFading() {
    for seed in 0..<20 {
      let problem = RandomProblem(devices: 12, blocks: 5, seed: seed, fading: false).problem
      let found = OptimalMatching.solve(problem)
      let edges = EdgeValuation(problem)
      let best = (0..<12).compactMap { edges.best(device: $0, gain: problem.gains.gain(device: $0, block: 0))?.value }
        .sorted(by: >).prefix(5).reduce(0, +)
      let objective = Allocation(assignments: found).objective
      #expect(abs(objective - best) <= 1e-12 * best, "seed \(seed): \(objective), the five best \(best)")
    }
  }
}
