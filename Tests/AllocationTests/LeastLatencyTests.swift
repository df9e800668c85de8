import Randomness
import Testing
import Units
import Wireless

@testable import Allocation

@Suite("The shortest step, and the fewest joules, of so many participants")
struct LeastLatencyTests {
  private let context = RoundContext(round: 1, seed: Seed(1))

  private func problem(_ seed: Int) -> Problem {
    var drawn = RandomProblem(devices: [7, 4, 6][seed % 3], blocks: [4, 6, 6][seed % 3], seed: seed)
    drawn.deadline = Seconds([4.2, 6, 3.9][seed % 3])
    if seed % 2 == 1 { drawn.chooseCuts(3, seed: seed) }
    if seed % 4 == 2 { drawn.clockScales = [0.5, 1] }
    if seed % 8 == 5 {
      for device in drawn.devices.indices {
        drawn.devices[device].deadlineSteps = 3
        drawn.devices[device].deadlineUpload = Bits(1e7)
      }
      drawn.deadline = Seconds(16)
    }
    return drawn.problem
  }

  /// Over every partial assignment with `count` pairs: the least of what `combine` makes of the pairs' numbers; nil without one.
  private func best(_ pairs: [[Double]], _ count: Int, combine: (Double, Double) -> Double) -> Double? {
    func search(_ device: Int, _ taken: Int, _ left: Int, _ soFar: Double) -> Double {
      guard left > 0 else { return soFar }
      guard device < pairs.count else { return .infinity }
      var least = search(device + 1, taken, left, soFar)
      for block in pairs[device].indices where taken & 1 << block == 0 && pairs[device][block].isFinite {
        least = min(
          least, search(device + 1, taken | 1 << block, left - 1, combine(soFar, pairs[device][block])))
      }
      return least
    }
    let least = search(0, 0, count, 0)
    return least.isFinite ? least : nil
  }

  /// The least figure of each pair over all its options at a grid of powers that holds the largest.
  private func least(_ problem: Problem, _ figure: (Assignment, DeviceConstants) -> Double, powers: Int) -> [[Double]] {
    problem.devices.indices.map { device in
      problem.gains.row(device: device).enumerated().map { block, gain in
        var least = Double.infinity
        for level in problem.levels where problem.allows(cut: level.cut, of: device) {
          let terms = problem.constants(of: device, cut: level.cut)
          for scale in problem.clockScales {
            for step in 0...powers {
              let power = terms.powerMin + (terms.powerMax - terms.powerMin) * (Double(step) / Double(powers))
              let assignment = Assignment(
                pricing: problem, device: device, block: block, gain: gain, power: power, level: level,
                clockScale: scale)
              guard terms.deadlineTime(of: assignment) <= problem.deadline * (1 + 1e-9) else { continue }
              least = min(least, figure(assignment, terms))
            }
          }
        }
        return least
      }
    }
  }

  @Test("no assignment of so many is done sooner", arguments: 0..<16)
  func latency(seed: Int) throws {
    let problem = problem(seed)
    let times = least(problem, { $1.deadlineTime(of: $0).value }, powers: 1)
    for count in 1...5 {
      let allocation = try LeastLatencyPolicy(atLeast: count).allocate(problem, in: context)
      #expect(AllocationChecker.violations(of: allocation, in: problem) == [])
      guard let expected = best(times, count, combine: max) else {
        #expect(allocation.assignments.count < count, "seed \(seed), \(count)")
        continue
      }
      #expect(allocation.assignments.count >= count, "seed \(seed), \(count)")
      let longest = allocation.assignments.map {
        problem.constants(of: $0.device, cut: $0.cut).deadlineTime(of: $0).value
      }.max()
      #expect(try #require(longest) <= expected * (1 + 1e-9), "seed \(seed), \(count)")
    }
    let all = try LeastLatencyPolicy().allocate(problem, in: context).assignments.count
    #expect(best(times, all, combine: max) != nil && best(times, all + 1, combine: max) == nil, "seed \(seed)")
  }

  @Test("no assignment of so many takes fewer joules, and a grid of powers comes close", arguments: 0..<16)
  func energy(seed: Int) throws {
    let problem = problem(seed)
    let energies = least(problem, { assignment, _ in assignment.energy.value }, powers: 60)
    for count in 1...5 {
      let allocation = try LeastEnergyPolicy(atLeast: count).allocate(problem, in: context)
      #expect(AllocationChecker.violations(of: allocation, in: problem) == [])
      guard let grid = best(energies, count, combine: +) else {
        #expect(allocation.assignments.count < count, "seed \(seed), \(count)")
        continue
      }
      #expect(allocation.assignments.count == count, "seed \(seed), \(count)")
      #expect(allocation.energy.value <= grid * (1 + 1e-9), "seed \(seed), \(count)")
      #expect(allocation.energy.value >= grid * 0.97, "seed \(seed), \(count): \(allocation.energy.value), \(grid)")
    }
    let all = try LeastEnergyPolicy().allocate(problem, in: context).assignments.count
    #expect(best(energies, all + 1, combine: +) == nil, "seed \(seed)")
  }

  @Test("the cheapest matching of a size is that of every choice of pairs, also where some are out of the question")
  func matchingOfSize() {
    for seed in 0..<200 {
      var random = TestRandom(seed)
      let (rows, columns) = (random.integer(1...5), random.integer(1...5))
      let costs = (0..<rows * columns).map { _ in
        random.integer(0...3) == 0 ? Double.infinity : Double(random.integer(0...9))
      }
      let pairs = (0..<rows).map { row in Array(costs[row * columns..<(row + 1) * columns]) }
      for size in 1...min(rows, columns) {
        let matched = CheapestMatchingOfSize.match(rows: rows, columns: columns, costs: costs, size: size)
        let expected = best(pairs, size, combine: +)
        let cost = matched.reduce(0) { $0 + pairs[$1.device][$1.block] }
        #expect(matched.count == size ? cost == expected : expected == nil, "seed \(seed), size \(size)")
        #expect(Set(matched.map(\.block)).count == matched.count)
        let largest = LargestMatching(rows: rows, columns: columns) { pairs[$0][$1].isFinite }.size
        #expect(largest == CheapestMatchingOfSize.match(rows: rows, columns: columns, costs: costs, size: 5).count)
      }
    }
  }
}
