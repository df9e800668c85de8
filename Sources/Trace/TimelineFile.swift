/// A timeline that grows: an object with `traceEvents`, one entry per line, that Perfetto, viztracer's viewer and Chrome's
/// tracing open.
///
/// A run that is killed leaves an object without its end, which Perfetto opens too.
public final class TimelineFile {
  /// Its name in a run's folder.
  public static let fileName = "timeline.json"

  private let file: OutputFile

  /// Creates the file, or empties it, and writes what its rows are called.
  ///
  /// - Throws: ``TraceError/file(path:action:reason:)``.
  init(path: String, rows: [TimelineEvent]) throws(TraceError) {
    file = try OutputFile(creating: path)
    try file.append(Self.beginning(rows))
  }

  /// Goes on with a timeline of the same rows after the bytes that `mark` counts; what stands behind them is cut
  /// off.
  ///
  /// - Throws: ``TraceError`` where the file is shorter, is another one or was changed.
  init(path: String, rows: [TimelineEvent], mark: FileMark) throws(TraceError) {
    file = try OutputFile(resuming: path, beginning: Self.beginning(rows), contents: "rows", mark: mark)
  }

  private static func beginning(_ rows: [TimelineEvent]) -> [UInt8] {
    Array(("{\"traceEvents\": [\n" + lines(rows)).utf8)
  }

  private static func lines(_ events: [TimelineEvent]) -> String { events.map { $0.json + ",\n" }.joined() }

  /// What the file holds.
  public var mark: FileMark { file.mark(named: Self.fileName) }

  /// Adds entries and hands them to the operating system.
  ///
  /// - Throws: ``TraceError/file(path:action:reason:)``.
  public func append(_ events: [TimelineEvent]) throws(TraceError) { try append(rows: Self.rows(of: events)) }

  /// The lines of entries, with their ends.
  public static func rows(of events: [TimelineEvent]) -> [UInt8] { Array(lines(events).utf8) }

  /// Hands lines that ``rows(of:)`` gave to the operating system.
  ///
  /// - Throws: ``TraceError/file(path:action:reason:)``.
  public func append(rows: [UInt8]) throws(TraceError) { try file.append(rows) }

  /// Ends the file with a last entry.
  ///
  /// - Throws: ``TraceError/file(path:action:reason:)``.
  public func finish(with last: TimelineEvent) throws(TraceError) {
    try file.append(Array((last.json + "\n]}\n").utf8))
  }

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
