import Experiments
import Scenario
import Simulation

/// The runs behind a figure: the points of a scenario file, over its own values or over those of another base.
package struct Study: Sendable {
  /// What it is called, as its file: `fig4-deadline`.
  package var name: String
  /// The scenario file.
  package var path: String
  /// The base that its points are laid over; `nil`: the file's own values.
  package var base: String?
  /// The points; their settings are those of the file whatever the base.
  package var points: [SweepPoint]
  /// Draws of every point.
  package var repetitions: Int
  /// How much of a round is computed.
  package var measure: SweepPlan.Measure
  /// The scenario with its sweep, every default written out.
  package var resolved: ResolvedNode

  /// Reads the file at `path`.
  ///
  /// - Parameters:
  ///   - base: A scenario file that takes the place of the paper's values. What varies in the study varies there too;
  ///     deadlines and powers become those that are as tight and as much there.
  ///   - repetitions: Draws in place of the file's.
  ///   - isQuick: Of every axis of numbers, only the first, the middle and the last value.
  ///   - overrides: Values laid over the file, or over the base where there is one; what varies stays as it is.
  /// - Throws: `ScenarioErrors`, `SimulationError`.
  package init(
    path: String, over base: String? = nil, repetitions: Int? = nil, isQuick: Bool = false,
    overrides: [ScenarioOverride] = []
  ) throws {
    let reading = try ScenarioReader.readSweep(path: path, overrides: base == nil ? overrides : [])
    self.path = path
    self.base = base
    name = reading.base.name
    self.repetitions = repetitions ?? reading.plan.repetitions
    measure = reading.plan.measure
    resolved = reading.resolved
    points = isQuick ? Self.thinned(Array(reading.points)) : Array(reading.points)
    if let base { points = try Self.points(points, of: reading, over: base, overrides) }
  }

  /// Whole runs of the points of `plan` over the scenario at `path`, without what it may train.
  ///
  /// - Throws: `ScenarioErrors`.
  init(_ name: String, sweeping plan: SweepPlan, path: String, repetitions: Int) throws {
    let reading = try ScenarioReader.read(path: path, sweeping: plan)
    (self.name, self.path, self.repetitions) = (name, path, repetitions)
    measure = plan.measure
    resolved = reading.resolved
    points = reading.points.map { point in
      var point = point
      point.scenario.training.trainer = .none
      return point
    }
  }

  /// Runs every point and every draw.
  ///
  /// - Throws: ``ReproductionError`` with the point and draw of a run that failed, `EqualDraws` where nothing random differs
  ///   between draws.
  package func run(jobs: Int) throws -> RunTable {
    let tasks = points.indices.flatMap { point in
      (0..<repetitions).map { SweepTask(point: point, repetition: $0) }
    }
    var rows: [RunTable.Row?] = Array(repeating: nil, count: tasks.count)
    var done = 0
    try SweepRunner(points: points, measure: measure, jobs: jobs).run(tasks) { outcome in
      let task = outcome.task
      switch outcome.result {
      case .success(let figures):
        rows[task.point * repetitions + task.repetition] = RunTable.Row(
          point: task.point, repetition: task.repetition, figures: figures)
      case .failure(let error):
        throw ReproductionError("\(path), \(points[task.point].name), repetition \(task.repetition): \(error)")
      }
      done += 1
    }
    guard done == tasks.count else { throw ReproductionError("\(path): \(tasks.count - done) runs came to nothing") }
    let table = RunTable(
      points: points.map { RunTable.Point(name: $0.name, settings: $0.settings) }, rows: rows.compactMap(\.self))
    try table.requireDifferentDraws()
    return table
  }

  /// The points whose numbers are the first, the middle or the last of their axis.
  private static func thinned(_ points: [SweepPoint]) -> [SweepPoint] {
    var kept: [String: Set<String>] = [:]
    for path in points.first?.settings.map(\.path) ?? [] {
      var values: [String] = []
      for point in points {
        for setting in point.settings where setting.path == path && !values.contains(setting.value) {
          values.append(setting.value)
        }
      }
      guard values.allSatisfy({ $0.first?.isNumber == true }), let last = values.last else { continue }
      kept[path] = [values[0], values[values.count / 2], last]
    }
    let few = points.filter { $0.settings.allSatisfy { kept[$0.path]?.contains($0.value) ?? true } }
    return few.enumerated().map { index, point in
      SweepPoint(index: index, settings: point.settings, scenario: point.scenario)
    }
  }
}

/// Figures or claims that cannot be made from what there is.
package struct ReproductionError: Error, Sendable, CustomStringConvertible {
  /// One sentence for the person who asked for them.
  package var description: String

  /// An error that reads as `description`.
  package init(_ description: String) { self.description = description }
}
