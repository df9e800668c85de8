import Randomness
import Testing
import Units
import Wireless

@testable import Allocation

@Suite("What holds for every policy")
struct PolicyPropertyTests {
  /// Problems of all sorts: more and fewer devices than blocks, tight and slack deadlines, both objectives, clocks to
  /// choose from, circuits that draw power, radios of TR 38.840, payloads by Eq. (8), deadlines of a whole round.
  static func problem(seed: Int) -> Problem {
    var random = TestRandom(seed &+ 1000)
    let (devices, blocks) = [(1, 1), (6, 3), (3, 6), (12, 4), (5, 5)][seed % 5]
    var drawn = RandomProblem(devices: devices, blocks: blocks, seed: seed, fading: seed % 7 != 6)
    drawn.deadline = Seconds(random.uniform(3.5, 8))
    if seed % 3 == 1 { drawn.objective = .difference(weight: Joules(random.uniform(0.2, 3))) }
    if seed % 4 == 1 { drawn.clockScales = [0.5, 0.75, 1] }
    if seed % 4 == 2 {
      for device in drawn.devices.indices {
        drawn.devices[device].circuitPower = Watts(random.uniform(0, 0.5))
        drawn.devices[device].amplifierEfficiency = random.uniform(0.2, 1)
        if seed % 8 == 6 { drawn.devices[device].radio = .tr38840(unit: Watts(1e-3)) }
      }
    }
    if seed % 4 == 3 {
      for device in drawn.devices.indices {
        drawn.devices[device].deadlineSteps = Double(random.integer(1...80))
        drawn.devices[device].deadlineUpload = Bits(random.uniform(0, 8e7))
      }
      drawn.deadline = Seconds(random.uniform(200, 600))
    }
    if seed % 6 == 5 {
      drawn.levels = (4...32).map {
        let elements = RandomProblem.elements
        return QuantizationLevel(
          bits: $0, payload: $0 == 32 ? Bits(32 * elements) : Bits(elements * Double($0 + 1) + 64))
      }
    }
    if seed % 5 >= 3 { drawn.chooseCuts(2 + seed % 3, seed: seed) }
    if seed % 10 == 3 {
      for device in drawn.devices.indices { drawn.devices[device].memory = Bits(random.uniform(-1e6, 8e6)) }
    }
    return drawn.problem
  }

  /// Every registered policy with its settings, and each choice of every option.
  static func policies() throws -> [(name: String, policy: any Policy)] {
    try PolicyRegistry.all.flatMap { entry in
      var variants: [[String: PolicySettings.Value]] = [[:]]
      for option in entry.options {
        if case .choice(let standard, let words) = option.kind {
          variants += words.filter { $0 != standard }.map { [option.key: .word($0)] }
        }
        if case .optimal(let other) = option.kind { variants.append([option.key: other.defaultValue]) }
        if option.key == "at_least" { variants.append([option.key: .integer(2)]) }
        if option.key == "restarts" { variants.append([option.key: .integer(3)]) }
      }
      return try variants.map {
        ("\(entry.name) \($0)", try entry.make(PolicySettings(options: entry.options, given: $0)))
      }
    }
  }

  @Test("no policy that plans with the deadline exceeds the optimum, and all keep the constraints", arguments: 0..<60)
  func boundedByOptimum(seed: Int) throws {
    let problem = Self.problem(seed: seed)
    let context = RoundContext(round: seed + 1, seed: Seed(7))
    let optimum = ExactPolicy().allocate(problem, in: context).objective
    for (name, policy) in try Self.policies() {
      let given = problem.given(to: policy)
      let allocation = try policy.allocate(given, in: context)
      #expect(AllocationChecker.violations(of: allocation, in: given) == [], "\(name), seed \(seed)")
      if policy.observesDeadline {
        #expect(
          allocation.objective <= optimum + 1e-9 * abs(optimum),
          "\(name), seed \(seed): \(allocation.objective) exceeds \(optimum)")
      }
    }
  }

  @Test("the same problem and context give the same allocation, in whatever order policies run")
  func deterministic() throws {
    for seed in 0..<10 {
      let problem = Self.problem(seed: seed)
      let context = RoundContext(round: 3, seed: Seed(11))
      let policies = try Self.policies()
      let forward = try policies.map { try $0.policy.allocate(problem, in: context) }
      let backward = try policies.reversed().map { try $0.policy.allocate(problem, in: context) }
      #expect(forward == backward.reversed(), "seed \(seed)")
    }
  }

  @Test("without fading the blocks are alike: shuffling devices over them changes no policy's objective")
  func noFading() throws {
    for seed in 0..<10 {
      let problem = RandomProblem(devices: 8, blocks: 4, seed: seed, fading: false).problem
      let context = RoundContext(round: 1, seed: Seed(1), deviceOnBlock: [0, 1, 2, 3])
      let shuffled = RoundContext(round: 1, seed: Seed(2), deviceOnBlock: [3, 0, 1, 2])
      for (name, policy) in try Self.policies() where policy.observesDeadline && !name.contains("feasible") {
        let first = try policy.allocate(problem, in: context).objective
        let second = try policy.allocate(problem, in: shuffled).objective
        #expect(abs(first - second) <= 1e-12 * first, "\(name), seed \(seed): \(first), \(second)")
      }
    }
  }

  @Test("problems without a way out are answered with nobody", arguments: ["gain", "deadline", "power"])
  func nobody(kind: String) throws {
    var drawn = RandomProblem(devices: 4, blocks: 3, seed: 5)
    switch kind {
    case "gain": drawn.gains = GainMatrix(deviceCount: 4, blockCount: 3, values: Array(repeating: 0, count: 12))
    case "deadline": drawn.deadline = Seconds(1e-9)
    default:
      for device in 0..<4 { (drawn.devices[device].powerMin, drawn.devices[device].powerMax) = (.zero, Watts(1e-12)) }
    }
    for (name, policy) in try Self.policies() where policy.observesDeadline || kind == "gain" {
      let allocation = try policy.allocate(drawn.problem, in: RoundContext(round: 1, seed: Seed(1)))
      #expect(allocation.assignments.isEmpty && allocation.objective == 0, "\(name)")
    }
  }

  @Test("with neither a deadline nor a least power the cheapest power is none at all, and nothing breaks")
  func noLeastPower() throws {
    var drawn = RandomProblem(devices: 4, blocks: 3, seed: 5)
    drawn.deadline = .infinity
    for device in 0..<4 { drawn.devices[device].powerMin = .zero }
    for (name, policy) in try Self.policies() {
      let allocation = try policy.allocate(drawn.problem, in: RoundContext(round: 1, seed: Seed(1)))
      #expect(AllocationChecker.violations(of: allocation, in: drawn.problem) == [], "\(name)")
    }
  }
}
