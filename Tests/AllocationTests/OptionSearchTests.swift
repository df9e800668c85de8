import Testing
import Units
import Wireless

@testable import Allocation

@Suite("P2, the option of largest value")
struct OptionSearchTests {
  /// Every option, one after the other.
  private static func tryAll(_ problem: Problem, _ device: Int, power: Watts, gain: Double) -> DescentOffer {
    let own = problem.clockScales.count - 1
    var best = DescentOffer(problem, device: device, level: 0, clock: own, power: power)
    var most: Double?
    for level in problem.levels.indices {
      for clock in problem.clocks(of: problem.devices[device]) {
        let offer = DescentOffer(problem, device: device, level: level, clock: clock, power: power)
        guard let energy = offer.energy(gain: gain) else { continue }
        if most.map({ offer.value(energy) > $0 }) ?? true { (best, most) = (offer, offer.value(energy)) }
      }
    }
    return best
  }

  @Test("is found in few steps as among all", arguments: ProblemKind.allCases)
  func agrees(kind: ProblemKind) {
    var random = TestRandom(77)
    for seed in 0..<30 {
      let problem = kind.problem(devices: 8, blocks: 4, seed: seed)
      let search = OptionSearch(problem, Restriction())
      for (device, terms) in problem.devices.enumerated() {
        let gain = problem.gains.gain(device: device, block: seed % 4)
        let power = Watts(random.uniform(terms.powerMin.value, terms.powerMax.value))
        let before = seed % problem.levels.count
        var found = DescentOffer(
          problem, device: device, level: before, clock: seed % problem.clockScales.count, power: power)
        search.improve(&found, of: device, gain: gain)
        let best = Self.tryAll(problem, device, power: power, gain: gain)
        #expect(found.level == best.level && found.clock == best.clock, "\(kind), seed \(seed), device \(device)")
        #expect(found.energy(gain: gain) == best.energy(gain: gain), "\(kind), seed \(seed), device \(device)")
      }
    }
  }

  @Test("payloads that fall or rise by less with more bits are told from those that do not")
  func shapes() {
    var drawn = RandomProblem(devices: 1, blocks: 1, seed: 1)
    #expect(drawn.problem.hasConvexPayload(Array(drawn.levels.indices)))
    #expect(!drawn.problem.hasConvexPayload([0, 1, 3]))
    #expect(drawn.problem.hasConvexPayload([4]))
    drawn.levels[28].payload = drawn.levels[27].payload
    #expect(!drawn.problem.hasConvexPayload(Array(drawn.levels.indices)))
    #expect(drawn.problem.hasConvexPayload(Array(0..<28)))
  }
}
