import Randomness
import TestSupport
import Testing
import Units
import Wireless

@testable import Allocation

@Suite("Allocation over a link that is not Shannon's bound")
struct LinkTests {
  /// Made where asked for: the leak checker does not see what an enumeration in a global variable points to.
  static var links: [Link] {
    [
      .shannon(gap: PowerRatio(2), cap: .infinity), .shannon(gap: PowerRatio(2), cap: 3),
      .modulationCoding(ModulationCoding()), .modulationCoding(ModulationCoding(table: .qam256, overhead: 0)),
      .modulationCoding(
        ModulationCoding(
          table: .qam64LowRate, targetErrorRate: 0.3, harq: HARQ(maxTransmissions: 2, combining: .none))),
    ]
  }

  @Test("no policy exceeds the optimum, and all keep the constraints", arguments: links.indices)
  func boundedByOptimum(place: Int) throws {
    let link = Self.links[place]
    for seed in 0..<20 {
      var problem = PolicyPropertyTests.problem(seed: seed)
      problem.link = link
      let context = RoundContext(round: seed + 1, seed: Seed(7))
      let optimum = ExactPolicy().allocate(problem, in: context).objective
      for (name, policy) in try PolicyPropertyTests.policies() {
        let given = problem.given(to: policy)
        let allocation = try policy.allocate(given, in: context)
        #expect(AllocationChecker.violations(of: allocation, in: given) == [], "\(link), \(name), seed \(seed)")
        guard policy.observesDeadline else { continue }
        #expect(allocation.objective <= optimum + 1e-9 * abs(optimum), "\(link), \(name), seed \(seed)")
      }
    }
  }

  @Test("the optimum is that of all assignments, bits and a grid of powers", arguments: links.indices)
  func bruteForce(place: Int) {
    let link = Self.links[place]
    for seed in 0..<6 {
      var drawn = RandomProblem(devices: 3, blocks: 2, seed: seed)
      drawn.levels = RandomProblem.linearLevels(4...9)
      if seed % 2 == 1 { drawn.objective = .difference(weight: Joules(2)) }
      var problem = drawn.problem
      problem.link = link
      let optimum = Allocation(assignments: OptimalMatching.solve(problem)).objective
      let found = bruteForce(problem)
      #expect(optimum >= found - 1e-9 * abs(found), "\(link), seed \(seed)")
      #expect(found >= optimum * 0.98, "\(link), seed \(seed): \(found), \(optimum)")
    }
  }

  /// The best of every pair on 1,001 powers by Eq. (9)-(17), and of all ways to put three devices on two blocks.
  private func bruteForce(_ problem: Problem) -> Double {
    let values = (0..<3).map { device in (0..<2).map { bestOnGrid(problem, device: device, block: $0) } }
    var best = 0.0
    for first in -1..<3 {
      for second in -1..<3 where first < 0 || first != second {
        best = max(best, (first < 0 ? 0 : values[first][0]) + (second < 0 ? 0 : values[second][1]))
      }
    }
    return best
  }

  private func bestOnGrid(_ problem: Problem, device: Int, block: Int) -> Double {
    let terms = problem.devices[device]
    let gain = problem.gains.gain(device: device, block: block)
    var best = 0.0
    for level in problem.levels {
      for step in 0...1000 {
        let priced = Assignment(
          pricing: problem, device: device, block: block, gain: gain,
          power: terms.powerMin + (Double(step) / 1000) * (terms.powerMax - terms.powerMin), level: level)
        guard priced.rate > .zero, priced.latency <= problem.deadline else { continue }
        best = max(best, priced.value)
      }
    }
    return best
  }

  @Test("a gap alone keeps the fast valuation: it is a larger noise, to the bit")
  func gap() {
    for seed in 0..<10 {
      var problem = PolicyPropertyTests.problem(seed: 4 * seed)
      var noisy = problem
      problem.link = .shannon(gap: PowerRatio(4), cap: .infinity)
      noisy.noise = problem.noise * 4
      #expect(OptimalMatching.solve(problem) == OptimalMatching.solve(noisy), "seed \(seed)")
      #expect(
        DeviceModes(PairValuation(EdgeValuation(problem)), device: 0)?.terms[0].isUnimodal != false, "seed \(seed)")
    }
  }

  @Test(
    "who can take part at all is known from constants: nobody where the link carries too little at any power",
    arguments: links.indices)
  func feasibility(place: Int) {
    let link = Self.links[place]
    for seed in 0..<10 {
      var problem = PolicyPropertyTests.problem(seed: seed)
      problem.link = link
      let edges = EdgeValuation(problem)
      for device in problem.devices.indices {
        let feasibility = Feasibility(of: device, in: problem)
        guard case .needsGain(let least) = feasibility else { continue }
        for factor in [1e-3, 0.999999, 1.000001, 1e3] where least.isFinite {
          #expect((edges.best(device: device, gain: least * factor) != nil) == (factor > 1), "\(link), seed \(seed)")
        }
      }
      problem.levels = [QuantizationLevel(bits: 32, payload: Bits(1e12))]
      let hopeless = problem.devices.indices.allSatisfy {
        [.noMemory, .noTime, .needsGain(.infinity)].contains(Feasibility(of: $0, in: problem))
      }
      if case .shannon(_, .infinity) = link { continue }
      #expect(hopeless && OptimalMatching.solve(problem).isEmpty)
    }
  }

  @Test("a file says the same link, and what is wrong with another's", arguments: links.indices)
  func file(place: Int) throws {
    let link = Self.links[place]
    var problem = PolicyPropertyTests.problem(seed: 1)
    problem.link = link
    let instance = Instance(name: "linked", problem: problem)
    let read = try Instance(json: instance.json)
    #expect(read == instance && read.problem.link == link)
    problem.link = .ideal
    #expect(!Instance(name: "linked", problem: problem).json.contains("link\":"))
  }

  @Test("mistakes in a file's link are named")
  func mistakes() {
    func issues(_ link: String) -> [String] {
      InstanceTests.issues(
        InstanceTests.text(replacing: "\"deadline_s\": 5", with: "\"deadline_s\": 5, \"link\": \(link)"))
    }
    #expect(issues(#"{"shannon": {"gap": 2}}"#) == [])
    #expect(issues(#"{"mcs": {"table": "256qam"}}"#) == [])
    #expect(issues("{}") == ["x.json: link: must have exactly one of shannon, mcs"])
    #expect(issues(#"{"shannon": {"gap": 0.5}}"#) == ["x.json: link.shannon.gap: 0.5 is not a number, 1 or more"])
    #expect(
      issues(#"{"mcs": {"table": "64qm"}}"#)
        == ["x.json: link.mcs.table: \"64qm\" is not one of 64qam, 256qam, 64qam-low-rate; did you mean 64qam?"])
    #expect(
      issues(#"{"mcs": {"table": "64qam", "efficiency": [1]}}"#)
        == ["x.json: link.mcs.efficiency: has 1 numbers; 28 are needed, one for every step"])
  }
}
