/// The rows of a CSV file of numbers: commas between fields, the first line names the columns.
struct CSVTable {
  /// A field that is no number of its column's kind.
  struct Field {
    /// Its place, from 1.
    let line: Int
    let column: Int
    /// As it stands.
    let text: String
  }

  /// Names of the columns.
  private(set) var header: [Field]
  /// The file, for positions.
  let file: String
  private let bytes: [UInt8]
  private var index: Int
  private var line: Int

  /// A table over the bytes of `file`.
  ///
  /// - Throws: ``ScenarioErrors`` where there is no header.
  init(_ bytes: [UInt8], file: String) throws {
    self.bytes = bytes
    self.file = file
    index = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    line = 0
    header = []
    var fields: [Field] = []
    guard next(&fields) else {
      throw ScenarioErrors(
        at: Diagnostic.Position(file, line: 1, column: 1), "the file is empty; its first line names columns")
    }
    header = fields
  }

  /// The place of a field.
  func position(_ field: Field) -> Diagnostic.Position {
    Diagnostic.Position(file, line: field.line, column: field.column)
  }

  /// Reads the next row that is not blank; `false` at the end.
  mutating func next(_ fields: inout [Field]) -> Bool {
    while index < bytes.count {
      line += 1
      fields.removeAll(keepingCapacity: true)
      let start = index
      while index < bytes.count, bytes[index] != UInt8(ascii: "\n") { index += 1 }
      let end = index
      index += 1
      var fieldStart = start
      for position in start...end where position == end || bytes[position] == UInt8(ascii: ",") {
        fields.append(field(fieldStart..<position, lineStart: start))
        fieldStart = position + 1
      }
      if fields.count > 1 || fields.first?.text.isEmpty == false { return true }
    }
    return false
  }

  /// The field of `range`, without blanks and quotes around it.
  private func field(_ range: Range<Int>, lineStart: Int) -> Field {
    var range = range
    func isBlank(_ byte: UInt8) -> Bool { [0x20, 0x09, 0x0D].contains(byte) }
    while let first = range.first, isBlank(bytes[first]) { range = range.dropFirst() }
    while let last = range.last, isBlank(bytes[last]) { range = range.dropLast() }
    let column = range.lowerBound - lineStart + 1
    if range.count > 1, let first = range.first, let last = range.last, bytes[first] == UInt8(ascii: "\""),
      bytes[last] == UInt8(ascii: "\"")
    {
      range = range.dropFirst().dropLast()
    }
    return Field(line: line, column: column, text: String(decoding: bytes[range], as: UTF8.self))
  }
}

/// A column of a CSV table: its name, and what its numbers may be in the unit that the name says.
struct CSVColumn {
  let name: String
  let range: ClosedRange<Double>
  var isWhole = false
  var isRequired = true

  /// The number in `field`.
  ///
  /// - Throws: ``ScenarioErrors``.
  func number(_ field: CSVTable.Field, in table: CSVTable) throws -> Double {
    guard let number = Double(field.text), number.isFinite, !isWhole || number == number.rounded() else {
      throw ScenarioErrors(
        at: table.position(field), path: name,
        "\(Diagnostic.quoted(field.text)) is not a \(isWhole ? "whole" : "finite") number")
    }
    guard range.contains(number) else {
      func shown(_ bound: Double) -> String { isWhole ? "\(Int(bound))" : "\(bound)" }
      throw ScenarioErrors(
        at: table.position(field), path: name,
        "\(field.text) is out of range; it may be from \(shown(range.lowerBound)) to \(shown(range.upperBound))")
    }
    return number
  }

  /// Where each of `columns` stands in the table; `nil` for an optional one that is missing.
  ///
  /// - Throws: ``ScenarioErrors`` with every unknown, repeated and missing column.
  static func places(of columns: [CSVColumn], in table: CSVTable) throws -> [Int?] {
    let names = columns.map(\.name)
    let log = DiagnosticLog()
    for (index, field) in table.header.enumerated() {
      if !names.contains(field.text) {
        let advice = log.isFull ? "" : NearestName.advice(field.text, among: names)
        log.error(
          at: table.position(field), path: "",
          "there is no column \(Diagnostic.quoted(field.text)); the columns are \(names.joined(separator: ", "))\(advice)"
        )
      } else if table.header[..<index].contains(where: { $0.text == field.text }) {
        log.error(at: table.position(field), path: "", "the column '\(field.text)' stands twice")
      }
      if log.isFull { break }
    }
    let places = columns.map { column in table.header.firstIndex { $0.text == column.name } }
    for (column, place) in zip(columns, places) where place == nil && column.isRequired {
      log.error(
        at: Diagnostic.Position(table.file, line: 1, column: 1), path: "", "the column '\(column.name)' is missing")
    }
    guard !log.hasErrors else { throw ScenarioErrors(log.sorted(mainSource: table.file)) }
    return places
  }
}
