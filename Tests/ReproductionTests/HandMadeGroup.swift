import Experiments
import Foundation
import Scenario
import Simulation

@testable import Reproduction

/// Runs of a group of claims, made by hand: each figure from a rule of the test's.
struct HandMadeGroup {
  /// Which number is asked for: a metric at a point of a study, by what varies there, in a draw.
  struct Cell {
    var metric: String
    var study: String
    var values: [String: String]
    var point: Int
    var draw: Int

    func has(_ metric: String, _ value: String) -> Bool { self.metric == metric && values.values.contains(value) }
  }

  typealias Change = @Sendable (Cell, Double) -> Double

  var group: ClaimGroup
  var metrics: [String]
  /// Draws of each point.
  var draws = 8
  /// The figure of a cell in every draw.
  var figure: @Sendable (Cell) -> Double

  /// The scenario of this repository that the group is judged over.
  func base() throws -> Scenario {
    let file = URL(filePath: #filePath).deletingLastPathComponent().appending(
      path: "../../scenarios/\(group.scenarios[0]).yaml")
    return try ScenarioReader.read(path: file.standardized.path).scenario
  }

  /// The runs, with a change laid over them; draws differ a little, but for the devices that a policy admits.
  func evidence(proposed: String = "exact", changing change: Change = { $1 }) throws -> ScenarioEvidence {
    let base = try base()
    var results: [String: StudyResult] = [:]
    for (name, plan) in try group.studies(base) {
      var points: [RunTable.Point] = []
      var rows: [RunTable.Row] = []
      var places: [[SweepSetting]] = [[]]
      for axis in plan.grid {
        places = places.flatMap { place in axis.values.map { place + [SweepSetting(path: axis.path, value: $0)] } }
      }
      if let length = plan.zip.first?.values.count {
        places = places.flatMap { place in
          (0..<length).map { index in
            place + plan.zip.map { SweepSetting(path: $0.path, value: $0.values[index]) }
          }
        }
      }
      for settings in places {
        let values = Dictionary(uniqueKeysWithValues: settings.map { ($0.path, $0.value) })
        for draw in 0..<draws {
          var figures = RunMetrics()
          for metric in metrics {
            let cell = Cell(metric: metric, study: name, values: values, point: points.count, draw: draw)
            figures[metric] = change(
              cell, figure(cell) * (metric == "devices_selected" ? 1 : 1 + 0.002 * Double(draw)))
          }
          rows.append(RunTable.Row(point: points.count, repetition: draw, figures: figures))
        }
        points.append(RunTable.Point(name: "\(points.count)", settings: settings))
      }
      results[name] = StudyResult(RunTable(points: points, rows: rows))
    }
    return ScenarioEvidence(base: base, proposed: proposed, results: results)
  }

  /// What the evidence says of a claim.
  func verdict(_ number: Int, _ evidence: ScenarioEvidence) throws -> Verdict {
    guard let claim = group.claims.first(where: { $0.number == number }) else {
      throw ReproductionError("there is no claim \(number)")
    }
    return Finding(
      claim: number, base: group.scenarios[0], proposed: evidence.proposed, judging: try claim.checks(evidence)
    ).verdict
  }
}
