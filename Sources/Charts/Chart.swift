/// A chart that draws itself as one SVG element, with the figures behind it as a table.
///
/// The same chart gives the same bytes on every machine. Values that are not finite, or beyond 1e300, leave gaps.
package protocol Chart: Sendable {
  /// What the chart shows, in a few words.
  var title: String { get set }

  /// One or two sentences for those who cannot see it.
  var summary: String { get set }

  /// The figures behind the chart, row by row.
  var table: ChartTable { get }

  /// The chart's elements.
  func drawing(_ style: ChartStyle) -> Drawing
}

extension Chart {
  /// The chart as an SVG element that stands alone as a file or inside an HTML page.
  package func svg(_ style: ChartStyle) -> String { drawing(style).svg(title: title, summary: summary) }

  /// The chart as an SVG file of its own, with its title drawn.
  package var svg: String { svg(ChartStyle()) }
}

/// How a chart is drawn.
package struct ChartStyle: Sendable, Hashable {
  /// Width in CSS pixels; a page may scale the drawing.
  package var width: Double
  /// Height of line and bar charts in CSS pixels; the others are as high as their rows.
  package var height: Double
  /// Whether the title is drawn; a page that has it as a heading leaves it out. The element `<title>` is always there.
  package var showsTitle: Bool
  /// Size of the title.
  package var titleSize = 16.0
  /// Whether the lines' names are drawn; a figure of several charts that has one key for all leaves them out.
  var showsNames = true

  /// 720 by 400 pixels with the title, unless told otherwise. Sizes below 200 by 120 are raised to these.
  package init(width: Double = 720, height: Double = 400, showsTitle: Bool = true) {
    self.width = width.isFinite ? min(max(width, 200), 10_000) : 720
    self.height = height.isFinite ? min(max(height, 120), 10_000) : 400
    self.showsTitle = showsTitle
  }
}

/// Rows of text under column titles.
package struct ChartTable: Sendable, Hashable {
  /// The columns' titles.
  package var columns: [String]
  /// The rows, each with as many cells as there are columns; an empty cell is a missing value.
  package var rows: [[String]]
  /// Where all rows are, where they are many and the files do not hold them.
  package var source: String?

  /// A table.
  package init(columns: [String], rows: [[String]], source: String? = nil) {
    self.columns = columns
    self.rows = rows
    self.source = source
  }
}

/// What an axis shows.
package struct Axis: Sendable, Hashable {
  /// The quantity, `round time`.
  package var label: String
  /// Its unit, `s`; empty for a number.
  package var unit: String
  /// Whether 0 is always on the axis.
  package var includesZero: Bool
  /// Whether only whole numbers get ticks, as for rounds.
  package var isWhole: Bool
  /// Whether equal ratios are equally long. Values that are not above 0 are then missing.
  package var isLogarithmic: Bool
  /// The values that there can be at all, 0 to 1 for a share: intervals end here.
  package var limits: ClosedRange<Double>
  /// Values that are on the axis whatever is drawn, so that charts side by side have one axis.
  package var span: [Double] = []

  /// An axis.
  package init(
    _ label: String, unit: String = "", includesZero: Bool = false, isWhole: Bool = false,
    isLogarithmic: Bool = false, limits: ClosedRange<Double> = -.infinity ... .infinity
  ) {
    self.label = label
    self.unit = unit
    self.includesZero = includesZero
    self.isWhole = isWhole
    self.isLogarithmic = isLogarithmic
    self.limits = limits
  }

  /// The label with the unit, `round time (s)`.
  package var title: String { unit.isEmpty ? label : "\(label) (\(unit))" }
}

/// A value with its interval, where it has one.
package struct Estimate: Sendable, Hashable {
  /// The value; one that is not finite is missing.
  package var value: Double
  /// The interval's lower end.
  package var low: Double?
  /// The interval's upper end.
  package var high: Double?

  /// A value, and its interval if both ends are given.
  package init(_ value: Double, low: Double? = nil, high: Double? = nil) {
    self.value = value
    self.low = low
    self.high = high
  }

  /// The value where it can be drawn.
  var drawn: Double? { value.isDrawable ? value : nil }

  /// The interval where it can be drawn.
  var interval: (low: Double, high: Double)? {
    guard let low, let high, low.isDrawable, high.isDrawable, drawn != nil else { return nil }
    return (low, high)
  }

  /// The value with an interval that ends where its values end.
  package func within(_ limits: ClosedRange<Double>) -> Estimate {
    guard let low, let high else { return self }
    func clipped(_ end: Double) -> Double { end.isNaN ? end : min(max(end, limits.lowerBound), limits.upperBound) }
    return Estimate(value, low: clipped(low), high: clipped(high))
  }

  /// The value as an axis can show it: no value and no interval's end has a logarithm unless it is above 0.
  func shown(on axis: Axis) -> Estimate {
    guard axis.isLogarithmic else { return within(axis.limits) }
    if value <= 0 { return Estimate(.nan) }
    return (low ?? 1) > 0 ? within(axis.limits) : Estimate(value)
  }

  /// All that an axis must hold.
  var extent: [Double] { drawn.map { [$0] + (interval.map { [$0.low, $0.high] } ?? []) } ?? [] }

  /// The value and the interval's ends as cells of a table.
  var cells: [String] { [NumberText.cell(value), NumberText.cell(low), NumberText.cell(high)] }

  /// `3.20 (3.10 to 3.30)` in three significant digits.
  var text: String {
    guard let interval else { return NumberText.short(value) }
    return "\(NumberText.short(value)) (\(NumberText.short(interval.low)) to \(NumberText.short(interval.high)))"
  }
}

extension Double {
  /// Finite, and small enough that differences are finite too.
  var isDrawable: Bool { isFinite && magnitude <= 1e300 }
}
