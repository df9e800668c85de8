import Scenario
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
  private let keys: [String]
  private(set) var results: SweepResults

  /// Takes stock of a folder.
  ///
  /// - Throws: `TraceError` where a journal, or a file that a scenario reads, cannot be read.
  public init(of folder: SweepFolder, _ reading: SweepReading) throws {
    try self.init(reading, results: SweepResults(journalsIn: folder.journals))
  }

  /// A sweep of which nothing is there.
  public init(_ reading: SweepReading) throws {
    try self.init(reading, results: SweepResults())
  }

  private init(_ reading: SweepReading, results: SweepResults) throws {
    self.reading = reading
    self.results = results
    var keys = SweepKeys()
    self.keys = try reading.points.map { try keys.key(of: $0, measure: reading.plan.measure) }
  }

  /// All runs of the sweep.
  public var count: Int { keys.count * reading.plan.repetitions }
  /// Runs with figures.
  public var done: Int { tallies.reduce(0) { $0 + $1.done } }
  /// Runs that failed.
  public var failed: Int { tallies.reduce(0) { $0 + $1.failed } }
  /// Runs that are neither.
  public var missing: Int { count - done - failed }
  /// Lines of journals that were altered and therefore ignored.
  public var damaged: Int { results.damaged }
  /// Seconds that a run took, as a mean of all runs that the journals know; `nil` without any.
  public var secondsPerRun: Double? { results.runs.isEmpty ? nil : results.seconds / Double(results.runs.count) }

  /// Done and failed repetitions of every point.
  var tallies: [(done: Int, failed: Int)] {
    keys.map { key in
      var tally = (done: 0, failed: 0)
      for repetition in 0..<reading.plan.repetitions {
        switch results.runs[.init(key: key, repetition: repetition)] {
        case .figures: tally.done += 1
        case .failure: tally.failed += 1
        case nil: break
        }
      }
      return tally
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
        switch results.runs[.init(key: keys[point], repetition: repetition)] {
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
    let run = SweepResults.Run(key: keys[outcome.task.point], repetition: outcome.task.repetition)
    let result: SweepResults.Result =
      switch outcome.result {
      case .success: .figures(outcome.fields[...])
      case .failure(let error): .failure("\(error)")
      }
    results.add(run, result, seconds: seconds)
    return SweepResults.line(run, result, seconds: seconds)
  }

  /// What came of a run; `nil` where it is missing.
  func result(_ task: SweepTask) -> SweepResults.Result? {
    results.runs[.init(key: keys[task.point], repetition: task.repetition)]
  }

  /// The key of a point.
  func key(of point: Int) -> String { keys[point] }

  /// The figures of all runs that are done.
  public var table: RunTable {
    var rows: [RunTable.Row] = []
    for point in keys.indices {
      for repetition in 0..<reading.plan.repetitions {
        guard case .figures(let fields)? = result(SweepTask(point: point, repetition: repetition)),
          let figures = RunFigures(fields: fields)
        else { continue }
        rows.append(RunTable.Row(point: point, repetition: repetition, figures: figures))
      }
    }
    return RunTable(points: reading.points.map { .init(name: $0.name, settings: $0.settings) }, rows: rows)
  }

  /// `rep-007`.
  public static func name(ofRepetition repetition: Int) -> String {
    let digits = "\(repetition)"
    return "rep-" + String(repeating: "0", count: max(0, 3 - digits.count)) + digits
  }
}

extension RunFigures {
  /// The figures as fields of CSV, commas between them.
  var fields: [UInt8] {
    var row = CSVRow()
    for value in values {
      if let value { row.append(value) } else { row.appendEmpty() }
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
