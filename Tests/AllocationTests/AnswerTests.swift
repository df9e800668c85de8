import Allocation
import Randomness
import Testing
import Units
import Wireless

@Suite("Answers in files")
struct AnswerTests {
  @Test("an answer that another solver wrote is read, and mistakes in it are named")
  func answers() throws {
    let text = """
      {"policies": {"mine": {"objective": 1.5, "seconds": 3,
       "assignments": [{"device": 0, "block": 1, "power_w": 0.5, "bits": 4}]}}}
      """
    let answer = try Answer(json: text)
    #expect(answer.claims.map(\.policy) == ["mine"])
    #expect(answer.claims[0].objective == 1.5)
    #expect(
      answer.claims[0].choices == [
        OpenChoice(device: 0, block: 1, power: Watts(0.5), bits: 4, clockScale: 1, cut: 0)
      ])
    let wrong = """
      {"policies": {"mine": {"objective": "a", "assignments": [{"device": 0.5, "block": 1, "power_w": "1"}, 7]}}}
      """
    let error = #expect(throws: InputError.self) { try Answer(json: wrong) }
    #expect(
      error?.issues.map(\.path) == [
        "policies.mine.assignments[0].device", "policies.mine.assignments[0].power_w", "policies.mine.assignments[1]",
        "policies.mine.objective",
      ])
    #expect(throws: InputError.self) { try Answer(json: "{}") }
    #expect(throws: InputError.self) { try Answer(json: "{\"policies\": {}}") }
  }

  @Test("our answers read back as the choices that were made, and hold")
  func written() throws {
    let instance = try ReferenceCase.load("mid_10x4").instance
    let context = instance.context()
    let allocations = [
      ("exact", ExactPolicy().allocate(instance.problem, in: context)),
      ("bcd", try BCDPolicy().allocate(instance.problem, in: context)), ("none", Allocation(assignments: [])),
    ]
    let json = Answer.json(of: allocations)
    #expect(json.contains("\"iterations\": 3, \"assignments\""))
    #expect(
      json.hasSuffix(
        "\"none\": {\"objective\": 0.0, \"participants\": 0, \"energy_j\": 0.0, \"uplink_energy_j\": 0.0, "
          + "\"bits_mean\": null, \"latency_max_s\": null, \"assignments\": []}}}"))
    let verdicts = try Answer(json: json).verdicts(for: instance)
    #expect(verdicts.map(\.policy) == ["bcd", "exact", "none"])
    #expect(verdicts.allSatisfy { $0.holds })
    #expect(verdicts[1].gap == 0 && verdicts[1].claimed == verdicts[1].objective)
    #expect(verdicts[2].gap == 1)
  }

  @Test("a wrong answer does not hold")
  func wrong() throws {
    let instance = try ReferenceCase.load("mid_10x4").instance
    let allocation = ExactPolicy().allocate(instance.problem, in: instance.context())
    let json = Answer.json(of: [("mine", allocation)])
    func verdict(replacing old: String, with new: String) throws -> Answer.Verdict {
      #expect(json.contains(old))
      return try Answer(json: json.replacing(old, with: new)).verdicts(for: instance)[0]
    }
    let boast = try verdict(replacing: "\"objective\": 5.53", with: "\"objective\": 6.53")
    #expect(boast.violations.isEmpty && !boast.objectiveAgrees && !boast.holds)
    let twice = try verdict(replacing: "\"block\": 2", with: "\"block\": 0")
    #expect(!twice.violations.isEmpty && !twice.holds)
    let nowhere = try verdict(replacing: "\"block\": 2", with: "\"block\": 9")
    #expect(nowhere.violations.map(\.constraint) == ["22g"] && nowhere.objective < allocation.objective)
  }

  @Test("what an answer leaves open is the best there is, and what leaves nothing is a violation")
  func open() throws {
    let instance = try ReferenceCase.load("mid_10x4").instance
    let best = ExactPolicy().allocate(instance.problem, in: instance.context())
    let pairs = best.assignments.map { "{\"device\": \($0.device), \"block\": \($0.block)}" }
    func verdict(_ assignments: [String]) throws -> Answer.Verdict {
      let list = assignments.joined(separator: ", ")
      return try Answer(json: "{\"policies\": {\"a\": {\"assignments\": [\(list)]}}}").verdicts(for: instance)[0]
    }
    let all = try verdict(pairs)
    #expect(all.holds && all.objective == best.objective)
    let fixed = try verdict(pairs.map { $0.replacing("}", with: ", \"bits\": 4, \"power_w\": null}") })
    #expect(fixed.holds && fixed.objective < best.objective)
    let late = instance.problem.devices.indices.first { Feasibility(of: $0, in: instance.problem) == .noTime }
    let nothing = try verdict(["{\"device\": \(try #require(late)), \"block\": 0}"])
    #expect(nothing.objective == 0 && nothing.violations.map(\.constraint) == ["22a"])
  }

  @Test("an upload that never ends adds nothing, and is no infinite objective")
  func endless() throws {
    var instance = try ReferenceCase.load("tiny_zero_gain").instance
    instance.problem.objective = .difference(weight: Joules(2))
    let silent = try #require(
      instance.problem.devices.indices.lazy.compactMap { device in
        instance.problem.gains.row(device: device).firstIndex(of: 0).map { (device, $0) }
      }.first)
    let text = """
      {"policies": {"a": {"assignments": [{"device": \(silent.0), "block": \(silent.1), "power_w": 0.4, "bits": 4}]}}}
      """
    let verdict = try Answer(json: text).verdicts(for: instance)[0]
    #expect(verdict.objective == 0 && verdict.violations.map(\.constraint) == ["22a"])
  }
}
