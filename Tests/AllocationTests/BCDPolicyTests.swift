import Randomness
import Testing
import Units
import Wireless

@testable import Allocation

@Suite("Block coordinate descent")
struct BCDPolicyTests {
  private let context = RoundContext(round: 1, seed: Seed(3))

  @Test("reports every pass; the last is the answer")
  func passes() throws {
    for seed in 0..<20 {
      let problem = RandomProblem(devices: 20, blocks: 5, seed: seed).problem
      let allocation = try BCDPolicy().allocate(problem, in: context)
      let last = try #require(allocation.iterations.last)
      #expect(last.objective == allocation.objective && last.energy == allocation.energy, "seed \(seed)")
      #expect((2...50).contains(allocation.iterations.count), "seed \(seed)")
      // The first pass is compared with nobody on any block and everybody at 32 bits.
      #expect(allocation.iterations[0].assignmentsChanged <= 5 && allocation.iterations[0].bitsChanged <= 20)
      let single = try BCDPolicy(maxIterations: 1).allocate(problem, in: context)
      #expect(single.iterations == [allocation.iterations[0]], "seed \(seed)")
      #expect(single.iterations[0].assignmentsChanged == single.assignments.count, "seed \(seed)")
    }
  }

  @Test("the first pass's candidates are those that a plain descent counts, whatever P3 then does")
  func candidates() throws {
    for seed in 0..<20 {
      let problem = RandomProblem(devices: 6, blocks: 3, seed: seed).problem
      let start = try context.initialBlocks(for: problem)
      let plain = PlainDescent(problem: problem).candidates(from: start)
      let pass = try BCDPolicy(maxIterations: 1).allocate(problem, in: context).iterations[0]
      #expect(pass.candidates == plain.count, "seed \(seed)")
      #expect(abs(pass.candidateEnergy.value - plain.energy) <= 1e-9 * plain.energy, "seed \(seed)")
      let single = try BCDPolicy(maxIterations: 1).allocate(problem, in: context)
      #expect(pass.participants == single.assignments.count, "seed \(seed)")
    }
  }

  @Test("its P3 on the K cheapest devices of each block costs what the whole matrix costs")
  func prunedMatching() {
    for seed in 0..<20 {
      let problem = RandomProblem(devices: 30, blocks: 4, seed: seed).problem
      let valuation = EdgeValuation(problem)
      func cost(_ device: Int, _ gain: Double) -> Double {
        valuation.best(device: device, gain: gain)?.energy.value ?? CheapestMatching.infeasible
      }
      let priced = GainCosts(problem.gains, cost: cost)
      let pruned = CheapestMatching.match(priced)
      #expect(pruned.count == 4 && Set(pruned.map(\.block)).count == 4 && Set(pruned.map(\.device)).count == 4)
      let costs = (0..<30).flatMap { device in problem.gains.row(device: device).map { cost(device, $0) } }
      let whole = DenseAssignment.minimumCost(rows: 30, columns: 4, costs: costs)
      let best = whole.enumerated().reduce(0) { sum, pair in
        sum + (pair.element.map { costs[pair.offset * 4 + $0] } ?? 0)
      }
      let found = pruned.reduce(0) { $0 + costs[$1.device * 4 + $1.block] }
      #expect(abs(found - best) <= 1e-9 * best, "seed \(seed): \(found), \(best)")
    }
  }

  @Test("its P3 that values few pairs ends where that on the whole matrix does", arguments: ProblemKind.allCases)
  func plainMatching(_ kind: ProblemKind) throws {
    for seed in 0..<24 {
      var random = TestRandom(seed)
      let shape = [(40, 8), (12, 12), (6, 20), (random.integer(1...30), random.integer(1...30))][seed % 4]
      let problem = kind.problem(devices: shape.0, blocks: shape.1, seed: seed)
      for matching in [MatchingCriterion.energy, .value] {
        let usual = BCDPolicy(restriction: kind.restriction, matching: matching)
        var (few, plain) = (usual, usual)
        (few.matchesPlainly, plain.matchesPlainly) = (false, true)
        let whole = try plain.allocate(problem, in: context)
        #expect(try few.allocate(problem, in: context) == whole, "\(kind), by \(matching), seed \(seed), \(shape)")
        #expect(try usual.allocate(problem, in: context) == whole, "\(kind), by \(matching), seed \(seed), \(shape)")
      }
    }
  }

  @Test("a device that P3 leaves on a block of no use bargains from there, as on the whole matrix")
  func uselessBlocks() throws {
    for seed in 0..<300 {
      var draw = RandomProblem(devices: 5, blocks: 4, seed: seed)
      draw.deadline = Seconds(6)
      for device in 0..<5 {
        for block in 0..<4 where block != device % 2 { draw.gains[device, block] *= seed % 2 == 0 ? 1e-9 : 1e-4 }
      }
      var ours = BCDPolicy(maxIterations: 8)
      var plain = ours
      (ours.matchesPlainly, plain.matchesPlainly) = (false, true)
      var started = context
      started.initialBlocks = (0..<5).map { $0 % 2 }
      #expect(try ours.allocate(draw.problem, in: started) == plain.allocate(draw.problem, in: started), "seed \(seed)")
    }
  }

  @Test("a matching by energy needs no more energy than one by value of as many devices")
  func matchingByEnergy() throws {
    let equal = Restriction(power: .fixed(Watts(1)))
    for seed in 0..<20 {
      let problem = RandomProblem(devices: 15, blocks: 4, seed: seed).problem
      let byEnergy = try RestrictedPolicy(equal, matching: .energy).allocate(problem, in: context)
      let byValue = try RestrictedPolicy(equal, matching: .value).allocate(problem, in: context)
      #expect(byEnergy.objective <= byValue.objective * (1 + 1e-12), "seed \(seed)")
      if byEnergy.assignments.count == byValue.assignments.count {
        #expect(byEnergy.energy <= byValue.energy * (1 + 1e-12), "seed \(seed)")
      }
    }
  }

  @Test("initial blocks that are not the problem's are refused")
  func wrongBlocks() {
    let problem = RandomProblem(devices: 3, blocks: 2, seed: 1).problem
    for blocks in [[0, 1], [0, 1, 2], [0, -1, 1], []] {
      let context = RoundContext(round: 1, seed: Seed(1), initialBlocks: blocks)
      #expect(throws: PolicyError.self) { try BCDPolicy().allocate(problem, in: context) }
    }
  }

  @Test("initial blocks are drawn anew each round, over all blocks")
  func drawnBlocks() throws {
    let problem = RandomProblem(devices: 300, blocks: 3, seed: 1).problem
    let first = try RoundContext(round: 1, seed: Seed(1)).initialBlocks(for: problem)
    let second = try RoundContext(round: 2, seed: Seed(1)).initialBlocks(for: problem)
    #expect(first != second && first.count == 300)
    for block in 0..<3 { #expect((60...140).contains(first.filter { $0 == block }.count)) }
  }
}
