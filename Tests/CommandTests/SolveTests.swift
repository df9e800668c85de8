import Foundation
import Testing

@Suite("airsplit solve, draw and check")
struct SolveTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder.withSmallScenario() }

  /// The reference cases of the allocation's tests.
  private static let cases = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("AllocationTests/Cases")

  static let caseNames =
    ((try? FileManager.default.contentsOfDirectory(atPath: cases.path)) ?? []).filter { $0.hasSuffix(".json") }.sorted()

  @Test("all reference cases are there")
  func casesAreThere() { #expect(Self.caseNames.count == 14) }

  @Test("a reference case agrees to 1e-8 in every policy, and its answers hold", arguments: caseNames)
  func reference(name: String) throws {
    let path = Self.cases.appendingPathComponent(name).path
    let solved = try Tool.run("solve", path, "--policy", "exact,bcd,ep,rb,nq", in: folder)
    #expect(solved.status == 0 && solved.errors == "")
    let answers = try #require(try object(solved.output)["policies"] as? [String: [String: Any]])
    let reference = try object(String(decoding: Data(contentsOf: URL(fileURLWithPath: path)), as: UTF8.self))
    let expected = try #require(reference["expected"] as? [String: [String: Any]])
    #expect(Set(answers.keys) == Set(expected.keys))
    for (policy, answer) in answers {
      let ours = try #require(answer["objective"] as? Double)
      let theirs = try #require(expected[policy]?["objective"] as? Double)
      #expect(abs(ours - theirs) <= 1e-8 * max(1e-12, abs(theirs)), "\(policy)")
      #expect(answer["participants"] as? Int == expected[policy]?["participants"] as? Int, "\(policy)")
    }
    try folder.write(solved.output, to: "answer.json")
    let checked = try Tool.run("check", path, "answer.json", "--format", "json", in: folder)
    #expect(checked.status == 0 && checked.errors == "")
    #expect(try object(checked.output)["ok"] as? Bool == true)
  }

  @Test("policies answer the same in whatever order they are named")
  func order() throws {
    try draw(3)
    func answers(_ policies: String) throws -> [[String: [String: Any]]] {
      try Tool.run("solve", "i.jsonl", "--policy", policies, in: folder).output.split(separator: "\n").map {
        try #require(try object(String($0))["policies"] as? [String: [String: Any]])
      }
    }
    let forward = try answers("exact,bcd,rb,ep")
    let backward = try answers("ep,rb,bcd,exact")
    #expect(forward.count == 3)
    #expect(NSArray(array: forward).isEqual(to: backward))
  }

  @Test("settings of a policy reach it")
  func settings() throws {
    try draw(1)
    func objective(_ setting: String) throws -> Double? {
      let outcome = try Tool.run("solve", "i.jsonl", "--policy", "fixed-bits", "--set", setting, in: folder)
      let policies = try object(outcome.output)["policies"] as? [String: [String: Any]]
      return policies?["fixed-bits"]?["objective"] as? Double
    }
    #expect(try objective("fixed-bits.bits=4") != objective("fixed-bits.bits=20"))
    let refused = try Tool.run("solve", "i.jsonl", "--policy", "nq", "--set", "nq.bits=2", in: folder)
    #expect(refused.status == 2 && refused.errors.hasPrefix("error: i.jsonl: instance 1: "))
  }

  @Test("a drawn file is whole, the same each time, and the same as on standard output")
  func drawn() throws {
    try draw(3)
    #expect(try folder.names(".").filter { $0.hasPrefix("i.jsonl") } == ["i.jsonl"])
    let lines = try folder.lines("i.jsonl")
    #expect(lines.count == 4 && lines[3] == "" && Set(lines).count == 4)
    let streamed = try Tool.run("draw", "small.yaml", "--count", "3", in: folder)
    #expect(try streamed.status == 0 && streamed.output == folder.text("i.jsonl"))
    let more = try Tool.run("draw", "small.yaml", "--count", "4", in: folder).output
    #expect(more.hasPrefix(streamed.output))
  }

  @Test("the first instance is the first round of a run", arguments: ["exact", "bcd", "rb", "ep", "nq"])
  func firstRound(policy: String) throws {
    try draw(1)
    let answer = try object(Tool.run("solve", "i.jsonl", "--policy", policy, in: folder).output)
    let policies = try #require(answer["policies"] as? [String: [String: Any]])
    let solved = try #require(policies[policy]?["objective"] as? Double)
    #expect(try Tool.run("run", "small.yaml", "--policy", policy, "--rounds", "1", in: folder).status == 0)
    let rounds = try folder.lines("results/small/rounds.csv").map {
      $0.split(separator: ",", omittingEmptySubsequences: false)
    }
    let column = try #require(rounds[0].firstIndex(of: "objective"))
    let simulated = try #require(Double(rounds[1][column]))
    #expect(abs(solved - simulated) <= 1e-12 * simulated)
  }

  @Test("a wrong answer ends a check with 1 and is told apart from the right ones")
  func wrong() throws {
    try draw(2)
    let right = try Tool.run("solve", "i.jsonl", "--policy", "exact,ep", in: folder).output
    try folder.write(right, to: "right.jsonl")
    let fine = try Tool.run("check", "i.jsonl", "right.jsonl", in: folder)
    #expect(fine.status == 0)
    #expect(fine.output.split(separator: "\n").count == 1 + 4)
    let means = fine.errors.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
    #expect(means.map(\.first) == ["policy", "ep", "exact"])
    #expect(means[2][1] == "2" && means[2][3] == "0" && means[2][4] == "0")
    #expect(try #require(Double(means[1][3])) > 0, "the mean gap of ep")

    var lines = right.split(separator: "\n").map(String.init)
    lines[1] = lines[1].replacing(/"power_w": [0-9.e-]+/, with: "\"power_w\": 1000.0", maxReplacements: 1)
    try folder.write(lines.joined(separator: "\n"), to: "wrong.jsonl")
    let wrong = try Tool.run("check", "i.jsonl", "wrong.jsonl", in: folder)
    #expect(wrong.status == 1 && wrong.errors.hasSuffix("error: 1 of 4 answers wrong\n"))
    #expect(wrong.output.contains("\ninstance 2, exact: (22b) device "))
    #expect(wrong.output.contains("\ninstance 2, exact: (21) the objective is given as "))

    try folder.write(lines[0], to: "short.jsonl")
    let short = try Tool.run("check", "i.jsonl", "short.jsonl", in: folder)
    #expect(short.status == 2)
    #expect(short.errors == "error: i.jsonl has 2 instances, short.jsonl has 1 answer; they must agree\n")
  }

  private func draw(_ count: Int) throws {
    let outcome = try Tool.run("draw", "small.yaml", "--count", "\(count)", "--out", "i.jsonl", in: folder)
    #expect(outcome.status == 0 && outcome.output == "" && outcome.errors == "")
  }
}
