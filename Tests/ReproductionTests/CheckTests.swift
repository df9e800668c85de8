import Statistics
import Testing

@testable import Reproduction

@Suite("Comparisons")
struct CheckTests {
  private func more(_ left: [Double?], _ right: [Double?]) -> Check {
    .more(DrawSeries(left), than: DrawSeries(right), subject: "a, b", place: "T = 5 s", "a is more than b")
  }

  private func equal(_ left: [Double?], _ right: [Double?]) -> Check {
    .equal(DrawSeries(left), to: DrawSeries(right), subject: "a, b", place: "T = 5 s", "a is as much as b")
  }

  private func larger(_ left: [Double?], _ right: [Double?]) -> Check {
    .larger(DrawSeries(left), than: DrawSeries(right), subject: "a, b", place: "M = 5", "a has more than b")
  }

  @Test("an order holds, fails, or is not separable, by its paired differences")
  func order() {
    #expect(more([2, 3, 4, 5.1], [1, 2, 3, 4]).verdict == .holds)
    #expect(more([1, 2, 3, 4], [2, 3, 4, 5.1]).verdict == .fails)
    #expect(more([1, 2, 3, 4], [2, 1, 4, 3]).verdict == .notSeparable)
    #expect(more([2], [1]).verdict == .notSeparable)
    #expect(more([nil, nil], [1, 2]).verdict == .notSeparable)
  }

  @Test("an order of equals fails: there is no difference, for certain")
  func ties() {
    let check = more([1, 2, 3], [1, 2, 3])
    #expect(check.verdict == .fails && check.estimate == 0 && check.p == nil && check.share == 1)
  }

  @Test("the share counts draws with both values, ties with those in which it holds")
  func share() {
    let check = more([2, 1, nil, 0], [1, 1, 1, 1])
    #expect(check.asked == 4 && check.draws == 3 && check.share == 2.0 / 3)
  }

  @Test("equality holds within one percent with its whole interval, and fails beyond")
  func equality() {
    #expect(equal([100, 200, 300], [100, 201, 300]).verdict == .holds)
    #expect(equal([110, 220, 331], [100, 200, 300]).verdict == .fails)
    #expect(equal([100, 200, 320], [100, 200, 300]).verdict == .notSeparable)
    #expect(equal([1, 2], [0, 0]).verdict == .notSeparable)
  }

  @Test("a ratio is of geometric means: one draw a thousand times as long does not decide it")
  func geometric() throws {
    let right: [Double?] = [1, 1, 1, 1, 1, 1, 1, 1]
    let check = larger([1.1, 1.2, 1.3, 1.1, 1.2, 1.3, 1.2, 1.25], right)
    #expect(check.verdict == .holds)
    #expect(try #require(check.interval).lowerBound > 1)
    let fades = larger([0.5, 0.6, 0.5, 0.6, 0.5, 0.6, 0.5, 0.6], [0.6, 0.7, 0.6, 0.7, 0.6, 0.7, 0.6, 0.7])
    #expect(fades.verdict == .fails)
    #expect(abs(try #require(larger([8, 2], [1, 1]).estimate) - 4) < 1e-12)
    #expect(larger([1, 0, 2], [1, 1, nil]).estimate == 1)
  }

  @Test("what is said of every draw fails by one")
  func always() {
    let holds = Check.always([true, true, nil], subject: "end", place: "T = 5 s", "it ends")
    #expect(holds.verdict == .holds && holds.draws == 2 && holds.estimate == 1)
    let fails = Check.always([true, false], subject: "end", place: "T = 5 s", "it ends")
    #expect(fails.verdict == .fails && fails.estimate == 0.5)
    let nothing = Check.always([], subject: "end", place: "T = 5 s", "it ends")
    #expect(nothing.verdict == .notSeparable && nothing.estimate == nil)
  }

  @Test("a finding fails by one comparison, holds by all, and is not separable in between")
  func finding() {
    let holds = more([2, 3, 4, 5.1], [1, 2, 3, 4])
    let fails = more([1, 2, 3, 4], [2, 3, 4, 5.1])
    let unclear = more([1, 2, 3, 4], [2, 1, 4, 3])
    func verdict(_ checks: [Check]) -> Verdict {
      Finding(claim: 1, base: "paper", proposed: "bcd", judging: checks).verdict
    }
    #expect(verdict([holds, holds]) == .holds)
    #expect(verdict([holds, unclear]) == .notSeparable)
    #expect(verdict([holds, unclear, fails]) == .fails)
    #expect(verdict([holds, fails.beside]) == .holds)
    #expect(verdict([]) == .notApplicable)
  }

  @Test("Holm's correction takes back what one comparison of many says by chance")
  func correction() throws {
    // A p-value of about 0.03: enough alone, too much among three.
    let weak = more([1.5, 3, 3.2, 5.1, 5.2], [1, 2, 3, 4, 5])
    let p = try #require(weak.p)
    #expect(p > 0.02 && p < 0.05 && weak.verdict == .holds)
    let unclear = more([1, 2, 3, 4, 5], [2, 1, 4, 3, 5.1])
    let finding = Finding(claim: 1, base: "paper", proposed: "bcd", judging: [weak, unclear, unclear])
    #expect(finding.checks[0].verdict == .notSeparable)
    #expect(abs(try #require(finding.checks[0].adjustedP) - 3 * p) < 1e-12)
  }

  @Test("a comparison for which less than a tenth of the draws have both values stands beside the claim")
  func fewDraws() {
    let many: [Double?] = Array(repeating: 2, count: 30)
    let few = more(many, [1, 1] + Array(repeating: nil, count: 28))
    let finding = Finding(claim: 1, base: "paper", proposed: "bcd", judging: [few])
    #expect(finding.checks.map(\.isClaimed) == [false] && finding.verdict == .notApplicable)
  }
}
