import Allocation
import Testing
import Units
import Wireless

@Suite("Constraints (22a-g)")
struct AllocationCheckerTests {
  /// Two devices and two blocks. Eq. (12) at gain/noise · p = 15: 1 MHz · log2(16) = 4 Mbit/s; 4 bits of 1 Mbit take
  /// 1 s, 8 bits 2 s; with 2 s of computing and 1 s at the server T_n is 4 s and 5 s.
  private let problem = Problem(
    devices: Array(
      repeating: DeviceConstants(
        dataShare: 0.5, powerMin: Watts(0.1), powerMax: Watts(1), computeTime: Seconds(2), computeEnergy: Joules(0.5),
        serverTime: Seconds(1)), count: 2),
    levels: [4, 8].map { QuantizationLevel(bits: $0, payload: Bits(1e6 * Double($0))) }, bandwidth: Hertz(1e6),
    noise: Watts(1e-3), deadline: Seconds(5), objective: .ratio,
    gains: GainMatrix(deviceCount: 2, blockCount: 2, values: [0.015, 0.003, 0, 0.015]))

  private func choice(_ device: Int, _ block: Int, power: Double = 1, bits: Int = 4) -> AllocationChecker.Choice {
    AllocationChecker.Choice(device: device, block: block, power: Watts(power), bits: bits)
  }

  private func violations(_ choices: AllocationChecker.Choice...) -> [String] {
    AllocationChecker.check(choices, in: problem).violations.map(\.description)
  }

  @Test("an allocation that keeps them all has no violation, with the deadline exactly met")
  func kept() {
    #expect(violations() == [])
    #expect(violations(choice(0, 0, bits: 8), choice(1, 1)) == [])
    let priced = AllocationChecker.check([choice(0, 0, bits: 8)], in: problem).priced
    // E_n = 0.5 J + 1 W · 2 s; value 0.5 log2(9) / 2.5.
    #expect(priced[0]?.latency == Seconds(5))
    #expect(abs((priced[0]?.value ?? 0) - 0.6339850002884624) < 1e-12)
  }

  @Test("each broken constraint is named with the device, the block and the numbers")
  func broken() {
    // gain 0.003: log2(4) = 2 Mbit/s, so 8 Mbit take 4 s: 7 s in all.
    #expect(violations(choice(0, 1, bits: 8)) == ["(22a) device 0: latency 7.0 s exceeds the deadline 5.0 s"])
    #expect(
      violations(choice(1, 0)) == ["(22a) device 1: has no link on block 0: its gain is 0, so its upload never ends"])
    #expect(violations(choice(0, 0, power: 1.001)) == ["(22b) device 0: power 1.001 W is outside 0.1 W to 1.0 W"])
    #expect(violations(choice(0, 0, bits: 5)) == ["(22c) device 0: 5 bits are not among the levels 4 to 8"])
    #expect(violations(choice(0, 0), choice(0, 1)) == ["(22e) device 0: holds block 1 and also block 0"])
    #expect(violations(choice(0, 1), choice(1, 1)) == ["(22f) device 1: holds block 1, which device 0 holds too"])
    #expect(violations(choice(0, 2)) == ["(22g) device 0: there is no block 2; the last is 1"])
    #expect(violations(choice(-1, 0)) == ["(22g) device -1: there is no such device; the last is 1"])
    #expect(violations(choice(0, 0, power: .nan)).count == 1)
    #expect(violations(choice(0, 0, power: .infinity)).count == 1)
    #expect(violations(choice(.max, .min, bits: .max)).count == 1)
  }

  @Test("what breaks one is left out, and of two that want one block or device the first that can have it does")
  func admissible() {
    func kept(_ choices: AllocationChecker.Choice...) -> [String] {
      AllocationChecker.admissible(choices, in: problem).kept.map { "\($0.device)-\($0.block)" }
    }
    #expect(kept(choice(0, 0), choice(1, 1)) == ["0-0", "1-1"])
    #expect(kept(choice(0, 0), choice(0, 1), choice(1, 1)) == ["0-0", "1-1"])
    #expect(kept(choice(0, 1), choice(1, 1)) == ["0-1"])
    // Device 1 hears nothing on block 0, so that it does not keep device 0 from it.
    #expect(kept(choice(1, 0), choice(0, 0)) == ["0-0"])
    #expect(kept(choice(0, 0, bits: 5), choice(7, 0), choice(0, 1, power: 9), choice(0, 0)) == ["0-0"])
    let (_, violations) = AllocationChecker.admissible([choice(0, 0), choice(0, 0, bits: 5)], in: problem)
    #expect(violations.map(\.constraint) == ["22e", "22f", "22c"])
  }

  @Test("deadline and power have a relative tolerance of 1e-9")
  func tolerance() {
    #expect(violations(choice(0, 0, power: 1 + 0.9e-9)) == [])
    #expect(violations(choice(0, 0, power: 1 + 2e-9)).count == 1)
    var tight = problem
    tight.deadline = Seconds(4 * (1 - 0.9e-9))
    #expect(AllocationChecker.check([choice(0, 0)], in: tight).violations.isEmpty)
    tight.deadline = Seconds(4 * (1 - 2e-9))
    #expect(AllocationChecker.check([choice(0, 0)], in: tight).violations.count == 1)
  }

  @Test("a deadline of the whole round counts all steps and the upload of the model")
  func roundDeadline() {
    var round = problem
    // 10 steps of 4 s and 40 Mbit at 4 Mbit/s: 50 s.
    round.devices[0].deadlineSteps = 10
    round.devices[0].deadlineUpload = Bits(4e7)
    round.deadline = Seconds(50)
    #expect(AllocationChecker.check([choice(0, 0)], in: round).violations.isEmpty)
    round.deadline = Seconds(49.9)
    #expect(AllocationChecker.check([choice(0, 0)], in: round).violations.map(\.constraint) == ["22a"])
  }

  @Test("figures that the closed form contradicts are violations")
  func figures() {
    let priced = AllocationChecker.check([choice(0, 0)], in: problem).priced.compactMap { $0 }
    var allocation = Allocation(assignments: priced)
    #expect(AllocationChecker.violations(of: allocation, in: problem).isEmpty)
    allocation.assignments[0].uplinkEnergy = Joules(0.5)
    #expect(AllocationChecker.violations(of: allocation, in: problem).map(\.constraint) == ["9-21"])
    allocation = Allocation(assignments: priced)
    allocation.objective = 7
    #expect(AllocationChecker.violations(of: allocation, in: problem).map(\.constraint) == ["21"])
  }
}
