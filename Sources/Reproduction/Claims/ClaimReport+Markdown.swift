/// The report for readers.
extension ClaimReport {
  /// Every claim with its verdicts, then what each came down to.
  package var markdown: String {
    var text = group.map(Self.introduction) ?? Self.introductionOfPaper
    for scaling in scalings {
      text +=
        "Under `\(scaling.base)`, the deadlines are those that as many devices can meet, and the powers of `ep` are as "
      text += "large a part of the largest p_max: \(scaling.text).\n\n"
    }
    text += table
    for column in columns {
      text += "\n## `\(column.base)`, with `\(column.proposed)` as the proposal\n"
      for heading in headings {
        guard let finding = finding(heading.number, column), finding.base != Self.training else { continue }
        text += section(heading, finding)
      }
    }
    let training = findings.filter { $0.base == Self.training }
    if !training.isEmpty {
      text += "\n## Training traces, `results/training`\n\n\(training.map(\.draws).max() ?? 0) seeds a curve: "
      text += "an interval is as wide as few seeds make it.\n"
      for finding in training {
        guard let heading = headings.first(where: { $0.number == finding.claim }) else { continue }
        text += section(heading, finding)
      }
    }
    return text
  }

  private static let introductionOfPaper = """
    # What the paper claims, and what the draws say

    Each sentence of Sec. VII, in our words, against the runs of `scenarios/paper`; `airsplit claims` writes this page. A
    claim comes down to comparisons. An order holds or fails where its p-value, by Student's t on the paired draws and after
    Holm's correction over the claim's comparisons, is below \(Figures.short(Check.level)); otherwise it is not separable, and
    the interval says how large a difference may have gone unseen. Figures that are said to be equal must differ by at most
    \(Figures.percent(Check.equalityMargin)), with their whole interval. A claim holds where all of its comparisons hold, and
    fails where one fails. Comparisons for which less than a tenth of the draws have both values do not count. In Fig. 5
    and of times to an accuracy, means are geometric. All comparisons, those beside the claims among them, are in `claims.csv`.


    """

  private static func introduction(of group: ClaimGroup) -> String {
    """
    # Claims: \(group.summary)

    \(group.introduction)

    A claim comes down to comparisons. One holds or fails where its p-value, by Student's t on the paired draws and after Holm's
    correction over the claim's comparisons, is below \(Figures.short(Check.level)); otherwise it is not separable. A claim holds
    where all of its comparisons hold, and fails where one fails. All comparisons are in `claims.csv`.


    """
  }

  /// A row a claim, a column a base and proposal.
  private var table: String {
    let columns = columns
    let hasFigures = headings.contains { !$0.figure.isEmpty }
    var text = "| |" + (hasFigures ? " Fig. |" : "") + " claim |"
    text += columns.map { " \($0.base), \($0.proposed) |" }.joined() + "\n"
    text += (hasFigures ? "|---|---|---|" : "|---|---|") + columns.map { _ in "---|" }.joined() + "\n"
    for heading in headings {
      let cells = columns.map { finding(heading.number, $0)?.summary ?? "-" }
      text += "| \(heading.number) |" + (hasFigures ? " \(heading.figure) |" : "") + " \(heading.text) |"
      text += cells.map { " \($0) |" }.joined() + "\n"
    }
    return text
  }

  private func section(_ heading: Heading, _ finding: Finding) -> String {
    let figure = heading.figure.isEmpty ? "" : " (Fig. \(heading.figure))"
    var text = "\n### \(heading.number). \(heading.text)\n\n**\(finding.verdict.rawValue)**\(figure)\n"
    guard !finding.checks.isEmpty else { return text }
    text +=
      "\n| compared | what holds | holds | weakest at | left | right | estimate | 95 % | draws | share of draws |\n"
    text += "|---|---|---|---|---|---|---|---|---|---|\n"
    for group in finding.groups { text += group.row + "\n" }
    return text
  }

  /// Sentences that sum up each base and proposal.
  package var sentences: [String] {
    columns.map { column in
      let own = headings.compactMap { finding($0.number, column) }.filter { $0.base != Self.training }
      return Self.sentence("`\(column.base)` with `\(column.proposed)` as the proposal", own)
    }
      + (findings.contains { $0.base == Self.training }
        ? [Self.sentence("Training on Fashion-MNIST", findings.filter { $0.base == Self.training })] : [])
  }

  private static func sentence(_ subject: String, _ findings: [Finding]) -> String {
    func numbers(_ verdict: Verdict) -> [String] { findings.filter { $0.verdict == verdict }.map { "\($0.claim)" } }
    let judged = findings.count - numbers(.notApplicable).count
    var text = "\(subject): \(numbers(.holds).count) of \(judged) claims hold"
    for (verdict, word) in [(Verdict.fails, "fail"), (.notSeparable, "cannot be separated")] {
      let found = numbers(verdict)
      if !found.isEmpty {
        text +=
          "; \(found.count) \(found.count == 1 && verdict == .fails ? "fails" : word) (\(found.joined(separator: ", ")))"
      }
    }
    return text + "."
  }
}

extension Finding {
  /// `holds, 50 of 50`.
  package var summary: String {
    guard !claimed.isEmpty else { return verdict.rawValue }
    return "\(verdict.rawValue), \(count(.holds)) of \(claimed.count)"
  }

  /// The weakest of the claimed comparisons, in words.
  var weakest: String {
    guard let check = claimed.min(by: { $0.strength < $1.strength }) else { return "none" }
    let what = check.kind == .ratio ? "ratio of geometric means" : check.kind == .equality ? "ratio" : "difference"
    let interval = check.interval.map { ", 95 % interval \(Figures.short($0))" } ?? ""
    return "\(check.subject) at \(check.place), \(Figures.short(check.left)) and \(Figures.short(check.right)), "
      + "\(what) \(Figures.short(check.estimate))\(interval)"
  }

  /// Comparisons of the same things at several places.
  fileprivate struct Group {
    var checks: [Check]
  }

  fileprivate var groups: [Group] {
    var groups: [Group] = []
    for check in checks {
      let place = groups.firstIndex { group in
        group.checks.first.map {
          $0.subject == check.subject && $0.statement == check.statement && $0.isClaimed == check.isClaimed
        } ?? false
      }
      if let place { groups[place].checks.append(check) } else { groups.append(Group(checks: [check])) }
    }
    return groups
  }
}

extension Finding.Group {
  /// A line of the table: how many hold, and the weakest of them.
  fileprivate var row: String {
    guard let weakest = checks.min(by: { $0.strength < $1.strength }) else { return "" }
    let shares = checks.compactMap(\.share)
    let lowest = shares.min().map { low in
      let high = shares.max() ?? low
      return low == high ? Figures.percent(low) : "\(Figures.percent(low)) to \(Figures.percent(high))"
    }
    let failing = checks.filter { $0.verdict == .fails }.map(\.place)
    var holds = "\(checks.count { $0.verdict == .holds }) of \(checks.count)"
    if !failing.isEmpty { holds += "; fails at \(failing.joined(separator: "; "))" }
    let cells = [
      weakest.subject + (weakest.isClaimed ? "" : " (beside the claim)"), weakest.statement, holds, weakest.place,
      Figures.short(weakest.left), Figures.short(weakest.right),
      weakest.kind == .share ? Figures.percent(weakest.estimate) : Figures.short(weakest.estimate),
      Figures.short(weakest.interval), "\(weakest.draws)", lowest ?? "-",
    ]
    return "| " + cells.joined(separator: " | ") + " |"
  }
}

extension Check {
  /// How far the comparison is on its side, so that comparisons of one kind can be ordered: lower is weaker.
  fileprivate var strength: Double {
    let rank =
      switch verdict {
      case .fails: 0.0
      case .notSeparable: 1.0
      case .holds: 2.0
      case .notApplicable: 3.0
      }
    guard let estimate else { return rank * 1e6 }
    let width = max(interval.map { $0.upperBound - $0.lowerBound } ?? 0, 1e-300)
    let distance: Double
    switch kind {
    case .difference: distance = estimate / width
    case .ratio: distance = (estimate - 1) / width
    case .equality: distance = -abs(estimate - 1)
    case .share: distance = estimate
    }
    return rank * 1e6 + min(max(distance, -1e5), 1e5)
  }
}
