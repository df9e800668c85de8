import Charts
import Statistics
import Testing

@testable import Reproduction

@Suite("Charts of the figures")
struct FigureChartTests {
  private func chart(_ table: String, _ name: String, keys: [String], _ rows: [([String], String, [Double?])]) throws
    -> LineChart
  {
    var figures = FigureTable(keys: keys)
    for (labels, metric, values) in rows {
      if table == "fig5" {
        figures.append(labels, geometric: metric, DrawSeries(values))
      } else {
        figures.append(labels, metric, DrawSeries(values))
      }
    }
    return try #require(FigureChart.charts(of: table).first { $0.name == name }).chart(of: figures)
  }

  @Test("have a line for each value of the other keys, with the interval of each point")
  func lines() throws {
    let chart = try chart(
      "fig4-deadline", "fig4e", keys: ["deadline_s", "policy"],
      [
        (["4.0", "bcd"], "objective", [1, 3]), (["5.0", "bcd"], "objective", [4, 4]),
        (["4.0", "bcd-nq"], "objective", [9, 9]), (["4.0", "nq"], "objective", [0, 2]),
        (["4.0", "nq"], "participant_bits", [32, 32]),
      ])
    #expect(chart.series.map(\.name) == ["BCD", "NQ"])
    #expect(chart.series[0].points.map(\.x) == [4, 5])
    #expect(chart.series[0].points.map(\.y.value) == [2, 4])
    #expect(chart.series[0].points[1].y.low == nil && chart.series[1].points[0].y.low ?? 1 < 0)
    // The table as it was written draws the same chart.
    var table = FigureTable(keys: ["deadline_s", "policy"])
    for (labels, values) in [(["4.0", "bcd"], [1.0, 3]), (["4.0", "nq"], [0, 2])] {
      table.append(labels, "objective", DrawSeries(values))
    }
    #expect(try FigureTable(csv: table.csv, named: "t") == table)
    #expect(throws: ReproductionError.self) { try FigureTable(csv: Array("a,b\n".utf8), named: "t") }
  }

  @Test("give a policy one look in every figure, and place curves by joules and by seconds")
  func looks() throws {
    func looks(_ name: String, _ policies: [String], _ metric: String) throws -> [String: Look] {
      let chart = try chart(
        "fig4-deadline", name, keys: ["deadline_s", "policy"], policies.map { (["4.0", $0], metric, [1, 3]) })
      return chart.series.reduce(into: [:]) { $0[$1.name] = $1.look }
    }
    let one = try looks("fig4d", ["bcd", "exact", "nq", "rb", "ep 1 W"], "participant_energy_j")
    let other = try looks("fig4e", ["rb", "ep 1 W", "nq", "bcd"], "objective")
    for (name, look) in other { #expect(one[name] == look, "\(name)") }
    let energy = try chart(
      "fig6", "fig6-alpha-0.3-energy", keys: ["alpha", "framework", "round"],
      [(["0.3", "sl", "2"], "test_accuracy", [0.5]), (["0.3", "sl", "2"], "energy_j", [7])])
    #expect(energy.series.map(\.name) == ["SL"] && energy.series[0].points[0].x == 7)
  }

  @Test("name deadlines, frameworks and bands for readers, and show geometric means where few draws decide the others")
  func names() throws {
    let passes = try chart(
      "fig4-iterations", "fig4c", keys: ["deadline_s", "pass"], [(["4.0", "1"], "objective", [1, 2])])
    #expect(passes.series.map(\.name) == ["T = 4 s"])
    let rounds = try chart(
      "fig5", "fig5e", keys: ["devices", "blocks", "framework", "policy", "band"],
      [
        (["5", "5", "sl", "fixed", "one-block"], "round_time_s", [1, 4, 0, 16]),
        (["5", "5", "sl", "fixed", "all"], "round_time_s", [1]),
        (["5", "5", "sflam", "exact", "one-block"], "round_time_s", [1]),
      ])
    #expect(rounds.series.map(\.name) == ["SL", "SL, all blocks", "SFLAM, optimum"])
    let point = try #require(rounds.series[0].points.first)
    #expect(abs(point.y.value - 4) < 1e-12 && point.y.low ?? 0 > 0 && rounds.title.contains("geometric mean"))
  }

  @Test("show each figure of the paper")
  func complete() {
    let tables = [
      "fig3", "fig4-iterations", "fig4-deadline", "fig5", "fig6", "gap-deadline", "gap-blocks", "gap-devices",
      "gap-objective",
    ]
    let names = tables.flatMap { FigureChart.charts(of: $0).map(\.name) }
    #expect(Set(names).count == names.count)
    for letter in "abcdef" { #expect(names.contains("fig4\(letter)") && names.contains("fig5\(letter)")) }
    #expect(FigureChart.charts(of: "tables").isEmpty)
  }
}
