/// Reads a trace back, row by row.
///
/// The header decides which columns there are; every column that is not a feature's must be among them. A damaged file
/// is an error with line and column, and the column's name.
public struct TraceReader<Record: TraceRecord> {
  private let path: String
  private let bytes: [UInt8]
  private var columns: [Column<Record>] = []
  private var position = 0
  private var line = 1
  private var lineStart = 0

  /// Opens a trace and reads its header.
  ///
  /// - Throws: ``TraceError``.
  public init(path: String) throws(TraceError) {
    self.path = path
    bytes = try FileSystem.contents(of: path)
    for field in try row() {
      guard let column = Record.columns.first(where: { $0.name == field.text }) else {
        throw damage(at: field.start, "'\(field.text)' is no column of \(Record.fileName)")
      }
      guard !columns.contains(where: { $0.name == column.name }) else {
        throw damage(at: field.start, "the column '\(field.text)' stands twice")
      }
      columns.append(column)
    }
    for column in Record.columns where column.feature.isEmpty && !columns.contains(where: { $0.name == column.name }) {
      throw damage(at: 0, "the column '\(column.name)' is missing")
    }
    startLine()
  }

  /// The next row, `nil` behind the last.
  ///
  /// - Throws: ``TraceError/damaged(path:line:column:reason:)``.
  public mutating func next() throws(TraceError) -> Record? {
    guard position < bytes.count else { return nil }
    let fields = try row()
    guard fields.count == columns.count else {
      throw damage(at: lineStart, "the row has \(fields.count) fields, the header \(columns.count)")
    }
    var record = Record()
    for (field, column) in zip(fields, columns) where !column.read(&record, field.text) {
      throw damage(at: field.start, "\(column.name) is '\(field.text)', which is not \(column.kind)")
    }
    startLine()
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

  /// The fields of the line at ``position``, which moves behind its line break.
  private mutating func row() throws(TraceError) -> [(text: String, start: Int)] {
    var fields: [(text: String, start: Int)] = []
    while true {
      let start = position
      let text = peek == UInt8(ascii: "\"") ? try quoted() : try plain()
      fields.append((text, start))
      guard let byte = peek else {
        throw damage(at: position, "the row is cut short; the run that wrote it was ended from outside")
      }
      guard byte == UInt8(ascii: ",") || byte == UInt8(ascii: "\n") else {
        throw damage(at: position, "a comma or the line's end is expected after a quoted field")
      }
      position += 1
      if byte == UInt8(ascii: "\n") { return fields }
    }
  }

  private mutating func plain() throws(TraceError) -> String {
    let start = position
    while let byte = peek, byte != UInt8(ascii: ","), byte != UInt8(ascii: "\n") { position += 1 }
    return try text(bytes[start..<position], start)
  }

  private mutating func quoted() throws(TraceError) -> String {
    let start = position
    var content: [UInt8] = []
    position += 1
    while let byte = peek {
      position += 1
      if byte != UInt8(ascii: "\"") {
        content.append(byte)
      } else if peek == UInt8(ascii: "\"") {
        content.append(byte)
        position += 1
      } else {
        return try text(content[...], start)
      }
    }
    throw damage(at: start, "the quoted field that begins here does not end")
  }

  private func text(_ content: ArraySlice<UInt8>, _ start: Int) throws(TraceError) -> String {
    guard let text = String(validating: content, as: UTF8.self) else { throw damage(at: start, "not UTF-8 text") }
    return text
  }

  private var peek: UInt8? { position < bytes.count ? bytes[position] : nil }

  private mutating func startLine() {
    for byte in bytes[lineStart..<position] where byte == UInt8(ascii: "\n") { line += 1 }
    lineStart = position
  }

  private func damage(at place: Int, _ reason: String) -> TraceError {
    .damaged(path: path, line: line, column: place - lineStart + 1, reason: reason)
  }
}
