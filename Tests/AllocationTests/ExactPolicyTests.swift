import Randomness
import Testing
import Units

@testable import Allocation

@Suite("The optimum")
struct ExactPolicyTests {
  static func optimum(_ problem: Problem) -> Double {
    ExactPolicy().allocate(problem, in: RoundContext(round: 1, seed: Seed(1))).objective
  }

  @Test("equals the reference answers", arguments: Case.all)
  func referenceCases(_ reference: Case) throws {
    let expected = try #require(reference.expectedObjective("exact"))
    let found = Self.optimum(reference.problem)
    #expect(abs(found - expected) <= 1e-8 * max(1e-12, abs(expected)), "\(found), reference \(expected)")
  }

  @Test("all reference cases are there")
  func caseCount() {
    #expect(Case.all.count == 14)
  }
}
