/// A grid of cells: shades of one scale, or a colour a class.
package struct HeatMap: Chart, Hashable {
  /// What the cells' values are.
  package enum Content: Sendable, Hashable {
    /// Figures; their name and unit.
    case figures(Axis)
    /// Numbers of classes, from 0, that have these names.
    case classes([String])
  }

  /// What the chart shows, in a few words.
  package var title: String
  /// One or two sentences for those who cannot see it.
  package var summary: String
  /// What the rows are, `device`.
  package var row: String
  /// What the columns are, `round`.
  package var column: String
  /// The rows' names, from above.
  package var rows: [String]
  /// The columns' names, from the left.
  package var columns: [String]
  /// The values by row and column; `nil` leaves a gap.
  package var values: [[Double?]]
  /// What the values are.
  package var content: Content

  /// A map; the summary is put together where it is left out.
  package init(
    _ title: String, summary: String? = nil, row: String, column: String, rows: [String], columns: [String],
    values: [[Double?]], content: Content
  ) {
    self.title = title
    let cell =
      switch content {
      case .figures(let axis): axis.title
      case .classes(let names): "one of " + names.joined(separator: ", ")
      }
    self.summary = summary ?? "A cell for each \(row) and \(column): \(cell)."
    self.row = row
    self.column = column
    self.rows = rows
    self.columns = columns
    self.values = values
    self.content = content
  }

  /// The map itself: a row a row, a column a column.
  package var table: ChartTable {
    ChartTable(
      columns: ["\(row) \\ \(column)"] + columns,
      rows: rows.indices.map { row in [rows[row]] + columns.indices.map { text(value(row, $0)) } })
  }

  private func value(_ row: Int, _ column: Int) -> Double? {
    guard values.indices.contains(row), values[row].indices.contains(column) else { return nil }
    return values[row][column].flatMap { $0.isDrawable ? $0 : nil }
  }

  private func text(_ value: Double?) -> String {
    switch content {
    case .figures: return NumberText.cell(value)
    case .classes(let names):
      guard let value, value >= 0, value < Double(names.count) else { return "" }
      return names[Int(value)]
    }
  }

  /// The chart's elements.
  package func drawing(_ style: ChartStyle) -> Drawing {
    let rowHeight = min(max(360 / Double(max(rows.count, 1)), 3), 24)
    var plot = Plot(
      self, style, legend: legend, left: 46 + Plot.room(for: rows, most: 150), below: 52,
      rows: max(Double(rows.count), 2) * rowHeight)
    guard !rows.isEmpty, !columns.isEmpty else {
      plot.sayEmpty()
      return plot.drawing
    }
    let width = (plot.right - plot.left) / Double(columns.count)
    drawCells(in: &plot, width: width, height: rowHeight)
    drawNames(in: &plot, width: width, height: rowHeight)
    plot.canvas.rule(
      Path.rectangle(plot.left, plot.top, plot.right - plot.left, rowHeight * Double(rows.count)), class: "axis")
    return plot.drawing
  }

  /// The ends of the scale of figures; `nil` where there is none.
  private var range: (low: Double, high: Double)? {
    let all = rows.indices.flatMap { row in columns.indices.compactMap { value(row, $0) } }
    guard let low = all.min(), let high = all.max() else { return nil }
    return (low, high)
  }

  private var legend: [(name: String, key: Plot.Key)] {
    switch content {
    case .classes(let names):
      return names.enumerated().map { ($0.element, .category($0.offset % Palette.classes.count)) }
    case .figures(let axis):
      guard let range else { return [] }
      let count = range.high > range.low ? 5 : 1
      return (0..<count).map { index in
        let share = Double(index) / 4
        let value = range.low + (range.high - range.low) * share
        let name = NumberText.cell(NumberText.significant(value, 3))
        return (index == 0 ? "\(axis.title): \(name)" : name, .color(Palette.sequential(share)))
      }
    }
  }

  /// How a cell is filled: one of the scale's colours, or that of its class.
  private func fill(of value: Double, _ range: (low: Double, high: Double)) -> Plot.Key {
    if case .classes = content { return .category(Int(min(max(value, 0), 1e6)) % Palette.classes.count) }
    return .color(Palette.sequential(range.high > range.low ? (value - range.low) / (range.high - range.low) : 0))
  }

  /// Neighbours of one colour are one rectangle and all of a colour one path, so that large maps stay small.
  private func drawCells(in plot: inout Plot, width: Double, height: Double) {
    guard let range else { return plot.canvas.fill(frame(plot, height), class: "gap", color: "#fff") }
    plot.canvas.fill(frame(plot, height), class: "gap", color: "#fff")
    var paths: [Plot.Key: String] = [:]
    var order: [Plot.Key] = []
    for row in rows.indices {
      var start = 0
      while start < columns.count {
        let fill = value(row, start).map { self.fill(of: $0, range) }
        var end = start + 1
        while end < columns.count, value(row, end).map({ self.fill(of: $0, range) }) == fill { end += 1 }
        if let fill {
          if paths[fill] == nil { order.append(fill) }
          paths[fill, default: ""] += Path.rectangle(
            plot.left + Double(start) * width, plot.top + Double(row) * height, Double(end - start) * width, height)
        }
        start = end
      }
    }
    for fill in order { plot.canvas.fill(paths[fill] ?? "", key: fill) }
    guard case .figures = content, rows.count * columns.count <= 400, height >= 14 else { return }
    for row in rows.indices {
      for column in columns.indices {
        guard let value = value(row, column) else { continue }
        let text = NumberText.cell(NumberText.significant(value, 3))
        guard Markup.width(text, size: 11) < width - 2 else { continue }
        let share = range.high > range.low ? (value - range.low) / (range.high - range.low) : 0
        plot.canvas.text(
          text, plot.left + (Double(column) + 0.5) * width, plot.top + (Double(row) + 0.5) * height + 4, .middle,
          size: 11, color: share < 0.5 ? "#000" : "#fff")
      }
    }
  }

  private func frame(_ plot: Plot, _ height: Double) -> String {
    Path.rectangle(plot.left, plot.top, plot.right - plot.left, height * Double(rows.count))
  }

  private func drawNames(in plot: inout Plot, width: Double, height: Double) {
    let everyRow = max(1, Int((13 / height).rounded(.up)))
    for index in stride(from: 0, to: rows.count, by: everyRow) {
      plot.canvas.text(
        Markup.shortened(rows[index], to: 150, size: 12), plot.left - 7,
        plot.top + (Double(index) + 0.5) * height + 4, .end, size: 12, isMuted: true)
    }
    let widest = Plot.room(for: columns, most: 100)
    let needed = Int(((widest + 8) / width).rounded(.up))
    let everyColumn = [1, 2, 5, 10, 20, 25, 50, 100, 200, 500, 1000].first { $0 >= needed } ?? max(needed, 1)
    for index in stride(from: 0, to: columns.count, by: everyColumn) {
      plot.canvas.text(
        Markup.shortened(columns[index], to: 100, size: 12), plot.left + (Double(index) + 0.5) * width,
        plot.top + height * Double(rows.count) + 18, .middle, size: 12, isMuted: true)
    }
    plot.nameHorizontal(column)
    plot.canvas.text(
      Markup.shortened(row, to: height * Double(rows.count) + 30, size: 13), 18,
      plot.top + height * Double(rows.count) / 2, .middle, turned: -90)
  }
}
