import Randomness
import Testing
import Units
import Wireless

@testable import Allocation

/// Allocations of which somebody decides a part, against all that there are.
@Suite("Guided allocation")
struct GuidedAllocationTests {
  /// All ways to put some of `devices` on blocks of their own: for each device its block, or −1.
  private static func placements(devices: Int, blocks: Int) -> [[Int]] {
    guard devices > 0 else { return [[]] }
    return placements(devices: devices - 1, blocks: blocks).flatMap { rest in
      (-1..<blocks).filter { $0 < 0 || !rest.contains($0) }.map { rest + [$0] }
    }
  }

  @Test("by bits is the best of all placements with these bits")
  func bits() {
    var generator = TestRandom(11)
    var differ = 0
    for seed in 0..<40 {
      let problem = RandomProblem(devices: 4, blocks: 3, seed: seed).problem
      let levels = problem.levels.map(\.bits)
      let bits = (0..<4).map { _ in Bool.random(using: &generator) ? levels.randomElement(using: &generator) : nil }
      let found = problem.allocation(bits: bits)
      #expect(AllocationChecker.violations(of: found, in: problem).isEmpty)
      #expect(found.assignments.allSatisfy { bits[$0.device] == $0.bits })
      let best =
        Self.placements(devices: 4, blocks: 3).map { placement in
          placement.enumerated().reduce(0.0) { sum, pair in
            guard pair.element >= 0, let level = bits[pair.offset] else { return sum }
            let gain = problem.gains.gain(device: pair.offset, block: pair.element)
            let edges = EdgeValuation(problem, restriction: Restriction(bits: level...level))
            return sum + (edges.best(device: pair.offset, gain: gain)?.value ?? -.infinity)
          }
        }.max() ?? 0
      #expect(abs(found.objective - best) <= 1e-9 * best)
      let optimum = ExactPolicy().allocate(problem, in: RoundContext(round: 1, seed: Seed(1))).objective
      differ += found.objective < optimum * 0.99 ? 1 : 0
    }
    #expect(differ > 20)
  }

  @Test("by scores admits the highest set that fits, on its best blocks")
  func scores() {
    var generator = TestRandom(12)
    var crowded = 0
    for seed in 0..<60 {
      let problem = RandomProblem(devices: 5, blocks: 3, seed: seed).problem
      let scores = (0..<5).map { _ in Double.random(in: -0.5...1, using: &generator) }
      let found = problem.allocation(ranking: scores)
      #expect(AllocationChecker.violations(of: found, in: problem).isEmpty)
      let edges = EdgeValuation(problem)
      // All placements that can be had, by whom they admit in order of rank, then by what they are worth.
      let ranked = (0..<5).filter { scores[$0] >= 0 }.sorted { scores[$0] > scores[$1] }
      var best: (key: [Int], value: Double) = ([], 0)
      for placement in Self.placements(devices: 5, blocks: 3) {
        var value = 0.0
        for (device, block) in placement.enumerated() where block >= 0 {
          let gain = problem.gains.gain(device: device, block: block)
          value += scores[device] < 0 ? -.infinity : edges.best(device: device, gain: gain)?.value ?? -.infinity
        }
        guard value > -.infinity else { continue }
        let key = ranked.map { placement[$0] >= 0 ? 1 : 0 }
        if best.key.lexicographicallyPrecedes(key) || best.key == key && best.value < value { best = (key, value) }
      }
      let admitted = Set(found.assignments.map(\.device))
      #expect(ranked.map { admitted.contains($0) ? 1 : 0 } == best.key || best.key.isEmpty && admitted.isEmpty)
      #expect(admitted.isSubset(of: ranked))
      #expect(abs(found.objective - best.value) <= 1e-9 * max(best.value, 1e-300))
      crowded += ranked.count > admitted.count ? 1 : 0
    }
    #expect(crowded > 10)
  }
}
