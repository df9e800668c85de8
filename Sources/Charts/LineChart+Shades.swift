/// What a line chart shows of its horizontal axis: shaded stretches and marked places.
extension LineChart {
  /// Places that the horizontal axis must hold.
  var heldPlaces: [Double] {
    shades.filter(\.isDrawn).flatMap { [$0.start, $0.end] } + marks.map(\.time).filter(\.isDrawable)
  }

  /// The kinds that are drawn, with what is beside them in a key.
  var shadeKey: [(name: String, key: Plot.Key)] {
    shadeKinds.enumerated().filter { kind in shades.contains { $0.kind == kind.offset && $0.isDrawn } }
      .map { ($0.element, .shade(Self.look(ofShade: $0.offset))) }
  }

  /// What a table says of them.
  var markedPlaces: [(name: String, x: Double)] {
    shades.flatMap { shade in
      [("\(name(of: shade)) begins", shade.start), ("\(name(of: shade)) ends", shade.end)]
    } + marks.map { ($0.name, $0.time) }
  }

  private func name(of shade: Timeline.Slice) -> String {
    shadeKinds.indices.contains(shade.kind) ? shadeKinds[shade.kind] : ""
  }

  /// The first look is the line's.
  private static func look(ofShade kind: Int) -> Look { .plain(max(kind, 0) + 1) }

  /// Above this number of shades none has a hint, and those between which no gap would be seen are one.
  private static let mostHints = 200

  func drawShades(in plot: inout Plot, _ horizontal: Scale) {
    let shades = shades.filter { $0.isDrawn && shadeKinds.indices.contains($0.kind) }
    let isDense = shades.count > Self.mostHints
    var drawn: [(from: Double, to: Double, kind: Int, hint: String?)] = []
    for shade in shades.sorted(by: { ($0.kind, $0.start, $0.end) < ($1.kind, $1.start, $1.end) }) {
      let (from, to) = (plot.x(shade.start, horizontal), plot.x(shade.end, horizontal))
      if isDense, let last = drawn.last, last.kind == shade.kind, from - last.to < 0.5 {
        drawn[drawn.count - 1].to = max(last.to, to)
        continue
      }
      let times = "\(NumberText.cell(shade.start)) to \(NumberText.cell(shade.end)) \(x.unit)"
      drawn.append((from, to, shade.kind, isDense ? nil : "\(name(of: shade)): \(times)"))
    }
    for (from, to, kind, hint) in drawn {
      plot.canvas.fill(
        Path.rectangle(from, plot.top, max(to - from, 0.6), plot.bottom - plot.top),
        slot: Self.look(ofShade: kind).color,
        opacity: Plot.shadeOpacity, hint: hint)
    }
  }

  func drawMarks(in plot: inout Plot, _ horizontal: Scale) {
    for mark in marks where mark.time.isDrawable {
      let x = plot.x(mark.time, horizontal)
      plot.canvas.rule("M\(Path.at(x, plot.top - 3))V\(NumberText.coordinate(plot.bottom))", class: "ink", width: 1.4)
      let half = Markup.width(mark.name, size: 12) / 2
      plot.canvas.text(
        mark.name, min(max(x, plot.left + half), max(plot.right - half, plot.left)), plot.top - 7, .middle, size: 12)
    }
  }
}
