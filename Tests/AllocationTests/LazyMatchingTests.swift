import Randomness
import Testing
import Units
import Wireless

@testable import Allocation

@Suite("The matching that values almost no pair")
struct LazyMatchingTests {
  @Test(
    "weighs as much as the dense one, and its prices prove that nothing weighs more", arguments: ProblemKind.allCases)
  func equalsDense(_ kind: ProblemKind) {
    for seed in 0..<18 {
      var random = TestRandom(seed)
      let shape = [(1, 1), (1, 5), (random.integer(1...30), random.integer(1...30)), (60, 20), (20, 20), (40, 39)][
        seed % 6]
      let problem = kind.problem(devices: shape.0, blocks: shape.1, seed: seed)
      check(problem, kind.restriction, "\(kind), seed \(seed), \(shape)")
    }
  }

  @Test("is exact where rows are only drawn when looked at", arguments: [ProblemKind.ratio, .difference, .noFading])
  func looseBounds(_ kind: ProblemKind) {
    for seed in 0..<12 {
      var problem = kind.problem(devices: 40, blocks: 1 + seed, seed: seed)
      problem.gains = LooseGains(matrix: problem.gains)
      check(problem, kind.restriction, "\(kind), seed \(seed)")
    }
  }

  @Test("is exact on a larger problem", arguments: [3.8, 4.2, 5, 8])
  func larger(deadline: Double) {
    var draw = RandomProblem(devices: 120, blocks: 40, seed: 5)
    draw.deadline = Seconds(deadline)
    check(draw.problem, Restriction(), "deadline \(deadline) s")
  }

  @Test("says whether another matching weighs as much")
  func uniqueness() {
    var counts = (unique: 0, tied: 0)
    for seed in 0..<3000 {
      var random = TestRandom(seed)
      let (devices, blocks) = (random.integer(1...5), random.integer(1...5))
      let largest = random.integer(1...20)
      let weights = (0..<devices * blocks).map { _ in Double(random.integer(0...largest)) }
      var problem = RandomProblem(devices: devices, blocks: blocks, seed: seed).problem
      problem.gains = GainMatrix(deviceCount: devices, blockCount: blocks, values: weights)
      problem.deadline = .infinity
      let pairs = PairValuation(EdgeValuation(problem)) { $1 }
      var matching = LazyMatching(pairs, pool: DevicePool(pairs))
      let best = Self.heaviest(weights, blocks: blocks)
      let found = matching.matchedPairs.reduce(0) { $0 + weights[$1.device * blocks + $1.block] }
      #expect(found == best.weight, "seed \(seed)")
      #expect(matching.isUnique(by: 0.5) == (best.count == 1), "seed \(seed): \(best.count) matchings")
      if best.count == 1 { counts.unique += 1 } else { counts.tied += 1 }
    }
    #expect(counts.unique > 500 && counts.tied > 500, "\(counts)")
  }

  /// The largest weight of a matching of pairs that weigh anything, and how many have it.
  private static func heaviest(_ weights: [Double], blocks: Int) -> (weight: Double, count: Int) {
    var best = (weight: 0.0, count: 0)
    func go(_ device: Int, _ taken: Set<Int>, _ weight: Double) {
      guard device * blocks < weights.count else {
        if weight > best.weight { best = (weight, 0) }
        if weight == best.weight { best.count += 1 }
        return
      }
      go(device + 1, taken, weight)
      for block in 0..<blocks where !taken.contains(block) && weights[device * blocks + block] > 0 {
        go(device + 1, taken.union([block]), weight + weights[device * blocks + block])
      }
    }
    go(0, [], 0)
    return best
  }

  @Test("a policy that has seen the cell before answers as one that has not")
  func warmRounds() {
    let warm = ExactPolicy()
    let base = RandomProblem(devices: 60, blocks: 12, seed: 3)
    let bounds = (0..<60).map { device in 30 * base.gains.rowMaximum(device: device) }
    for round in 1...12 {
      var draw = RandomProblem(devices: 60, blocks: 12, seed: 3)
      var random = TestRandom(round)
      for index in draw.gains.values.indices { draw.gains[index / 12, index % 12] *= random.uniform(0, 2) }
      // Every fourth round another deadline, so that what was kept no longer holds.
      draw.deadline = Seconds(round % 4 == 0 ? 4.2 : 5)
      var problem = draw.problem
      problem.devices = base.devices
      problem.gains = SharedBounds(matrix: draw.gains, upperBounds: bounds)
      let context = RoundContext(round: round, seed: Seed(1))
      let (one, other) = (warm.allocate(problem, in: context), ExactPolicy().allocate(problem, in: context))
      #expect(one == other, "round \(round)")
      #expect(abs(one.objective - dense(problem)) <= 1e-12 * one.objective, "round \(round)")
    }
  }

  private func dense(_ problem: Problem) -> Double {
    Allocation(assignments: OptimalMatching.solveDense(problem)).objective
  }

  private func check(_ problem: Problem, _ restriction: Restriction, _ context: String) {
    let edges = EdgeValuation(problem, restriction: restriction)
    let pairs = PairValuation(edges)
    let matching = LazyMatching(pairs, pool: DevicePool(pairs))
    let fast = Allocation(assignments: matching.assignments)
    let dense = Allocation(assignments: OptimalMatching.solveDense(problem, restriction: restriction))
    #expect(
      abs(fast.objective - dense.objective) <= 1e-12 * max(dense.objective, 1e-9),
      "\(context): \(fast.objective), dense \(dense.objective)")
    #expect(Set(fast.assignments.map(\.device)).count == fast.assignments.count, "\(context): a device used twice")
    #expect(Set(fast.assignments.map(\.block)).count == fast.assignments.count, "\(context): a block used twice")
    certify(matching, edges, weight: fast.objective, context)
  }

  /// Linear-programming duality: prices that are feasible and add up to the weight prove it the largest.
  private func certify(_ matching: LazyMatching, _ edges: EdgeValuation, weight: Double, _ context: String) {
    var devicePrices = [Double](repeating: 0, count: edges.problem.devices.count)
    for (index, candidate) in matching.candidates.enumerated() {
      devicePrices[matching.device(index)] = candidate.price
      #expect(candidate.price >= 0, "\(context)")
      #expect(candidate.block >= 0 || candidate.price == 0, "\(context): an unmatched device has a price")
    }
    #expect(matching.prices.allSatisfy { $0 >= 0 }, "\(context)")
    let total = devicePrices.reduce(0, +) + matching.prices.reduce(0, +)
    #expect(abs(total - weight) <= 1e-11 * max(weight, 1e-9), "\(context): prices add up to \(total), not \(weight)")
    let scale = max(1e-9, matching.candidates.map(\.largest).max() ?? 0)
    var least = Double.infinity
    for device in devicePrices.indices {
      for (block, gain) in edges.problem.gains.row(device: device).enumerated() {
        let value = edges.best(device: device, gain: gain)?.value ?? 0
        least = min(least, devicePrices[device] + matching.prices[block] - value)
      }
    }
    #expect(least >= -1e-12 * scale, "\(context): a pair is worth more than its prices, by \(-least)")
  }

  /// A source whose bound is four times too large, as one that draws rows late has it.
  private struct LooseGains: GainSource {
    let matrix: any GainSource
    var deviceCount: Int { matrix.deviceCount }
    var blockCount: Int { matrix.blockCount }
    func upperBound(device: Int) -> Double { 4 * matrix.rowMaximum(device: device) }
    func rowMaximum(device: Int) -> Double { matrix.rowMaximum(device: device) }
    func copyRow(device: Int, into row: UnsafeMutableBufferPointer<Double>) {
      matrix.copyRow(device: device, into: row)
    }
  }

  /// A source whose bounds are one array for all rounds.
  private struct SharedBounds: GainSource {
    let matrix: GainMatrix
    let upperBounds: [Double]?
    var deviceCount: Int { matrix.deviceCount }
    var blockCount: Int { matrix.blockCount }
    func upperBound(device: Int) -> Double { upperBounds?[device] ?? .infinity }
    func rowMaximum(device: Int) -> Double { matrix.rowMaximum(device: device) }
    func copyRow(device: Int, into row: UnsafeMutableBufferPointer<Double>) {
      matrix.copyRow(device: device, into: row)
    }
  }
}
