import Scenario
import Statistics
import Testing

@testable import Reproduction

@Suite("What saves what")
struct FactorialTests {
  /// Points of factors a and b, each at the levels given.
  private static func points(_ levels: [(String, String)]) -> [[SweepSetting]] {
    levels.map { [SweepSetting(path: "a", value: $0.0), SweepSetting(path: "b", value: $0.1)] }
  }

  private static let cross = points([("off", "off"), ("off", "on"), ("on", "off"), ("on", "on")])

  private func effect(_ factorial: Factorial, _ factors: String...) -> Factorial.Effect? {
    factorial.effects.first { $0.steps.map(\.factor) == factors }
  }

  @Test("effects are geometric means of ratios, and an interaction the ratio of two effects")
  func byHand() throws {
    // a halves where b is off and takes a quarter where it is on; b leaves 0.8 or 0.4.
    let values = [100.0, 80, 50, 20]
    let factorial = try Factorial(
      points: Self.cross, figures: [("energy", { DrawSeries([values[$0], values[$0], values[$0]]) })])
    #expect(factorial.effects.count == 3)
    let a = try #require(effect(factorial, "a"))
    #expect(abs(a.ratio - (0.5 * 0.25).squareRoot()) < 1e-12 && a.comparisons == 2)
    let b = try #require(effect(factorial, "b"))
    #expect(abs(b.ratio - (0.8 * 0.4).squareRoot()) < 1e-12)
    let both = try #require(effect(factorial, "a", "b"))
    #expect(abs(both.ratio - 0.25 / 0.5) < 1e-12 && both.comparisons == 1)
    #expect(both.steps[0] == Factorial.Step(factor: "a", from: "off", to: "on"))
  }

  @Test("what draws have in common does not widen the interval of an effect")
  func pairing() throws {
    // Every draw of a is half of the same draw of b, whatever its size.
    let draws = [1.0, 10, 100, 3]
    let factorial = try Factorial(
      points: Self.cross,
      figures: [("energy", { place in DrawSeries(draws.map { $0 * (place >= 2 ? 0.5 : 1) }) })])
    let a = try #require(effect(factorial, "a"))
    // No draw moves it, so that there is no interval.
    #expect(abs(a.ratio - 0.5) < 1e-12 && a.logarithm.estimate.standardError == 0 && a.interval == nil)
    #expect(a.logarithm.count == 4)
  }

  @Test("points without a partner are in no effect, and a figure that is missing or 0 is in none")
  func gaps() throws {
    let points = Self.points([("off", "off"), ("on", "off"), ("on", "on")])
    let whole = try Factorial(points: points, figures: [("energy", { DrawSeries([Double($0 + 1), Double($0 + 1)]) })])
    #expect(effect(whole, "a")?.comparisons == 1 && effect(whole, "a", "b") == nil)
    #expect(abs((effect(whole, "b")?.ratio ?? 0) - 1.5) < 1e-12)
    let missing = try Factorial(
      points: Self.cross, figures: [("energy", { DrawSeries($0 == 0 ? [nil, nil] : $0 == 1 ? [0, 0] : [1, 2]) })])
    #expect(effect(missing, "a") == nil && effect(missing, "b")?.comparisons == 1)
  }

  @Test("within a frame, the other factors are looked at under its level only")
  func frame() throws {
    // b leaves 0.8 where a is off, 0.4 where it is on.
    let values = [100.0, 80, 50, 20]
    let factorial = try Factorial(
      points: Self.cross, within: SweepSetting(path: "a", value: "on"),
      figures: [("energy", { DrawSeries([values[$0], values[$0]]) })])
    #expect(factorial.effects.count == 2)
    let b = try #require(effect(factorial, "b"))
    #expect(abs(b.ratio - 0.4) < 1e-12 && b.comparisons == 1)
    #expect(effect(factorial, "a")?.comparisons == 2)
  }

  @Test("the table has a row an effect")
  func table() throws {
    let factorial = try Factorial(points: Self.cross, figures: [("energy", { DrawSeries([Double($0 + 1)]) })])
    let lines = String(decoding: factorial.csv, as: UTF8.self).split(separator: "\n")
    #expect(lines[0] == "metric,factor,from,to,with,with_from,with_to,comparisons,n,ratio,ci95_low,ci95_high")
    #expect(lines.count == 4 && lines[1].hasPrefix("energy,a,off,on,,,,2,1,"))
    #expect(lines[1].hasSuffix(",,") && lines[3].hasPrefix("energy,a,off,on,b,off,on,1,1,"))
  }
}

@Suite("The front of fairness")
struct FairnessTests {
  private func row(_ label: String, jain: Double?, energy: Double?, objective: Double?) -> Fairness.Row {
    let values = [jain, 0.5, energy, objective, 10]
    return Fairness.Row(labels: [label], estimates: values.map { $0.map { DrawEstimate.mean([$0, $0]) } ?? nil })
  }

  @Test("a point is on a front where no other is as good in both and better in one")
  func fronts() {
    let fairness = Fairness(
      keys: ["policy"],
      rows: [
        row("even", jain: 0.9, energy: 3, objective: 1), row("cheap", jain: 0.2, energy: 1, objective: 5),
        row("beaten", jain: 0.2, energy: 2, objective: 4), row("twin", jain: 0.9, energy: 3, objective: 2),
        row("nobody", jain: nil, energy: nil, objective: nil),
      ])
    #expect(fairness.rows.map(\.isOnEnergyFront) == [true, true, false, true, false])
    #expect(fairness.rows.map(\.isOnObjectiveFront) == [false, true, false, true, false])
  }

  @Test("a missing figure is an empty field")
  func missing() {
    let fairness = Fairness(keys: ["policy"], rows: [row("nobody", jain: nil, energy: nil, objective: 2)])
    let lines = String(decoding: fairness.csv, as: UTF8.self).split(separator: "\n")
    #expect(lines[1].hasPrefix("nobody,,,,0.5,,,,,,2.0,,,"))
    #expect(lines[1].hasSuffix(",2,no,no"))
  }
}
