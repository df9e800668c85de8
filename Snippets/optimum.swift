//! Two blocks for four devices: who takes part, with how many bits and watts, by the optimum and by the paper's descent.
import Allocation
import Randomness
import Units
import Wireless

let problem = Problem(
  devices: (0..<4).map { device in
    DeviceConstants(
      dataShare: 0.25, powerMin: Watts(0.1), powerMax: Watts(1), computeTime: Seconds(0.5 + 0.1 * Double(device)),
      computeEnergy: Joules(0.1), serverTime: Seconds(0.4))
  },
  levels: (4...32).map { QuantizationLevel(bits: $0, payload: Bits(2_408_448 * Double($0))) },
  bandwidth: Hertz(20e6), noise: Watts(8e-14), deadline: Seconds(1.5), objective: .ratio,
  gains: GainMatrix(
    deviceCount: 4, blockCount: 2, values: [1e-12, 2e-13, 4e-13, 8e-13, 5e-14, 1e-13, 3e-13, 2e-14]))

let policies: [(name: String, policy: any Policy)] = [("exact", ExactPolicy()), ("bcd", BCDPolicy())]
for (name, policy) in policies {
  let allocation = try policy.allocate(problem, in: RoundContext(round: 1, seed: Seed(1)))
  print("\(name): U = \(allocation.objective)")
  for choice in allocation.assignments {
    print("  device \(choice.device), block \(choice.block): \(choice.bits) bits, \(choice.power), \(choice.latency)")
  }
}

// Prints:
// exact: U = 8.234097545543761
//   device 0, block 0: 6 bits, 0.10433064064526673 W, 1.5 s
//   device 1, block 1: 4 bits, 0.1 W, 1.4816896 s
// bcd: U = 8.184279358721051
//   device 0, block 0: 5 bits, 0.1 W, 1.4146586313291034 s
//   device 1, block 1: 4 bits, 0.1 W, 1.4816896 s
