/// Reads a trace back, row by row.
///
/// The header decides which columns there are; every column that is not a feature's must be among them. A damaged file
/// is an error with line and column, and the column's name.
public struct TraceReader<Record: TraceRecord> {
  @usableFromInline var scanner: CSVScanner
  @usableFromInline var fields: [CSVScanner.Field] = []
  @usableFromInline var columns: [Column<Record>] = []

  /// Opens a trace and reads its header.
  ///
  /// - Throws: ``TraceError``.
  public init(path: String) throws(TraceError) {
    scanner = try CSVScanner(path: path)
    try scanner.nextLine(into: &fields)
    for field in fields {
      guard let column = Record.columns.first(where: { $0.name == field.text }) else {
        throw scanner.damage(at: field.start, "'\(field.text)' is no column of \(Record.fileName)")
      }
      guard !columns.contains(where: { $0.name == column.name }) else {
        throw scanner.damage(at: field.start, "the column '\(field.text)' stands twice")
      }
      columns.append(column)
    }
    for column in Record.columns where column.feature.isEmpty && !columns.contains(where: { $0.name == column.name }) {
      throw scanner.damage("the column '\(column.name)' is missing")
    }
  }

  /// The next row, `nil` behind the last.
  ///
  /// - Throws: ``TraceError/damaged(path:line:column:reason:)``.
  @inlinable
  public mutating func next() throws(TraceError) -> Record? {
    guard scanner.hasLine else { return nil }
    try scanner.nextLine(into: &fields)
    guard fields.count == columns.count else {
      throw scanner.damage("the row has \(fields.count) fields, the header \(columns.count)")
    }
    var record = Record()
    for index in 0..<fields.count where !columns[index].read(&record, fields[index].text) {
      let column = columns[index]
      throw scanner.damage(
        at: fields[index].start, "\(column.name) is '\(fields[index].text)', which is not \(column.kind)")
    }
    return record
  }

  /// All rows that are left.
  ///
  /// - Throws: ``TraceError/damaged(path:line:column:reason:)``.
  public mutating func remaining() throws(TraceError) -> [Record] {
    var records: [Record] = []
    while let record = try next() { records.append(record) }
    return records
  }
}
