import CElementary
import Foundation
import Statistics

/// What the draws say of a statement.
package enum Verdict: String, Sendable, Hashable, CaseIterable {
  /// The interval lies on the stated side.
  case holds
  /// The interval lies on the other side.
  case fails
  /// The interval reaches both sides: more draws may tell, or there is nothing to tell.
  case notSeparable = "not separable"
  /// The proposal has nothing that the statement is about.
  case notApplicable = "not applicable"
}

/// One comparison of a claim: a statement at one place, what was estimated, and the verdict.
package struct Check: Sendable, Hashable {
  /// What the estimate is.
  package enum Kind: String, Sendable, Hashable {
    /// left − right; it holds above 0.
    case difference
    /// The geometric mean of left / right; it holds above 1.
    case ratio
    /// left / right of the means; it holds near 1.
    case equality
    /// The share of draws in which it holds; it holds where that is all.
    case share
  }

  /// What is compared: `nq`, `4 s and 5 s`.
  package var subject: String
  /// Where: `T = 5 s`, `M = 20`.
  package var place: String
  /// What is said, as a sentence without its place.
  package var statement: String
  /// What the estimate is.
  package var kind: Kind
  /// The mean on the left, if any.
  package var left: Double?
  /// The mean on the right, if any.
  package var right: Double?
  /// The difference, ratio or share.
  package var estimate: Double?
  /// Its 95 % interval: Student's t, Wilson's for a share.
  package var interval: ClosedRange<Double>?
  /// Draws that were looked at.
  package var asked: Int
  /// Those that have both values.
  package var draws: Int
  /// The share of these draws in which it holds, ties among them; `nil` where a single draw says nothing.
  package var share: Double?
  /// Wilson's 95 % interval of the share.
  package var shareInterval: ClosedRange<Double>?
  /// Two-sided p-value of no difference.
  package var p: Double?
  /// The same after Holm's correction over the claim's comparisons.
  package var adjustedP: Double?
  /// Whether the claim says so; otherwise it stands beside the claim and does not count.
  package var isClaimed: Bool
  /// What the draws say.
  package var verdict: Verdict

  /// Largest relative difference of two figures that are said to be equal.
  package static let equalityMargin = 0.01
  /// Level of the tests.
  package static let level = 0.05

  /// The same, standing beside the claim.
  package var beside: Check {
    var check = self
    check.isClaimed = false
    return check
  }
}

extension Check {
  /// `left` is more than `right`.
  static func more(
    _ left: DrawSeries, than right: DrawSeries, subject: String, place: String, _ statement: String
  ) -> Check {
    let (a, b) = (left.estimate, right.estimate)
    var check = Check(subject: subject, place: place, statement: statement, kind: .difference, left: a, right: b)
    check.count(left, right) { $0 >= $1 - 1e-9 * abs($1) }
    guard let a, let b else { return check }
    check.test(a - b, scale: max(abs(a.value), abs(b.value)))
    return check
  }

  /// A figure that was estimated otherwise is above 0.
  static func positive(
    _ estimate: DrawEstimate?, left: DrawEstimate?, right: DrawEstimate?, subject: String, place: String,
    _ statement: String
  ) -> Check {
    var check = Check(
      subject: subject, place: place, statement: statement, kind: .difference, left: left, right: right)
    guard let estimate else { return check }
    check.asked = estimate.influences.count
    check.draws = estimate.count
    check.test(estimate, scale: max(abs(left?.value ?? 0), abs(right?.value ?? 0)))
    return check
  }

  /// `left` is more than `right` by the ratio of geometric means: for figures whose means a few deep fades decide.
  static func larger(
    _ left: DrawSeries, than right: DrawSeries, subject: String, place: String, _ statement: String
  ) -> Check {
    let logarithms = zip(left.values, right.values).map { a, b -> Double? in
      guard let a, let b, a > 0, b > 0 else { return nil }
      return elementary_log(a / b)
    }
    var check = Check(
      subject: subject, place: place, statement: statement, kind: .ratio, left: left.estimate, right: right.estimate)
    check.count(left, right) { $0 >= $1 * (1 - 1e-9) }
    guard let mean = DrawEstimate.mean(logarithms) else { return check }
    check.test(mean, scale: 1)
    check.estimate = elementary_exp(mean.value)
    check.interval = check.interval.map { elementary_exp($0.lowerBound)...elementary_exp($0.upperBound) }
    if check.p != nil { check.settle(adjustedP: check.p) }
    return check
  }

  /// `left` equals `right` within ``equalityMargin``.
  static func equal(
    _ left: DrawSeries, to right: DrawSeries, subject: String, place: String, _ statement: String
  ) -> Check {
    let (a, b) = (left.estimate, right.estimate)
    var check = Check(subject: subject, place: place, statement: statement, kind: .equality, left: a, right: b)
    check.count(left, right) { abs($0 - $1) <= equalityMargin * abs($1) }
    guard let a, let b, b.value != 0 else { return check }
    let ratio = a / b
    check.estimate = ratio.value
    check.interval = ratio.interval
    let near = (1 - equalityMargin)...(1 + equalityMargin)
    // A ratio that no draw moves is no chance: it is near 1 or it is not.
    if let interval = ratio.interval ?? (ratio.estimate.isConstant ? ratio.value...ratio.value : nil) {
      check.verdict = near.contains(interval) ? .holds : near.overlaps(interval) ? .notSeparable : .fails
    }
    return check
  }

  /// Something holds in every draw.
  static func always(_ outcomes: [Bool?], subject: String, place: String, _ statement: String) -> Check {
    var check = Check(subject: subject, place: place, statement: statement, kind: .share, left: nil, right: nil)
    check.count(outcomes)
    check.estimate = check.share
    check.interval = check.shareInterval
    if check.draws > 0 { check.verdict = check.share == 1 ? .holds : .fails }
    return check
  }

  private init(
    subject: String, place: String, statement: String, kind: Kind, left: DrawEstimate?, right: DrawEstimate?
  ) {
    self.init(
      subject: subject, place: place, statement: statement, kind: kind, left: left?.value, right: right?.value,
      asked: 0, draws: 0, isClaimed: true, verdict: .notSeparable)
  }

  /// Counts the draws that have both values, and those in which it holds.
  private mutating func count(
    _ left: DrawSeries, _ right: DrawSeries, holds: (Double, Double) -> Bool
  ) {
    count(
      zip(left.values, right.values).map { a, b in
        guard let a, let b else { return nil }
        return holds(a, b)
      })
  }

  private mutating func count(_ outcomes: [Bool?]) {
    let known = outcomes.compactMap(\.self)
    asked = outcomes.count
    draws = known.count
    guard draws > 0 else { return }
    let wins = known.count { $0 }
    share = Double(wins) / Double(draws)
    shareInterval = Proportion(successes: Double(wins), count: draws).interval()
  }

  /// Takes `difference`, which is above 0 where the statement holds; the verdict is that of ``settle(adjustedP:)``.
  private mutating func test(_ difference: DrawEstimate, scale: Double) {
    estimate = difference.value
    interval = difference.interval
    let noise = 1e-9 * scale
    if difference.count >= 2, difference.influences.allSatisfy({ abs($0) <= noise }) {
      // The same in every draw: nothing is left to chance, and there is no interval.
      interval = nil
      verdict = difference.value > noise ? .holds : .fails
    } else {
      p = difference.p
      settle(adjustedP: p)
    }
  }

  /// The verdict of an order by its p-value among others: on the side of the estimate, where it is small enough.
  mutating func settle(adjustedP: Double?) {
    self.adjustedP = adjustedP
    guard let adjustedP, adjustedP < Self.level, let estimate else {
      verdict = .notSeparable
      return
    }
    verdict = estimate > (kind == .ratio ? 1 : 0) ? .holds : .fails
  }
}

extension ClosedRange<Double> {
  fileprivate func contains(_ other: ClosedRange<Double>) -> Bool {
    contains(other.lowerBound) && contains(other.upperBound)
  }
}
