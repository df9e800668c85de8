/// Lines over a numeric axis, each with a band for its intervals.
public struct LineChart: Chart, Hashable {
  /// A line.
  public struct Series: Sendable, Hashable {
    /// Its name in the legend.
    public var name: String
    /// Its points, drawn in the order of x.
    public var points: [Point]

    /// A line through `points`.
    public init(_ name: String, _ points: [Point]) {
      self.name = name
      self.points = points
    }
  }

  /// A point of a line; a missing value breaks the line.
  public struct Point: Sendable, Hashable {
    /// The place on the horizontal axis.
    public var x: Double
    /// The value there.
    public var y: Estimate

    /// A value at `x`.
    public init(_ x: Double, _ y: Estimate) {
      self.x = x
      self.y = y
    }
  }

  /// What the chart shows, in a few words.
  public var title: String
  /// One or two sentences for those who cannot see it.
  public var summary: String
  /// The horizontal axis.
  public var x: Axis
  /// The vertical axis.
  public var y: Axis
  /// The lines, in the order of the legend.
  public var series: [Series]

  /// A chart of lines; the summary is put together from the names where it is left out.
  public init(_ title: String, summary: String? = nil, x: Axis, y: Axis, series: [Series]) {
    self.title = title
    self.summary =
      summary ?? "\(y.title) over \(x.title)"
      + (series.count > 1 ? ": \(series.map(\.name).joined(separator: ", "))." : ".")
    self.x = x
    self.y = y
    self.series = series
  }

  /// One row a point: series, x, value, and the interval where any point has one.
  public var table: ChartTable {
    let hasIntervals = series.contains { $0.points.contains { $0.y.interval != nil } }
    let columns = ["series", x.title, y.title] + (hasIntervals ? ["low", "high"] : [])
    return ChartTable(
      columns: columns,
      rows: series.flatMap { line in
        line.points.map { point in
          [line.name, NumberText.cell(point.x)] + (hasIntervals ? point.y.cells : [NumberText.cell(point.y.value)])
        }
      })
  }

  /// The chart as an SVG element that stands alone as a file or inside an HTML page.
  public func svg(_ style: ChartStyle) -> String {
    let lines = series.map { line in
      line.points.filter { $0.x.isDrawable }.enumerated()
        .sorted { ($0.element.x, $0.offset) < ($1.element.x, $1.offset) }.map(\.element)
    }
    let vertical = Scale(
      lines.joined().flatMap(\.y.extent), axis: y, count: max(2, Int(style.height / 65)), widens: true)
    let horizontal = Scale(
      lines.joined().filter { $0.y.drawn != nil }.map(\.x), axis: x, count: max(2, Int(style.width / 75)), widens: false
    )
    var plot = Plot(
      self, style, legend: series.count > 1 ? series.enumerated().map { ($0.element.name, .line($0.offset)) } : [],
      left: 40 + Plot.room(for: vertical.ticks.map(vertical.label), most: 120), below: 52)
    guard lines.contains(where: { $0.contains { $0.y.drawn != nil } }) else {
      plot.sayEmpty()
      return plot.svg
    }
    plot.drawVertical(vertical, y)
    plot.drawHorizontal(horizontal, x, hasGrid: false)
    for (index, points) in lines.enumerated() {
      for run in points.split(whereSeparator: { $0.y.interval == nil }) {
        draw(bandOf: Array(run), index, in: &plot, horizontal, vertical)
      }
    }
    // Markers would hide a dense line.
    let marks = lines.allSatisfy { $0.count <= 40 }
    for (index, points) in lines.enumerated() {
      for run in points.split(whereSeparator: { $0.y.drawn == nil }) {
        draw(Array(run), index, marks: marks || run.count == 1, in: &plot, horizontal, vertical)
      }
    }
    return plot.svg
  }

  private func draw(
    bandOf run: [Point], _ index: Int, in plot: inout Plot, _ horizontal: Scale, _ vertical: Scale
  ) {
    let slot = Palette.slot(index)
    let ends = run.compactMap { point in
      point.y.interval.map {
        (x: plot.x(point.x, horizontal), low: plot.y($0.low, vertical), high: plot.y($0.high, vertical))
      }
    }
    guard ends.count > 1 else {
      for end in ends {
        plot.canvas.stroke("M\(Path.at(end.x, end.low))V\(NumberText.coordinate(end.high))", slot: slot, width: 1.2)
      }
      return
    }
    let outline = ends.map { ($0.x, $0.high) } + ends.reversed().map { ($0.x, $0.low) }
    plot.canvas.fill(Path.line(outline) + "z", slot: slot, opacity: 0.18)
  }

  private func draw(
    _ run: [Point], _ index: Int, marks: Bool, in plot: inout Plot, _ horizontal: Scale, _ vertical: Scale
  ) {
    let slot = Palette.slot(index)
    let places = run.map { (x: plot.x($0.x, horizontal), y: plot.y($0.y.value, vertical)) }
    if places.count > 1 { plot.canvas.stroke(Path.line(places), slot: slot, dash: Palette.dashes[slot]) }
    guard marks else { return }
    for (point, place) in zip(run, places) {
      plot.canvas.fill(
        Palette.marker(index, place.x, place.y), slot: slot,
        hint: "\(series[index].name), \(x.label) \(NumberText.cell(point.x)): \(point.y.text)")
    }
  }
}
