import Charts
import Scenario
import Statistics

/// The chart of what moves a figure, from a study or from the table that it left.
package struct SensitivityTornado: Sendable {
  /// What a value of a parameter does to a figure.
  private struct Row: Sendable {
    var figure: String
    var path: String
    var value: String
    var base: Double?
    var changed: Double?
    var effect: Double?

    /// The value for readers.
    var label: String { SweepSetting(path: path, value: value).label }
  }

  private let rows: [Row]

  /// The chart of effects that are at hand.
  package init(_ effects: [SensitivityEffect]) {
    rows = effects.map {
      Row(
        figure: $0.figure.name, path: $0.change.path, value: $0.change.value, base: $0.base?.value,
        changed: $0.changed?.value, effect: $0.effect?.value)
    }
  }

  /// The chart of a table that ``SensitivityTable/csv`` wrote.
  ///
  /// - Throws: ``ReproductionError`` where it is none.
  init(csv bytes: [UInt8], named name: String) throws(ReproductionError) {
    let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(Self.cells)
    guard let header = lines.first, header == SensitivityTable.columns else {
      throw ReproductionError(
        "\(name) is no table of a sensitivity study: its columns are \(SensitivityTable.columns.joined(separator: ", "))"
      )
    }
    var rows: [Row] = []
    for (number, line) in lines.enumerated().dropFirst() {
      guard line.count == header.count else {
        throw ReproductionError("\(name):\(number + 1): the row is damaged; make the table again")
      }
      rows.append(
        Row(
          figure: line[0], path: line[1], value: line[3], base: Double(line[5]), changed: Double(line[6]),
          effect: Double(line[7])))
    }
    self.rows = rows
  }

  /// The cells of a line; commas between quotes separate nothing.
  private static func cells(_ line: Substring) -> [String] {
    line.split(separator: "\"", omittingEmptySubsequences: false).enumerated().reduce(into: [""]) { cells, part in
      if !part.offset.isMultiple(of: 2) {
        cells[cells.count - 1] += part.element
        return
      }
      for (index, piece) in part.element.split(separator: ",", omittingEmptySubsequences: false).enumerated() {
        if index > 0 { cells.append("") }
        cells[cells.count - 1] += piece
      }
    }
  }

  /// The chart of a figure: the scenario as it is in the middle, a bar per parameter that moves it. The ends are the values
  /// that take it furthest down and up, in the range's order; a range of one value ends where the scenario stands.
  package func chart(of figure: SensitivityFigure) -> TornadoChart? {
    let own = rows.filter { $0.figure == figure.name && $0.changed != nil && $0.effect != nil }
    guard let base = own.first?.base else { return nil }
    var bars: [TornadoChart.Bar] = []
    for path in own.map(\.path).reduce(into: [String](), { if !$0.contains($1) { $0.append($1) } }) {
      let values = own.filter { $0.path == path }.enumerated()
      let sorted = values.sorted { ($0.element.effect ?? 0, $0.offset) < ($1.element.effect ?? 0, $1.offset) }
      guard let lowest = sorted.first, let highest = sorted.last else { continue }
      let (first, last) = lowest.offset <= highest.offset ? (lowest, highest) : (highest, lowest)
      let isOne = first.offset == last.offset
      let bar = TornadoChart.Bar(
        SeriesName.key(path), low: first.element.changed ?? base, high: isOne ? base : last.element.changed ?? base,
        lowLabel: first.element.label, highLabel: isOne ? "as it is" : last.element.label)
      if bar.low != base || bar.high != base { bars.append(bar) }
    }
    var x = figure.axis
    let all = bars.flatMap { [$0.low, $0.high] } + [base]
    // One parameter often does a hundred times what the next one does.
    if let least = all.min(), let most = all.max(), least > 0, most > 10 * least { x.isLogarithmic = true }
    return TornadoChart(
      "What moves the \(x.label)",
      summary: "\(figure.summary), with one parameter after another at the ends of its range.", x: x, base: base,
      bars: bars)
  }
}
