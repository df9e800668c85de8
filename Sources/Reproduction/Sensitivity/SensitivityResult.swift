import Experiments
import Simulation
import Statistics

/// The runs of a ``SensitivityStudy``.
package struct SensitivityResult: Sendable {
  /// What was varied.
  package let study: SensitivityStudy
  /// Figures by place, policy and draw; place 0 is the scenario as it is, the changes follow.
  private var figures: [[String: [RunMetrics?]]]
  /// Why runs came to nothing, by place and policy: of the first draw that did.
  private var failures: [[String: (draw: Int, reason: String)]]

  /// No runs yet.
  init(_ study: SensitivityStudy) {
    self.study = study
    let none = [RunMetrics?](repeating: nil, count: study.repetitions)
    let policies = Dictionary(uniqueKeysWithValues: SensitivityStudy.policies.map { ($0, none) })
    figures = Array(repeating: policies, count: study.changes.count + 1)
    failures = Array(repeating: [:], count: study.changes.count + 1)
  }

  mutating func add(_ outcome: RunOutcome, at place: Int, policy: String) {
    let draw = outcome.task.repetition
    switch outcome.result {
    case .success(let own): figures[place][policy]?[draw] = own
    case .failure(let error):
      if let known = failures[place][policy], known.draw < draw { return }
      failures[place][policy] = (draw, "\(error)")
    }
  }

  /// What could not be run, a sentence each.
  package var problems: [String] {
    failures.enumerated().flatMap { place, failed in
      failed.sorted { $0.key < $1.key }.map { policy, failure in
        let name = place == 0 ? "the scenario as it is" : study.changes[place - 1].name
        return "\(name), policy \(policy), repetition \(failure.draw): \(failure.reason)"
      }
    }
  }

  /// A metric of a policy's runs, draw by draw; without a change, that of the scenario as it is.
  func series(_ metric: String, _ policy: String, _ change: Int?) -> DrawSeries {
    (Metric.named(metric) ?? Metric.all[0]).series(of: figures[place(change)][policy] ?? [])
  }

  /// - Throws: `EqualDraws` where all draws of the scenario as it is came to the same, under every policy.
  func requireDifferentDraws() throws {
    let policies = figures[0].values.map { $0.compactMap(\.self) }.filter { $0.count >= 2 }
    let areEqual = policies.allSatisfy { runs in runs.allSatisfy { $0 == runs[0] } }
    if areEqual, let count = policies.map(\.count).max() { throw EqualDraws(count: count) }
  }

  private func place(_ change: Int?) -> Int { change.map { $0 + 1 } ?? 0 }

  /// What every change does to a figure, in the order of the study's changes.
  package func effects(on figure: SensitivityFigure) -> [SensitivityEffect] {
    let base = figure.estimate(self, nil)
    return study.changes.enumerated().map { place, change in
      SensitivityEffect(change: change, figure: figure, base: base, changed: figure.estimate(self, place))
    }
  }
}

/// What a change does to a figure.
package struct SensitivityEffect: Sendable {
  /// What is another.
  package var change: SensitivityStudy.Change
  /// The figure.
  package var figure: SensitivityFigure
  /// The figure of the scenario as it is; `nil` where no draw has it.
  package var base: DrawEstimate?
  /// The figure under the change; `nil` where no draw has it.
  package var changed: DrawEstimate?

  /// The difference that the change makes, paired by draw.
  package var effect: DrawEstimate? {
    guard let base, let changed else { return nil }
    return changed - base
  }
}
