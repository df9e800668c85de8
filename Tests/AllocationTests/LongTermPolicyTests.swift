import Foundation
import Randomness
import Testing
import Units
import Wireless

@testable import Allocation

@Suite("Policies over many rounds")
struct LongTermPolicyTests {
  /// A problem of few devices and blocks, feasible pairs and others.
  private func problem(_ devices: Int, _ blocks: Int, seed: Int) -> Problem {
    var random = RandomNumbers(seed)
    return Problem(
      devices: (0..<devices).map { _ in
        DeviceConstants(
          dataShare: 1 / Double(devices), powerMin: Watts(0.05), powerMax: Watts(1),
          computeTime: Seconds(random.next(1, 6)), computeEnergy: Joules(random.next(0.5, 3)), serverTime: Seconds(0.2))
      },
      levels: (4...12).map { QuantizationLevel(bits: $0, payload: Bits(2e6 * Double($0))) }, bandwidth: Hertz(2e6),
      noise: Watts(1e-13), deadline: Seconds(5), objective: .ratio,
      gains: GainMatrix(
        deviceCount: devices, blockCount: blocks,
        values: (0..<devices * blocks).map { _ in random.next(0, 1) < 0.3 ? 1e-15 : random.next(1e-11, 1e-9) }))
  }

  private struct RandomNumbers {
    private var stream: RandomStream
    init(_ seed: Int) { stream = Seed(UInt64(seed)).stream(.fading) }
    mutating func next(_ low: Double, _ high: Double) -> Double { stream.uniform(low: low, high: high) }
  }

  /// The largest total weight of a matching, by trying all.
  private func largest(_ problem: Problem, weight: (Int, Int) -> Double, device: Int = 0, used: Set<Int> = []) -> Double
  {
    guard device < problem.devices.count else { return 0 }
    var best = largest(problem, weight: weight, device: device + 1, used: used)
    for block in 0..<problem.blockCount where !used.contains(block) && weight(device, block) > 0 {
      best = max(
        best,
        weight(device, block)
          + largest(problem, weight: weight, device: device + 1, used: used.union([block])))
    }
    return best
  }

  private func context(_ round: Int = 1) -> RoundContext { RoundContext(round: round, seed: Seed(5)) }

  @Test("fedcs serves as many devices as any matching can", arguments: 0..<40)
  func count(seed: Int) {
    let problem = problem(5, 3, seed: seed)
    let valuation = EdgeValuation(problem)
    let most = largest(problem) { device, block in
      valuation.best(device: device, gain: problem.gains.gain(device: device, block: block)) == nil ? 0 : 1
    }
    let allocation = MatchedPolicy(.count).allocate(problem, in: context())
    #expect(Double(allocation.assignments.count) == most, "seed \(seed)")
  }

  @Test("max-rate has the largest sum of rates that any matching has, at full power", arguments: 0..<40)
  func rate(seed: Int) {
    let problem = problem(4, 3, seed: seed)
    let full = EdgeValuation(problem, restriction: Restriction(power: .fixed(Watts(1))))
    let best = largest(problem) { device, block in
      let gain = problem.gains.gain(device: device, block: block)
      return full.best(device: device, gain: gain) == nil ? 0 : problem.peakRate(device: device, gain: gain)
    }
    let allocation = MatchedPolicy(.rate).allocate(problem, in: context())
    let sum = allocation.assignments.reduce(0) { $0 + $1.rate.value }
    #expect(abs(sum - best) <= 1e-9 * best, "seed \(seed)")
    #expect(allocation.assignments.allSatisfy { $0.power == Watts(1) })
  }

  @Test("virtual-queue has the largest worth that any matching and any options have", arguments: 0..<40)
  func worth(seed: Int) throws {
    let problem = problem(4, 3, seed: seed)
    let policy = VirtualQueuePolicy(weight: 2, participation: 0.3, energyBudget: Joules(1))
    let (owed, spent) = ([0.0, 1.5, 3, 0.2], [2.0, 0, 0.7, 0.01])
    func worth(_ device: Int, value: Double, energy: Joules) -> Double {
      2 * value + owed[device] - spent[device] * energy.value
    }
    let best = largest(problem) { device, block in
      let gain = problem.gains.gain(device: device, block: block)
      return problem.levels.compactMap { level in
        EdgeValuation(problem, restriction: Restriction(bits: level.bits...level.bits)).best(device: device, gain: gain)
      }.map { worth(device, value: $0.value, energy: $0.energy) }.max() ?? 0
    }
    var session: any PolicySession = policy.session(resuming: PolicyMemory(numbers: owed + spent))
    let allocation = try session.allocate(problem, in: context(3))
    let sum = allocation.assignments.reduce(0) { $0 + worth($1.device, value: $1.value, energy: $1.energy) }
    #expect(abs(sum - best) <= 1e-9 * max(1, best), "seed \(seed)")
  }

  /// How often each device took part in rounds of these problems, and the mean energy of its steps.
  private func play(
    _ policy: any Policy, rounds: Int, _ problem: (Int) -> Problem
  ) throws -> (shares: [Double], energies: [Double]) {
    var session = policy.session()
    let count = problem(1).devices.count
    var (times, energies) = (Array(repeating: 0.0, count: count), Array(repeating: 0.0, count: count))
    for round in 1...rounds {
      let problem = problem(round)
      let allocation = try session.allocate(problem, in: context(round))
      #expect(AllocationChecker.violations(of: allocation, in: problem) == [])
      for assignment in allocation.assignments {
        times[assignment.device] += 1
        energies[assignment.device] += assignment.energy.value
      }
      session.observe(outcome(round, allocation))
    }
    return (times.map { $0 / Double(rounds) }, energies.map { $0 / Double(rounds) })
  }

  private func outcome(_ round: Int, _ allocation: Allocation, late: [Int] = []) -> RoundOutcome {
    RoundOutcome(
      round: round, allocation: allocation,
      participants: allocation.assignments.map {
        .init(device: $0.device, isLate: late.contains($0.device), time: $0.latency, energy: $0.energy)
      })
  }

  static let remembering: [(name: String, policy: any Policy)] = [
    ("round-robin", RoundRobinPolicy()), ("proportional-fair", ProportionalFairPolicy(window: 5)),
    ("virtual-queue", VirtualQueuePolicy(weight: 1, participation: 0.4, energyBudget: Joules(1))),
  ]

  @Test("a session begun with another's memory goes on as that one, wherever the round stands", arguments: 0..<3)
  func resumed(which: Int) throws {
    let (name, policy) = Self.remembering[which]
    var (whole, stopped) = (policy.session(), policy.session())
    var memories: Set<PolicyMemory> = []
    func resume() throws {
      let kept = try JSONEncoder().encode(try #require(stopped.memory))
      stopped = policy.session(resuming: try JSONDecoder().decode(PolicyMemory.self, from: kept))
    }
    for round in 1...30 {
      let problem = problem(9, 3, seed: round)
      try resume()
      let allocation = try whole.allocate(problem, in: context(round))
      #expect(try stopped.allocate(problem, in: context(round)) == allocation, "\(name), round \(round)")
      if round == 1 { #expect(try policy.allocate(problem, in: context(round)) == allocation, "\(name)") }
      try resume()
      whole.observe(outcome(round, allocation, late: [round % 9]))
      stopped.observe(outcome(round, allocation, late: [round % 9]))
      #expect(stopped.memory == whole.memory, "\(name), round \(round)")
      memories.insert(try #require(whole.memory))
    }
    #expect(memories.count > 20, "\(name) remembers")
    #expect(throws: PolicyError.self, "\(name)") { try stopped.allocate(problem(8, 3, seed: 1), in: context(31)) }
  }

  @Test("a policy that takes every round on its own has a session without a memory")
  func withoutMemory() throws {
    var session = BCDPolicy().session(resuming: PolicyMemory(numbers: [1, 2], note: "3"))
    for round in 1...3 {
      let problem = problem(5, 3, seed: round)
      let allocation = try session.allocate(problem, in: context(round))
      #expect(try BCDPolicy().allocate(problem, in: context(round)) == allocation)
      session.observe(outcome(round, allocation))
      #expect(session.memory == nil)
    }
  }

  /// Devices that all meet the deadline on every block, with other gains every round.
  private func easy(_ devices: Int, _ blocks: Int) -> (Int) -> Problem {
    { round in
      var problem = self.problem(devices, blocks, seed: 3)
      for device in problem.devices.indices { problem.devices[device].computeTime = Seconds(1) }
      var random = RandomNumbers(round)
      problem.gains = GainMatrix(
        deviceCount: devices, blockCount: blocks,
        values: (0..<devices * blocks).map { random.next(1e-10, 1e-9) * (1 + Double($0 / blocks)) })
      return problem
    }
  }

  @Test("round-robin serves everybody within as many rounds as it takes, over and over")
  func turns() throws {
    let (shares, _) = try play(RoundRobinPolicy(), rounds: 12, easy(12, 4))
    #expect(shares.allSatisfy { abs($0 - 1.0 / 3) < 1e-12 })
    let uneven = try play(RoundRobinPolicy(), rounds: 3, easy(10, 4)).shares
    #expect(uneven.allSatisfy { $0 >= 1.0 / 3 - 1e-12 }, "twelve turns for ten devices")
  }

  @Test("round-robin passes nobody over whom it could serve with those before", arguments: 0..<40)
  func firstInTurn(seed: Int) throws {
    let problem = problem(5, 2, seed: seed)
    let last = [3.0, 1, 2, 1, 0]
    var session: any PolicySession = RoundRobinPolicy().session(resuming: PolicyMemory(numbers: last))
    let served = Set(try session.allocate(problem, in: context(4)).assignments.map(\.device))
    let valuation = EdgeValuation(problem)
    func canServe(_ devices: [Int]) -> Bool {
      largest(problem) { device, block in
        let gain = problem.gains.gain(device: device, block: block)
        return devices.contains(device) && valuation.best(device: device, gain: gain) != nil ? 1 : 0
      } == Double(devices.count)
    }
    var expected: [Int] = []
    for device in [4, 1, 3, 2, 0] where canServe(expected + [device]) { expected.append(device) }
    #expect(served == Set(expected), "seed \(seed)")
  }

  @Test("proportional-fair serves strong and weak devices alike, which max-rate does not")
  func fair() throws {
    let fair = try play(ProportionalFairPolicy(), rounds: 400, easy(8, 2)).shares
    let greedy = try play(MatchedPolicy(.rate), rounds: 400, easy(8, 2)).shares
    #expect(fair.min() ?? 0 > 0.15, "\(fair)")
    #expect(greedy.min() ?? 1 < 0.02, "\(greedy)")
  }

  @Test("virtual-queue keeps its floor of participation and its budget of energy over many rounds")
  func floorAndBudget() throws {
    let plain = try play(ExactPolicy(), rounds: 2000, easy(8, 2))
    #expect(plain.shares.min() ?? 1 < 0.05, "\(plain.shares)")
    let floor = try play(VirtualQueuePolicy(weight: 1, participation: 0.2), rounds: 2000, easy(8, 2))
    #expect(floor.shares.min() ?? 0 > 0.19, "\(floor.shares)")
    let most = plain.energies.max() ?? 0
    let budget = VirtualQueuePolicy(weight: 1, participation: 0, energyBudget: Joules(most / 2))
    let bound = try play(budget, rounds: 2000, easy(8, 2))
    #expect(bound.energies.allSatisfy { $0 < most / 2 * 1.1 }, "\(bound.energies), \(most)")
  }
}
