/// Charts side by side as one figure, with one key where all of them show the same lines.
package struct Panels: Chart {
  /// What the figure shows, in a few words.
  package var title: String
  /// One or two sentences for those who cannot see it.
  package var summary: String
  /// The charts, row by row.
  package var charts: [any Chart]
  /// Charts in a row.
  package var columns: Int

  /// A figure of charts.
  ///
  /// - Parameter isLettered: Whether (a), (b), … stand before the charts' titles.
  package init(_ title: String, summary: String, columns: Int, isLettered: Bool = true, _ charts: [any Chart]) {
    self.title = title
    self.summary = summary
    self.columns = max(columns, 1)
    self.charts = charts.enumerated().map { index, chart in
      guard isLettered, charts.count > 1, index < 26, let letter = Unicode.Scalar(97 + index) else { return chart }
      var chart = chart
      chart.title = "(\(letter)) \(chart.title)"
      return chart
    }
  }

  /// The charts' tables below each other, each row with its chart's title.
  package var table: ChartTable {
    let tables = charts.map(\.table)
    guard let first = tables.first else { return ChartTable(columns: [], rows: []) }
    guard tables.allSatisfy({ $0.columns == first.columns }) else {
      return ChartTable(
        columns: ["chart"],
        rows: zip(charts, tables).flatMap { chart, table in
          [[chart.title] + table.columns] + table.rows.map { [chart.title] + $0 }
        })
    }
    return ChartTable(
      columns: ["chart"] + first.columns,
      rows: zip(charts, tables).flatMap { chart, table in table.rows.map { [chart.title] + $0 } },
      source: first.source)
  }

  /// The charts in a grid; the style's height is that of one of them.
  package func drawing(_ style: ChartStyle) -> Drawing {
    let gap = 12.0
    let width = (style.width - gap * Double(columns - 1)) / Double(columns)
    var canvas = Canvas(width: style.width)
    var y = 0.0
    if style.showsTitle {
      for line in Markup.wrapped(title, to: style.width - 32, size: 16).prefix(3) {
        y += 21
        canvas.text(line, 16, y, size: 16, isBold: true)
      }
      y += 8
    }
    let key = sharedKey
    if !key.isEmpty { y = Plot.draw(key, on: &canvas, from: y) + 8 }
    var inner = ChartStyle(width: width, height: style.height, showsTitle: true)
    inner.titleSize = 13
    inner.showsNames = key.isEmpty
    for start in stride(from: 0, to: charts.count, by: columns) {
      let row = charts[start..<min(start + columns, charts.count)].map { $0.drawing(inner) }
      for (column, drawing) in row.enumerated() {
        canvas.place(drawing, x: (width + gap) * Double(column), y: y)
      }
      y += (row.map(\.height).max() ?? 0) + gap
    }
    return Drawing(width: style.width, height: max(y - gap, 40), elements: canvas.elements, classes: canvas.classes)
  }

  /// The lines' names, if charts show the same ones; without any, each chart says what its lines are.
  private var sharedKey: [(name: String, key: Plot.Key)] {
    let lines = charts.compactMap { $0 as? LineChart }.map(\.key)
    guard lines.count == charts.count, lines.count > 1 else { return [] }
    var all: [(name: String, key: Plot.Key)] = []
    for entry in lines.joined() where !all.contains(where: { $0.name == entry.name }) { all.append(entry) }
    let shared = all.filter { entry in lines.count { $0.contains { $0.name == entry.name } } > 1 }
    return all.count > 1 && shared.count == all.count ? all : []
  }
}
