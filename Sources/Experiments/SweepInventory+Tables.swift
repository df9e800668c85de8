import Foundation
import Scenario
import Simulation
import Statistics
import Trace
import Units

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

  /// Writes the four tables, a block of points at a time: no table is ever held as a whole.
  ///
  /// - Throws: `TraceError`.
  public func writeTables(to folder: SweepFolder) throws(TraceError) {
    try folder.keepScenarios(ofFailed: failedPoints.map { reading.points[$0] })
    let failures = try failureRows(in: folder)
    try SweepFolder.alone(folder.path) { () throws(TraceError) in
      let points = try ReplacedFile("\(folder.path)/\(Self.pointsName)")
      let runs = try ReplacedFile("\(folder.path)/\(Self.runsName)")
      let summary = try ReplacedFile("\(folder.path)/\(Self.summaryName)")
      let paths = reading.plan.paths
      try points.append(header(["point", "name", "key"] + paths + ["repetitions", "done", "failed"]))
      try runs.append(header(["point", "name", "repetition"] + paths + Metric.all.map(\.name)))
      try summary.append(
        header(["point", "name"] + paths + ["metric", "n", "mean", "sd", "ci95_low", "ci95_high"]))
      let size = max(1, Self.runsOfBlock / reading.plan.repetitions)
      for first in stride(from: 0, to: keys.count, by: size) {
        for rows in try rows(of: first..<min(first + size, keys.count)) {
          try points.append(rows.points)
          try runs.append(rows.runs)
          try summary.append(rows.summary)
        }
      }
      let failed = try ReplacedFile("\(folder.path)/\(Self.failuresName)")
      try failed.append(failures)
      // The disk takes them all at once in little more time than one; each is a thread's own.
      nonisolated(unsafe) let files = [points, runs, summary, failed]
      let finished = files.indices.concurrentShares(of: files.count) { places in
        Result { () throws(TraceError) in for place in places { try files[place].finish() } }
      }
      for result in finished { try result.get() }
    }
  }

  /// Runs whose rows are made before they are written.
  private static let runsOfBlock = 1024

  /// Rows of the three tables that have every point.
  private struct Rows: Sendable {
    var points: [UInt8] = []
    var runs: [UInt8] = []
    var summary: [UInt8] = []
  }

  /// The rows of points, in several parts, each made on a thread of its own.
  private func rows(of points: Range<Int>) throws(TraceError) -> [Rows] {
    let workers = min(points.count, ProcessInfo.processInfo.activeProcessorCount)
    let parts = points.concurrentShares(of: workers) { points in
      Result { () throws(TraceError) in
        let reader = reader()
        var rows = Rows()
        for point in points { try add(point, to: &rows, reader) }
        return rows
      }
    }
    var rows: [Rows] = []
    for part in parts { rows.append(try part.get()) }
    return rows
  }

  private func add(_ point: Int, to rows: inout Rows, _ reader: JournalReader) throws(TraceError) {
    let settings = reading.points.settings(at: point)
    var (head, tail) = (CSVRow(), CSVRow())
    head.append(point)
    head.append(SweepPoint.name(of: settings))
    for setting in settings { tail.append(setting.value) }
    if !settings.isEmpty { tail.appendEmpty() }
    let tally = tally(of: point)
    rows.points += head.bytes
    rows.points += ",\(keys[point].text),".utf8
    rows.points += tail.bytes
    rows.points += "\(reading.plan.repetitions),\(tally.done),\(tally.failed)\n".utf8
    let runs = try doneRuns(of: point, reader)
    for run in runs {
      rows.runs += head.bytes
      rows.runs += ",\(run.repetition),".utf8
      rows.runs += tail.bytes
      rows.runs += run.fields
      rows.runs.append(UInt8(ascii: "\n"))
    }
    var beginning = head.bytes + [UInt8(ascii: ",")]
    beginning += tail.bytes
    addSummary(of: runs.compactMap(\.figures), after: beginning, to: &rows.summary)
  }

  /// The mean over the repetitions of a point, per participant a ratio of sums, with its 95 % interval; the standard deviation
  /// is that of the runs' own figures.
  private func addSummary(of runs: [RunMetrics], after beginning: [UInt8], to rows: inout [UInt8]) {
    var row = CSVRow()
    for index in Metric.all.indices where runs.contains(where: { $0.values[index] != nil }) {
      guard let estimate = Metric.all[index].estimate(of: runs, at: index) else { continue }
      let sample = Sample(runs.compactMap { $0.values[index] })
      let mean = estimate.value
      row.removeAll()
      row.append(Metric.all[index].name)
      row.append(sample.count)
      row.append(mean)
      let half = estimate.halfWidth()
      row.append(sample.standardDeviation)
      row.append(half.map { mean - $0 })
      row.append(half.map { mean + $0 })
      row.endLine()
      rows += beginning
      rows += row.bytes
    }
  }

  private func header(_ columns: [String]) -> [UInt8] {
    var row = CSVRow()
    for column in columns { row.append(column) }
    row.endLine()
    return row.bytes
  }

  /// The runs that failed, by point and repetition, each with its error and with what shows the failure again, typed
  /// anywhere.
  ///
  /// - Throws: `TraceError` where a journal has changed since it was read.
  public func failures(
    in folder: SweepFolder
  ) throws(TraceError) -> [(point: SweepPoint, repetition: Int, reason: String, command: String)] {
    let reader = reader()
    var all: [(point: SweepPoint, repetition: Int, reason: String, command: String)] = []
    for index in failedPoints {
      let point = reading.points[index]
      for (repetition, reason) in try failures(of: index, reader) {
        let command =
          ["airsplit", "run", FileSystem.absolute(folder.failedScenario(of: point)), "--repetition", "\(repetition)"]
          + (point.scenario.commands.isEmpty ? [] : ["--allow-external"])
        all.append((point, repetition, reason, command.map(ShellWord.quoted).joined(separator: " ")))
      }
    }
    return all
  }

  /// The bytes of `failures.csv`.
  private func failureRows(in folder: SweepFolder) throws(TraceError) -> [UInt8] {
    var row = CSVRow()
    for failure in try failures(in: folder) {
      row.append(failure.point.index)
      row.append(failure.point.name)
      row.append(failure.repetition)
      row.append(failure.reason)
      row.append(failure.command)
      row.endLine()
    }
    return header(["point", "name", "repetition", "error", "command"]) + row.bytes
  }
}
