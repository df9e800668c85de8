import Charts

/// How the estimates of a sweep's points become charts: what they run along, which lines they have, and into how many they
/// are split.
struct MetricDrawing {
  /// Lines that one chart shows.
  private static let mostLines = 8

  private let axes: SweepAxes
  private let estimates: [Estimate?]
  private let y: Axis
  private let main: SweepAxes.Axis?
  private let lines: SweepAxes.Axis?
  private let looks: [Look]

  /// - Parameters:
  ///   - estimates: By point, the value and its interval.
  ///   - y: The axis of the values.
  init(axes: SweepAxes, estimates: [Estimate?], y: Axis) {
    self.axes = axes
    self.estimates = estimates
    main = axes.main.map { axes.axes[$0] }
    lines = axes.lines.map { axes.axes[$0] }
    looks = Look.looks(of: lines?.identities ?? [])
    var y = y
    // Charts side by side have one axis, and an interval beyond it is not what decides where it ends.
    let shown = estimates.compactMap { $0?.within(y.limits) }
    y.span = shown.map(\.value) + (y.isLogarithmic ? [] : shown.flatMap { [$0.low, $0.high].compactMap(\.self) })
    self.y = y
  }

  /// Whether charts show lines of others in grey.
  var hasContext: Bool { main?.numbers != nil && isSplit }

  /// Whether there are more lines than one chart shows.
  private var isSplit: Bool { (lines?.values.count ?? 0) > Self.mostLines }

  /// One chart, or one per combination of what neither its axis nor its lines show, or one per kind of line.
  var panels: [any Chart] {
    let points = Array(estimates.indices)
    guard let main, axes.main != nil else {
      return [DotChart("", row: "point", x: y, rows: points.map { DotChart.Row("all draws", estimates[$0]) })]
    }
    let others = axes.axes.indices.filter { $0 != axes.main && $0 != axes.lines }
    var groups: [(key: [Int], points: [Int])] = []
    var known: [[Int]: Int] = [:]
    for point in points {
      let key = others.map { axes.places[point][$0] }
      if let index = known[key] {
        groups[index].points.append(point)
      } else {
        known[key] = groups.count
        groups.append((key, [point]))
      }
    }
    return groups.flatMap { group -> [any Chart] in
      let title = zip(others, group.key).map { axes.axes[$0].names[$1] }.joined(separator: ", ")
      // A chart of a point without any value, as of the gap of a framework that knows none, would say nothing.
      guard group.points.contains(where: { estimates[$0] != nil }) else { return [] }
      if main.numbers == nil { return dots(group.points, title) }
      return curves(group.points, title)
    }
  }

  private func place(_ point: Int, _ axis: Int?) -> Int { axis.map { axes.places[point][$0] } ?? 0 }

  // MARK: Along numbers

  private func curves(_ points: [Int], _ title: String) -> [any Chart] {
    let all = (0..<max(lines?.values.count ?? 1, 1)).map { series($0, points) }
    guard let lines, isSplit else { return [chart(title, all)] }
    return families.map { family in
      let shown = all.indices.map { index -> LineChart.Series in
        var line = all[index]
        if !family.members.contains(index) { line.look = .context }
        // The title says what all of them are.
        let rest = line.name.dropFirst(line.name.hasPrefix(family.name) ? family.name.count : 0).drop {
          ", ".contains($0)
        }
        if !rest.isEmpty { line.name = String(rest) }
        return line
      }
      let name = family.members.count == 1 ? lines.names[family.members[0]] : family.name
      return chart(title.isEmpty ? name : "\(title): \(name)", shown)
    }
  }

  private func series(_ line: Int, _ points: [Int]) -> LineChart.Series {
    let numbers = main?.numbers ?? []
    return LineChart.Series(
      lines?.names[line] ?? "",
      points.filter { place($0, axes.lines) == line }.map { point in
        .init(numbers[place(point, axes.main)], estimates[point] ?? Estimate(.nan))
      }, look: looks.indices.contains(line) ? looks[line] : nil)
  }

  private func chart(_ title: String, _ series: [LineChart.Series]) -> LineChart {
    let numbers = main?.numbers ?? []
    var x = Axis(main?.name ?? "", unit: main?.unit ?? "", isWhole: numbers.allSatisfy { $0 == $0.rounded() })
    if let low = numbers.min(), let high = numbers.max(), low > 0, high >= 100 * low { x.isLogarithmic = true }
    x.span = numbers
    return LineChart(title, x: x, y: y, series: series.filter { !$0.points.isEmpty })
  }

  /// Lines of one kind, such as EP with several powers; every line of its own where they are numbers.
  private var families: [(name: String, members: [Int])] {
    guard let lines else { return [] }
    var families: [(name: String, members: [Int])] = []
    for (index, value) in lines.values.enumerated() {
      let word = String(SeriesName.plain(value).prefix { $0 != " " && $0 != "," })
      let name = lines.numbers == nil ? SeriesName.of(Self.kind(word)) : lines.names[index]
      if let place = families.firstIndex(where: { $0.name == name }) {
        families[place].members.append(index)
      } else {
        families.append((name, [index]))
      }
    }
    return families
  }

  /// A benchmark in the descent's own loop stands beside the benchmark.
  private static func kind(_ word: String) -> String {
    ["bcd-ep": "ep", "bcd-nq": "nq", "bcd-rb": "rb"][word] ?? word
  }

  // MARK: Along words

  private func dots(_ points: [Int], _ title: String) -> [any Chart] {
    guard let main else { return [] }
    let own = main.identities.map { Look.looks(of: [$0])[0] }
    let areKnown = main.path == "policy" || main.path == "framework"
    return (0..<max(lines?.values.count ?? 1, 1)).compactMap { line in
      let rows = main.values.indices.compactMap { value -> DotChart.Row? in
        guard let point = points.first(where: { place($0, axes.lines) == line && place($0, axes.main) == value }),
          let estimate = estimates[point]
        else { return nil }
        return DotChart.Row(main.names[value], estimate, look: areKnown ? own[value] : nil)
      }
      let name = lines?.names[line] ?? ""
      return rows.isEmpty
        ? nil
        : DotChart([title, name].filter { !$0.isEmpty }.joined(separator: ", "), row: main.name, x: y, rows: rows)
    }
  }
}
