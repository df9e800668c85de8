import JSON
import Scenario
import Trace

/// What the claims of Sec. VII come to when a parameter is another.
package struct SensitivityClaims: Sendable {
  /// A claim whose verdict a change changes.
  package struct Shift: Sendable, Hashable {
    /// What is another.
    package var change: SensitivityStudy.Change
    /// The claim's number.
    package var claim: Int
    /// The policy that stands for the proposal.
    package var proposed: String
    /// The verdict under the scenario as it is.
    package var before: Verdict
    /// The verdict under the change.
    package var after: Verdict

    /// Whether it is turned over: it held and fails, or failed and holds.
    package var isFlip: Bool {
      (before == .holds && after == .fails) || (before == .fails && after == .holds)
    }
  }

  /// Verdicts that change, by change, proposal and claim.
  package var shifts: [Shift]
  /// Changes under which the claims were judged.
  package var judged: [SensitivityStudy.Change]
  /// Why others were not, a sentence each.
  package var problems: [String]

  init(shifts: [Shift], judged: [SensitivityStudy.Change], problems: [String]) {
    (self.shifts, self.judged, self.problems) = (shifts, judged, problems)
  }

  /// Judges the claims for the scenario as it is, and under every change.
  ///
  /// A parameter that the figures of the claims vary themselves is left out, and so is a value under which some of their
  /// policies cannot run.
  ///
  /// - Parameters:
  ///   - root: The folder with `scenarios/paper` in it.
  ///   - file: The scenario file; `nil`: the paper's own values.
  ///   - overrides: Values laid over the scenario as it is.
  /// - Throws: `ScenarioErrors`, `SimulationError`, ``ReproductionError``.
  package init(
    _ study: SensitivityStudy, root: String, file: String?, overrides: [ScenarioOverride], jobs: Int,
    report: (String) -> Void
  ) throws {
    func findings(_ change: SensitivityStudy.Change?) throws -> [Finding]? {
      let change = change.map { [ScenarioOverride(path: $0.path, value: $0.value, label: $0.name)] } ?? []
      let claims = try ClaimStudy(
        root: root, base: study.base.name, file: file, repetitions: study.repetitions, overrides: overrides + change)
      let varied = [claims.passes, claims.deadlines, claims.frameworks].flatMap { $0.points.first?.settings ?? [] }
      if let change = change.first, varied.contains(where: { $0.path == change.dottedPath }) { return nil }
      return try claims.findings(for: ClaimStudy.proposals, jobs: jobs, report: { _ in })
    }
    (shifts, judged, problems) = ([], [], [])
    report("claims under the scenario as it is")
    let before = try findings(nil) ?? []
    for change in study.changes {
      report("claims under \(change.name)")
      do {
        guard let after = try findings(change) else {
          problems.append("\(change.path): the figures of the claims vary it themselves")
          continue
        }
        judged.append(change)
        shifts += Self.shifts(under: change, from: before, to: after)
      } catch let error as ReproductionError {
        problems.append("\(change.name): \(error)")
      }
    }
    var seen: Set<String> = []
    problems = problems.filter { seen.insert($0).inserted }
  }

  /// The verdicts that differ between findings of the same claims.
  static func shifts(
    under change: SensitivityStudy.Change, from before: [Finding], to after: [Finding]
  ) -> [Shift] {
    before.compactMap { old in
      guard let new = after.first(where: { $0.claim == old.claim && $0.proposed == old.proposed }),
        new.verdict != old.verdict
      else { return nil }
      return Shift(
        change: change, claim: old.claim, proposed: old.proposed, before: old.verdict, after: new.verdict)
    }
  }

  /// One row a verdict that changes: `parameter,value,claim,figure,proposed,before,after,flips,text`.
  package var csv: [UInt8] {
    var row = CSVRow()
    for title in ["parameter", "value", "claim", "figure", "proposed", "before", "after", "flips", "text"] {
      row.append(title)
    }
    row.endLine()
    for shift in shifts {
      let heading = Self.heading(shift.claim)
      row.append(shift.change.path)
      row.append(shift.change.value)
      row.append(shift.claim)
      row.append(heading?.figure ?? "")
      row.append(shift.proposed)
      row.append(shift.before.rawValue)
      row.append(shift.after.rawValue)
      row.append(shift.isFlip ? "yes" : "no")
      row.append(heading?.text ?? "")
      row.endLine()
    }
    return row.bytes
  }

  /// The same for programs.
  package var json: JSONValue {
    .array(
      shifts.map { shift in
        [
          "parameter": .string(shift.change.path), "value": .string(shift.change.value),
          "claim": .integer(shift.claim), "proposed": .string(shift.proposed),
          "before": .string(shift.before.rawValue), "after": .string(shift.after.rawValue),
          "flips": .bool(shift.isFlip),
        ]
      })
  }

  /// A claim's figure and words.
  package static func heading(_ claim: Int) -> ClaimReport.Heading? {
    ClaimReport.headings.first { $0.number == claim }
  }
}

extension SensitivityClaims {
  /// The claims that turn over, a sentence a change.
  package var sentences: [String] {
    judged.compactMap { change in
      let flips = shifts.filter { $0.change == change && $0.isFlip }
      guard !flips.isEmpty else { return nil }
      func list(_ verdict: Verdict) -> String? {
        let own = flips.filter { $0.after == verdict }
        guard !own.isEmpty else { return nil }
        return "\(verdict.rawValue) " + own.map { "\($0.claim) (\($0.proposed))" }.joined(separator: ", ")
      }
      return "With `\(change.name)`: " + [list(.fails), list(.holds)].compactMap(\.self).joined(separator: "; ") + "."
    }
  }
}
