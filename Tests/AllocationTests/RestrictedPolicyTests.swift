import Randomness
import Testing
import Units

@testable import Allocation

@Suite("Restricted choices")
struct RestrictedPolicyTests {
  private static func allocate(
    _ name: String, _ given: [String: PolicySettings.Value], _ problem: Problem
  ) throws -> Allocation {
    let entry = try #require(PolicyRegistry.entry(named: name))
    return try entry.make(PolicySettings(options: entry.options, given: given))
      .allocate(problem, in: RoundContext(round: 1, seed: Seed(8)))
  }

  @Test("each benchmark is `restricted` with one setting, and the optimum is it with none")
  func oneSetting() throws {
    for seed in 0..<20 {
      let problem = PolicyPropertyTests.problem(seed: seed)
      let pairs: [(String, [String: PolicySettings.Value], [String: PolicySettings.Value])] = [
        ("exact", [:], [:]),
        ("ep", [:], ["power": .power(Watts(1))]),
        ("ep", ["matching": .word("energy")], ["power": .power(Watts(1)), "matching": .word("energy")]),
        ("nq", [:], ["bits": .integer(32)]),
        ("fixed-bits", [:], ["bits": .integer(8)]),
        ("rb", [:], ["matching": .word("random")]),
        ("rb", ["among": .word("feasible")], ["matching": .word("random-feasible")]),
      ]
      for (name, settings, restriction) in pairs {
        let benchmark = try Self.allocate(name, settings, problem)
        #expect(try Self.allocate("restricted", restriction, problem) == benchmark, "\(name), seed \(seed)")
      }
    }
  }

  /// The largest U of a few devices when everybody has one power or the best, one number of bits or the best.
  private static func bruteForce(_ problem: Problem, power: Double?, bits: Int?) -> Double {
    let plain = PlainDescent(problem: problem, fixedPower: power)
    func best(_ device: Int, _ block: Int) -> Double {
      let terms = problem.devices[device]
      let (low, high) = (terms.powerMin.value, terms.powerMax.value)
      // Energy rises with power, so the least of a fine grid that is in time is the best within the grid's step.
      let grid: [Double] = (0...4000).map { low + (high - low) * Double($0) / 4000 }
      let powers: [Double] = power.map { [min(max($0, low), high)] } ?? grid
      return (bits.map { [$0] } ?? Array(4...32)).reduce(0) { most, bits in
        for power in powers {
          guard let energy = plain.energy(device, block, power, bits) else { continue }
          return max(most, plain.value(device, bits, energy))
        }
        return most
      }
    }
    let values = problem.devices.indices.map { device in (0..<problem.blockCount).map { best(device, $0) } }
    return PlainDescent.injections(devices: problem.devices.count, blocks: problem.blockCount)
      .map { $0.reduce(0) { $0 + values[$1.0][$1.1] } }.max() ?? 0
  }

  @Test("power and bits, each given or optimal, reach what trying everything reaches")
  func factorial() throws {
    for seed in 0..<6 {
      var drawn = RandomProblem(devices: 4, blocks: 3, seed: seed)
      drawn.deadline = Seconds(4.5 + Double(seed) / 2)
      for (power, bits) in [(nil, nil), (1.0, nil), (nil, 32), (nil, 8), (1.0, 8), (0.3, 32)] as [(Double?, Int?)] {
        var given: [String: PolicySettings.Value] = [:]
        if let power { given["power"] = .power(Watts(power)) }
        if let bits { given["bits"] = .integer(bits) }
        let found = try Self.allocate("restricted", given, drawn.problem).objective
        let best = Self.bruteForce(drawn.problem, power: power, bits: bits)
        // The grid's powers are up to a step too large, never too small.
        #expect(found >= best * (1 - 1e-9) && found <= best * 1.005 + 1e-9, "seed \(seed), \(given): \(found), \(best)")
      }
    }
  }

  @Test("settings that may be `optimal` are read as that word or as their value")
  func words() throws {
    let options = try #require(PolicyRegistry.entry(named: "restricted")).options
    func read(_ key: String, _ text: String) throws -> PolicySettings.Value {
      try #require(options.first { $0.key == key }).value(parsing: text)
    }
    #expect(try read("power", "optimal") == .word("optimal"))
    #expect(try read("power", "0.5 W") == .power(Watts(0.5)))
    #expect(try read("bits", "optimal") == .word("optimal"))
    #expect(try read("bits", "8") == .integer(8))
    let error = #expect(throws: PolicyError.self) { try read("bits", "33") }
    #expect(error?.description == "bits: '33' is not 'optimal' or a whole number from 1 to 32")
    #expect(throws: PolicyError.self) { try read("power", "best") }
  }
}
