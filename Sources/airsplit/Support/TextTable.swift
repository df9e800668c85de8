import Foundation

/// Aligned text: numbers to the right, words to the left, two spaces between columns.
struct TextTable {
  /// One column.
  struct Column {
    var title: String
    var isNumber = false

    /// A column of words.
    static func words(_ title: String) -> Column { Column(title: title) }
    /// A column of numbers.
    static func numbers(_ title: String) -> Column { Column(title: title, isNumber: true) }
  }

  private let columns: [Column]
  private var rows: [[String]] = []

  init(_ columns: [Column]) { self.columns = columns }

  /// Adds a row with a cell for every column.
  mutating func append(_ cells: [String]) { rows.append(cells) }

  /// The table, a line a row; the titles first where any column has one.
  var text: String {
    let titles = columns.map(\.title)
    let lines = (titles.allSatisfy(\.isEmpty) ? [] : [titles]) + rows
    let widths = columns.indices.map { column in lines.map { $0[column].count }.max() ?? 0 }
    return lines.map { line in
      var text = ""
      for (index, cell) in line.enumerated() {
        let padding = String(repeating: " ", count: widths[index] - cell.count)
        text += (index == 0 ? "" : "  ") + (columns[index].isNumber ? padding + cell : cell + padding)
      }
      while text.last == " " { text.removeLast() }
      return text + "\n"
    }.joined()
  }

  /// A number for people: at most six significant digits, `-` where there is none.
  static func cell(_ value: Double?) -> String {
    guard let value else { return "-" }
    if value == value.rounded(), abs(value) < 1e15 { return String(Int(value)) }
    return String(format: "%.6g", value)
  }
}
