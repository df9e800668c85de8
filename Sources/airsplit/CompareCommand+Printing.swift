import Experiments
import Foundation
import JSON
import Scenario
import Simulation
import Statistics
import Trace

extension CompareCommand {
  /// One table per metric, and in words what the intervals leave open.
  static func text(_ comparison: Comparison) -> String {
    var text = ""
    var open: [String] = []
    var compared = 0
    var groups: [[Comparison.Row]] = []
    for row in comparison.rows {
      if let last = groups.last?.last, last.settings == row.settings, last.metric == row.metric {
        groups[groups.count - 1].append(row)
      } else {
        groups.append([row])
      }
    }
    for group in groups {
      guard let first = group.first else { continue }
      let place = first.settings.map { "\($0.path) \($0.value)" }.joined(separator: ", ")
      text += "\(first.metric.name): \(first.metric.summary)\(place.isEmpty ? "" : " (\(place))")\n"
      var table = TextTable([
        .words(comparison.path), .numbers("n"), .numbers("mean"), .words(""), .numbers("minus \(comparison.baseline)"),
        .words(""),
        .numbers("p"), .numbers("p adjusted"), .numbers("wins"), .words(""),
      ])
      for row in group {
        let wins = row.wins.flatMap { wins in wins.share.map { ($0, wins.interval()) } }
        table.append([
          row.value, "\(row.count)", number(row.mean?.value), interval(row.mean),
          row.value == comparison.baseline ? "" : number(row.difference?.value), interval(row.difference),
          probability(row.difference?.p), probability(row.adjusted), wins.map { percent($0.0) } ?? "",
          wins.flatMap { $0.1 }.map { "(\(percent($0.lowerBound)) to \(percent($0.upperBound)))" } ?? "",
        ])
        guard row.value != comparison.baseline else { continue }
        let pair = "\(row.metric.name)\(place.isEmpty ? "" : " at \(place)"): \(row.value) and \(comparison.baseline)"
        compared += 1
        switch row.difference?.isSeparated() {
        case true: break
        case false: open.append("\(pair) are not separated by \(row.difference?.count ?? 0) draws.")
        case nil:
          guard let difference = row.difference, difference.isConstant else {
            open.append("\(pair) have the figure in fewer than two common draws.")
            continue
          }
          open.append(
            difference.value == 0
              ? "\(pair) are the same in all \(difference.count) draws."
              : "\(pair) differ by the same in all \(difference.count) draws, which gives no interval.")
        }
      }
      text += table.text + "\n"
    }
    if compared > 0, open.isEmpty {
      open = ["The paired intervals separate every \(comparison.path) from \(comparison.baseline)."]
    }
    if comparison.rows.contains(where: { $0.wins != nil }) {
      open.append("A win is a draw with the better figure; ties count as half.")
    }
    return text + open.map { $0 + "\n" }.joined()
  }

  private static func number(_ value: Double?) -> String { value.map { String(format: "%.5g", $0) } ?? "-" }
  private static func interval(_ estimate: Estimate?) -> String {
    estimate?.halfWidth().map { String(format: "± %.2g", $0) } ?? ""
  }
  private static func percent(_ share: Double) -> String { String(format: "%.1f %%", 100 * share) }
  private static func probability(_ p: Double?) -> String {
    p.map { $0 < 0.0001 ? "< 0.0001" : String(format: "%.4f", $0) } ?? ""
  }

  /// The same with more: the interval of the win rate, and whether the paired interval leaves 0 out.
  static func json(_ comparison: Comparison) -> JSONValue {
    [
      "baseline": .string(comparison.baseline),
      "rows": .array(
        comparison.rows.map { row in
          .object(
            row.settings.map { .init($0.path, .string($0.value)) }
              + [
                .init(comparison.path, .string(row.value)), .init("metric", .string(row.metric.name)),
                .init("n", .integer(row.count)),
              ]
              + row.figures.map { .init($0.name, $0.value.map(JSONValue.number) ?? .null) }
              + [
                .init("win_rate_low", row.wins?.interval().map { .number($0.lowerBound) } ?? .null),
                .init("win_rate_high", row.wins?.interval().map { .number($0.upperBound) } ?? .null),
                .init("separated", row.difference?.isSeparated().map(JSONValue.bool) ?? .null),
              ])
        }),
    ]
  }
}
