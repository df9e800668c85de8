import Allocation
import Randomness
import Testing
import Units

@Suite("The registry of policies")
struct PolicyRegistryTests {
  @Test("names are kebab-case, unique and found; summaries and options are documented on one line")
  func documented() {
    let names = PolicyRegistry.all.map(\.name)
    #expect(
      names == [
        "exact", "bcd", "bcd-value", "ep", "nq", "rb", "bcd-ep", "bcd-nq", "bcd-rb", "fixed-bits", "restricted",
        "fixed-cut",
        "own-cut", "least-latency", "least-energy", "round-robin", "proportional-fair", "max-rate", "fedcs",
        "virtual-queue", "fixed",
      ])
    for entry in PolicyRegistry.all {
      #expect(entry.name.wholeMatch(of: /[a-z]+(-[a-z]+)*/) != nil, "\(entry.name)")
      #expect(PolicyRegistry.entry(named: entry.name)?.summary == entry.summary)
      for option in entry.options {
        #expect(option.key.wholeMatch(of: /[a-z]+(_[a-z]+)*/) != nil, "\(entry.name).\(option.key)")
        if case .choice(let standard, let words) = option.kind { #expect(words.contains(standard)) }
        if case .integer(let standard, let range) = option.kind { #expect(range.contains(standard)) }
      }
      for text in [entry.summary] + entry.options.map(\.summary) {
        #expect(!text.isEmpty && text.count <= 100 && !text.contains("\n"), "\(entry.name): \(text)")
      }
    }
    #expect(PolicyRegistry.entry(named: "excat") == nil)
  }

  @Test("settings reach the policy")
  func settings() throws {
    func make<P: Policy>(_ name: String, _ given: [String: PolicySettings.Value], as: P.Type) throws -> P {
      let entry = try #require(PolicyRegistry.entry(named: name))
      return try #require(try entry.make(PolicySettings(options: entry.options, given: given)) as? P)
    }
    let descent = try make(
      "bcd",
      [
        "power": .word("closed-form"), "tolerance": .number(0.5), "max_iterations": .integer(3),
        "restarts": .integer(7),
      ],
      as: BCDPolicy.self)
    #expect(descent.power == .closedForm && descent.tolerance == 0.5 && descent.maxIterations == 3)
    #expect(descent.restarts == 7 && descent.restriction == Restriction())
    #expect(descent.matching == .energy)
    #expect(try make("bcd-value", [:], as: BCDPolicy.self).matching == .value)
    let equal = try make("ep", ["power": .power(Watts(2)), "matching": .word("energy")], as: RestrictedPolicy.self)
    #expect(equal.restriction == Restriction(power: .fixed(Watts(2))) && equal.matching == .energy)
    #expect(try make("nq", [:], as: RestrictedPolicy.self).restriction == Restriction(bits: 32...32))
    #expect(try make("fixed-bits", ["bits": .integer(5)], as: RestrictedPolicy.self).restriction.bits == 5...5)
    #expect(try make("rb", ["among": .word("feasible")], as: RestrictedPolicy.self).matching == .randomFeasible)
    #expect(try make("rb", [:], as: RestrictedPolicy.self).matching == .random)
    #expect(try make("bcd-rb", [:], as: BCDPolicy.self).matching == .random)
    let both = try make("restricted", ["power": .power(Watts(2)), "bits": .integer(9)], as: RestrictedPolicy.self)
    #expect(both.restriction == Restriction(bits: 9...9, power: .fixed(Watts(2))) && both.matching == .value)
    #expect(try make("fixed", ["power": .power(Watts(0.2))], as: FixedPolicy.self).power == Watts(0.2))
  }

  @Test("bits that the problem does not have are refused with a sentence")
  func bitsOutside() {
    var drawn = RandomProblem(devices: 3, blocks: 2, seed: 1)
    drawn.levels = RandomProblem.linearLevels(4...16)
    let context = RoundContext(round: 1, seed: Seed(1))
    for name in ["fixed-bits", "nq", "bcd-nq", "restricted"] {
      let error = #expect(throws: PolicyError.self) {
        let entry = try #require(PolicyRegistry.entry(named: name))
        return try entry.make(PolicySettings(options: entry.options, given: ["bits": .integer(32)]))
          .allocate(drawn.problem, in: context)
      }
      #expect(
        error?.description == "\(name) sends 32 bits, which are not among the levels 4 to 16; "
          + "set policies.\(name).bits within them")
    }
    #expect(throws: PolicyError.self) { try FixedPolicy().allocate(drawn.problem, in: context) }
  }
}
