import Charts

/// The pieces that pages are put together from.
enum Blocks {
  /// Rows that a table on a page has at most; the files have all.
  static let mostRows = 400

  /// Charts side by side, each with the table of its figures.
  static func charts(_ charts: [(chart: any Chart, isWide: Bool)]) -> HTML {
    charts.isEmpty ? .empty : "<div class=\"charts\">\n\(charts.map { figure($0.chart, isWide: $0.isWide) })</div>\n"
  }

  /// A chart with its title, what it shows, and its figures to be opened.
  static func figure(_ chart: any Chart, isWide: Bool) -> HTML {
    let isWide = isWide || chart is Panels || ((chart as? DotChart)?.rows.count ?? 0) > 12
    let style = ChartStyle(width: isWide ? 960 : 440, height: isWide ? 400 : 290, showsTitle: false)
    let drawing: HTML =
      switch chart {
      case let panels as Panels: multiples(panels)
      case is Timeline: zoomable(chart, style)
      default:
        isWide ? reach(chart, style) : HTML(markup: chart.svg(style))
      }
    return """
      <figure\(HTML(markup: isWide ? " class=\"wide\"" : ""))>
      <figcaption><h3>\(chart.title)</h3><p>\(chart.summary)</p></figcaption>
      \(drawing)<details class="data"><summary>Figures of this chart</summary>
      \(table(chart.table, named: chart.title))</details>
      </figure>

      """
  }

  /// A chart as wide as the page, which scrolls where the window is narrower.
  private static func reach(_ chart: any Chart, _ style: ChartStyle) -> HTML {
    "<div class=\"reach\" role=\"region\" aria-label=\"\(chart.title)\" tabindex=\"0\">\(HTML(markup: chart.svg(style)))</div>\n"
  }

  /// Small charts in as many columns as there is room for; those that have a row each are as wide as the page.
  private static func multiples(_ panels: Panels) -> HTML {
    if panels.columns == 1 {
      var style = ChartStyle(width: 960, height: 250)
      style.titleSize = 14
      return "\(panels.charts.map { reach($0, style) })"
    }
    // Names of lines take room; a chart without them may be smaller.
    let isRoomy = panels.charts.count <= 4
    var style = ChartStyle(width: isRoomy ? 440 : 330, height: isRoomy ? 270 : 220)
    style.titleSize = 14
    return
      "<div class=\"multiples\(isRoomy ? " roomy" : "")\">\n\(panels.charts.map { HTML(markup: $0.svg(style)) })</div>\n"
  }

  /// How many times as wide a timeline may be drawn.
  private static let zooms = [1, 2, 4, 8]

  /// A chart drawn at several widths, of which buttons choose one: a page has no script, so all of them are on it.
  private static func zoomable(_ chart: any Chart, _ style: ChartStyle) -> HTML {
    let group = "zoom \(chart.title)"
    let buttons = zooms.map { zoom -> HTML in
      let mark = HTML(markup: zoom == 1 ? " checked" : "")
      return "<label><input type=\"radio\" name=\"\(group)\" value=\"\(zoom)\"\(mark)>\(zoom)×</label>\n"
    }
    let drawings = zooms.map { zoom -> HTML in
      var wide = style
      wide.width *= Double(zoom)
      return "<div class=\"at at\(zoom)\">\(HTML(markup: chart.svg(wide)))</div>\n"
    }
    return """
      <div class="zoom"><fieldset><legend>Zoom</legend>
      \(buttons)</fieldset>
      <div class="reach" role="region" aria-label="\(chart.title)" tabindex="0">
      \(drawings)</div></div>

      """
  }

  /// A table that scrolls in itself; columns of numbers stand to the right.
  static func table(_ table: ChartTable, named name: String) -> HTML {
    let step = max(1, (table.rows.count + mostRows - 1) / mostRows)
    let rows = step == 1 ? table.rows : stride(from: 0, to: table.rows.count, by: step).map { table.rows[$0] }
    let numbers = table.columns.indices.map { column in
      let cells = rows.lazy.compactMap { $0.indices.contains(column) && !$0[column].isEmpty ? $0[column] : nil }
      return cells.first != nil && cells.allSatisfy { Double($0) != nil }
    }
    func cell(_ tag: HTML, _ text: String, _ column: Int) -> HTML {
      numbers[column] ? "<\(tag) class=\"number\">\(text)</\(tag)>" : "<\(tag)>\(text)</\(tag)>"
    }
    let head = table.columns.indices.map { cell("th", table.columns[$0], $0) }
    let body = rows.map { row -> HTML in
      "<tr>\(zip(row.indices, row).prefix(table.columns.count).map { cell("td", $1, $0) })</tr>\n"
    }
    let source = table.source ?? "the files hold all"
    let thinned: HTML =
      step == 1
      ? .empty : "<p class=\"plain\">One row in \(step) is shown; \(source) \(table.rows.count).</p>\n"
    return """
      \(thinned)<div class="scroll" role="region" aria-label="\(name)" tabindex="0"><table>
      <thead><tr>\(head)</tr></thead>
      <tbody>
      \(body)</tbody></table></div>

      """
  }

  /// Figures in a row of tiles.
  ///
  /// - Parameter areLeading: Whether they are what a reader looks for first, and large.
  static func tiles(_ tiles: [(label: String, value: String, unit: String)], areLeading: Bool = false) -> HTML {
    guard !tiles.isEmpty else { return .empty }
    let items = tiles.map { tile -> HTML in
      "<div><dt>\(tile.label)</dt><dd>\(tile.value) <small>\(tile.unit)</small></dd></div>\n"
    }
    return "<dl class=\"\(areLeading ? "tiles leading" : "tiles")\">\n\(items)</dl>\n"
  }

  /// A remark that must not be missed.
  static func note(_ text: String, isBad: Bool = false) -> HTML {
    isBad ? "<p class=\"note bad\">\(text)</p>\n" : "<p class=\"note\">\(text)</p>\n"
  }
}
