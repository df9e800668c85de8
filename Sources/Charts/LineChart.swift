/// Lines over a numeric axis, each with a band for its intervals.
package struct LineChart: Chart, Hashable {
  /// A line.
  package struct Series: Sendable, Hashable {
    /// Its name, which stands beside its end; empty for none. Lines of one name are one thing, and named once.
    package var name: String
    /// Its points, drawn in the order of x.
    package var points: [Point]
    /// How it is drawn; that of its place among the series where `nil`.
    package var look: Look?
    /// Whether its points are joined; otherwise each stands alone.
    package var isJoined = true

    /// A line through `points`.
    package init(_ name: String, _ points: [Point], look: Look? = nil) {
      self.name = name
      self.points = points
      self.look = look
    }
  }

  /// A point of a line; a missing value breaks the line.
  package struct Point: Sendable, Hashable {
    /// The place on the horizontal axis.
    package var x: Double
    /// The value there.
    package var y: Estimate

    /// A value at `x`.
    package init(_ x: Double, _ y: Estimate) {
      self.x = x
      self.y = y
    }
  }

  /// What the chart shows, in a few words.
  package var title: String
  /// One or two sentences for those who cannot see it.
  package var summary: String
  /// The horizontal axis.
  package var x: Axis
  /// The vertical axis.
  package var y: Axis
  /// The lines, in the order of the legend.
  package var series: [Series]
  /// Stretches of the horizontal axis that are shaded behind the lines.
  package var shades: [Timeline.Slice] = []
  /// The names of the shades' kinds.
  package var shadeKinds: [String] = []
  /// Places on the horizontal axis that are marked across the chart.
  package var marks: [Timeline.Mark] = []
  /// Where all rows of the table are, where the files do not hold them.
  package var source: String?

  /// A chart of lines; the summary is put together from the names where it is left out.
  package init(_ title: String, summary: String? = nil, x: Axis, y: Axis, series: [Series]) {
    self.title = title
    self.summary =
      summary ?? "\(y.title) over \(x.title)"
      + (series.count > 1 ? ": \(series.map(\.name).joined(separator: ", "))." : ".")
    self.x = x
    self.y = y
    self.series = series
  }

  /// One row per point: series, x, value, and the interval where any point has one. Ends of shades and marks come before them.
  package var table: ChartTable {
    let hasIntervals = series.contains { $0.points.contains { $0.y.interval != nil } }
    let columns = ["series", x.title, y.title] + (hasIntervals ? ["low", "high"] : [])
    let blanks = Array(repeating: "", count: columns.count - 2)
    let points = series.flatMap { line in
      line.points.map { point in
        [line.name, NumberText.cell(point.x)]
          + (hasIntervals ? point.y.within(y.limits).cells : [NumberText.cell(point.y.value)])
      }
    }
    return ChartTable(
      columns: columns, rows: markedPlaces.map { [$0, NumberText.cell($1)] + blanks } + points, source: source)
  }

  /// How each series is drawn.
  private var looks: [Look] {
    let names = series.filter { $0.look == nil }.reduce(into: [String]()) { names, line in
      if !names.contains(line.name) { names.append(line.name) }
    }
    return series.map { $0.look ?? .plain(names.firstIndex(of: $0.name) ?? 0) }
  }

  /// The series' names, each once, with what is beside them in a key.
  var key: [(name: String, key: Plot.Key)] {
    var seen: Set<String> = [""]
    return zip(series, looks).compactMap { line, look in
      !look.isContext && seen.insert(line.name).inserted ? (line.name, .line(look)) : nil
    }
  }

  /// A series as it is drawn: what can be drawn of it, from left to right.
  private struct Line {
    var name: String
    var look: Look
    var isJoined: Bool
    var points: [Point]
    var last: Point? { points.last { $0.y.drawn != nil } }
  }

  private var lines: [Line] {
    zip(series, looks).map { line, look in
      let points = line.points.filter { $0.x.isDrawable && (!x.isLogarithmic || $0.x > 0) }.enumerated()
        .sorted { ($0.element.x, $0.offset) < ($1.element.x, $1.offset) }
        .map { Point($0.element.x, $0.element.y.shown(on: y)) }
      return Line(name: line.name, look: look, isJoined: line.isJoined, points: points)
    }
    // What is for comparison lies below.
    .enumerated().sorted {
      ($0.element.look.isContext ? 0 : 1, $0.offset) < ($1.element.look.isContext ? 0 : 1, $1.offset)
    }
    .map(\.element)
  }

  /// The chart's elements.
  package func drawing(_ style: ChartStyle) -> Drawing {
    let lines = lines
    let drawn = lines.map { $0.points.filter { $0.y.drawn != nil } }
    // A rare draw can make an interval reach far: on an axis of ratios the values decide.
    let vertical = Scale(
      drawn.joined().flatMap { y.isLogarithmic ? [$0.y.value] : $0.y.extent }, axis: y,
      count: max(2, Int(style.height / 65)), widens: true)
    let horizontal = Scale(
      drawn.joined().map(\.x) + heldPlaces, axis: x, count: max(2, Int(style.width / 75)), widens: false)
    let named = style.showsNames && key.count > 1 ? key.map(\.name) : []
    var style = style
    let names = Plot.room(for: named, most: 170)
    style.height = max(style.height, Double(named.count) * EndLabels.height + 110)
    var plot = Plot(
      self, style, legend: shadeKey, left: 40 + Plot.room(for: vertical.ticks.map(vertical.label), most: 120),
      beside: named.isEmpty ? 18 : names + 26, above: marks.isEmpty ? 0 : 15, below: 52)
    guard drawn.contains(where: { !$0.isEmpty }) else {
      plot.sayEmpty()
      return plot.drawing
    }
    plot.drawVertical(vertical, y)
    plot.drawHorizontal(horizontal, x, hasGrid: false)
    drawShades(in: &plot, horizontal)
    drawMarks(in: &plot, horizontal)
    for line in lines where !line.look.isContext {
      for run in line.points.split(whereSeparator: { $0.y.interval == nil }) {
        draw(intervalsOf: Array(run), line, in: &plot, horizontal, vertical)
      }
    }
    for line in lines {
      for run in line.points.split(whereSeparator: { $0.y.drawn == nil }) {
        draw(Array(run), line, in: &plot, horizontal, vertical)
      }
    }
    if !named.isEmpty { name(lines, in: &plot, horizontal, vertical) }
    return plot.drawing
  }

  /// Where a value is drawn: at the edge where it lies beyond it.
  private func height(_ value: Double, in plot: Plot, _ vertical: Scale) -> Double {
    min(max(plot.y(value, vertical), plot.top), plot.bottom)
  }

  private func draw(
    intervalsOf run: [Point], _ line: Line, in plot: inout Plot, _ horizontal: Scale, _ vertical: Scale
  ) {
    let slot = line.look.color
    let ends = run.compactMap { point in
      point.y.interval.map {
        (
          x: plot.x(point.x, horizontal), low: height($0.low, in: plot, vertical),
          high: height($0.high, in: plot, vertical)
        )
      }
    }
    guard ends.count > 1, line.isJoined else {
      for end in ends {
        plot.canvas.stroke("M\(Path.at(end.x, end.low))V\(NumberText.coordinate(end.high))", slot: slot, width: 1.2)
      }
      return
    }
    let outline = ends.map { ($0.x, $0.high) } + ends.reversed().map { ($0.x, $0.low) }
    plot.canvas.fill(Path.line(outline) + "z", slot: slot, opacity: 0.15)
  }

  private func draw(
    _ run: [Point], _ line: Line, in plot: inout Plot, _ horizontal: Scale, _ vertical: Scale
  ) {
    let look = line.look
    let places = run.map { (x: plot.x($0.x, horizontal), y: height($0.y.value, in: plot, vertical)) }
    if places.count > 1, line.isJoined {
      guard !look.isContext else { return plot.canvas.rule(Path.line(places), class: "faint") }
      plot.canvas.stroke(Path.line(places), slot: look.color, dash: Palette.dashes[look.pattern])
    }
    guard !look.isContext else { return }
    // A marker at each point would hide a dense line.
    let every = line.isJoined && run.count > 14 ? (run.count + 7) / 8 : 1
    for (index, (point, place)) in zip(run, places).enumerated()
    where index.isMultiple(of: every) || index == run.count - 1 {
      plot.canvas.fill(
        Palette.marker(look.pattern, place.x, place.y), slot: look.color,
        hint: "\(line.name), \(x.label) \(NumberText.short(point.x)): \(point.y.text)")
    }
  }

  /// The names beside the lines' ends: right behind an end that lies well before the edge, where nothing else is drawn,
  /// else in a column at the edge.
  private func name(_ lines: [Line], in plot: inout Plot, _ horizontal: Scale, _ vertical: Scale) {
    var seen: Set<String> = [""]
    let named = lines.compactMap { line -> (line: Line, x: Double, y: Double)? in
      guard !line.look.isContext, let last = line.last, seen.insert(line.name).inserted else { return nil }
      return (line, plot.x(last.x, horizontal), height(last.y.value, in: plot, vertical))
    }
    var taken = lines.map { line in
      line.points.filter { $0.y.drawn != nil }.map {
        (x: plot.x($0.x, horizontal), y: height($0.y.value, in: plot, vertical))
      }
    }
    var beside: [(line: Line, x: Double, y: Double)] = []
    for end in named {
      let width = Markup.width(end.line.name, size: 12) + 18
      let start = end.x + 6
      let free = [0, -14, 14].map { end.y + $0 }.first { y in
        start + width < plot.right && y - 7 > plot.top && y + 7 < plot.bottom
          && !taken.contains { EndLabels.crosses($0, x: start...start + width, y: y - 7...y + 7) }
      }
      guard let free else {
        beside.append(end)
        continue
      }
      let look = end.line.look
      plot.canvas.fill(Palette.marker(look.pattern, start + 6, free), slot: look.color)
      plot.canvas.text(end.line.name, start + 14, free + 4.5, size: 12)
      taken.append([(start, free), (start + width, free)])
    }
    let places = EndLabels.places(beside.map(\.y), from: plot.top + 4, to: plot.bottom - 4)
    let room = plot.canvas.width - plot.right - 24
    for (end, y) in zip(beside, places) {
      let start = plot.right + 5
      // A thin line leads from an end that lies elsewhere to its name.
      if abs(end.y - y) > 3 || plot.right - end.x > 6 {
        plot.canvas.rule("M\(Path.at(end.x + 4, end.y))L\(Path.at(start, y))", class: "faint", width: 0.8)
      }
      let look = end.line.look
      plot.canvas.fill(Palette.marker(look.pattern, start + 6, y), slot: look.color)
      let text = Markup.shortened(end.line.name, to: room, size: 12)
      plot.canvas.text(text, start + 14, y + 4.5, size: 12, hint: text == end.line.name ? nil : end.line.name)
    }
  }
}
