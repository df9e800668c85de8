import JSON
import Trace

/// What all claims came to, as files and for readers.
package struct ClaimReport: Sendable {
  /// A claim's number, figure and words.
  package struct Heading: Sendable, Hashable {
    /// The number.
    package var number: Int
    /// The figure; empty for claims that are ours.
    package var figure: String
    /// What is claimed.
    package var text: String
  }

  /// What was found, by base, proposal and claim.
  package var findings: [Finding]
  /// How bases other than the paper's were scaled, by their name.
  package var scalings: [(base: String, text: String)]
  /// The group of claims that are ours; `nil`: those of the paper.
  package var group: ClaimGroup?

  /// A report.
  package init(findings: [Finding], scalings: [(base: String, text: String)] = []) {
    self.findings = findings
    self.scalings = scalings
  }

  /// The claims that were judged.
  package var headings: [Heading] { group?.headings ?? Self.headings }

  /// Every claim of the paper, those of training last.
  package static let headings =
    Claim.all.map { Heading(number: $0.number, figure: $0.figure, text: $0.text) }
    + TrainingClaim.all.map { Heading(number: $0.number, figure: $0.figure, text: $0.text) }

  /// The pairs of base and proposal, in the order of the findings.
  package var columns: [(base: String, proposed: String)] {
    var columns: [(base: String, proposed: String)] = []
    for finding in findings where finding.base != Self.training {
      if !columns.contains(where: { $0.base == finding.base && $0.proposed == finding.proposed }) {
        columns.append((finding.base, finding.proposed))
      }
    }
    return columns
  }

  /// The base of findings from training.
  static let training = "training"

  /// The finding of a claim in a column; those of training stand in every column.
  package func finding(_ claim: Int, _ column: (base: String, proposed: String)) -> Finding? {
    findings.first { finding in
      finding.claim == claim
        && (finding.base == Self.training || (finding.base == column.base && finding.proposed == column.proposed))
    }
  }

  /// One row a comparison.
  package var csv: [UInt8] {
    var row = CSVRow()
    let titles = [
      "base", "proposed", "claim", "figure", "claim_verdict", "claimed", "subject", "place", "statement", "verdict",
      "kind",
      "left", "right", "estimate", "ci95_low", "ci95_high", "draws", "share", "share_ci95_low", "share_ci95_high", "p",
      "p_adjusted",
    ]
    for title in titles { row.append(title) }
    row.endLine()
    func append(_ value: Double?) { value.write(to: &row) }
    for finding in findings {
      for check in finding.checks {
        row.append(finding.base)
        row.append(finding.proposed)
        row.append(finding.claim)
        row.append(headings.first { $0.number == finding.claim }?.figure ?? "")
        row.append(finding.verdict.rawValue)
        row.append(check.isClaimed ? "yes" : "beside")
        for text in [check.subject, check.place, check.statement, check.verdict.rawValue, check.kind.rawValue] {
          row.append(text)
        }
        append(check.left)
        append(check.right)
        append(check.estimate)
        append(check.interval?.lowerBound)
        append(check.interval?.upperBound)
        row.append(check.draws)
        append(check.share)
        append(check.shareInterval?.lowerBound)
        append(check.shareInterval?.upperBound)
        append(check.p)
        append(check.adjustedP)
        row.endLine()
      }
    }
    return row.bytes
  }

  /// Claims with their findings and comparisons.
  package var json: JSONValue {
    .array(
      headings.compactMap { heading -> JSONValue? in
        let own = findings.filter { $0.claim == heading.number }
        guard !own.isEmpty else { return nil }
        return [
          "claim": .integer(heading.number), "figure": .string(heading.figure), "text": .string(heading.text),
          "findings": .array(own.map(\.json)),
        ]
      })
  }
}

extension Finding {
  fileprivate var json: JSONValue {
    [
      "base": .string(base), "proposed": .string(proposed), "verdict": .string(verdict.rawValue),
      "holds": .integer(count(.holds)), "fails": .integer(count(.fails)),
      "not_separable": .integer(count(.notSeparable)), "draws": .integer(draws),
      "checks": .array(checks.map(\.json)),
    ]
  }
}

extension Check {
  fileprivate var json: JSONValue {
    func number(_ value: Double?) -> JSONValue { value.map(JSONValue.number) ?? .null }
    return [
      "claimed": .bool(isClaimed), "subject": .string(subject), "place": .string(place),
      "statement": .string(statement), "verdict": .string(verdict.rawValue), "kind": .string(kind.rawValue),
      "left": number(left), "right": number(right), "estimate": number(estimate),
      "ci95_low": number(interval?.lowerBound), "ci95_high": number(interval?.upperBound), "draws": .integer(draws),
      "share": number(share), "share_ci95_low": number(shareInterval?.lowerBound),
      "share_ci95_high": number(shareInterval?.upperBound), "p": number(p), "p_adjusted": number(adjustedP),
    ]
  }
}
