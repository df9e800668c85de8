/// How far a figure moves when one thing at a time is varied: a bar each, the widest on top, around a common value.
package struct TornadoChart: Chart, Hashable {
  /// What one thing does to the figure.
  package struct Bar: Sendable, Hashable {
    /// What is varied.
    package var name: String
    /// The figure at the thing's lower end.
    package var low: Double
    /// The figure at the thing's upper end.
    package var high: Double
    /// The thing's lower end, `2.2`.
    package var lowLabel: String
    /// The thing's upper end, `4.0`.
    package var highLabel: String

    /// A bar from the figure at one end to that at the other.
    package init(_ name: String, low: Double, high: Double, lowLabel: String = "low", highLabel: String = "high") {
      self.name = name
      self.low = low
      self.high = high
      self.lowLabel = lowLabel
      self.highLabel = highLabel
    }

    var isDrawn: Bool { low.isDrawable && high.isDrawable }
  }

  /// What the chart shows, in a few words.
  package var title: String
  /// One or two sentences for those who cannot see it.
  package var summary: String
  /// The figure.
  package var x: Axis
  /// The figure where nothing is varied.
  package var base: Double
  /// The bars in any order.
  package var bars: [Bar]

  /// A tornado; the summary is put together where it is left out.
  package init(_ title: String, summary: String? = nil, x: Axis, base: Double, bars: [Bar]) {
    self.title = title
    self.summary =
      summary ?? "\(x.title) where one parameter at a time is at the lower or upper end of its range; "
      + "\(NumberText.cell(base)) where none is."
    self.x = x
    self.base = base
    self.bars = bars
  }

  /// One row a bar, the widest first; bars with a missing end come last.
  package var table: ChartTable {
    ChartTable(
      columns: ["parameter", "lower end", "\(x.title) there", "upper end", "\(x.title) there"],
      rows: (sorted + bars.filter { !$0.isDrawn }).map {
        [$0.name, $0.lowLabel, NumberText.cell($0.low), $0.highLabel, NumberText.cell($0.high)]
      })
  }

  private var sorted: [Bar] {
    bars.filter(\.isDrawn).enumerated()
      .sorted { one, other in
        let (width, otherWidth) = (spread(one.element), spread(other.element))
        return width == otherWidth ? one.offset < other.offset : width > otherWidth
      }
      .map(\.element)
  }

  /// How far a bar reaches, from its lowest end to its highest, the common value included.
  private func spread(_ bar: Bar) -> Double {
    let ends = [bar.low, bar.high] + (base.isDrawable ? [base] : [])
    let (low, high) = (ends.min() ?? 0, ends.max() ?? 0)
    return x.isLogarithmic ? (low > 0 ? high / low : .greatestFiniteMagnitude) : high - low
  }

  /// The chart's elements.
  package func drawing(_ style: ChartStyle) -> Drawing {
    let bars = sorted
    let rowHeight = 26.0
    let horizontal = Scale(
      bars.flatMap { [$0.low, $0.high] } + [base], axis: x, count: max(2, Int(style.width / 120)), widens: true)
    var plot = Plot(
      self, style,
      legend: [
        ("at the lower end of its range", .area(.plain(0))), ("at the upper end", .area(.plain(1))),
      ],
      left: 24 + Plot.room(for: bars.map(\.name), most: 230), below: 52,
      rows: max(Double(bars.count), 2) * rowHeight)
    guard !bars.isEmpty else {
      plot.sayEmpty()
      return plot.drawing
    }
    plot.drawHorizontal(horizontal, x, hasGrid: true)
    let middle = plot.x(base.isDrawable ? base : horizontal.low, horizontal)
    for (index, bar) in bars.enumerated() {
      let y = plot.top + Double(index) * rowHeight
      plot.canvas.text(
        Markup.shortened(bar.name, to: plot.left - 24, size: 12), plot.left - 8, y + 17, .end, size: 12, hint: bar.name)
      for (slot, value, label) in [(0, bar.low, bar.lowLabel), (1, bar.high, bar.highLabel)] {
        let end = plot.x(value, horizontal)
        let (x, width) = (min(end, middle), abs(end - middle))
        // Both ends may lie on the same side; each then has half of the row.
        let isSameSide = (bar.low - base) * (bar.high - base) > 0
        let top = y + 4 + (isSameSide && slot == 1 ? 9 : 0)
        let height = isSameSide ? 9.0 : 18
        plot.canvas.fill(
          Path.rectangle(x, top, width, height), slot: slot, hint: "\(bar.name) \(label): \(NumberText.cell(value))")
        plot.canvas.rule(Hatch.path(slot, x, top, width, height), class: "edge")
      }
    }
    if base.isDrawable {
      plot.canvas.rule("M\(Path.at(middle, plot.top))V\(NumberText.coordinate(plot.bottom))", class: "ink", width: 1.4)
    }
    return plot.drawing
  }
}
