import Foundation
import Scenario
import Simulation
import Trace
import Units

/// What of a sweep is there: every run is done, failed or missing.
///
/// Figures stay in the journals; of a run the inventory knows where its line stands there, eight bytes, and of a point its key. Of a
/// small sweep it also keeps what its own process came to.
public struct SweepInventory: Sendable {
  /// The sweep.
  public let reading: SweepReading
  /// Lines of journals that were altered and therefore ignored; a last line that was cut short is none of them.
  public private(set) var damaged = 0
  /// Runs with figures.
  public private(set) var done = 0
  /// Runs that failed.
  public private(set) var failed = 0
  let keys: [StableHash]
  /// Where the line of each repetition of each point stands, point after point.
  private var places: [JournalPlace]
  /// What runs came to that were done since, place by place; empty where there are too many runs.
  private var outcomes: [RunOutcome?]
  /// The journals' paths.
  private var journals: [String] = []
  /// Lines of journals, and the seconds that they tell of.
  private var lines = (count: 0, seconds: 0.0)

  /// Takes stock of a folder. Every line of a journal is read and held against its checksum.
  ///
  /// - Throws: `TraceError` where a journal, or a file that a scenario reads, cannot be read.
  public init(of folder: SweepFolder, _ reading: SweepReading) throws {
    try self.init(reading)
    try read(journalsIn: folder.journals)
  }

  /// A sweep of which nothing is there.
  ///
  /// - Throws: `TraceError` where a file that a scenario reads cannot be read.
  public init(_ reading: SweepReading) throws {
    self.reading = reading
    keys = try Self.keys(of: reading)
    places = Array(repeating: .none, count: keys.count * reading.plan.repetitions)
    outcomes = Array(repeating: nil, count: places.count <= Self.mostOutcomes ? places.count : 0)
  }

  /// Runs of a sweep whose figures are kept, about a kilobyte each.
  private static let mostOutcomes = 1 << 14

  /// Points from which on several threads share the work on their keys.
  private static let many = 2000

  private static func keys(of reading: SweepReading) throws -> [StableHash] {
    let count = reading.points.count
    let workers = count < many ? 1 : ProcessInfo.processInfo.activeProcessorCount
    let parts = (0..<count).concurrentShares(of: workers) { points in
      Result {
        var keys = SweepKeys(reading.points.reader(), measure: reading.plan.measure)
        return try points.map { try keys.key(at: $0) }
      }
    }
    return try parts.flatMap { try $0.get() }
  }

  /// Reads every journal of a folder, in the order of their names.
  private mutating func read(journalsIn folder: String) throws(TraceError) {
    guard try FileSystem.kind(of: folder) == .folder else { return }
    let index = KeyIndex(keys)
    for name in try FileSystem.names(in: folder) where name.hasSuffix(".csv") {
      let journal = add(journal: "\(folder)/\(name)")
      try JournalReader.eachLine(of: journals[journal]) { offset, bytes in
        guard let line = JournalLine(bytes) else { return damaged += 1 }
        lines.count += 1
        lines.seconds += line.seconds
        guard line.repetition < reading.plan.repetitions else { return }
        index.eachPoint(of: line.key) { point in
          set(JournalPlace(journal: journal, offset: offset, isFailure: line.isFailure), point, line.repetition)
        }
      }
    }
  }

  private mutating func set(_ place: JournalPlace?, _ point: Int, _ repetition: Int) {
    let index = point * reading.plan.repetitions + repetition
    // A run that has failed once may have succeeded since; never the other way round.
    guard let place, !(place.isFailure && places[index].isDone) else { return }
    if places[index].isDone { done -= 1 }
    if places[index].isFailure { failed -= 1 }
    if place.isFailure { failed += 1 } else { done += 1 }
    places[index] = place
  }

  /// Counts a journal in.
  ///
  /// - Returns: Its number.
  mutating func add(journal path: String) -> Int {
    journals.append(path)
    return journals.count - 1
  }

  /// Takes an outcome in, whose line begins after `offset` bytes of a journal.
  ///
  /// - Returns: The line.
  mutating func add(_ outcome: RunOutcome, seconds: Double, journal: Int, offset: Int) -> [UInt8] {
    let (point, repetition) = (outcome.task.point, outcome.task.repetition)
    var reason: String?
    if case .failure(let error) = outcome.result { reason = "\(error)" }
    lines.count += 1
    lines.seconds += seconds
    set(JournalPlace(journal: journal, offset: offset, isFailure: reason != nil), point, repetition)
    if !outcomes.isEmpty, reason == nil { outcomes[point * reading.plan.repetitions + repetition] = outcome }
    return JournalLine.bytes(
      key: keys[point], repetition: repetition, failure: reason, figures: outcome.fields, seconds: seconds)
  }

  /// Seconds that a run took, as a mean of all runs that the journals know; `nil` without any.
  public var secondsPerRun: Double? { lines.count == 0 ? nil : lines.seconds / Double(lines.count) }

  /// All runs of the sweep.
  public var count: Int { places.count }
  /// Runs that are neither done nor failed.
  public var missing: Int { count - done - failed }

  /// Done and failed repetitions of a point.
  func tally(of point: Int) -> (done: Int, failed: Int) {
    var tally = (done: 0, failed: 0)
    for place in places(of: point) where place.isKnown {
      if place.isFailure { tally.failed += 1 } else { tally.done += 1 }
    }
    return tally
  }

  private func places(of point: Int) -> ArraySlice<JournalPlace> {
    places[point * reading.plan.repetitions..<(point + 1) * reading.plan.repetitions]
  }

  /// Every point with its done and failed runs.
  public var points: [(name: String, done: Int, failed: Int)] {
    keys.indices.map { point in
      let tally = tally(of: point)
      return (reading.points.name(at: point), tally.done, tally.failed)
    }
  }

  /// The runs of a part that are to be done: those that are missing, and with `retrying` those that failed.
  public func tasks(for shard: Shard = .whole, retrying: Bool = false) -> [SweepTask] {
    var tasks: [SweepTask] = []
    for (index, place) in places.enumerated() where shard.has(index) {
      guard !place.isKnown || place.isFailure && retrying else { continue }
      let (point, repetition) = index.quotientAndRemainder(dividingBy: reading.plan.repetitions)
      tasks.append(SweepTask(point: point, repetition: repetition))
    }
    return tasks
  }

  /// What reads the figures of runs, for one thread.
  func reader() -> JournalReader { JournalReader(journals) }

  /// The repetitions of a point that are done.
  func doneRepetitions(of point: Int) -> [Int] {
    places(of: point).enumerated().compactMap { $1.isDone ? $0 : nil }
  }

  /// The points of which a run failed.
  var failedPoints: [Int] { failed == 0 ? [] : keys.indices.filter { tally(of: $0).failed > 0 } }

  /// A run that is done.
  struct DoneRun {
    var repetition: Int
    /// Its figures as fields of CSV.
    var fields: ArraySlice<UInt8>
    /// The same as numbers; `nil` where they are none.
    var figures: RunMetrics?
  }

  /// The runs of a point that are done.
  ///
  /// - Throws: `TraceError` where a journal has changed since it was read.
  func doneRuns(of point: Int, _ reader: JournalReader) throws(TraceError) -> [DoneRun] {
    var runs: [DoneRun] = []
    for (repetition, place) in places(of: point).enumerated() where place.isDone {
      runs.append(try run(point, repetition, at: place, reader))
    }
    return runs
  }

  private func run(
    _ point: Int, _ repetition: Int, at place: JournalPlace, _ reader: JournalReader
  ) throws(TraceError) -> DoneRun {
    let index = point * reading.plan.repetitions + repetition
    if outcomes.indices.contains(index), let outcome = outcomes[index], let figures = try? outcome.result.get() {
      return DoneRun(repetition: repetition, fields: outcome.fields[...], figures: figures.asKept)
    }
    let fields = try reader.line(at: place).content
    return DoneRun(repetition: repetition, fields: fields, figures: RunMetrics(fields: fields))
  }

  /// The repetitions of a point that failed, with their reasons.
  ///
  /// - Throws: `TraceError` where a journal has changed since it was read.
  func failures(of point: Int, _ reader: JournalReader) throws(TraceError) -> [(repetition: Int, reason: String)] {
    var failures: [(repetition: Int, reason: String)] = []
    for (repetition, place) in places(of: point).enumerated() where place.isFailure {
      failures.append((repetition, String(decoding: try reader.line(at: place).content, as: UTF8.self)))
    }
    return failures
  }

  /// The figures of all runs that are done.
  ///
  /// - Throws: `TraceError` where a journal has changed since it was read.
  public func table() throws(TraceError) -> RunTable {
    let reader = reader()
    var rows: [RunTable.Row] = []
    for point in keys.indices {
      for run in try doneRuns(of: point, reader) {
        if let figures = run.figures {
          rows.append(RunTable.Row(point: point, repetition: run.repetition, figures: figures))
        }
      }
    }
    return RunTable(points: RunTable.Point.all(of: reading.points), rows: rows)
  }

  /// The points with two or more runs, and those of them whose runs all came to the same figures, to the last bit: nothing
  /// that bears on them differs between repetitions, and their draws are one draw.
  ///
  /// - Throws: `TraceError` where a journal has changed since it was read.
  public func repeatedPoints() throws(TraceError) -> (all: Int, equal: Int) {
    guard reading.plan.repetitions > 1 else { return (0, 0) }
    let reader = reader()
    var count = (all: 0, equal: 0)
    for point in keys.indices {
      let done = places(of: point).enumerated().filter(\.element.isDone)
      guard done.count >= 2 else { continue }
      count.all += 1
      let first = try run(point, done[0].offset, at: done[0].element, reader).figures
      var areEqual = first != nil
      for (repetition, place) in done.dropFirst() where areEqual {
        let other = try run(point, repetition, at: place, reader).figures
        areEqual = first.flatMap { first in other?.isEqualDraw(first) } ?? false
      }
      if areEqual { count.equal += 1 }
    }
    return count
  }

  /// `rep-007`.
  public static func name(ofRepetition repetition: Int) -> String {
    let digits = "\(repetition)"
    return "rep-" + String(repeating: "0", count: max(0, 3 - digits.count)) + digits
  }
}

/// Finds points by their keys, which several may share, in four bytes each.
private struct KeyIndex {
  private let keys: [StableHash]
  /// The points, by their keys.
  private let order: [Int32]

  init(_ keys: [StableHash]) {
    self.keys = keys
    order = keys.indices.map { Int32($0) }.sorted { keys[Int($0)] < keys[Int($1)] }
  }

  /// Hands over the points with this key.
  func eachPoint(of key: StableHash, _ body: (Int) -> Void) {
    var (low, high) = (0, order.count)
    while low < high {
      let middle = (low + high) / 2
      if keys[Int(order[middle])] < key { low = middle + 1 } else { high = middle }
    }
    while low < order.count, keys[Int(order[low])] == key {
      body(Int(order[low]))
      low += 1
    }
  }
}
