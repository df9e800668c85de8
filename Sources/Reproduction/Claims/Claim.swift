import Statistics

/// A sentence of the paper's Sec. VII, in our words, that draws can speak for or against.
package struct Claim: Sendable {
  /// Its number, from 1.
  package var number: Int
  /// The figure it is about, `4a`.
  package var figure: String
  /// What is claimed.
  package var text: String
  /// Whether it is about the passes of a descent, which the optimum has none of.
  package var needsPasses: Bool
  /// The comparisons that it comes down to.
  var checks: @Sendable (Evidence) throws -> [Check]

  init(
    _ number: Int, _ figure: String, _ text: String, needsPasses: Bool = false,
    checks: @escaping @Sendable (Evidence) throws -> [Check]
  ) {
    self.number = number
    self.figure = figure
    self.text = text
    self.needsPasses = needsPasses
    self.checks = checks
  }

  /// Every claim, in order.
  package static let all: [Claim] = passes + deadlines + frameworks

  /// What `evidence` says of it.
  ///
  /// - Throws: ``ReproductionError`` where runs are missing.
  package func judged(by evidence: Evidence) throws -> Finding {
    guard !needsPasses || evidence.proposalHasPasses else {
      return Finding(claim: number, base: evidence.base, proposed: evidence.proposed, checks: [])
    }
    return Finding(
      claim: number, base: evidence.base, proposed: evidence.proposed, judging: try checks(evidence))
  }
}

/// What draws say of a claim.
package struct Finding: Sendable, Hashable {
  /// The claim's number.
  package var claim: Int
  /// The scenario whose values were in force.
  package var base: String
  /// The policy that stands for the proposal.
  package var proposed: String
  /// The comparisons.
  package var checks: [Check]

  /// A finding.
  package init(claim: Int, base: String, proposed: String, checks: [Check]) {
    self.claim = claim
    self.base = base
    self.proposed = proposed
    self.checks = checks
  }

  /// A finding from comparisons as they were made.
  ///
  /// Holm's correction runs over the orders that the claim states. Where less than a tenth of the draws have both values
  /// there is next to nothing to compare: such a comparison stands beside the claim.
  init(claim: Int, base: String, proposed: String, judging checks: [Check]) {
    var checks = checks.map { $0.draws * 10 < $0.asked ? $0.beside : $0 }
    let tested = checks.indices.filter { checks[$0].isClaimed && checks[$0].p != nil }
    let adjusted = Holm.adjusted(tested.map { checks[$0].p ?? 1 })
    for (index, p) in zip(tested, adjusted) { checks[index].settle(adjustedP: p) }
    self.init(claim: claim, base: base, proposed: proposed, checks: checks)
  }

  /// The comparisons that the claim states.
  package var claimed: [Check] { checks.filter(\.isClaimed) }

  /// How many of the claim's comparisons came to `verdict`.
  package func count(_ verdict: Verdict) -> Int { claimed.count { $0.verdict == verdict } }

  /// It fails where any comparison fails, and holds where all hold.
  package var verdict: Verdict {
    if claimed.isEmpty { return .notApplicable }
    if count(.fails) > 0 { return .fails }
    return count(.notSeparable) > 0 ? .notSeparable : .holds
  }

  /// Draws behind the comparison that has most.
  package var draws: Int { claimed.map(\.draws).max() ?? 0 }
}

/// The runs that claims are held against, with one policy as the proposal.
package struct Evidence: Sendable {
  /// The scenario whose values are in force.
  package var base: String
  /// The policy that stands for the proposal, as ``StudyResult`` labels it.
  package var proposed: String
  /// Blocks K of Fig. 4.
  package var blocks: Int
  /// Fig. 4a-c.
  package var passes: PassTable
  /// Fig. 4d-f.
  package var deadlines: StudyResult
  /// Fig. 5.
  package var frameworks: StudyResult

  /// Evidence.
  package init(
    base: String, proposed: String, blocks: Int, passes: PassTable, deadlines: StudyResult, frameworks: StudyResult
  ) {
    self.base = base
    self.proposed = proposed
    self.blocks = blocks
    self.passes = passes
    self.deadlines = deadlines
    self.frameworks = frameworks
  }

  /// Whether the proposal is the descent whose passes ``passes`` has.
  package var proposalHasPasses: Bool { proposed == "bcd" }
}
