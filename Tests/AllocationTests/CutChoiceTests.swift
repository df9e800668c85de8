import Randomness
import Testing
import Units
import Wireless

@testable import Allocation

@Suite("A choice of cuts")
struct CutChoiceTests {
  private let context = RoundContext(round: 1, seed: Seed(1))

  /// What a pair is worth at best, by problems that know one cut and one clock each.
  private func value(_ problem: Problem, _ device: Int, _ gain: Double) -> Double {
    var best = 0.0
    for cut in problem.cuts.indices where problem.cuts[cut].memory <= problem.devices[device].memory {
      for scale in problem.clockScales {
        var single = problem
        single.devices = problem.devices.indices.map {
          var constants = problem.cuts[cut].applied(to: problem.devices[$0])
          constants.computeTime = constants.computeTime / scale
          constants.computeEnergy = constants.computeEnergy * (scale * scale)
          return constants
        }
        single.levels = problem.levels.filter { $0.cut == cut }.map {
          QuantizationLevel(bits: $0.bits, payload: $0.payload)
        }
        single.cuts = [CutOption()]
        single.clockScales = [1]
        best = max(best, EdgeValuation(single).best(device: device, gain: gain)?.value ?? 0)
      }
    }
    return best
  }

  /// The largest sum over every partial assignment.
  private func bruteForce(_ values: [[Double]]) -> Double {
    func search(_ device: Int, _ taken: Int) -> Double {
      guard device < values.count else { return 0 }
      var best = search(device + 1, taken)
      for block in values[device].indices where taken & 1 << block == 0 {
        best = max(best, values[device][block] + search(device + 1, taken | 1 << block))
      }
      return best
    }
    return search(0, 0)
  }

  @Test("the optimum is that of every assignment with every cut, clock and number of bits", arguments: 0..<12)
  func everyAssignment(seed: Int) {
    var drawn = RandomProblem(devices: 5 + seed % 3, blocks: 3 + seed % 4, seed: seed)
    drawn.chooseCuts(4, seed: seed)
    if seed % 2 == 1 { drawn.clockScales = [0.4, 0.7, 1] }
    if seed % 3 == 2 { drawn.objective = .difference(weight: Joules(20)) }
    for device in drawn.devices.indices where seed % 4 == 3 {
      drawn.devices[device].memory = Bits(3e6 * Double(device))
    }
    let problem = drawn.problem
    let values = problem.devices.indices.map { device in
      problem.gains.row(device: device).map { value(problem, device, $0) }
    }
    let optimum = ExactPolicy().allocate(problem, in: context)
    let expected = bruteForce(values)
    #expect(abs(optimum.objective - expected) <= 1e-12 * expected, "seed \(seed): \(optimum.objective), \(expected)")
    #expect(AllocationChecker.violations(of: optimum, in: problem) == [])
  }

  @Test("one more cut never makes the optimum worse, and often makes it better")
  func moreOptions() {
    var better = 0
    for seed in 0..<40 {
      var last = 0.0
      for count in 1...6 {
        var drawn = RandomProblem(devices: 8, blocks: 4, seed: seed)
        drawn.deadline = Seconds(4.2)
        drawn.chooseCuts(6, seed: seed)
        drawn.cuts.removeLast(6 - count)
        drawn.levels.removeAll { $0.cut >= count }
        let optimum = ExactPolicy().allocate(drawn.problem, in: context).objective
        #expect(optimum >= last * (1 - 1e-12), "seed \(seed), \(count) cuts")
        if last > 0, optimum > last * 1.001 { better += 1 }
        last = optimum
      }
    }
    #expect(better > 20)
  }

  @Test("a list of one cut is no choice, to the bit")
  func oneCut() {
    for seed in 0..<10 {
      var drawn = RandomProblem(devices: 8, blocks: 4, seed: seed)
      let without = ExactPolicy().allocate(drawn.problem, in: context)
      drawn.cuts = [CutOption(name: "embedding")]
      #expect(ExactPolicy().allocate(drawn.problem, in: context) == without)
    }
  }

  @Test(
    "nobody trains a part that does not fit in its memory, whatever the policy; without any that fits nobody takes part"
  )
  func memory() throws {
    for seed in 0..<20 {
      var drawn = RandomProblem(devices: 8, blocks: 4, seed: seed)
      drawn.chooseCuts(5, seed: seed)
      drawn.cuts[0].memory = Bits(2e6)
      var random = TestRandom(seed)
      for device in drawn.devices.indices { drawn.devices[device].memory = Bits(random.uniform(0, 8e6)) }
      let problem = drawn.problem
      for (name, policy) in try PolicyPropertyTests.policies() {
        let given = problem.given(to: policy)
        for assignment in try policy.allocate(given, in: context).assignments {
          #expect(
            problem.cuts[assignment.cut].memory <= problem.devices[assignment.device].memory,
            "\(name), seed \(seed), device \(assignment.device)")
        }
      }
      drawn.cuts = drawn.cuts.map {
        var cut = $0
        cut.memory = Bits(1e9)
        return cut
      }
      for (name, policy) in try PolicyPropertyTests.policies() {
        #expect(try policy.allocate(drawn.problem.given(to: policy), in: context).assignments.isEmpty, "\(name)")
      }
      #expect(Feasibility(of: 0, in: drawn.problem) == .noMemory)
    }
  }

  @Test(
    "a fixed cut is the optimum of the problem that knows no other; a cut of one's own is no better than the optimum")
  func baselines() throws {
    var apart = 0
    for seed in 0..<60 {
      var drawn = RandomProblem(devices: 9, blocks: 5, seed: seed)
      drawn.deadline = Seconds(4)
      drawn.chooseCuts(4, seed: seed)
      let problem = drawn.problem
      let optimum = ExactPolicy().allocate(problem, in: context).objective
      for cut in problem.cuts.indices {
        var single = problem
        single.devices = problem.devices.map(problem.cuts[cut].applied)
        single.levels = problem.levels.filter { $0.cut == cut }.map {
          QuantizationLevel(bits: $0.bits, payload: $0.payload)
        }
        single.cuts = [CutOption()]
        let expected = ExactPolicy().allocate(single, in: context).objective
        let fixed = try RestrictedPolicy(Restriction(cut: problem.cuts[cut].name)).allocate(problem, in: context)
        #expect(abs(fixed.objective - expected) <= 1e-12 * max(expected, 1e-9), "seed \(seed), cut \(cut)")
      }
      let own = OwnCutPolicy().allocate(problem, in: context).objective
      #expect(own <= optimum * (1 + 1e-12))
      if own < optimum * (1 - 1e-6) { apart += 1 }
    }
    #expect(apart > 0)
  }

  @Test("a cut that there is not is refused by name")
  func unknownCut() {
    var drawn = RandomProblem(devices: 2, blocks: 2, seed: 1)
    drawn.chooseCuts(2, seed: 1)
    let problem = drawn.problem
    let error = #expect(throws: PolicyError.self) {
      try RestrictedPolicy(Restriction(cut: "cut-7"), matching: .value, name: "fixed-cut").allocate(
        problem, in: context)
    }
    #expect(error?.description.contains("'cut-7', which is not among the cuts of the model, cut-0, cut-1") == true)
  }

  @Test("an instance file reads back to the bit, and an answer names the cut")
  func files() throws {
    var drawn = RandomProblem(devices: 3, blocks: 2, seed: 4)
    drawn.chooseCuts(3, seed: 4)
    for index in drawn.levels.indices where drawn.levels[index].cut == 2 { drawn.levels[index].payload = Bits(1e6) }
    drawn.devices[1].memory = Bits(5e6)
    drawn.cuts[1].addedUpload = Bits(64)
    let problem = drawn.problem
    let instance = try Instance(json: Instance(name: "cuts", problem: problem).json)
    #expect(instance.problem.cuts == problem.cuts && instance.problem.levels == problem.levels)
    #expect(instance.problem.devices == problem.devices)
    let optimum = ExactPolicy().allocate(problem, in: context)
    #expect(optimum.assignments.contains { $0.cut > 0 })
    let answer = try Answer(json: Answer.json(of: [("exact", optimum)]))
    let (choices, broken) = OpenChoice.completed(answer.claims[0].choices, in: problem)
    #expect(broken.isEmpty)
    #expect(choices.map(\.cut) == optimum.assignments.map(\.cut))
    let (violations, priced) = AllocationChecker.check(choices, in: problem)
    #expect(violations.isEmpty && priced == optimum.assignments)
  }

  @Test("what an answer leaves open of cut, bits and power is chosen best")
  func openCut() throws {
    var drawn = RandomProblem(devices: 3, blocks: 2, seed: 4)
    drawn.chooseCuts(3, seed: 4)
    let problem = drawn.problem
    let optimum = ExactPolicy().allocate(problem, in: context)
    let open = optimum.assignments.map { OpenChoice(device: $0.device, block: $0.block) }
    let choices = OpenChoice.completed(open, in: problem).choices
    #expect(choices.map(\.cut) == optimum.assignments.map(\.cut))
    let none = OpenChoice(device: 0, block: 0, power: Watts(1), bits: 8, clockScale: 1, cut: 9)
    let (violations, _) = AllocationChecker.check(OpenChoice.completed([none], in: problem).choices, in: problem)
    #expect(violations.map(\.message) == ["there is no cut 9; the last is 2"])
  }

  @Test(
    "what is wrong with the cuts of an instance is named",
    arguments: [
      (#"[{"name": "a", "device_work": 2}]"#, "cuts[0]: is the first cut"),
      (#"[{"name": "a"}, {"name": "a", "payload_bits": [1]}]"#, "cuts[1].name: 'a' is an earlier cut's"),
      (#"[{"name": "a"}, {"name": "b"}]"#, "cuts[1].payload_bits: missing"),
      (#"[{"name": "a"}, {"name": "b", "payload_bits": [1, 2]}]"#, "cuts[1].payload_bits: has 2 numbers; 1 are needed"),
      (#"[{"name": ""}]"#, "cuts[0].name: is empty"),
      (#"[]"#, "cuts: is empty"),
      (
        #"[{"name": "a"}, {"name": "b", "payload_bits": [1], "added_server_time_s": -9}]"#,
        "makes a device's server_time_s less than 0"
      ),
      (#"[{"name": "a"}, {"name": "b", "payload_bits": [1], "devise_work": 2}]"#, "did you mean device_work?"),
    ])
  func badFiles(cuts: String, message: String) throws {
    var drawn = RandomProblem(devices: 1, blocks: 1, seed: 4)
    drawn.levels = RandomProblem.linearLevels(8...8)
    let text = Instance(name: "", problem: drawn.problem).json
    let changed = "{\"cuts\": \(cuts), " + text.dropFirst()
    let error = #expect(throws: InputError.self) { try Instance(json: changed) }
    #expect(error.map { "\($0)".contains(message) } == true, "\(error.map { "\($0)" } ?? "")")
  }
}
