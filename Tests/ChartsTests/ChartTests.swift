import Charts
import Foundation
import Testing

struct ChartTests {
  @Test(arguments: Samples.all.indices)
  func everyChartIsXMLWithTitleAndSummary(index: Int) throws {
    let chart = Samples.all[index].chart
    let svg = chart.svg
    let (names, texts) = try #require(elements(of: svg))
    #expect(names.prefix(4) == ["svg", "title", "desc", "style"])
    #expect(texts.contains(chart.title))
    #expect(texts.contains(chart.summary))
    #expect(svg.contains("role=\"img\""))
    #expect(!svg.contains("nan") && !svg.contains("inf"))
    #expect(chart.svg == svg)
    #expect(!svg.contains(">no data<"))
    if let folder = ProcessInfo.processInfo.environment["AIRSPLIT_GALLERY"] {
      try Data(svg.utf8).write(
        to: URL(fileURLWithPath: folder).appendingPathComponent("\(Samples.all[index].name).svg"))
    }
  }

  @Test func shadesAreInTheKeyAndWithMarksInTheTable() throws {
    var chart = Samples.shaded
    let (_, texts) = try #require(elements(of: chart.svg))
    for text in ["upload", "cut off", "deadline", "upload: 0.5 to 1.9 s"] { #expect(texts.contains(text), "\(text)") }
    #expect(
      chart.table.rows.prefix(5) == [
        ["upload begins", "0.5", ""], ["upload ends", "1.9", ""], ["cut off begins", "3.2", ""],
        ["cut off ends", "5", ""], ["deadline", "5", ""],
      ])
    chart.shadeKinds = ["upload"]
    #expect(!chart.svg.contains("cut off"))
    // A thousand shades of which no gap is wide enough to be seen are one.
    let few = chart.svg.components(separatedBy: "fill-opacity").count
    chart.shades = (0..<1000).map { .init(Double($0) * 6e-3, Double($0) * 6e-3 + 5e-3, kind: 0) }
    #expect(chart.svg.components(separatedBy: "fill-opacity").count == few)
    chart.shades = [.init(.nan, 1, kind: 0), .init(2, 1, kind: 0), .init(0, 1, kind: -1)]
    #expect(chart.svg.components(separatedBy: "fill-opacity").count < few)
  }

  @Test func chartsOfNothingSayThatThereIsNoData() throws {
    let charts: [any Chart] = [
      LineChart("t", x: Axis("x"), y: Axis("y"), series: []),
      LineChart(
        "t", x: Axis("x"), y: Axis("y"),
        series: [.init("a", [.init(1, Estimate(.nan)), .init(.infinity, Estimate(1))])]),
      DotChart("t", row: "c", x: Axis("y"), rows: []), DotChart("t", row: "c", x: Axis("y"), rows: [.init("a", nil)]),
      TornadoChart("t", x: Axis("x"), base: .nan, bars: [.init("a", low: .nan, high: 1)]),
      HeatMap("t", row: "r", column: "c", rows: [], columns: [], values: [], content: .figures(Axis("v"))),
      Timeline("t", x: Axis("x"), kinds: [], tracks: [.init("a", [.init(2, 1, kind: 0)])]),
    ]
    for chart in charts {
      #expect(elements(of: chart.svg) != nil)
      #expect(chart.svg.contains(">no data<"), "\(type(of: chart))")
    }
  }

  @Test func hostileTextIsOnlyText() throws {
    let text = "</title></script><b onload='x'>\"&amp; \u{0} 数 😀 ]]>"
    let axis = Axis(text, unit: text)
    let charts: [any Chart] = [
      LineChart(
        text, x: axis, y: axis, series: [.init(text, [.init(1, Estimate(1))]), .init(text, [.init(2, Estimate(3))])]),
      DotChart(text, row: text, x: axis, rows: [.init(text, Estimate(1)), .init(text, nil)]),
      Panels(
        text, summary: text, columns: 2,
        [LineChart(text, x: axis, y: axis, series: [.init(text, [.init(1, Estimate(1))])])]),
      TornadoChart(text, x: axis, base: 1, bars: [.init(text, low: 0, high: 2, lowLabel: text, highLabel: text)]),
      HeatMap(
        text, row: text, column: text, rows: [text], columns: [text], values: [[1]], content: .classes([text, text])),
      Timeline(text, x: axis, kinds: [text], tracks: [.init(text, [.init(0, 1, kind: 0)])], marks: [.init(0.5, text)]),
    ]
    for chart in charts {
      let (names, texts) = try #require(elements(of: chart.svg))
      #expect(Set(names).isSubset(of: ["svg", "title", "desc", "style", "path", "text", "g"]), "\(type(of: chart))")
      #expect(texts.joined().contains("</title></script><b onload='x'>\"&amp; \u{FFFD} 数 😀 ]]>"))
    }
  }

  @Test(arguments: [
    [0.0, 0], [5, 5], [-3, -3], [1e300, -1e300], [1e-300, 2e-300], [1e16, 1e16 + 2], [.nan, 1],
    [Double.infinity, -Double.infinity],
    [Double.leastNonzeroMagnitude, 0], [.greatestFiniteMagnitude, 1],
  ])
  func anyNumbersCanBeDrawn(values: [Double]) {
    let axis = Axis("v", unit: "J")
    let points = values.enumerated().map {
      LineChart.Point(values[$0.offset], Estimate($0.element, low: -$0.element, high: $0.element))
    }
    let charts: [any Chart] = [
      LineChart("t", x: axis, y: Axis("w", isWhole: true), series: [.init("a", points)]),
      DotChart("t", row: "c", x: axis, rows: values.map { .init("a", Estimate($0, low: $0, high: -$0)) }),
      LineChart(
        "t", x: Axis("v", isLogarithmic: true), y: Axis("w", isLogarithmic: true), series: [.init("a", points)]),
      TornadoChart("t", x: axis, base: values[0], bars: [.init("a", low: values[0], high: values[1])]),
      HeatMap("t", row: "r", column: "c", rows: ["a"], columns: ["a", "b"], values: [values], content: .figures(axis)),
      HeatMap(
        "t", row: "r", column: "c", rows: ["a"], columns: ["a", "b"], values: [values], content: .classes(["x"])),
      Timeline("t", x: axis, kinds: ["k"], tracks: [.init("a", [.init(values[0], values[1], kind: -7)])]),
    ]
    for chart in charts {
      let svg = chart.svg
      #expect(elements(of: svg) != nil)
      #expect(!svg.contains("nan") && !svg.contains("inf"))
      #expect(svg.utf8.count < 100_000)
      _ = chart.table
    }
  }

  @Test func aMissingValueBreaksTheLine() {
    func paths(_ values: [Double]) -> Int {
      let points = values.enumerated().map { LineChart.Point(Double($0.offset), Estimate($0.element)) }
      let svg = LineChart("t", x: Axis("x"), y: Axis("y"), series: [.init("a", points)]).svg
      return svg.components(separatedBy: "class=\"s0\"").count - 1
    }
    #expect(paths([1, 2, 3, 4, 5]) == 1)
    #expect(paths([1, 2, .nan, 4, 5]) == 2)
  }

  @Test func tablesHoldTheFiguresBehindTheChart() {
    let lines = LineChart(
      "t", x: Axis("deadline", unit: "s"), y: Axis("energy", unit: "J"),
      series: [.init("bcd", [.init(3.6, Estimate(0.5, low: 0.4, high: 0.6)), .init(4, Estimate(.nan))])])
    #expect(lines.table.columns == ["series", "deadline (s)", "energy (J)", "low", "high"])
    #expect(lines.table.rows == [["bcd", "3.6", "0.5", "0.4", "0.6"], ["bcd", "4", "", "", ""]])

    let tornado = Samples.tornado.table.rows.map { $0[0] }
    // The server's bar is drawn from 0.5 to 0.58, longer than the exponent's from 0.48 to 0.53.
    #expect(tornado == ["bandwidth of a block", "server's FLOP/s", "path loss exponent"])

    let map = HeatMap(
      "t", row: "device", column: "round", rows: ["0"], columns: ["1", "2", "3"], values: [[1, nil, 7]],
      content: .classes(["no", "yes"]))
    #expect(map.table.rows == [["0", "yes", "", ""]])
  }

  @Test func aSecondSeriesHasAnotherDash() {
    #expect(Samples.lines.svg.components(separatedBy: "stroke-dasharray=\"7 3\"").count > 1)
    #expect(Samples.lines.svg.components(separatedBy: "stroke-dasharray=\"2 3\"").count > 1)
  }
}
