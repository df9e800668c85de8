/// A timeline that grows: an object with `traceEvents`, one entry per line, that Perfetto, viztracer's viewer and Chrome's
/// tracing open.
///
/// The end of the object is written after every round and the next round over it, since Perfetto opens no object without
/// its end: the file of a run that goes on, or was killed, opens too.
public final class TimelineFile {
  /// Its name in a run's folder.
  public static let fileName = "timeline.json"

  private let file: OutputFile
  private static let ending = Array("\n]}\n".utf8)

  /// Creates the file, or empties it, and writes what its rows are called.
  ///
  /// - Throws: ``TraceError/file(path:action:reason:)``.
  init(path: String, rows: [TimelineEvent]) throws(TraceError) {
    file = try OutputFile(creating: path, ending: Self.ending)
    try file.append(Self.beginning(rows))
  }

  /// Goes on with a timeline of the same rows after the bytes that `mark` counts; what stands behind them is cut
  /// off.
  ///
  /// - Throws: ``TraceError`` where the file is shorter, is another one or was changed.
  init(path: String, rows: [TimelineEvent], mark: FileMark) throws(TraceError) {
    file = try OutputFile(
      resuming: path, beginning: Self.beginning(rows), contents: "rows", mark: mark, ending: Self.ending)
  }

  /// There is always a first row, that of the run itself.
  private static func beginning(_ rows: [TimelineEvent]) -> [UInt8] {
    Array(("{\"traceEvents\": [\n" + rows.map(\.json).joined(separator: ",\n")).utf8)
  }

  private static func lines(_ events: [TimelineEvent]) -> String { events.map { ",\n" + $0.json }.joined() }

  /// What the file holds.
  public var mark: FileMark { file.mark(named: Self.fileName) }

  /// Adds entries and hands them to the operating system.
  ///
  /// - Throws: ``TraceError/file(path:action:reason:)``.
  public func append(_ events: [TimelineEvent]) throws(TraceError) { try append(rows: Self.rows(of: events)) }

  /// The lines of entries, with the ends of those before them.
  public static func rows(of events: [TimelineEvent]) -> [UInt8] { Array(lines(events).utf8) }

  /// Hands lines that ``rows(of:)`` gave to the operating system.
  ///
  /// - Throws: ``TraceError/file(path:action:reason:)``.
  public func append(rows: [UInt8]) throws(TraceError) { try file.append(rows) }

  /// Adds the last entry.
  ///
  /// - Throws: ``TraceError/file(path:action:reason:)``.
  public func finish(with last: TimelineEvent) throws(TraceError) { try append([last]) }

  /// Waits until all of it is on the disk.
  ///
  /// - Throws: ``TraceError/file(path:action:reason:)``.
  public func synchronize() throws(TraceError) { try file.synchronize() }
}

extension RunFolder {
  /// Opens the timeline of the folder: empty but for its rows, or cut off after what `mark` counts.
  ///
  /// - Throws: ``TraceError``.
  public func openTimeline(rows: [TimelineEvent], mark: FileMark? = nil) throws(TraceError) -> TimelineFile {
    let file = "\(path)/\(TimelineFile.fileName)"
    guard let mark else { return try TimelineFile(path: file, rows: rows) }
    return try TimelineFile(path: file, rows: rows, mark: mark)
  }
}
