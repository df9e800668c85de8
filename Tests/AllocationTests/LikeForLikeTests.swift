import Randomness
import Testing
import Units

@testable import Allocation

/// The benchmarks in BCD's own loop, and many starts.
@Suite("Like for like")
struct LikeForLikeTests {
  private static func make(_ name: String, _ given: [String: PolicySettings.Value] = [:]) throws -> any Policy {
    let entry = try #require(PolicyRegistry.entry(named: name))
    return try entry.make(PolicySettings(options: entry.options, given: given))
  }

  private static func problem(_ seed: Int, deadline: Double) -> Problem {
    let (devices, blocks) = [(1, 1), (5, 3), (3, 4), (6, 2)][seed % 4]
    var drawn = RandomProblem(devices: devices, blocks: blocks, seed: seed)
    drawn.deadline = Seconds(deadline)
    return drawn.problem
  }

  @Test(
    "each descent passes through the objectives of Alg. 3 written down plainly",
    arguments: ["bcd", "bcd-value", "bcd-ep", "bcd-nq", "bcd-rb"])
  func plainDescent(name: String) throws {
    var compared = 0
    for seed in 0..<80 {
      let problem = Self.problem(seed, deadline: [5, 6, 8, 20][seed / 4 % 4])
      let context = RoundContext(round: seed + 1, seed: Seed(21))
      var plain = PlainDescent(problem: problem)
      switch name {
      case "bcd-value": plain.byValue = true
      case "bcd-ep": plain.fixedPower = 1
      case "bcd-nq": plain.fixedBits = 32
      case "bcd-rb": plain.fixedDevices = try context.deviceOnBlock(for: problem)
      default: break
      }
      guard let expected = plain.objectives(from: try context.initialBlocks(for: problem)) else { continue }
      let found = try Self.make(name).allocate(problem, in: context).iterations.map(\.objective)
      #expect(found.count == expected.count, "seed \(seed): \(found), \(expected)")
      for (left, right) in zip(found, expected) {
        #expect(abs(left - right) <= 1e-8 * max(1e-9, abs(right)), "seed \(seed): \(found), \(expected)")
      }
      compared += 1
    }
    #expect(compared >= 25, "\(compared) of 80 seeds have a single best matching in every pass")
  }

  @Test("none reaches more than the same restriction does at its optimum")
  func belowTheirOptimum() throws {
    for seed in 0..<60 {
      let problem = Self.problem(seed, deadline: 4 + Double(seed % 9) / 2)
      let context = RoundContext(round: seed + 1, seed: Seed(4))
      for name in ["ep", "nq", "rb"] {
        let best = try Self.make(name).allocate(problem, in: context).objective
        let found = try Self.make("bcd-\(name)").allocate(problem, in: context).objective
        #expect(found <= best * (1 + 1e-9), "bcd-\(name), seed \(seed): \(found), \(best)")
      }
    }
  }

  @Test("what a benchmark gives stays as given: power, bits, devices on the blocks")
  func given() throws {
    var drawn = RandomProblem(devices: 20, blocks: 5, seed: 3)
    drawn.deadline = Seconds(20)
    let problem = drawn.problem
    let context = RoundContext(round: 1, seed: Seed(4))
    let power = try Self.make("bcd-ep", ["power": .power(Watts(0.7))]).allocate(problem, in: context)
    #expect(!power.assignments.isEmpty)
    for assignment in power.assignments {
      let limits = problem.devices[assignment.device]
      #expect(assignment.power == min(max(Watts(0.7), limits.powerMin), limits.powerMax))
    }
    let bits = try Self.make("bcd-nq", ["bits": .integer(12)]).allocate(problem, in: context)
    #expect(!bits.assignments.isEmpty && bits.assignments.allSatisfy { $0.bits == 12 })
    let random = try Self.make("bcd-rb").allocate(problem, in: context)
    let onBlock = try context.deviceOnBlock(for: problem)
    #expect(!random.assignments.isEmpty && random.assignments.allSatisfy { onBlock[$0.block] == $0.device })
  }

  @Test("restarts take the best of as many starts, the first being that of a single one")
  func restarts() throws {
    var improved = 0
    for seed in 0..<20 {
      var drawn = RandomProblem(devices: 20, blocks: 5, seed: seed)
      drawn.deadline = Seconds(6)
      let context = RoundContext(round: 3, seed: Seed(9))
      let starts = try (0..<4).map { restart in
        var given = context
        given.initialBlocks = try context.initialBlocks(for: drawn.problem, restart: restart)
        return try BCDPolicy().allocate(drawn.problem, in: given)
      }
      #expect(try BCDPolicy().allocate(drawn.problem, in: context) == starts[0], "seed \(seed)")
      let best = try BCDPolicy(restarts: 4).allocate(drawn.problem, in: context)
      #expect(starts.contains(best) && best.objective == starts.map(\.objective).max(), "seed \(seed)")
      if best.objective > starts[0].objective { improved += 1 }
    }
    #expect(improved >= 5, "\(improved) of 20 draws gained by it")
  }

  @Test("given initial blocks are those of the first start only")
  func givenBlocks() throws {
    let problem = RandomProblem(devices: 9, blocks: 3, seed: 1).problem
    let context = RoundContext(round: 1, seed: Seed(2), initialBlocks: Array(repeating: 2, count: 9))
    let drawn = RoundContext(round: 1, seed: Seed(2))
    #expect(try context.initialBlocks(for: problem) == Array(repeating: 2, count: 9))
    #expect(try context.initialBlocks(for: problem, restart: 1) == drawn.initialBlocks(for: problem, restart: 1))
    #expect(try drawn.initialBlocks(for: problem) != drawn.initialBlocks(for: problem, restart: 1))
  }
}
