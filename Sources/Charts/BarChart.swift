/// Groups of bars, one group a category and one bar a series, with error bars for the intervals.
public struct BarChart: Chart, Hashable {
  /// The bars of one colour.
  public struct Series: Sendable, Hashable {
    /// Its name in the legend.
    public var name: String
    /// Its values, one a category; `nil` for a missing one.
    public var values: [Estimate?]

    /// A series with a value for each category.
    public init(_ name: String, _ values: [Estimate?]) {
      self.name = name
      self.values = values
    }
  }

  /// What the chart shows, in a few words.
  public var title: String
  /// One or two sentences for those who cannot see it.
  public var summary: String
  /// What the categories are, `policy`.
  public var category: String
  /// The categories, from left to right.
  public var categories: [String]
  /// The vertical axis; 0 is always on it.
  public var y: Axis
  /// The series, from left to right in each group.
  public var series: [Series]

  /// A chart of bars; the summary is put together where it is left out.
  public init(
    _ title: String, summary: String? = nil, category: String, categories: [String], y: Axis, series: [Series]
  ) {
    self.title = title
    self.summary =
      summary ?? "\(y.title) by \(category)"
      + (series.count > 1 ? ": \(series.map(\.name).joined(separator: ", "))." : ".")
    self.category = category
    self.categories = categories
    self.y = y
    self.y.includesZero = true
    self.series = series
  }

  /// One row a bar: category, series, value, and the interval where any bar has one.
  public var table: ChartTable {
    let hasIntervals = series.contains { $0.values.contains { $0?.interval != nil } }
    let hasNames = series.count > 1
    return ChartTable(
      columns: [category] + (hasNames ? ["series"] : []) + [y.title] + (hasIntervals ? ["low", "high"] : []),
      rows: categories.indices.flatMap { index in
        series.map { line in
          let value = value(line, index)
          return [categories[index]] + (hasNames ? [line.name] : [])
            + (hasIntervals ? value?.cells ?? ["", "", ""] : [NumberText.cell(value?.value)])
        }
      })
  }

  /// The chart as an SVG element that stands alone as a file or inside an HTML page.
  public func svg(_ style: ChartStyle) -> String {
    let extents = series.flatMap { line in categories.indices.flatMap { value(line, $0)?.extent ?? [] } }
    let vertical = Scale(extents, axis: y, count: max(2, Int(style.height / 65)), widens: true)
    let left = 40 + Plot.room(for: vertical.ticks.map(vertical.label), most: 120)
    let group = (style.width - left - 18) / Double(max(categories.count, 1))
    let widest = categories.map { Markup.width($0, size: 12) }.max() ?? 0
    let isTurned = widest > group - 6
    let room = isTurned ? min(widest, 150) * 0.6 : 0
    var plot = Plot(
      self, style, legend: series.count > 1 ? series.enumerated().map { ($0.element.name, .area($0.offset)) } : [],
      left: left, below: 52 + room)
    guard !extents.isEmpty else {
      plot.sayEmpty()
      return plot.svg
    }
    plot.drawVertical(vertical, y)
    let zero = plot.y(0, vertical)
    let bar = group * 0.8 / Double(max(series.count, 1))
    for (index, name) in categories.enumerated() {
      let start = plot.left + group * (Double(index) + 0.1)
      for (number, line) in series.enumerated() {
        draw(
          value(line, index), number, named: "\(name), \(line.name)", from: start + bar * Double(number),
          width: bar * 0.92,
          zero: zero, in: &plot, vertical)
      }
      let middle = start + group * 0.4
      // With many categories, not every one gets a label.
      guard index.isMultiple(of: max(1, Int((14 / group).rounded(.up)))) else { continue }
      if isTurned {
        plot.canvas.text(
          Markup.shortened(name, to: 150, size: 12), middle + 4, plot.bottom + 16, .end, size: 12, isMuted: true,
          turned: -35, hint: name)
      } else {
        plot.canvas.text(name, middle, plot.bottom + 19, .middle, size: 12, isMuted: true)
      }
    }
    plot.canvas.rule("M\(Path.at(plot.left, zero))H\(NumberText.coordinate(plot.right))", class: "axis")
    plot.nameHorizontal(category)
    return plot.svg
  }

  private func value(_ line: Series, _ index: Int) -> Estimate? {
    line.values.indices.contains(index) ? line.values[index].flatMap { $0.drawn == nil ? nil : $0 } : nil
  }

  private func draw(
    _ value: Estimate?, _ number: Int, named name: String, from x: Double, width: Double, zero: Double,
    in plot: inout Plot, _ vertical: Scale
  ) {
    guard let value else { return }
    let slot = Palette.slot(number)
    let y = plot.y(value.value, vertical)
    plot.canvas.fill(
      Path.rectangle(x, min(y, zero), width, abs(y - zero)), slot: slot, hint: "\(name): \(value.text)")
    plot.canvas.rule(Hatch.path(slot, x, min(y, zero), width, abs(y - zero)), class: "edge")
    guard let interval = value.interval else { return }
    let middle = x + width / 2
    let (low, high) = (plot.y(interval.low, vertical), plot.y(interval.high, vertical))
    let cap = min(width / 2, 4)
    let path =
      "M\(Path.at(middle, low))V\(NumberText.coordinate(high))"
      + "M\(Path.at(middle - cap, low))h\(NumberText.coordinate(cap * 2))"
      + "M\(Path.at(middle - cap, high))h\(NumberText.coordinate(cap * 2))"
    plot.canvas.rule(path, class: "edge", width: 3.4)
    plot.canvas.rule(path, class: "ink", width: 1.4)
  }
}
