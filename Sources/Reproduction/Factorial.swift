import CElementary
import Experiments
import Foundation
import Scenario
import Statistics
import Trace

/// What each factor of a factorial study does to a figure, alone and together with another.
///
/// An effect is the geometric mean of the ratio of the figure at one level to that at another, over all pairs of points
/// that differ in nothing else; 0.5 is a half. An interaction is the ratio of a factor's effect at one level of another
/// factor to that at the first. Both are paired by draw, with linearised errors.
///
/// One factor may be the frame of the others, as the framework is that of bits and powers: what they do is then looked at
/// under one level of it only, since elsewhere they may do nothing.
package struct Factorial: Sendable {
  /// A factor that goes from one level to another.
  package struct Step: Sendable, Hashable {
    /// The key path.
    package var factor: String
    /// The level before.
    package var from: String
    /// The level after.
    package var to: String
  }

  /// What one step does, or two together beyond what each does alone.
  package struct Effect: Sendable {
    /// One step, or two.
    package var steps: [Step]
    /// The figure.
    package var figure: String
    /// Pairs of points, or quadruples, that it is over.
    package var comparisons: Int
    /// The logarithm of the ratio.
    package var logarithm: DrawEstimate

    /// The ratio.
    package var ratio: Double { elementary_exp(logarithm.value) }
    /// Its 95 % interval.
    package var interval: ClosedRange<Double>? {
      logarithm.interval.map { elementary_exp($0.lowerBound)...elementary_exp($0.upperBound) }
    }
  }

  /// The effects, figure by figure, single steps first.
  package private(set) var effects: [Effect] = []

  /// The effects on `figures`, each a figure at the point of an index.
  ///
  /// - Parameters:
  ///   - points: The settings of every point.
  ///   - frame: The factor that is the frame of the others, and its level; `nil`: none is.
  ///   - figures: What is looked at.
  /// - Throws: What a figure throws.
  package init(
    points: [[SweepSetting]], within frame: SweepSetting? = nil,
    figures: [(name: String, at: (Int) throws -> DrawSeries)]
  ) throws {
    var levels: [(factor: String, names: [String])] = []
    for setting in points.joined() {
      if let place = levels.firstIndex(where: { $0.factor == setting.path }) {
        if !levels[place].names.contains(setting.label) { levels[place].names.append(setting.label) }
      } else {
        levels.append((setting.path, [setting.label]))
      }
    }
    let steps = levels.map { factor, names in
      names.indices.flatMap { from in
        names.indices.dropFirst(from + 1).map { Step(factor: factor, from: names[from], to: names[$0]) }
      }
    }
    let labels: [[String: String]] = points.map { settings in
      settings.reduce(into: [:]) { $0[$1.path] = $1.label }
    }
    let places: [[String: String]: Int] = labels.enumerated().reduce(into: [:]) { $0[$1.element] = $1.offset }
    for figure in figures {
      let logarithms = try points.indices.map { try figure.at($0).estimate?.inLogarithm }

      /// The logarithm of the ratio that `step` makes where a point is at its first level; `nil` where there is no pair.
      func change(_ step: Step, from labels: [String: String]) -> DrawEstimate? {
        guard labels[step.factor] == step.from else { return nil }
        if let frame, step.factor != frame.path, labels[frame.path] != frame.label { return nil }
        var other = labels
        other[step.factor] = step.to
        guard let one = places[labels].flatMap({ logarithms[$0] }), let two = places[other].flatMap({ logarithms[$0] })
        else { return nil }
        return two - one
      }
      func add(_ steps: [Step], _ changes: [DrawEstimate]) {
        guard let mean = DrawEstimate.average(changes) else { return }
        effects.append(Effect(steps: steps, figure: figure.name, comparisons: changes.count, logarithm: mean))
      }

      for step in steps.joined() { add([step], labels.compactMap { change(step, from: $0) }) }
      for (index, ones) in steps.enumerated() {
        for (one, two) in ones.flatMap({ one in steps[(index + 1)...].joined().map { (one, $0) } })
        where one.factor != frame?.path && two.factor != frame?.path {
          let changes = labels.compactMap { labels -> DrawEstimate? in
            guard labels[two.factor] == two.from, let before = change(one, from: labels) else { return nil }
            var other = labels
            other[two.factor] = two.to
            return change(one, from: other).map { $0 - before }
          }
          add([one, two], changes)
        }
      }
    }
  }

  /// One row an effect: `metric,factor,from,to,with,with_from,with_to,comparisons,n,ratio,ci95_low,ci95_high`.
  package var csv: [UInt8] {
    var row = CSVRow()
    for title in [
      "metric", "factor", "from", "to", "with", "with_from", "with_to", "comparisons", "n", "ratio", "ci95_low",
      "ci95_high",
    ] { row.append(title) }
    row.endLine()
    for effect in effects {
      row.append(effect.figure)
      for place in 0..<2 {
        let step = place < effect.steps.count ? effect.steps[place] : Step(factor: "", from: "", to: "")
        row.append(step.factor)
        row.append(step.from)
        row.append(step.to)
      }
      row.append(effect.comparisons)
      row.append(effect.logarithm.count)
      row.append(effect.ratio)
      (effect.interval?.lowerBound).write(to: &row)
      (effect.interval?.upperBound).write(to: &row)
      row.endLine()
    }
    return row.bytes
  }
}

extension DrawEstimate {
  /// The natural logarithm, its error linearised; `nil` where the figure is not positive.
  var inLogarithm: DrawEstimate? {
    guard value > 0, value.isFinite else { return nil }
    return DrawEstimate(
      value: elementary_log(value), influences: influences.map { $0 / value }, count: count)
  }

  /// The mean of several figures of the same draws; `nil` of none.
  static func average(_ estimates: [DrawEstimate]) -> DrawEstimate? {
    guard let first = estimates.first else { return nil }
    let n = Double(estimates.count)
    var mean = DrawEstimate(
      value: 0, influences: Array(repeating: 0, count: first.influences.count),
      count: estimates.map(\.count).min() ?? 0)
    for estimate in estimates {
      mean.value += estimate.value / n
      for draw in mean.influences.indices { mean.influences[draw] += estimate.influences[draw] / n }
    }
    return mean
  }
}
