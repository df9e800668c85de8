import Testing

@testable import Charts

/// Names beside lines, and what an axis does to intervals.
struct LabelTests {
  @Test func labelsKeepTheirOrderAndTheirDistance() {
    var state: UInt64 = 7
    func next() -> Double {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Double(state >> 11) / Double(1 << 53)
    }
    for count in 1...17 {
      for _ in 0..<50 {
        let wanted = (0..<count).map { _ in next() * 300 - 20 }
        let places = EndLabels.places(wanted, from: 10, to: 260)
        #expect(places.allSatisfy { $0 >= 10 - 1e-9 && $0 <= 260 + 1e-9 })
        let sorted = places.indices.sorted { wanted[$0] < wanted[$1] }.map { places[$0] }
        for (one, other) in zip(sorted, sorted.dropFirst()) { #expect(other - one >= EndLabels.height - 1e-6) }
      }
    }
    #expect(EndLabels.places([50, 200], from: 10, to: 260) == [50, 200])
  }

  @Test func namesStandInsideTheDrawingAndLeaveMostOfItToTheLines() throws {
    let names = (0..<17).map { "a policy with a rather long name, number \($0)" }
    let chart = LineChart(
      "t", x: Axis("x"), y: Axis("y"),
      series: names.enumerated().map { index, name in
        .init(name, (0..<5).map { .init(Double($0), Estimate(Double(index % 3))) })
      })
    for (width, height) in [(440.0, 290.0), (330, 220), (720, 400), (1100, 400)] {
      let drawing = chart.drawing(ChartStyle(width: width, height: height))
      let texts = Self.texts(of: drawing.elements)
      #expect(texts.count { $0.text.hasPrefix("a policy") } == names.count)
      for text in texts where text.anchor == "start" {
        #expect(text.x >= 0 && text.x + Markup.width(text.text, size: text.size) <= width + 1, "\(text.text)")
        #expect(text.y >= 0 && text.y <= drawing.height, "\(text.text)")
      }
      // The horizontal axis is as long as the rectangle of the data is wide.
      let start = try #require(texts.filter { $0.text.hasPrefix("a policy") }.map(\.x).min())
      #expect(start > width * 0.5)
    }
  }

  private static func texts(of elements: String) -> [(text: String, x: Double, y: Double, size: Double, anchor: String)]
  {
    elements.split(separator: "\n").filter { $0.hasPrefix("<text") && !$0.contains("rotate") }.compactMap { line in
      func value(_ name: String) -> String? {
        line.firstRange(of: " \(name)=\"").map { String(line[$0.upperBound...].prefix { $0 != "\"" }) }
      }
      let text = line.drop { $0 != ">" }.dropFirst().prefix { $0 != "<" }
      guard let x = value("x").flatMap(Double.init), let y = value("y").flatMap(Double.init) else { return nil }
      return (String(text), x, y, value("font-size").flatMap(Double.init) ?? 13, value("text-anchor") ?? "start")
    }
  }

  @Test func intervalsOfSharesEndAtZeroAndOne() {
    let share = Axis("share", includesZero: true, limits: 0...1)
    let chart = LineChart(
      "t", x: Axis("x"), y: share,
      series: [
        .init("a", [.init(1, Estimate(0.02, low: -0.3, high: 0.4)), .init(2, Estimate(0.9, low: 0.5, high: 1.4))])
      ])
    #expect(chart.table.rows.map { Array($0.suffix(2)) } == [["0", "0.4"], ["0.5", "1"]])
    let dots = DotChart("t", row: "r", x: share, rows: [.init("a", Estimate(0.9, low: 0.5, high: 1.4))])
    #expect(dots.table.rows[0].suffix(2) == ["0.5", "1"])
    #expect(!chart.svg.contains("1.5</text>") && !chart.svg.contains("−"))
  }

  @Test func onAnAxisOfRatiosEqualRatiosAreEquallyLong() {
    let scale = Scale([1, 1000], axis: Axis("t", unit: "s", isLogarithmic: true), count: 5, widens: false)
    #expect(scale.ticks.map(scale.label) == ["1", "10", "100", "1000"])
    #expect(abs((scale.share(10) - scale.share(1)) - (scale.share(1000) - scale.share(100))) < 1e-12)
    #expect(scale.share(0) == 0)
    let narrow = Scale([0.8, 14], axis: Axis("t", isLogarithmic: true), count: 4, widens: false)
    #expect(narrow.ticks.count >= 3)
    // An interval that reaches 0 has no place there; the value has.
    let estimate = Estimate(5, low: -1, high: 20).shown(on: Axis("t", isLogarithmic: true))
    #expect(estimate.value == 5 && estimate.interval == nil)
    #expect(Estimate(0).shown(on: Axis("t", isLogarithmic: true)).drawn == nil)
  }

  @Test func numbersForReadersHaveThreeDigits() {
    #expect(
      [1234.5678, 0.00123456, 1360, 0.5, 20250412].map(NumberText.short) == [
        "1230", "0.00123", "1360", "0.5", "20300000",
      ])
    #expect(NumberText.short(nil).isEmpty)
  }

  @Test func aLineCrossesARectangleOnlyWhereItIs() {
    let line = [(x: 0.0, y: 0.0), (x: 10.0, y: 10.0), (x: 10.0, y: 30.0)]
    #expect(EndLabels.crosses(line, x: 4...6, y: 4...6))
    #expect(!EndLabels.crosses(line, x: 4...6, y: 7...9))
    #expect(EndLabels.crosses(line, x: 9...12, y: 20...22))
    #expect(!EndLabels.crosses(line, x: 11...12, y: 0...40))
    #expect(EndLabels.crosses([(x: 5, y: 5)], x: 4...6, y: 4...6))
  }

  @Test("a line that ends early has its name behind its end, without a line that leads to it")
  func aNameStandsBehindAnEarlyEnd() throws {
    let x = Axis("time")
    let chart = LineChart(
      "c", x: x, y: Axis("y", includesZero: true),
      series: [
        .init("early", [.init(0, Estimate(5)), .init(2, Estimate(5))]),
        .init("late", [.init(0, Estimate(1)), .init(10, Estimate(1))]),
      ])
    let svg = chart.svg
    #expect(!svg.contains("class=\"faint\""))
    let place = try #require(svg.firstMatch(of: /<text x="([0-9.]+)"[^>]*>early</).flatMap { Double($0.1) })
    #expect(place < 400)
  }
}
