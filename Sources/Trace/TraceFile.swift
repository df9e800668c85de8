/// A trace that grows: a header, then a row a record.
///
/// Rows wait in a buffer and go to the file when it is full and at ``flush()``, so a run that flushes at the end of each
/// round and is killed leaves every finished round.
public final class TraceFile<Record: TraceRecord> {
  /// Where it stands.
  public var path: String { file.path }

  private let file: OutputFile
  @usableFromInline let columns: [Column<Record>]
  @usableFromInline var row = CSVRow()
  @usableFromInline static var bufferSize: Int { 1 << 16 }

  /// Creates the file, or empties it, and writes the header: the columns that are always there and those of `features`.
  ///
  /// - Throws: ``TraceError/file(path:action:reason:)``.
  public init(path: String, features: TraceFeatures = []) throws(TraceError) {
    file = try OutputFile(creating: path)
    columns = Record.columns.filter { $0.isOn(features) }
    for column in columns { row.append(column.name) }
    row.endLine()
    try flush()
  }

  /// Goes on with a file of the same columns after the bytes that `mark` counts; what stands behind them is cut off.
  ///
  /// - Throws: ``TraceError`` where the file is shorter, is another one or was changed.
  public init(path: String, features: TraceFeatures, mark: FileMark) throws(TraceError) {
    columns = Record.columns.filter { $0.isOn(features) }
    var header = CSVRow()
    for column in columns { header.append(column.name) }
    header.endLine()
    file = try OutputFile(resuming: path, beginning: header.bytes, contents: "columns", mark: mark)
  }

  /// What the file holds, without the rows that are not flushed yet.
  public var mark: FileMark { file.mark(named: Record.fileName) }

  /// Waits until all flushed rows are on the disk.
  ///
  /// - Throws: ``TraceError/file(path:action:reason:)``.
  public func synchronize() throws(TraceError) { try file.synchronize() }

  /// Adds a row.
  ///
  /// - Throws: ``TraceError/file(path:action:reason:)`` where the buffer was full and the file takes no more.
  @inlinable
  public func append(_ record: Record) throws(TraceError) {
    for index in 0..<columns.count { columns[index].write(record, &row) }
    row.endLine()
    if row.bytes.count >= Self.bufferSize { try flush() }
  }

  /// The row of a record, with its end.
  public func row(of record: Record) -> [UInt8] {
    var row = CSVRow()
    for column in columns { column.write(record, &row) }
    row.endLine()
    return row.bytes
  }

  /// Hands rows that ``row(of:)`` gave to the operating system.
  ///
  /// - Throws: ``TraceError/file(path:action:reason:)``.
  public func append(rows: [UInt8]) throws(TraceError) {
    try flush()
    try file.append(rows)
  }

  /// Hands all rows to the operating system.
  ///
  /// - Throws: ``TraceError/file(path:action:reason:)``.
  public func flush() throws(TraceError) {
    try file.append(row.bytes)
    row.removeAll()
  }
}
