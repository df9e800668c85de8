/// Colours that people with colour-blindness tell apart (Okabe and Ito), each with a dash and a marker of its own, so that
/// a chart reads in grey too.
enum Palette {
  /// The series' colours on a light page.
  static let colors = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000", "#8C6D31"]

  /// Colours of the classes of a map: the first stands out, and they differ in grey too.
  static let classes = ["#00568C", "#D55E00", "#CDBE9F", "#8D7BB0", "#E3E6EA", "#56B4E9", "#009E73", "#222222"]

  /// Dashes of lines, empty for a whole one.
  static let dashes = ["", "7 3", "2 3", "9 3 2 3", "5 2", "1 2", "12 4", "4 2 1 2 1 2"]

  /// The class of what is drawn in the colour of series `index`: its stroke `s0`, its fill `f0`.
  static func slot(_ index: Int) -> Int { max(index, 0) % colors.count }

  /// The classes' rules. A page changes the colours with the variables; a viewer that knows no variables takes the
  /// attributes, which are the same.
  private static let rules: [(name: String, rule: String)] = {
    var rules = [
      ".chart text{fill:var(--chart-ink,#222);stroke:none}",
      ".chart .muted{fill:var(--chart-muted,#595959)}",
      ".chart .paper{fill:var(--chart-paper,#fff)}",
      ".chart .edge{stroke:var(--chart-paper,#fff)}",
      ".chart .grid{stroke:var(--chart-grid,#ddd)}",
      ".chart .axis{stroke:var(--chart-axis,#666)}",
      ".chart .faint{stroke:var(--chart-faint,#b9bfc6)}",
      ".chart .ink{stroke:var(--chart-ink,#222)}",
      ".chart .gap{fill:var(--chart-gap,#fff)}",
    ]
    for (index, color) in colors.enumerated() {
      rules.append(".chart .s\(index){stroke:var(--chart-\(index),\(color))}")
      rules.append(".chart .f\(index){fill:var(--chart-\(index),\(color))}")
    }
    for (index, color) in classes.enumerated() {
      rules.append(".chart .k\(index){fill:var(--chart-class-\(index),\(color))}")
    }
    return rules.map { rule in (String(rule.dropFirst(".chart ".count).prefix { $0 != "{" }), rule) }
  }()

  /// The rules of some classes.
  static func css(for classes: Set<String>) -> String {
    rules.lazy.filter { rule in
      !rule.name.hasPrefix(".") || rule.name == ".paper" || classes.contains(String(rule.name.dropFirst()))
    }.map(\.rule).joined()
  }

  /// The path of a series' marker around a place.
  static func marker(_ index: Int, _ x: Double, _ y: Double) -> String {
    let shapes: [[(Double, Double)]] = [
      [], [(-3.2, -3.2), (3.2, -3.2), (3.2, 3.2), (-3.2, 3.2)], [(0, -4.4), (4.2, 3), (-4.2, 3)],
      [(0, -4.6), (4.6, 0), (0, 4.6), (-4.6, 0)], [(0, 4.4), (4.2, -3), (-4.2, -3)],
      [
        (-1.5, -4.4), (1.5, -4.4), (1.5, -1.5), (4.4, -1.5), (4.4, 1.5), (1.5, 1.5), (1.5, 4.4), (-1.5, 4.4),
        (-1.5, 1.5), (-4.4, 1.5), (-4.4, -1.5), (-1.5, -1.5),
      ], [(-4.4, 0), (-2.2, -3.8), (2.2, -3.8), (4.4, 0), (2.2, 3.8), (-2.2, 3.8)],
      [(-2, -4.4), (2, -4.4), (2, 4.4), (-2, 4.4)],
    ]
    let shape = shapes[slot(index)]
    guard let first = shape.first else {
      return "M\(Path.at(x - 3.5, y))a3.5 3.5 0 1 0 7 0a3.5 3.5 0 1 0 -7 0z"
    }
    return "M\(Path.at(x + first.0, y + first.1))"
      + shape.dropFirst().map { "L\(Path.at(x + $0.0, y + $0.1))" }.joined() + "z"
  }

  /// A colour of the sequential scale (ColorBrewer's Blues), from light at `share` 0 to dark at 1, so that it reads in
  /// grey and for every eye.
  static func sequential(_ share: Double) -> String {
    let stops: [(Double, Double, Double)] = [
      (222, 235, 247), (158, 202, 225), (107, 174, 214), (49, 130, 189), (8, 81, 156), (6, 38, 88),
    ]
    // 64 steps, so that equal colours are drawn in one path.
    let share = (min(max(share, 0), 1) * 63).rounded() / 63
    let place = share * Double(stops.count - 1)
    let index = min(Int(place), stops.count - 2)
    let rest = place - Double(index)
    let (from, to) = (stops[index], stops[index + 1])
    return "#"
      + [(from.0, to.0), (from.1, to.1), (from.2, to.2)].map { pair in
        let value = Int((pair.0 + (pair.1 - pair.0) * rest).rounded())
        return (value < 16 ? "0" : "") + String(value, radix: 16)
      }.joined()
  }
}

/// Pieces of SVG paths.
enum Path {
  static func at(_ x: Double, _ y: Double) -> String {
    "\(NumberText.coordinate(x)) \(NumberText.coordinate(y))"
  }

  static func line(_ points: [(x: Double, y: Double)]) -> String {
    points.enumerated().map { ($0.offset == 0 ? "M" : "L") + at($0.element.x, $0.element.y) }.joined()
  }

  static func rectangle(_ x: Double, _ y: Double, _ width: Double, _ height: Double) -> String {
    "M\(at(x, y))h\(NumberText.coordinate(width))v\(NumberText.coordinate(height))"
      + "h\(NumberText.coordinate(-width))z"
  }
}
