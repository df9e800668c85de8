import Scenario
import Simulation
import Statistics

/// The values of one axis compared with one of them on the same draws: policies, frameworks, alphas.
///
/// A draw, of devices and fading, is what is independent of another: rounds of one run are not, and have no interval of
/// their own. Figures per participant are ratios of sums over all draws. Draws that do not differ are no evidence: their
/// figures have no interval, and their differences no probability.
public struct Comparison: Sendable {
  /// One value and metric, at one point of whatever else varies.
  public struct Row: Sendable {
    /// What else varies.
    public var settings: [SweepSetting]
    /// The value of the axis, such as a policy.
    public var value: String
    /// The metric.
    public var metric: Metric
    /// Draws that have the figure.
    public var count: Int
    /// The mean; `nil` where no draw has one.
    public var mean: Estimate?
    /// The paired difference to the baseline, over the draws in which both have the figure; `nil` for the baseline itself.
    public var difference: Estimate?
    /// The probability of the difference, raised by Holm's rule for all comparisons of the table that have one.
    public var adjusted: Double?
    /// The share of draws that this value wins, ties by half; `nil` for the baseline, where no way is better, and where all
    /// are ties or equal draws.
    public var wins: Proportion?
  }

  /// The key path whose values are compared.
  public let path: String
  /// The value that the others are compared with.
  public let baseline: String
  /// The rows: by what else varies, metric and value.
  public let rows: [Row]

  /// Compares values of the axis `path`.
  ///
  /// - Parameters:
  ///   - companions: Axes that vary together with it, as those of one `zip`: they tell no points apart.
  ///   - values: The values to show, in order; those that are not in the table are left out.
  ///   - baseline: One of them.
  public init(
    _ table: RunTable, over path: String = "policy", movingWith companions: Set<String> = [], values: [String],
    baseline: String, metrics: [Metric]
  ) {
    self.path = path
    self.baseline = baseline
    var groups: [(settings: [SweepSetting], points: [String: Int])] = []
    for (index, point) in table.points.enumerated() {
      guard let value = point.settings.first(where: { $0.path == path })?.value else { continue }
      let rest = point.settings.filter { $0.path != path && !companions.contains($0.path) }
      if let known = groups.firstIndex(where: { $0.settings == rest }) {
        groups[known].points[value] = index
      } else {
        groups.append((rest, [value: index]))
      }
    }
    let draws = Dictionary(grouping: table.rows, by: \.point)
      .mapValues { Dictionary($0.map { ($0.repetition, $0.figures) }, uniquingKeysWith: { first, _ in first }) }
    var rows: [Row] = []
    for group in groups {
      for metric in metrics {
        for value in values {
          guard let point = group.points[value] else { continue }
          rows.append(
            Self.row(
              group.settings, value, metric, draws[point] ?? [:],
              value == baseline ? nil : group.points[baseline].flatMap { draws[$0] }))
        }
      }
    }
    let tested = rows.indices.filter { rows[$0].difference?.p != nil }
    let adjusted = Holm.adjusted(tested.compactMap { rows[$0].difference?.p })
    for (index, p) in zip(tested, adjusted) { rows[index].adjusted = p }
    self.rows = rows
  }

  private static func row(
    _ settings: [SweepSetting], _ value: String, _ metric: Metric, _ own: [Int: RunMetrics],
    _ others: [Int: RunMetrics]?
  ) -> Row {
    let having = own.keys.sorted().filter { own[$0]?[metric] != nil }
    var row = Row(settings: settings, value: value, metric: metric, count: having.count)
    row.mean = metric.estimate(of: having.compactMap { own[$0] })
    guard let others else { return row }
    let common = having.filter { others[$0]?[metric] != nil }
    let (left, right) = (common.compactMap { own[$0] }, common.compactMap { others[$0] })
    let paired = PairedComparison(left.compactMap { $0[metric] }, baseline: right.compactMap { $0[metric] })
    row.difference = metric.difference(of: left, to: right, paired: paired)
    let areEqual = isConstant(metric, left) && isConstant(metric, right)
    if metric.better != .none, !areEqual { row.wins = paired.wins(larger: metric.better == .higher) }
    return row
  }

  private static func isConstant(_ metric: Metric, _ runs: [RunMetrics]) -> Bool {
    runs.allSatisfy { $0[metric] == runs[0][metric] }
  }
}
