import Dispatch
import Scenario
import Simulation
import Statistics
import Synchronization
import Trace

/// The tables of a sweep: the same bytes whoever did the runs, in whatever order.
extension SweepInventory {
  /// One row per point.
  public static let pointsName = "points.csv"
  /// One row per run that is done.
  public static let runsName = "runs.csv"
  /// One row per point and metric.
  public static let summaryName = "summary.csv"
  /// One row per run that failed.
  public static let failuresName = "failures.csv"

  /// Writes the four tables.
  ///
  /// - Throws: `TraceError`.
  public func writeTables(to folder: SweepFolder) throws(TraceError) {
    try folder.keepScenarios(ofFailed: reading.points.filter { !failures(of: $0.index).isEmpty })
    let tables = [
      (Self.pointsName, pointRows), (Self.runsName, runRows), (Self.summaryName, summaryRows),
      (Self.failuresName, failureRows(in: folder)),
    ]
    try SweepFolder.alone(folder.path) { () throws(TraceError) in
      for (name, bytes) in tables { try SweepFolder.write(bytes, to: "\(folder.path)/\(name)") }
    }
  }

  private func table(_ columns: [String], _ fill: (inout CSVRow) -> Void) -> [UInt8] {
    var row = CSVRow()
    for column in columns { row.append(column) }
    row.endLine()
    fill(&row)
    return row.bytes
  }

  /// The bytes of `points.csv`.
  private var pointRows: [UInt8] {
    table(["point", "name", "key"] + reading.plan.paths + ["repetitions", "done", "failed"]) { row in
      for (point, tally) in zip(reading.points, tallies) {
        row.append(point.index)
        row.append(point.name)
        row.append(keys[point.index])
        for setting in point.settings { row.append(setting.value) }
        row.append(reading.plan.repetitions)
        row.append(tally.done)
        row.append(tally.failed)
        row.endLine()
      }
    }
  }

  /// The bytes of `runs.csv`.
  private var runRows: [UInt8] {
    var result = table(["point", "name", "repetition"] + reading.plan.paths + Metric.all.map(\.name)) { _ in }
    for point in reading.points {
      var (head, tail) = (CSVRow(), CSVRow())
      head.append(point.index)
      head.append(point.name)
      for setting in point.settings { tail.append(setting.value) }
      for (repetition, fields) in figures(of: point.index) {
        result += head.bytes
        result += ",\(repetition),".utf8
        if !tail.bytes.isEmpty { result += tail.bytes + [UInt8(ascii: ",")] }
        result += fields
        result.append(UInt8(ascii: "\n"))
      }
    }
    return result
  }

  /// The bytes of `summary.csv`: the mean over the repetitions of a point, per participant a ratio of sums, with its 95 %
  /// interval; the standard deviation is that of the runs' own figures.
  private var summaryRows: [UInt8] {
    let header = table(
      ["point", "name"] + reading.plan.paths + ["metric", "n", "mean", "sd", "ci95_low", "ci95_high"]
    ) { _ in }
    let parts = Mutex([[UInt8]](repeating: [], count: reading.points.count))
    DispatchQueue.concurrentPerform(iterations: reading.points.count) { index in
      let rows = summaryRows(of: reading.points[index])
      parts.withLock { $0[index] = rows }
    }
    return parts.withLock { header + $0.joined() }
  }

  private func summaryRows(of point: SweepPoint) -> [UInt8] {
    let runs = figures(of: point.index).compactMap { RunMetrics(fields: $0.fields) }
    var row = CSVRow()
    for (index, metric) in Metric.all.enumerated() {
      let sample = Sample(runs.compactMap { $0.values[index] })
      guard let estimate = metric.estimate(of: runs) else { continue }
      let mean = estimate.value
      row.append(point.index)
      row.append(point.name)
      for setting in point.settings { row.append(setting.value) }
      row.append(metric.name)
      row.append(sample.count)
      row.append(mean)
      let half = estimate.halfWidth()
      for number in [sample.standardDeviation, half.map { mean - $0 }, half.map { mean + $0 }] {
        number.write(to: &row)
      }
      row.endLine()
    }
    return row.bytes
  }

  /// The runs that failed, by point and repetition, each with its error and with what shows the failure again, typed
  /// anywhere.
  public func failures(
    in folder: SweepFolder
  ) -> [(point: SweepPoint, repetition: Int, reason: String, command: String)] {
    reading.points.flatMap { point in
      failures(of: point.index).map { repetition, reason in
        let command =
          ["airsplit", "run", FileSystem.absolute(folder.failedScenario(of: point)), "--repetition", "\(repetition)"]
          + (point.scenario.commands.isEmpty ? [] : ["--allow-external"])
        return (point, repetition, reason, command.map(ShellWord.quoted).joined(separator: " "))
      }
    }
  }

  /// The bytes of `failures.csv`.
  private func failureRows(in folder: SweepFolder) -> [UInt8] {
    table(["point", "name", "repetition", "error", "command"]) { row in
      for failure in failures(in: folder) {
        row.append(failure.point.index)
        row.append(failure.point.name)
        row.append(failure.repetition)
        row.append(failure.reason)
        row.append(failure.command)
        row.endLine()
      }
    }
  }
}
