import Foundation
import Randomness
import Testing
import Units
import Wireless

@testable import Allocation

@Suite("Problems with a downlink")
struct DownlinkTests {
  /// Problems of ``PolicyPropertyTests`` in which gradients come down, and the model where the deadline counts a round.
  static func problem(seed: Int) -> Problem {
    var problem = PolicyPropertyTests.problem(seed: seed)
    var random = TestRandom(seed &+ 5000)
    problem.downlink = Downlink(
      power: Watts(random.uniform(0.5, 4)), noise: problem.noise * random.uniform(1, 10),
      gradient: Bits(random.uniform(1e7, 8e7)))
    for device in problem.devices.indices {
      problem.devices[device].receivePower = Watts(random.uniform(0, 1))
      if problem.devices[device].deadlineUpload > .zero {
        problem.devices[device].deadlineDownload = Bits(seed.isMultiple(of: 2) ? 7e7 : 0)
        problem.devices[device].deadlineBroadcast = Seconds(seed.isMultiple(of: 2) ? 0 : 3)
      }
    }
    problem.deadline = problem.deadline * 1.3
    return problem
  }

  @Test("a device's figures by hand: the gradient comes down at the block's power, and costs what the receiver draws")
  func byHand() {
    // 1 MHz, h / N0 down = 3 / W at 1 W: 2 Mbit/s; 4 Mbit take 2 s and, at 0.25 W, 0.5 J.
    var terms = DeviceConstants(
      dataShare: 0.5, powerMin: Watts(1), powerMax: Watts(1), computeTime: Seconds(1), computeEnergy: Joules(2),
      serverTime: Seconds(0.5))
    terms.receivePower = Watts(0.25)
    let problem = Problem(
      devices: [terms], levels: [QuantizationLevel(bits: 4, payload: Bits(1e6))], bandwidth: Hertz(1e6),
      noise: Watts(1),
      deadline: Seconds(10), objective: .ratio, gains: GainMatrix(deviceCount: 1, blockCount: 1, values: [1]),
      downlink: Downlink(power: Watts(1), noise: Watts(1.0 / 3), gradient: Bits(4e6)))
    let assignment = Assignment(
      pricing: problem, device: 0, block: 0, gain: 1, power: Watts(1), level: problem.levels[0])
    func isClose(_ value: Double, _ expected: Double) -> Bool { abs(value - expected) < 1e-12 }
    #expect(isClose(assignment.downlinkTime.value, 2) && isClose(assignment.downlinkEnergy.value, 0.5))
    #expect(isClose(assignment.latency.value, 1 + 0.5 + 1 + 2))
    #expect(isClose(assignment.energy.value, 2 + 1 + 0.5))
  }

  @Test("the optimum is that of brute force over assignments, bits and powers", arguments: 0..<8)
  func bruteForce(seed: Int) {
    var drawn = RandomProblem(devices: 4, blocks: 3, seed: seed)
    drawn.levels = RandomProblem.linearLevels(4...32).filter { $0.bits % 4 == 0 }
    var problem = drawn.problem
    problem.downlink = Downlink(power: Watts(2), noise: problem.noise * 4, gradient: Bits(3e7))
    for device in problem.devices.indices { problem.devices[device].receivePower = Watts(0.3) }
    problem.deadline = problem.deadline * 1.6
    let optimum = ExactPolicyTests.optimum(problem)
    let grid = ExactPolicyTests.bruteForce(problem, powers: 300)
    #expect(grid <= optimum * (1 + 1e-9) && grid >= optimum * 0.98, "seed \(seed): \(grid), \(optimum)")
    problem.downlink = nil
    #expect(ExactPolicyTests.optimum(problem) > optimum, "a downlink costs something")
  }

  @Test("the value of a pair never falls as the gain grows")
  func monotone() {
    var (pairs, rises) = (0, 0)
    for seed in 0..<60 {
      let problem = Self.problem(seed: seed)
      let valuation = EdgeValuation(problem)
      for device in problem.devices.indices {
        var last = 0.0
        let top = problem.gains.rowMaximum(device: device) * 100
        for step in 0..<80 {
          let gain = top * exp(-Double(79 - step) / 8)
          let value = valuation.best(device: device, gain: gain)?.value ?? 0
          if case .difference = problem.objective {
            #expect(value >= last - 1e-12 * abs(last) || last == 0, "seed \(seed)")
          } else {
            #expect(value >= last * (1 - 1e-12), "seed \(seed), device \(device), gain \(gain)")
          }
          if value > last { rises += 1 }
          last = value
          pairs += 1
        }
      }
    }
    #expect(pairs > 10_000 && rises > 3_000)
  }

  @Test("whether a device can take part is whether some option meets the deadline at its gain")
  func feasibility() {
    var (needs, allowed) = (0, 0)
    for seed in 0..<60 {
      let problem = Self.problem(seed: seed)
      let valuation = EdgeValuation(problem)
      for device in problem.devices.indices {
        let feasibility = Feasibility(of: device, in: problem)
        guard case .needsGain(let least) = feasibility, least < 1 else { continue }
        needs += 1
        // Values of the difference kind may be negative and still be feasible.
        #expect(valuation.best(device: device, gain: least * (1 + 1e-7)) != nil, "seed \(seed), device \(device)")
        #expect(valuation.best(device: device, gain: least * (1 - 1e-7)) == nil, "seed \(seed), device \(device)")
        if feasibility.allows(gain: problem.gains.rowMaximum(device: device)) { allowed += 1 }
      }
    }
    #expect(needs > 100 && allowed > 30, "\(needs), \(allowed)")
  }

  @Test("every policy keeps the constraints, and none beats the optimum", arguments: 0..<30)
  func policies(seed: Int) throws {
    let problem = Self.problem(seed: seed)
    let context = RoundContext(round: 1, seed: Seed(UInt64(seed)))
    let optimum = ExactPolicyTests.optimum(problem)
    for entry in PolicyRegistry.all {
      let policy = try entry.make(PolicySettings(options: entry.options))
      let given = problem.given(to: policy)
      let allocation = try policy.allocate(given, in: context)
      #expect(AllocationChecker.violations(of: allocation, in: given).isEmpty, "\(entry.name), seed \(seed)")
      if policy.observesDeadline {
        #expect(allocation.objective <= optimum * (1 + 1e-9), "\(entry.name), seed \(seed)")
      }
    }
  }
}
