import Allocation
import Foundation
import Testing

/// Every policy of the reference against its answers.
@Suite("Policies against reference answers")
struct ReferencePolicyTests {
  private static func solve(_ name: String, _ instance: Instance, _ more: [String: PolicySettings.Value] = [:]) throws
    -> Allocation
  {
    let entry = try #require(PolicyRegistry.entry(named: name))
    let given = instance.settings(for: name).merging(more) { $1 }
    return try entry.make(PolicySettings(options: entry.options, given: given))
      .allocate(instance.problem, in: instance.context())
  }

  private func agree(_ left: Double, _ right: Double) -> Bool { abs(left - right) <= 1e-8 * max(1e-12, abs(right)) }

  @Test("objectives, participants and BCD's passes agree", arguments: ReferenceCase.names)
  func agree(name: String) throws {
    let reference = try ReferenceCase.load(name)
    for policy in ["exact", "bcd", "ep", "rb", "nq"] {
      let expected = try #require(reference.expected[policy])
      let found = try Self.solve(policy, reference.instance)
      #expect(agree(found.objective, expected.objective), "\(policy): \(found.objective), \(expected.objective)")
      #expect(found.assignments.count == expected.participants, "\(policy)")
      #expect(AllocationChecker.violations(of: found, in: reference.instance.problem) == [], "\(policy)")
      if let iterations = expected.iterations { #expect(found.iterations.count == iterations, "\(policy)") }
    }
  }

  @Test("every file of the folder is among the cases")
  func complete() throws {
    let folder = try #require(ReferenceCase.folder)
    let files = try FileManager.default.contentsOfDirectory(atPath: folder.path)
    #expect(files.sorted() == ReferenceCase.names.map { "\($0).json" }.sorted())
  }

  @Test("the reference's own assignments keep the constraints and have its objective", arguments: ReferenceCase.names)
  func theirs(name: String) throws {
    let reference = try ReferenceCase.load(name)
    for (policy, expected) in reference.expected {
      let (violations, priced) = AllocationChecker.check(expected.choices, in: reference.instance.problem)
      #expect(violations == [], "\(policy)")
      #expect(agree(priced.reduce(0) { $0 + ($1?.value ?? .nan) }, expected.objective), "\(policy)")
    }
  }

  @Test("BCD by closed-form power passes through the same objectives as by Alg. 1", arguments: ReferenceCase.names)
  func powerMethods(name: String) throws {
    let instance = try ReferenceCase.load(name).instance
    let iterated = try Self.solve("bcd", instance)
    let closed = try Self.solve("bcd", instance, ["power": .word("closed-form")])
    #expect(closed.iterations.count == iterated.iterations.count)
    #expect(zip(closed.iterations, iterated.iterations).allSatisfy { agree($0.objective, $1.objective) })
  }
}
