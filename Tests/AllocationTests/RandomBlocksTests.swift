import Randomness
import Testing
import Units
import Wireless

@testable import Allocation

@Suite("Random and fixed blocks")
struct RandomBlocksTests {
  private func context(_ round: Int) -> RoundContext { RoundContext(round: round, seed: Seed(5)) }

  @Test("rb draws min(N, K) different devices, each as often as the others")
  func uniform() throws {
    let problem = RandomProblem(devices: 10, blocks: 4, seed: 1).problem
    var drawn = [Int](repeating: 0, count: 10)
    for round in 1...1000 {
      let devices = try context(round).deviceOnBlock(for: problem).compactMap { $0 }
      #expect(devices.count == 4 && Set(devices).count == 4)
      for device in devices { drawn[device] += 1 }
    }
    // 1000 rounds at 4/10: mean 400, standard deviation 15.5.
    #expect(drawn.allSatisfy { (330...470).contains($0) }, "\(drawn)")
    let few = RandomProblem(devices: 3, blocks: 5, seed: 1).problem
    let onBlock = try context(1).deviceOnBlock(for: few)
    #expect(onBlock.count == 5 && onBlock.compactMap { $0 }.sorted() == [0, 1, 2])
  }

  @Test("rb among the feasible leaves no block free that a device left over could use")
  func maximal() throws {
    for seed in 0..<20 {
      var drawn = RandomProblem(devices: 12, blocks: 4, seed: seed)
      drawn.deadline = Seconds(4.2)
      let problem = drawn.problem
      let allocation = try RestrictedPolicy(matching: .randomFeasible).allocate(problem, in: context(1))
      let placed = Set(allocation.assignments.map(\.device))
      let taken = Set(allocation.assignments.map(\.block))
      let valuation = EdgeValuation(problem)
      for device in 0..<12 where !placed.contains(device) {
        for block in 0..<4 where !taken.contains(block) {
          let gain = problem.gains.gain(device: device, block: block)
          #expect(valuation.best(device: device, gain: gain) == nil, "seed \(seed)")
        }
      }
    }
  }

  @Test("devices for rb that are not the problem's are refused")
  func wrongDevices() {
    let problem = RandomProblem(devices: 3, blocks: 2, seed: 1).problem
    for devices in [[0], [0, 0], [0, 3], [-2, 0], [0, 1, 2]] {
      let context = RoundContext(round: 1, seed: Seed(1), deviceOnBlock: devices)
      #expect(throws: PolicyError.self) { try RestrictedPolicy(matching: .random).allocate(problem, in: context) }
    }
  }

  @Test("fixed puts device n on block n with the clipped power and 32 bits, deadline or not")
  func fixedInOrder() throws {
    var drawn = RandomProblem(devices: 3, blocks: 5, seed: 2)
    drawn.devices[0].powerMax = Watts(0.6)
    drawn.devices[1].powerMin = Watts(1.2)
    drawn.devices[1].powerMax = Watts(1.5)
    drawn.devices[2].powerMax = Watts(1.5)
    drawn.deadline = Seconds(0.001)
    drawn.gains[2, 2] = 0
    #expect(!FixedPolicy().observesDeadline)
    let allocation = try FixedPolicy().allocate(drawn.problem, in: context(1))
    #expect(allocation.assignments.map(\.device) == [0, 1] && allocation.assignments.map(\.block) == [0, 1])
    #expect(allocation.assignments.map(\.power) == [Watts(0.6), Watts(1.2)])
    #expect(allocation.assignments.allSatisfy { $0.bits == 32 })
  }

  @Test("fixed draws other devices each round where they outnumber the blocks, a million of them at once")
  func fixedDraws() throws {
    struct Million: GainSource {
      var deviceCount: Int { 1_000_000 }
      var blockCount: Int { 100 }
      func upperBound(device: Int) -> Double { 1e-12 }
      func rowMaximum(device: Int) -> Double { 1e-12 }
      func copyRow(device: Int, into row: UnsafeMutableBufferPointer<Double>) { row.update(repeating: 1e-12) }
    }
    let one = RandomProblem(devices: 1, blocks: 1, seed: 2)
    let problem = Problem(
      devices: Array(repeating: one.devices[0], count: 1_000_000), levels: one.levels,
      bandwidth: RandomProblem.bandwidth, noise: RandomProblem.noise, deadline: .infinity, objective: .ratio,
      gains: Million())
    let first = try FixedPolicy().allocate(problem, in: context(1))
    let second = try FixedPolicy().allocate(problem, in: context(2))
    #expect(first.assignments.count == 100 && Set(first.assignments.map(\.device)).count == 100)
    #expect(Set(first.assignments.map(\.block)) == Set(0..<100))
    #expect(first != second)
  }
}
