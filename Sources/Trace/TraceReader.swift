/// Reads a trace back, row by row.
///
/// The header decides which columns there are; every column that is not a feature's must be among them. Columns that the
/// record does not know, as a later version may have written them, are passed over. A damaged file is an error with line and
/// column, and the column's name.
public struct TraceReader<Record: TraceRecord> {
  @usableFromInline var scanner: CSVScanner
  @usableFromInline var fields: [CSVScanner.Field] = []
  /// What each field is; `nil` where the record does not know it.
  @usableFromInline var columns: [Column<Record>?] = []

  /// Opens a trace and reads its header.
  ///
  /// - Throws: ``TraceError``.
  public init(path: String) throws(TraceError) {
    scanner = try CSVScanner(path: path)
    try scanner.nextLine(into: &fields)
    for field in fields {
      let column = Record.columns.first { $0.name == field.text }
      guard column == nil || !columns.contains(where: { $0?.name == field.text }) else {
        throw scanner.damage(at: field.start, "the column '\(field.text)' stands twice")
      }
      columns.append(column)
    }
    let missing = Record.columns.filter { column in
      column.feature.isEmpty && !columns.contains { $0?.name == column.name }
    }
    guard missing.isEmpty else {
      let names = missing.map { "'\($0.name)'" }.joined(separator: ", ")
      throw scanner.damage(missing.count == 1 ? "the column \(names) is missing" : "the columns \(names) are missing")
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
    for index in 0..<fields.count {
      guard let column = columns[index], !column.read(&record, fields[index].text) else { continue }
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
