import Charts
import Scenario
import Testing

@testable import Reports

/// How a sweep's points become charts.
struct MetricDrawingTests {
  private func drawing(_ points: [[(String, String)]]) -> MetricDrawing {
    let axes = SweepAxes(points.map { point in point.map { SweepSetting(path: $0.0, value: $0.1) } })
    let estimates = points.indices.map { Estimate(Double($0 % 7) + 1, low: -1, high: 12) }
    return MetricDrawing(
      axes: axes, estimates: estimates, y: Axis("energy", unit: "J", includesZero: true, limits: 0 ... .infinity))
  }

  private static let policies = [
    "bcd", "exact", "bcd-value", "{name: ep, power: 0.5 W}", "{name: ep, power: 1 W}", "{name: ep, power: 2 W}", "nq",
    "rb", "{name: bcd-ep, power: 0.5 W}", "{name: bcd-ep, power: 1 W}", "bcd-nq", "bcd-rb",
    "{name: restricted, bits: 32}",
  ]

  @Test func manyLinesAreSmallChartsOfOneKindOnCommonAxes() throws {
    let points = ["4 s", "5 s", "6 s"].flatMap { deadline in
      Self.policies.map { [("deadline", deadline), ("policy", $0)] }
    }
    let charts = drawing(points).panels.compactMap { $0 as? LineChart }
    #expect(charts.map(\.title) == ["BCD", "optimum", "BCD by value", "EP", "NQ", "RB", "restricted, 32 bits"])
    for chart in charts {
      #expect(chart.series.count == Self.policies.count)
      #expect(chart.series.count { $0.look != .context } <= 8)
      #expect(chart.y == charts[0].y && chart.x == charts[0].x)
      #expect(chart.y.span.min() ?? -1 >= 0)
    }
    let own = charts[3].series.filter { $0.look != .context }
    #expect(own.map(\.name) == ["0.5 W", "1 W", "2 W", "in BCD's loop, 0.5 W", "in BCD's loop, 1 W"])
    // Every policy is what one chart is about, and has the look there that it has everywhere.
    let all = charts.flatMap { $0.series.filter { $0.look != .context } }
    #expect(all.count == Self.policies.count)
    #expect(Set(all.map(\.look)).count == Self.policies.count)
  }

  @Test func wordsThatMoveTogetherAreOneLine() {
    let lines = [("fl", "fixed", "one-block"), ("sl", "fixed", "all"), ("sflam", "exact", "one-block")]
    let points = ["5", "10"].flatMap { count in
      lines.map { [("devices.count", count), ("framework", $0.0), ("policy", $0.1), ("band", $0.2)] }
    }
    let charts = drawing(points).panels.compactMap { $0 as? LineChart }
    #expect(charts.count == 1)
    #expect(charts.first?.series.map(\.name) == ["FL", "SL, all blocks", "SFLAM, optimum"])
  }

  @Test func pointsOfWordsAreRowsAndWhatHasNoValueIsLeftOut() {
    let axes = SweepAxes(["exact", "nq", "rb"].map { [SweepSetting(path: "policy", value: $0)] })
    let panels = MetricDrawing(axes: axes, estimates: [Estimate(1), nil, Estimate(2)], y: Axis("y")).panels
    #expect((panels.first as? DotChart)?.rows.map(\.name) == ["optimum", "RB"])
    #expect(MetricDrawing(axes: axes, estimates: [nil, nil, nil], y: Axis("y")).panels.isEmpty)
  }
}
