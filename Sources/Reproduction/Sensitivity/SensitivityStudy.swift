import Experiments
import Scenario

/// What becomes of a scenario's figures when one of its parameters is another, and all else stays.
///
/// Every value of every parameter has the same draws, one round each, so effects are differences draw by draw.
package struct SensitivityStudy: Sendable {
  /// A parameter that is another.
  package struct Change: Sendable, Hashable {
    /// The key path.
    package var path: String
    /// The value, as a scenario would write it.
    package var value: String
    /// Where the scenario's own value comes from, if it says so.
    package var source: Scenario.Provenance?

    /// The change for readers: `devices.kappa=1e-30`.
    package var name: String { "\(path)=\(value)" }
    /// The value for readers.
    package var label: String { SweepSetting(path: path, value: value).label }
  }

  /// The policies whose runs the figures need.
  package static let policies = ["exact", "bcd", "ep", "nq", "rb"]

  /// The scenario file.
  package var path: String
  /// The scenario as it is.
  package var base: Scenario
  /// The values, parameter by parameter.
  package var changes: [Change]
  /// Parameters that the scenario marks as assumed and that have no range.
  package var unranged: [String]
  /// Draws.
  package var repetitions: Int
  /// What looks wrong with the scenario as it is.
  package var warnings: [Diagnostic]
  /// A point a policy, for the scenario as it is and then for each change.
  private var points: [SweepPoint]

  /// Reads the scenario at `path` and the file of ranges at `ranges`.
  ///
  /// - Parameter overrides: Values laid over the scenario as it is.
  /// - Throws: `ScenarioErrors`.
  package init(path: String, ranges: String, overrides: [ScenarioOverride] = [], repetitions: Int) throws {
    let overrides = [ScenarioOverride(path: "rounds", value: "1", label: "rounds=1")] + overrides
    let axes = try ScenarioReader.ranges(path: ranges)
    func points(_ axis: SweepPlan.Axis?) throws -> SweepReading {
      var plan = SweepPlan()
      plan.grid = [axis, SweepPlan.Axis(path: "policy", values: Self.policies)].compactMap(\.self)
      return try ScenarioReader.read(path: path, sweeping: plan, overrides: overrides)
    }
    let reading = try points(nil)
    let provenance = reading.base.provenance
    self.path = path
    self.repetitions = repetitions
    base = reading.base
    warnings = reading.warnings
    changes = axes.flatMap { axis in
      axis.values.map { Change(path: axis.path, value: $0, source: provenance[axis.path]) }
    }
    unranged = provenance.filter { mark in
      mark.value == .assumed && mark.key != "rounds"
        && !axes.contains { $0.path == mark.key || $0.path.hasPrefix("\(mark.key).") }
    }.keys.sorted()
    self.points = try Array(reading.points) + axes.flatMap { try points($0).points }
  }

  /// What the scenario and every value of every parameter come to, for a manifest.
  package var hash: String { ReproductionFolder.hash([base.resolved.yaml] + changes.map(\.name)) }

  /// Runs everything.
  ///
  /// - Parameter progress: Is told after each run how many are done, and of how many.
  /// - Throws: `SimulationError` where nothing can be run, `EqualDraws` where nothing random differs between draws.
  package func run(jobs: Int, progress: (Int, Int) -> Void = { _, _ in }) throws -> SensitivityResult {
    let tasks = points.indices.flatMap { point in
      (0..<repetitions).map { SweepTask(point: point, repetition: $0) }
    }
    var result = SensitivityResult(self)
    var done = 0
    try SweepRunner(points: points, measure: .allocation, jobs: jobs).run(tasks) { outcome in
      let (place, policy) = outcome.task.point.quotientAndRemainder(dividingBy: Self.policies.count)
      result.add(outcome, at: place, policy: Self.policies[policy])
      done += 1
      progress(done, tasks.count)
    }
    try result.requireDifferentDraws()
    return result
  }
}
