import Experiments
import Scenario
import Testing
import Training

@testable import Reproduction

@Suite("Claims on cuts that are decided with everything else")
struct CutClaimTests {
  private static let world = HandMadeGroup(
    group: .cuts, metrics: ["objective", "devices_selected"], draws: 4, figure: figure)

  private static func isFixed(_ cell: HandMadeGroup.Cell) -> Bool {
    cell.values["policy"]?.contains("fixed-cut") == true
  }

  private static func isLimited(_ cell: HandMadeGroup.Cell) -> Bool { cell.values["devices.memory"] != "null" }

  /// Figures such that each claim holds: the best one cut is the third, and limits of memory cost it most.
  @Sendable
  private static func figure(_ cell: HandMadeGroup.Cell) -> Double {
    guard cell.metric == "objective" else { return 10 }
    let policy = cell.values["policy"] ?? ""
    guard isFixed(cell) else { return policy == "own-cut" ? 9 : 10 }
    return (isLimited(cell) ? 7 : 8) - (policy.contains("after-block-2") ? 0 : 1)
  }

  @Test("hold in a world made so that they do, against the best of all single cuts", arguments: ["bcd", "exact"])
  func holds(proposed: String) throws {
    let evidence = try Self.world.evidence(proposed: proposed)
    for claim in ClaimGroup.cuts.claims {
      #expect(try Self.world.verdict(claim.number, evidence) == .holds, "claim \(claim.number)")
    }
    let checks = try #require(ClaimGroup.cuts.claims.first).checks(evidence)
    #expect(checks.map(\.subject) == Array(repeating: "after-block-2", count: 3))
    #expect(checks.map(\.place) == ["T = 2.4 s", "T = 2.7 s", "T = 3.0 s"])
    #expect(checks.allSatisfy { abs(($0.estimate ?? 0) - 10.0 / 8) < 1e-12 })
  }

  /// For every claim, what is turned round so that it fails.
  static let reversals: [(claim: Int, change: HandMadeGroup.Change)] = [
    (64, { $0.metric == "objective" && isFixed($0) && !isLimited($0) ? $1 * 2 : $1 }),
    (65, { $0.metric == "objective" && isFixed($0) && isLimited($0) ? $1 * 2 : $1 }),
    (66, { $0.has("objective", "own-cut") && !isLimited($0) ? $1 * 1.2 : $1 }),
    (67, { $0.has("objective", "own-cut") && isLimited($0) ? $1 * 1.2 : $1 }),
    (68, { $0.metric == "objective" && isFixed($0) && isLimited($0) ? $1 * 1.3 : $1 }),
  ]

  @Test("fail where what they say is turned round, and where one cut is as good in every draw")
  func fails() throws {
    #expect(Self.reversals.map(\.claim) == ClaimGroup.cuts.claims.map(\.number))
    for (claim, change) in Self.reversals {
      #expect(try Self.world.verdict(claim, Self.world.evidence(changing: change)) == .fails, "claim \(claim)")
    }
    let equal = try Self.world.evidence { cell, value in cell.metric == "objective" ? 10 : value }
    for claim in ClaimGroup.cuts.claims {
      #expect(try Self.world.verdict(claim.number, equal) == .fails, "claim \(claim.number)")
    }
  }

  @Test("are not separable where draws scatter too much")
  func unclear() throws {
    let evidence = try Self.world.evidence { cell, value in
      cell.has("objective", "own-cut") ? cell.draw.isMultiple(of: 2) ? 12 : 8 : value
    }
    for number in [66, 67] { #expect(try Self.world.verdict(number, evidence) == .notSeparable, "claim \(number)") }
  }

  @Test("need a model that can be cut")
  func needed() throws {
    var base = try Self.world.base()
    base.framework = .sl
    #expect(throws: ReproductionError.self) { try ClaimGroup.cuts.studies(base) }
  }
}
