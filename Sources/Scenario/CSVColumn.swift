import Units

/// A column of a CSV table: its name, and what its numbers may be in the unit that the name says.
struct CSVColumn {
  let name: String
  let range: ClosedRange<Double>
  var isWhole = false

  /// The number in `field`.
  ///
  /// - Throws: ``ScenarioErrors``.
  func number(_ field: CSVTable.Field, in table: CSVTable) throws -> Double {
    guard let number = table.number(field), number.isFinite, !isWhole || number == number.rounded() else {
      throw ScenarioErrors(
        at: table.position(field), path: name,
        "\(ShownText.quoted(table.text(field))) is not a \(isWhole ? "whole" : "finite") number")
    }
    guard range.contains(number) else {
      func shown(_ bound: Double) -> String { isWhole ? "\(Int(bound))" : "\(bound)" }
      throw ScenarioErrors(
        at: table.position(field), path: name,
        "\(table.text(field)) is out of range; it may be from \(shown(range.lowerBound)) to \(shown(range.upperBound))")
    }
    return number
  }

  /// Where each of the columns `names` stands in the table; `nil` for one that is missing.
  ///
  /// - Throws: ``ScenarioErrors`` with every unknown, repeated and missing column.
  static func places(of names: [String], required: Set<String>, in table: CSVTable) throws -> [Int?] {
    let log = DiagnosticLog()
    let header = table.header.map(table.text)
    for (index, name) in header.enumerated() {
      if log.isFull { break }
      let position = table.position(table.header[index])
      if !names.contains(name) {
        log.error(
          at: position, path: "",
          "there is no column \(ShownText.quoted(name)); the columns are \(names.joined(separator: ", "))"
            + NearestName.advice(name, among: names))
      } else if header[..<index].contains(name) {
        log.error(at: position, path: "", "the column '\(name)' stands twice")
      }
    }
    let places = names.map { header.firstIndex(of: $0) }
    for (name, place) in zip(names, places) where place == nil && required.contains(name) {
      log.error(at: Diagnostic.Position(table.file, line: 1, column: 1), path: "", "the column '\(name)' is missing")
    }
    guard !log.hasErrors else { throw ScenarioErrors(log.sorted(mainSource: table.file)) }
    return places
  }
}
