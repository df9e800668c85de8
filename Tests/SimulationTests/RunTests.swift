import Allocation
import Network
import Scenario
import Testing
import Trace
import Training
import Units
import Wireless

@testable import Simulation

@Suite("A run")
struct RunTests {
  @Test("the same seed gives the same events and records twice, another seed does not")
  func determinism() throws {
    func everything(_ setting: String) throws -> (String, [DeviceRecord]) {
      var records: [DeviceRecord] = []
      let outcome = try Fixture.results(try Fixture.scenario(setting)) { run, result in
        records += result.deviceRecords
      }
      return (outcome.fingerprint, records)
    }
    let first = try everything("seed=7")
    let second = try everything("seed=7")
    let other = try everything("seed=8")
    #expect(first == second)
    #expect(first.0 != other.0)
  }

  @Test("two policies of one seed see the same devices and gains, in whatever order they run")
  func commonRandomNumbers() throws {
    func trace(_ policies: [String]) throws -> [String: [Double]] {
      var gains: [String: [Double]] = [:]
      for policy in policies {
        _ = try Fixture.results(try Fixture.scenario("policy=\(policy)")) { run, _ in
          let current = run.problem
          let problem = try #require(current)
          for device in problem.devices.indices {
            gains[policy, default: []] += problem.gains.row(device: device)
          }
        }
      }
      return gains
    }
    let forward = try trace(["exact", "rb", "bcd"])
    let backward = try trace(["bcd", "rb", "exact"])
    #expect(forward == backward)
    #expect(forward["exact"] == forward["rb"])
    #expect(forward["exact"] == forward["bcd"])
    #expect(forward["exact"]?.count == 3 * 20 * 4)
  }

  @Test("no policy exceeds the optimum, and the optimum's own gap is zero", arguments: LedgerTests.policies.dropLast())
  func gap(policy: String) throws {
    let (results, summary, _) = try Fixture.results(try Fixture.scenario("policy=\(policy)", "rounds=6"))
    for result in results {
      let gap = try #require(result.optimalityGap)
      #expect(gap >= -1e-12, "\(policy) in round \(result.round)")
      if policy == "exact" { #expect(gap == 0) }
    }
    #expect(summary.optimalityGapMean != nil)
  }

  @Test("a framework without a step on the air uses the policy fixed and says so", arguments: ["fl", "ll", "cl"])
  func fixedInstead(framework: String) throws {
    let policy = try ResolvedPolicy(try Fixture.scenario("framework=\(framework)", "policy=bcd"))
    #expect(policy.name == "fixed")
    #expect(try #require(policy.note).contains("policy fixed is used in place of bcd"))
    #expect(try ResolvedPolicy(try Fixture.scenario("framework=sfl", "policy=bcd")).note == nil)
  }

  @Test("unquantised frameworks plan and send with 32 bits only")
  func unquantised() throws {
    for result in try Fixture.results(try Fixture.scenario("framework=sfl", "policy=exact", "deadline=8 s")).results {
      #expect(!result.allocation.assignments.isEmpty)
      #expect(result.allocation.assignments.allSatisfy { $0.bits == 32 })
    }
  }

  @Test("every device has one of the outcomes, and each outcome happens at a tight deadline")
  func outcomes() throws {
    var seen: [Outcome: Int] = [:]
    _ = try Fixture.results(try Fixture.scenario("deadline=4.6 s", "devices.count=60", "rounds=4")) { run, result in
      let records = result.deviceRecords
      #expect(records.map(\.device) == Array(0..<60))
      for record in records {
        seen[record.outcome, default: 0] += 1
        #expect((record.block != nil) == (record.outcome == .ok))
        let explanation = result.explanation(of: record.device)
        #expect(explanation.outcome == record.outcome)
        #expect(explanation.sentences[0].hasPrefix("Device \(record.device) "))
      }
      let feasible = records.count { $0.outcome == .ok || $0.outcome == .notSelected }
      #expect(result.roundRecord.devicesFeasible == feasible)
    }
    #expect(Set(seen.keys) == [.ok, .noTime, .noPower, .notSelected])
  }

  @Test("every round says who could meet its own deadline, which counts how long the model takes to come down to all")
  func feasibility() throws {
    let scenario = try Fixture.scenario(
      "rounds=10", "downlink={power: 0.1 W, model: broadcast}", "deadline={value: 250 s, per: round}")
    var counts: Set<Int> = []
    _ = try Fixture.results(scenario) { run, result in
      let problem = try #require(result.problem)
      let expected = problem.devices.indices.filter {
        Feasibility(of: $0, in: problem).allows(device: $0, in: problem.gains)
      }
      let admitted = Set(result.devices.map(\.device))
      let able = result.deviceRecords.indices.filter {
        admitted.contains($0) || result.deviceRecords[$0].outcome == .notSelected
      }
      #expect(able == expected && result.devicesFeasible == expected.count, "round \(result.round)")
      counts.insert(expected.count)
    }
    #expect(counts.count > 2)
  }

  @Test("an explanation names the numbers that decided")
  func explanation() throws {
    var texts: [Outcome: String] = [:]
    _ = try Fixture.results(try Fixture.scenario("deadline=4.6 s", "devices.count=60")) { run, result in
      for device in 0..<60 {
        let explanation = result.explanation(of: device)
        texts[explanation.outcome] = explanation.sentences.joined(separator: " ")
      }
    }
    #expect(try #require(texts[.noTime]).contains("the deadline is 4.6 s"))
    #expect(try #require(texts[.noPower]).contains("its cap is"))
    #expect(try #require(texts[.notSelected]).contains("took it, worth"))
    #expect(try #require(texts[.ok]).contains("took part and finished in time"))
  }

  @Test("totals add up over rounds")
  func totals() throws {
    let (results, summary, _) = try Fixture.results(try Fixture.scenario("rounds=5"))
    #expect(summary.rounds == 5)
    #expect(summary.duration == results[4].end)
    #expect(
      LedgerTests.isClose(summary.energy.value, results.reduce(0) { $0 + ($1.computeEnergy + $1.uplinkEnergy).value }))
    var counts = Array(repeating: 0.0, count: 20)
    for ledger in results.flatMap(\.devices) { counts[ledger.device] += 1 }
    let sum = counts.reduce(0, +)
    let jain = sum * sum / (20 * counts.reduce(0) { $0 + $1 * $1 })
    #expect(summary.participationJain == jain)
    #expect(summary.neverSelectedShare == Double(counts.count { $0 == 0 }) / 20)
    #expect(summary.late == 0)
  }

  @Test("in a mixed fleet only the devices that may choose their clock do")
  func mixedClocks() throws {
    let groups = "[{count: 10, clock: {value: 1.4 GHz, optimise: true, levels: 8}}, {count: 10, clock: 1.4 GHz}]"
    var chosen: [Bool: Set<Double>] = [:]
    let scenario = try Fixture.scenario("devices={groups: \(groups)}", "uplink.blocks=20", "deadline=8 s")
    for policy in ["exact", "bcd"] {
      var scenario = scenario
      scenario.policy = policy
      for assignment in try Fixture.results(scenario).results.flatMap(\.allocation.assignments) {
        chosen[assignment.device < 10, default: []].insert(assignment.clockScale)
      }
    }
    #expect(chosen[false] == [1])
    #expect(try #require(chosen[true]).contains { $0 < 1 })
  }

  @Test("more steps than events can count are refused before the run")
  func tooManySteps() throws {
    let scenario = try Fixture.scenario("training.local_epochs=1000000", "devices.samples=100000")
    #expect {
      _ = try World(scenario)
    } throws: {
      "\($0)".contains("training.local_epochs: device 0 has 1563000000 steps per round")
    }
  }

  @Test("a deadline is in force everywhere in a run or nowhere", arguments: Framework.allCases)
  func deadlineInForce(framework: Framework) throws {
    for policy in [ExactPolicy(), FixedPolicy()] as [any Policy] {
      let isInForce = framework.traits.hasStepOnAir && policy is ExactPolicy
      let scenario = try Fixture.scenario("framework=\(framework.rawValue)", "deadline={value: 1000 s, per: round}")
      let world = try World(scenario)
      var run = try Run(world, policy: policy)
      let result = try #require(try run.nextRound())
      let context = "\(framework), \(type(of: policy))"
      #expect(run.deadline == (isInForce ? scenario.deadline : nil), "\(context)")
      #expect((run.problem?.deadline.isFinite ?? isInForce) == isInForce, "\(context)")
      #expect(run.features.contains(.deadline) == isInForce, "\(context)")
      #expect(result.deviceRecords.contains { $0.stepSlack != nil } == isInForce, "\(context)")
      let figures = result.devices.first.map { result.explanation(of: $0.device).figures } ?? []
      #expect(figures.contains { $0.name == "deadline_s" } == isInForce, "\(context)")
      var tight = scenario
      tight.deadline.value = Seconds(1e-3)
      let warnings = try World(tight).warnings(for: policy)
      #expect(warnings.contains { $0.contains("the deadline of") } == isInForce, "\(context)")
    }
  }

  @Test("a policy that breaks a constraint stops the run with the round and the constraint")
  func checked() throws {
    struct Greedy: Policy {
      func allocate(_ problem: Problem, in context: RoundContext) throws -> Allocation {
        let row = problem.gains.row(device: 0)
        let assignment = Assignment(
          pricing: problem, device: 0, block: 0, gain: row[0], power: Watts(99), level: problem.levels[0])
        return Allocation(assignments: [assignment])
      }
    }
    var run = try Run(World(try Fixture.scenario()), policy: Greedy())
    #expect {
      _ = try run.nextRound()
    } throws: {
      "\($0)".hasPrefix("round 1: the policy broke a constraint: (22b) device 0")
    }
  }
}

@Suite("A run without participants")
struct EmptyRunTests {
  @Test("ends with a word on how often no device took part, and why")
  func warning() throws {
    func run(rounds: Int, deadline: String) throws -> [String] {
      let scenario = try Fixture.scenario("rounds=\(rounds)", "deadline=\(deadline)", "framework=sfl")
      var run = try Run(World(scenario), policy: ResolvedPolicy(scenario).policy)
      while try run.nextRound() != nil {}
      return run.closingWarnings
    }
    let warnings = try run(rounds: 12, deadline: "1 ms")
    #expect(warnings.count == 1)
    #expect(
      warnings[0].hasPrefix("no device took part in 12 of 12 rounds: in the last one, of 20 devices "), "\(warnings)")
    #expect(warnings[0].contains("cannot meet the deadline of 0.001 s by computing alone"), "\(warnings)")
    #expect(warnings[0].hasSuffix("; the policy is 'exact', the usual one of sfl is 'fixed'"), "\(warnings)")
    #expect(try run(rounds: 9, deadline: "1 ms").isEmpty)
    #expect(try run(rounds: 12, deadline: "100 s").isEmpty)
  }
}
