/// A drawing with its title and legend above a rectangle for the data.
struct Plot {
  /// What the key shows beside a name: the line, area or shade of a series, a colour, or that of a class.
  enum Key: Hashable {
    case line(Look)
    case area(Look)
    case shade(Look)
    case color(String)
    case category(Int)
  }

  /// How much of a shade's colour covers what is behind it.
  static let shadeOpacity = 0.3

  var canvas: Canvas
  let left: Double
  let right: Double
  let top: Double
  let bottom: Double
  let height: Double

  /// - Parameters:
  ///   - left: Room for labels on the left.
  ///   - beside: Room for labels on the right.
  ///   - above: Room for names above.
  ///   - below: Room for labels below.
  ///   - rows: The height of the rectangle; what the style leaves where `nil`.
  init(
    _ chart: some Chart, _ style: ChartStyle, legend: [(name: String, key: Key)], left: Double,
    beside: Double = 18, above: Double = 0, below: Double, rows: Double? = nil
  ) {
    canvas = Canvas(width: style.width)
    var y = 12.0
    if style.showsTitle {
      let size = style.titleSize
      for line in Markup.wrapped(chart.title, to: (style.width - 32) / 1.1, size: size).prefix(3) {
        y += size + 1
        canvas.text(line, 16, y, size: size, isBold: true)
        y += 4
      }
      y += 8
    }
    if !legend.isEmpty { y = Self.draw(legend, on: &canvas, from: y) + 10 }
    self.left = min(left, style.width * 0.45)
    right = style.width - min(beside, style.width * 0.5)
    let start = y + 4 + above
    top = start
    height = max(rows.map { start + $0 + below } ?? style.height, start + below + (rows == nil ? 80 : 20))
    bottom = height - below
  }

  /// What is drawn.
  var drawing: Drawing {
    Drawing(width: canvas.width, height: height, elements: canvas.elements, classes: canvas.classes)
  }

  /// An empty frame with a word.
  mutating func sayEmpty() {
    canvas.rule(Path.rectangle(left, top, right - left, bottom - top), class: "axis")
    canvas.text("no data", (left + right) / 2, (top + bottom) / 2 + 4, .middle, isMuted: true)
  }

  /// Grid, ticks, labels and title of a vertical axis.
  mutating func drawVertical(_ scale: Scale, _ axis: Axis) {
    for tick in scale.ticks {
      let y = self.y(tick, scale)
      canvas.rule("M\(Path.at(left, y))H\(NumberText.coordinate(right))", class: "grid")
      canvas.text(scale.label(tick), left - 7, y + 4.5, .end, size: 12, isMuted: true)
    }
    let room = bottom - top
    let title = scale.title(axis)
    // What is too long for one line has two smaller ones.
    let isLong = Markup.width(title, size: 13) > room + 30
    let lines = isLong ? Markup.wrapped(title, to: room + 40, size: 12) : [title]
    for (index, line) in lines.prefix(2).enumerated() {
      let text = index == 1 && lines.count > 2 ? lines[1...].joined(separator: " ") : line
      canvas.text(
        Markup.shortened(text, to: room + 40, size: isLong ? 12 : 13), lines.count > 1 ? 13 + 14 * Double(index) : 18,
        top + room / 2, .middle, size: isLong ? 12 : Canvas.fontSize, turned: -90,
        hint: lines.count > 2 ? axis.title : nil)
    }
  }

  /// Grid, ticks, labels and title of a horizontal axis.
  mutating func drawHorizontal(_ scale: Scale, _ axis: Axis, hasGrid: Bool) {
    for tick in scale.ticks {
      let x = self.x(tick, scale)
      canvas.rule(
        hasGrid ? "M\(Path.at(x, top))V\(NumberText.coordinate(bottom))" : "M\(Path.at(x, bottom))v5",
        class: hasGrid ? "grid" : "axis")
      canvas.text(scale.label(tick), x, bottom + 19, .middle, size: 12, isMuted: true)
    }
    canvas.rule("M\(Path.at(left, bottom))H\(NumberText.coordinate(right))", class: "axis")
    nameHorizontal(scale.title(axis))
  }

  /// The title below a horizontal axis.
  mutating func nameHorizontal(_ title: String) {
    canvas.text(
      Markup.shortened(title, to: right - left, size: 13), (left + right) / 2, height - 10, .middle, hint: title)
  }

  func x(_ value: Double, _ scale: Scale) -> Double { left + scale.share(value) * (right - left) }
  func y(_ value: Double, _ scale: Scale) -> Double { bottom - scale.share(value) * (bottom - top) }

  /// Room for the widest of some labels.
  static func room(for labels: [String], most: Double) -> Double {
    min(labels.map { Markup.width($0, size: 12) }.max() ?? 0, most)
  }

  /// Draws the key in as many lines as it needs and says where it ends.
  static func draw(_ legend: [(name: String, key: Key)], on canvas: inout Canvas, from top: Double) -> Double {
    var x = 16.0
    var y = top + 12
    for (name, key) in legend {
      let text = Markup.shortened(name, to: canvas.width - 80, size: 13)
      let width = 34 + Markup.width(text, size: 13) + 18
      if x > 16, x + width > canvas.width { (x, y) = (16, y + 20) }
      switch key {
      case .line(let look):
        canvas.stroke("M\(Path.at(x, y - 4))h28", slot: look.color, dash: Palette.dashes[look.pattern])
        canvas.fill(Palette.marker(look.pattern, x + 14, y - 4), slot: look.color)
      case .area(let look):
        canvas.fill(Path.rectangle(x + 6, y - 11, 18, 13), slot: look.color)
        canvas.rule(Hatch.path(look.pattern, x + 6, y - 11, 18, 13), class: "edge")
      case .shade(let look):
        canvas.fill(Path.rectangle(x + 6, y - 11, 18, 13), slot: look.color, opacity: shadeOpacity)
      case .color, .category:
        canvas.fill(Path.rectangle(x + 6, y - 11, 18, 13), key: key)
        canvas.rule(Path.rectangle(x + 6, y - 11, 18, 13), class: "axis", width: 0.5)
      }
      canvas.text(text, x + 34, y, hint: text == name ? nil : name)
      x += width
    }
    return y
  }
}
