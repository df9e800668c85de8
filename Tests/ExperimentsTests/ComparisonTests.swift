import Experiments
import Scenario
import Simulation
import Statistics
import Testing

@Suite("A comparison of policies")
struct ComparisonTests {
  /// Draws of two policies: objective, bits and participants of each.
  private func table(_ a: [(Double, Double?, Double)], _ b: [(Double, Double?, Double)]) -> RunTable {
    func rows(_ point: Int, _ draws: [(Double, Double?, Double)]) -> [RunTable.Row] {
      draws.enumerated().map { repetition, draw in
        var figures = RunMetrics()
        figures["objective"] = draw.0
        figures["bits_mean"] = draw.1
        figures["devices_selected"] = draw.2
        figures["rounds"] = 1
        return RunTable.Row(point: point, repetition: repetition, figures: figures)
      }
    }
    func point(_ policy: String) -> RunTable.Point {
      RunTable.Point(name: "policy=\(policy)", settings: [SweepSetting(path: "policy", value: policy)])
    }
    return RunTable(points: [point("a"), point("b")], rows: rows(0, a) + rows(1, b))
  }

  private func comparison(_ table: RunTable, _ names: String...) -> Comparison {
    Comparison(
      table, values: ["a", "b"], baseline: "b",
      metrics: names.compactMap { Metric.index(of: $0).map { Metric.all[$0] } })
  }

  @Test("pairs by draw and leaves the baseline without a difference")
  func pairs() {
    let rows = comparison(table([(3, 8, 2), (5, 8, 2), (9, 8, 2)], [(1, 8, 2), (2, 8, 2), (6, 8, 2)]), "objective").rows
    #expect(rows.map(\.value) == ["a", "b"])
    #expect(rows[0].difference?.value == 8.0 / 3 && rows[0].count == 3 && rows[0].wins?.share == 1)
    #expect(rows[0].adjusted == rows[0].difference?.p)
    #expect(rows[1].difference == nil && rows[1].adjusted == nil && rows[1].wins == nil)
  }

  @Test("weighs a figure of a participant by the participants, and a draw without any by nothing")
  func ratios() {
    let rows = comparison(table([(1, 4, 1), (1, 10, 5), (0, nil, 0)], [(1, 6, 3), (1, 6, 3), (1, 6, 3)]), "bits_mean")
      .rows
    #expect(rows[0].mean?.value == 9 && rows[0].count == 2)
    #expect(rows[1].mean?.value == 6 && rows[1].count == 3)
    // Over the two draws in which both have the figure.
    #expect(rows[0].difference?.value == 3 && rows[0].difference?.count == 2)
    // No number of bits is better than another.
    #expect(rows[0].wins == nil)
  }

  @Test("pairs only draws in which both have the figure")
  func absent() {
    let full = table([(1, 8, 2), (7, 8, 2), (3, 8, 2)], [(1, 8, 2), (5, 8, 2), (2, 8, 2)])
    var partial = full
    partial.rows[1].figures["objective"] = nil
    #expect(comparison(partial, "objective").rows[0].difference?.count == 2)
    partial.rows.remove(at: 4)
    #expect(comparison(partial, "objective").rows[0].difference?.count == 2)
    #expect(comparison(full, "objective").rows[0].difference?.count == 3)
  }

  @Test("has no interval where a single draw has the figure, however many have none")
  func single() {
    let rows = comparison(
      table([(1, 4, 1), (0, nil, 0), (0, nil, 0)], [(1, 6, 3), (1, 7, 3), (1, 8, 3)]), "bits_mean"
    ).rows
    #expect(rows[0].count == 1 && rows[0].mean?.value == 4 && rows[0].mean?.halfWidth() == nil)
    #expect(rows[0].difference?.value == -2 && rows[0].difference?.p == nil && rows[0].adjusted == nil)
    #expect(rows[1].mean?.value == 7 && rows[1].mean?.halfWidth() != nil)
  }

  @Test("takes the rounding of sums for no difference")
  func rounding() {
    let rows = comparison(
      table([(0.1 + 0.2, 8, 2), (1, 8, 2), (2, 8, 2)], [(0.3, 8, 2), (1, 8, 2), (2, 8, 2)]), "objective", "bits_mean"
    ).rows
    for row in rows where row.value == "a" {
      #expect(row.difference?.value == 0 && row.difference?.isConstant == true, "\(row.metric.name)")
      #expect(row.difference?.halfWidth() == nil && row.difference?.p == nil && row.adjusted == nil && row.wins == nil)
    }
  }

  @Test("adjusts over the whole table")
  func holm() {
    let rows = comparison(
      table([(3, 8, 2), (5, 9, 2), (9, 8, 2)], [(1, 8, 2), (2, 8, 2), (6, 7, 2)]), "objective", "bits_mean"
    ).rows
    let raw = rows.compactMap { $0.difference?.p }
    let adjusted = rows.compactMap(\.adjusted)
    #expect(raw.count == 2 && adjusted.count == 2)
    #expect(adjusted.min() == min(1, 2 * (raw.min() ?? 1)))
  }

  @Test("counts no comparison without a probability among the tests that it adjusts for")
  func untested() {
    let rows = comparison(
      table([(3, 8, 2), (5, 8, 2), (9, 8, 2)], [(1, 8, 2), (2, 8, 2), (6, 8, 2)]), "objective", "bits_mean"
    ).rows
    #expect(rows[0].difference?.p != nil && rows[0].adjusted == rows[0].difference?.p)
    #expect(rows[2].difference?.value == 0 && rows[2].adjusted == nil)
  }

  @Test("takes equal draws for no evidence, however many")
  func equalDraws() {
    let equal = table([(3, 8, 2), (3, 8, 2), (3, 8, 2)], [(1, 8, 2), (1, 8, 2), (1, 8, 2)])
    #expect(equal.repeatedPoints == (2, 2) && equal.mostDraws == 3)
    #expect(throws: EqualDraws(count: 3)) { try equal.requireDifferentDraws() }
    let row = comparison(equal, "objective").rows[0]
    #expect(row.difference?.value == 2 && row.difference?.halfWidth() == nil && row.difference?.p == nil)
    #expect(row.mean?.halfWidth() == nil && row.wins == nil && row.adjusted == nil)
    // One point with other draws is enough.
    let half = table([(3, 8, 2), (4, 8, 2)], [(1, 8, 2), (1, 8, 2)])
    #expect(half.repeatedPoints == (2, 1))
    #expect(throws: Never.self) { try half.requireDifferentDraws() }
    // How often a policy passed over its blocks makes no draw of it.
    var passes = equal
    passes.rows[0].figures["policy_iterations"] = 3
    #expect(passes.repeatedPoints == (2, 2))
  }

  @Test("compares any axis, and takes what moves with it for no difference")
  func anyAxis() {
    func point(_ framework: String, _ policy: String, _ alpha: String) -> RunTable.Point {
      RunTable.Point(
        name: framework,
        settings: [
          SweepSetting(path: "alpha", value: alpha), SweepSetting(path: "framework", value: framework),
          SweepSetting(path: "policy", value: policy),
        ])
    }
    func rows(_ place: Int, _ values: [Double]) -> [RunTable.Row] {
      values.enumerated().map { repetition, value in
        var figures = RunMetrics()
        figures["energy_j"] = value
        return RunTable.Row(point: place, repetition: repetition, figures: figures)
      }
    }
    let table = RunTable(
      points: [
        point("sflam", "exact", "0.1"), point("sfl", "fixed", "0.1"), point("sflam", "exact", "1"),
        point("sfl", "fixed", "1"),
      ], rows: rows(0, [1, 2]) + rows(1, [4, 6]) + rows(2, [1, 1]) + rows(3, [2, 5]))
    let comparison = Comparison(
      table, over: "framework", movingWith: ["policy"], values: ["sflam", "sfl"], baseline: "sfl",
      metrics: Metric.all.filter { $0.name == "energy_j" })
    #expect(comparison.path == "framework" && comparison.rows.map(\.value) == ["sflam", "sfl", "sflam", "sfl"])
    #expect(comparison.rows.map { $0.settings.map(\.value) } == [["0.1"], ["0.1"], ["1"], ["1"]])
    #expect(comparison.rows[0].difference?.value == -3.5 && comparison.rows[2].difference?.value == -2.5)
  }
}
