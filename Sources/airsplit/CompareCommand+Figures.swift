import Experiments
import Scenario
import Simulation
import Trace
import Training

/// Where the figures that are compared come from.
extension CompareCommand {
  /// Draws at which `--until-halfwidth` gives up.
  private static let mostDraws = 100_000

  /// The figures of a sweep that is there.
  func swept() throws -> Subject {
    if repetitions != nil || untilHalfwidth != nil || !overrides.settings.isEmpty {
      throw CommandError.badInput(
        "\(path) is a sweep that is done; --repetitions, --until-halfwidth and --set go with a scenario")
    }
    let folder = try rejectingInput { try SweepFolder(reading: path) }
    let inventory = try rejectingInput { try SweepInventory(of: folder, try folder.reading()) }
    if inventory.missing + inventory.failed > 0 {
      StandardStreams.note(
        "warning: of \(inventory.count) runs \(inventory.missing) are missing and \(inventory.failed) failed")
    }
    return try subject(inventory.table(), of: inventory.reading.plan)
  }

  /// The values and companions of the key among the axes of a plan.
  private func subject(_ table: RunTable, of plan: SweepPlan) throws -> Subject {
    guard let axis = (plan.grid + plan.zip).first(where: { $0.path == over }) else {
      throw CommandError.badInput(
        "\(path): the sweep does not vary '\(over)'; it varies \(plan.paths.joined(separator: ", "))")
    }
    let zipped = Set(plan.zip.map(\.path))
    let companions = zipped.contains(over) ? zipped.subtracting([over]) : []
    for name in named ?? [] where !axis.values.contains(name) {
      throw CommandError.badInput(
        "\(policies == nil ? "--values" : "--policies"): "
          + unknown(over == "policy" ? "policy" : "value", name, among: axis.values) + " in this sweep")
    }
    return Subject(table: table, values: named ?? axis.values, companions: companions)
  }

  /// Draws the scenario under every value: those named, those of its own sweep, or the usual ones of the key.
  func drawn(_ metrics: [Metric]) throws -> Subject {
    let count = try wantedDraws()
    let target = try untilHalfwidth.map { try HalfWidth($0, of: metrics) }
    let settings = try overrides.settings.map(ScenarioOverride.init(setting:))
    let reading: SweepReading
    if named == nil, over != "policy", over != "framework" {
      reading = try ScenarioReader.readSweep(path: ShippedScenarios.file(path), overrides: settings)
      guard reading.plan.paths.contains(over) else {
        throw CommandError.badInput("--over \(over): name the values with --values; the scenario's sweep has none")
      }
    } else {
      let values = named ?? (over == "framework" ? Framework.allCases.map(\.rawValue) : Self.usualPolicies)
      if over == "policy" {
        for name in values where !name.hasPrefix("{") && !ScenarioReader.policyNames.contains(name) {
          throw CommandError.badInput("--policies: " + unknown("policy", name, among: ScenarioReader.policyNames))
        }
      }
      var plan = SweepPlan()
      plan.grid = [SweepPlan.Axis(path: over, values: values)]
      reading = try ScenarioReader.read(
        path: ShippedScenarios.file(path), sweeping: plan, overrides: settings)
    }
    for warning in reading.warnings { StandardStreams.note("\(warning)") }
    try programs.check(reading.points)
    let table = try table(of: reading, metrics, draws: count, until: target)
    return try subject(table, of: reading.plan)
  }

  private static let usualPolicies = ["exact", "bcd", "ep", "rb", "nq"]

  private func wantedDraws() throws -> Int {
    guard let repetitions else { return 200 }
    guard let given = Int(repetitions), (0...1_000_000).contains(given) else {
      throw CommandError.badInput("--repetitions is '\(repetitions)'; it may be from 2 to 1000000")
    }
    guard given >= 2 else {
      throw CommandError(
        status: .notEnoughData, messages: ["--repetitions is \(given), and an interval needs at least two draws"])
    }
    return given
  }

  /// The figures of every point, of more and more draws until all means are as sure as `target`.
  private func table(
    of reading: SweepReading, _ metrics: [Metric], draws: Int, until target: HalfWidth?
  ) throws -> RunTable {
    let trains = reading.points.firstThatTrains != nil
    let needsEvents = metrics.contains(where: \.needsEvents)
    let runner = SweepRunner(
      points: reading.points, measure: trains || needsEvents ? .run : .allocation, jobs: jobs.count)
    var table = RunTable(
      points: RunTable.Point.all(of: reading.points), rows: [])
    var (done, count) = (0, draws)
    while true {
      let tasks = reading.points.indices.flatMap { point in
        (done..<count).map { SweepTask(point: point, repetition: $0) }
      }
      // Of the runs that fail side by side the first in order is told of, whichever ends first.
      var failure: (task: SweepTask, error: SimulationError)?
      try rejectingInput {
        try runner.run(tasks, isEnding: { failure != nil }) { outcome in
          let task = outcome.task
          switch outcome.result {
          case .success(let figures):
            table.rows.append(.init(point: task.point, repetition: task.repetition, figures: figures))
          case .failure(let error):
            let isFirst = failure.map { (task.repetition, task.point) < ($0.task.repetition, $0.task.point) } ?? true
            if isFirst { failure = (task, error) }
          }
        }
      }
      if let (task, error) = failure {
        throw CommandError(
          status: error.isBadInput ? .badInput : .failure,
          messages: ["\(reading.points[task.point].name), repetition \(task.repetition): \(error)"])
      }
      table.rows.sort { ($0.point, $0.repetition) < ($1.point, $1.repetition) }
      done = count
      guard let target else { return table }
      let subject = try subject(table, of: reading.plan)
      let wide = Comparison(
        table, over: over, movingWith: subject.companions, values: subject.values, baseline: subject.values.first ?? "",
        metrics: metrics
      ).rows.filter { !target.isMet(by: $0.mean) }
      guard let widest = wide.first else {
        StandardStreams.note("note: \(done) draws")
        return table
      }
      guard done < Self.mostDraws else {
        StandardStreams.note(
          "warning: after \(done) draws \(widest.metric.name) of \(widest.value) "
            + (widest.count < 2 ? "has no interval" : "is still wider than asked"))
        return table
      }
      count = min(Self.mostDraws, 2 * done)
    }
  }
}
