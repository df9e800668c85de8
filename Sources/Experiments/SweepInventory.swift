import JSON
import Scenario
import Simulation
import Trace

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// What of a sweep is there: every run is done, failed or missing.
public struct SweepInventory: Sendable {
  /// The sweep.
  public let reading: SweepReading
  /// Lines of journals that were altered and therefore ignored.
  public let damaged: Int
  /// Seconds that a run took, as a mean of all runs that the journals know; `nil` without any.
  public let secondsPerRun: Double?
  let keys: [String]
  /// What came of each repetition of each point; `nil` where it is missing.
  private var results: [[SweepResults.Result?]]

  /// Takes stock of a folder.
  ///
  /// - Throws: `TraceError` where a journal, or a file that a scenario reads, cannot be read.
  public init(of folder: SweepFolder, _ reading: SweepReading) throws {
    try self.init(reading, found: SweepResults(journalsIn: folder.journals))
  }

  /// A sweep of which nothing is there.
  public init(_ reading: SweepReading) throws {
    try self.init(reading, found: SweepResults())
  }

  private init(_ reading: SweepReading, found: SweepResults) throws {
    self.reading = reading
    damaged = found.damaged
    secondsPerRun = found.runs.isEmpty ? nil : found.seconds / Double(found.runs.count)
    var keys = SweepKeys()
    self.keys = try reading.points.map { try keys.key(of: $0, measure: reading.plan.measure) }
    results = self.keys.map { key in
      (0..<reading.plan.repetitions).map { found.runs[.init(key: key, repetition: $0)] }
    }
  }

  /// All runs of the sweep.
  public var count: Int { keys.count * reading.plan.repetitions }
  /// Runs with figures.
  public var done: Int { tallies.reduce(0) { $0 + $1.done } }
  /// Runs that failed.
  public var failed: Int { tallies.reduce(0) { $0 + $1.failed } }
  /// Runs that are neither.
  public var missing: Int { count - done - failed }

  /// Done and failed repetitions of every point.
  var tallies: [(done: Int, failed: Int)] {
    results.map { runs in
      runs.reduce(into: (done: 0, failed: 0)) { tally, result in
        switch result {
        case .figures: tally.done += 1
        case .failure: tally.failed += 1
        case nil: break
        }
      }
    }
  }

  /// Every point with its done and failed runs.
  public var points: [(name: String, done: Int, failed: Int)] {
    zip(reading.points, tallies).map { ($0.name, $1.done, $1.failed) }
  }

  /// The runs of a part that are to be done: those that are missing, and with `retrying` those that failed.
  public func tasks(for shard: Shard = .whole, retrying: Bool = false) -> [SweepTask] {
    var tasks: [SweepTask] = []
    for point in keys.indices {
      for repetition in 0..<reading.plan.repetitions
      where shard.has(point * reading.plan.repetitions + repetition) {
        switch results[point][repetition] {
        case .figures: break
        case .failure where !retrying: break
        default: tasks.append(SweepTask(point: point, repetition: repetition))
        }
      }
    }
    return tasks
  }

  /// Takes an outcome in.
  ///
  /// - Returns: The line of the journal that keeps it.
  mutating func add(_ outcome: RunOutcome, seconds: Double) -> [UInt8] {
    let (point, repetition) = (outcome.task.point, outcome.task.repetition)
    let result: SweepResults.Result =
      switch outcome.result {
      case .success: .figures(outcome.fields[...])
      case .failure(let error): .failure("\(error)")
      }
    results[point][repetition] = result
    return SweepResults.line(.init(key: keys[point], repetition: repetition), result, seconds: seconds)
  }

  /// The repetitions of a point that are done, with their figures as fields.
  func figures(of point: Int) -> [(repetition: Int, fields: ArraySlice<UInt8>)] {
    results[point].enumerated().compactMap { repetition, result in
      guard case .figures(let fields)? = result else { return nil }
      return (repetition, fields)
    }
  }

  /// The repetitions of a point that failed, with their reasons.
  func failures(of point: Int) -> [(repetition: Int, reason: String)] {
    results[point].enumerated().compactMap { repetition, result in
      guard case .failure(let reason)? = result else { return nil }
      return (repetition, reason)
    }
  }

  /// The figures of all runs that are done.
  public var table: RunTable {
    let rows = keys.indices.flatMap { point in
      figures(of: point).compactMap { repetition, fields in
        RunMetrics(fields: fields).map { RunTable.Row(point: point, repetition: repetition, figures: $0) }
      }
    }
    return RunTable(points: reading.points.map { .init(name: $0.name, settings: $0.settings) }, rows: rows)
  }

  /// The points with two or more runs, and those of them whose runs all came to the same figures, to the last bit: nothing
  /// that bears on them differs between repetitions, and their draws are one draw.
  public var repeatedPoints: (all: Int, equal: Int) {
    let groups = keys.indices.map { figures(of: $0) }.filter { $0.count >= 2 }
    return (
      groups.count,
      groups.count { group in
        guard let first = RunMetrics(fields: group[0].fields) else { return false }
        return group.allSatisfy { RunMetrics(fields: $0.fields)?.isEqualDraw(first) ?? false }
      }
    )
  }

  /// `rep-007`.
  public static func name(ofRepetition repetition: Int) -> String {
    let digits = "\(repetition)"
    return "rep-" + String(repeating: "0", count: max(0, 3 - digits.count)) + digits
  }
}

extension RunMetrics {
  /// The figures as fields of CSV, commas between them.
  var fields: [UInt8] {
    var row = CSVRow()
    for value in values {
      value.write(to: &row)
    }
    return row.bytes
  }

  /// Reads ``fields``; `nil` where they are none.
  init?(fields: ArraySlice<UInt8>) {
    let texts = fields.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
    guard texts.count == Metric.all.count else { return nil }
    self.init()
    for (index, text) in texts.enumerated() where !text.isEmpty {
      guard let value = Double(csv: text) else { return nil }
      values[index] = value
    }
  }
}

extension Double {
  /// The number that a field is, `nil` where it is none.
  ///
  /// The C library's `strtod` is several times as fast as `Double.init`, which is asked where that stops early: at the point
  /// in some locales.
  fileprivate init?(csv text: ArraySlice<UInt8>) {
    let known = withUnsafeTemporaryAllocation(of: CChar.self, capacity: 32) { room -> Double? in
      guard text.count < room.count, let start = room.baseAddress else { return nil }
      for (place, byte) in text.enumerated() { room[place] = CChar(bitPattern: byte) }
      room[text.count] = 0
      var end: UnsafeMutablePointer<CChar>?
      let value = strtod(start, &end)
      return end == start + text.count ? value : nil
    }
    guard let value = known ?? Double(String(decoding: text, as: UTF8.self)), value.isFinite else { return nil }
    self = value
  }
}
