import JSON
import Scenario
import Statistics
import Trace

/// The effects of a study as a table.
package struct SensitivityTable: Sendable {
  /// The effects, figure by figure, in the study's order.
  package var effects: [SensitivityEffect]

  /// The effects on every figure.
  package init(_ result: SensitivityResult) {
    effects = SensitivityFigure.all.flatMap { result.effects(on: $0) }
  }

  /// The table's columns.
  static let columns = [
    "figure", "parameter", "source", "value", "n", "base", "changed", "effect", "ci95_low", "ci95_high",
  ]

  /// A parameter with the values that take a figure furthest down and furthest up.
  package struct Bar: Sendable {
    /// The key path.
    package var path: String
    /// The effect that lies lowest.
    package var low: SensitivityEffect
    /// The effect that lies highest.
    package var high: SensitivityEffect

    /// How far they lie apart, the scenario as it is included.
    package var spread: Double {
      let (a, b) = (low.effect?.value ?? 0, high.effect?.value ?? 0)
      return max(a, b, 0) - min(a, b, 0)
    }
  }

  /// The parameters that move a figure, the one that moves it most first. A value under which no draw has the figure is
  /// not among them.
  package func bars(of figure: String) -> [Bar] {
    var paths: [String] = []
    var bars: [Bar] = []
    for effect in effects where effect.figure.name == figure && !paths.contains(effect.change.path) {
      paths.append(effect.change.path)
      let own = effects.filter {
        $0.figure.name == figure && $0.change.path == effect.change.path && $0.effect != nil
      }.sorted { ($0.effect?.value ?? 0) < ($1.effect?.value ?? 0) }
      if let low = own.first, let high = own.last { bars.append(Bar(path: effect.change.path, low: low, high: high)) }
    }
    return bars.enumerated().sorted { one, other in
      one.element.spread == other.element.spread
        ? one.offset < other.offset : one.element.spread > other.element.spread
    }.map(\.element)
  }

  /// One row per figure and value, with the columns of sensitivity.csv.
  package var csv: [UInt8] {
    var row = CSVRow()
    for title in Self.columns { row.append(title) }
    row.endLine()
    for effect in effects {
      row.append(effect.figure.name)
      row.append(effect.change.path)
      row.append(effect.change.source?.rawValue ?? "")
      row.append(effect.change.value)
      row.append(effect.effect?.count ?? 0)
      let interval = effect.effect?.interval
      for number in [
        effect.base?.value, effect.changed?.value, effect.effect?.value, interval?.lowerBound, interval?.upperBound,
      ] {
        number.write(to: &row)
      }
      row.endLine()
    }
    return row.bytes
  }

  /// The same for programs.
  package var json: JSONValue {
    func number(_ value: Double?) -> JSONValue { value.map(JSONValue.number) ?? .null }
    return .array(
      effects.map { effect in
        [
          "figure": .string(effect.figure.name), "parameter": .string(effect.change.path),
          "source": effect.change.source.map { .string($0.rawValue) } ?? .null, "value": .string(effect.change.value),
          "n": .integer(effect.effect?.count ?? 0), "base": number(effect.base?.value),
          "changed": number(effect.changed?.value), "effect": number(effect.effect?.value),
          "ci95_low": number(effect.effect?.interval?.lowerBound),
          "ci95_high": number(effect.effect?.interval?.upperBound),
        ]
      })
  }
}
