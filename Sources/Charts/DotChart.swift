/// Values below each other, each a mark with its interval beside its name.
package struct DotChart: Chart, Hashable {
  /// A value.
  package struct Row: Sendable, Hashable {
    /// What has it.
    package var name: String
    /// The value; `nil` where it is missing.
    package var value: Estimate?
    /// How it is drawn.
    package var look: Look

    /// A value of `name`.
    package init(_ name: String, _ value: Estimate?, look: Look? = nil) {
      self.name = name
      self.value = value
      self.look = look ?? .plain(0)
    }
  }

  /// What the chart shows, in a few words.
  package var title: String
  /// One or two sentences for those who cannot see it.
  package var summary: String
  /// What the rows are, `policy`.
  package var row: String
  /// The values' axis.
  package var x: Axis
  /// A value that the others are compared with, where there is one: 1 for ratios.
  package var reference: Double?
  /// The rows, from above.
  package var rows: [Row]

  /// A chart of values; the summary is put together where it is left out.
  package init(
    _ title: String, summary: String? = nil, row: String, x: Axis, reference: Double? = nil, rows: [Row]
  ) {
    self.title = title
    self.summary = summary ?? "\(x.title) by \(row)."
    self.row = row
    self.x = x
    self.reference = reference
    self.rows = rows
  }

  /// The rows, with the intervals where any has one.
  package var table: ChartTable {
    let hasIntervals = rows.contains { $0.value?.interval != nil }
    return ChartTable(
      columns: [row, x.title] + (hasIntervals ? ["low", "high"] : []),
      rows: rows.map { row in
        let value = row.value?.within(x.limits)
        return [row.name]
          + (hasIntervals ? value?.cells ?? ["", "", ""] : [NumberText.cell(value?.value)])
      })
  }

  /// The chart's elements; it is as high as its rows.
  package func drawing(_ style: ChartStyle) -> Drawing {
    let values = rows.map { $0.value?.shown(on: x) }.map { $0?.drawn == nil ? nil : $0 }
    let horizontal = Scale(
      values.flatMap { value in x.isLogarithmic ? value.map { [$0.value] } ?? [] : value?.extent ?? [] }
        + (reference.map { [$0] } ?? []), axis: x, count: max(2, Int(style.width / 110)), widens: !x.isLogarithmic)
    let height = 22.0
    let most = style.width * 0.42 - 24
    var plot = Plot(
      self, style, legend: [], left: 24 + Plot.room(for: rows.map(\.name), most: most), below: 52,
      rows: max(Double(rows.count), 2) * height)
    guard values.contains(where: { $0 != nil }) else {
      plot.sayEmpty()
      return plot.drawing
    }
    plot.drawHorizontal(horizontal, x, hasGrid: true)
    func place(_ value: Double) -> Double { min(max(plot.x(value, horizontal), plot.left), plot.right) }
    if let reference {
      plot.canvas.rule(
        "M\(Path.at(place(reference), plot.top))V\(NumberText.coordinate(plot.bottom))", class: "ink", width: 1.2)
    }
    for (index, row) in rows.enumerated() {
      let y = plot.top + (Double(index) + 0.5) * height
      let name = Markup.shortened(row.name, to: plot.left - 20, size: 12)
      plot.canvas.text(name, plot.left - 8, y + 4.5, .end, size: 12, hint: name == row.name ? nil : row.name)
      guard let value = values[index] else { continue }
      let x = place(value.value)
      if let interval = value.interval {
        let (low, high) = (place(interval.low), place(interval.high))
        plot.canvas.stroke(
          "M\(Path.at(low, y))H\(NumberText.coordinate(high))M\(Path.at(low, y - 4))v8M\(Path.at(high, y - 4))v8",
          slot: row.look.color, width: 1.4)
      }
      plot.canvas.fill(
        Palette.marker(row.look.pattern, x, y), slot: row.look.color, hint: "\(row.name): \(value.text)")
    }
    return plot.drawing
  }
}
