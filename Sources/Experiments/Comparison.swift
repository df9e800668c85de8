import Scenario
import Statistics

/// Policies held against one of them on the same draws.
///
/// A draw, of devices and fading, is what is independent of another: rounds of one run are not, and have no interval of
/// their own. Figures of a participant are ratios of sums over all draws.
public struct Comparison: Sendable {
  /// One policy and metric, at one point of whatever else varies.
  public struct Row: Sendable {
    /// What else varies.
    public var settings: [SweepSetting]
    /// The policy.
    public var policy: String
    /// The metric.
    public var metric: Metric
    /// Draws in which the policy has the figure.
    public var count: Int
    /// The mean; `nil` where no draw has one.
    public var mean: Estimate?
    /// The paired difference to the baseline, over the draws in which both have the figure; `nil` for the baseline itself.
    public var difference: Estimate?
    /// The probability of the difference, raised by Holm's rule for all comparisons of the table.
    public var adjusted: Double?
    /// The share of draws that the policy wins; `nil` for the baseline, and where no way is better.
    public var wins: Proportion?
  }

  /// The policy that the others are held against.
  public let baseline: String
  /// The rows: by what else varies, metric and policy.
  public let rows: [Row]

  /// Metrics of a participant: their mean weighs every draw by its participants.
  private static let perParticipant: Set = [
    "step_energy_per_participant_j", "bits_mean", "power_mean_w", "power_at_minimum_share",
  ]

  /// Compares the values of the axis `policy`.
  ///
  /// - Parameters:
  ///   - policies: The policies to show, in order; those that are not in the table are left out.
  ///   - baseline: One of them.
  public init(_ table: RunTable, policies: [String], baseline: String, metrics: [Metric]) {
    self.baseline = baseline
    var groups: [(settings: [SweepSetting], points: [String: Int])] = []
    for (index, point) in table.points.enumerated() {
      guard let policy = point.settings.first(where: { $0.path == "policy" })?.value else { continue }
      let rest = point.settings.filter { $0.path != "policy" }
      if let known = groups.firstIndex(where: { $0.settings == rest }) {
        groups[known].points[policy] = index
      } else {
        groups.append((rest, [policy: index]))
      }
    }
    let draws = Dictionary(grouping: table.rows, by: \.point)
      .mapValues { Dictionary($0.map { ($0.repetition, $0.figures) }, uniquingKeysWith: { first, _ in first }) }
    var rows: [Row] = []
    for group in groups {
      for metric in metrics {
        for policy in policies {
          guard let point = group.points[policy] else { continue }
          rows.append(
            Self.row(
              group.settings, policy, metric, draws[point] ?? [:],
              policy == baseline ? nil : group.points[baseline].flatMap { draws[$0] }))
        }
      }
    }
    let tested = rows.indices.filter { rows[$0].difference?.p != nil }
    let adjusted = Holm.adjusted(tested.compactMap { rows[$0].difference?.p })
    for (index, p) in zip(tested, adjusted) { rows[index].adjusted = p }
    self.rows = rows
  }

  private static func row(
    _ settings: [SweepSetting], _ policy: String, _ metric: Metric, _ own: [Int: RunFigures],
    _ others: [Int: RunFigures]?
  ) -> Row {
    func values(_ draws: [Int: RunFigures], _ repetitions: [Int]) -> [Double] {
      repetitions.compactMap { draws[$0]?[metric.name] }
    }
    let having = own.keys.sorted().filter { own[$0]?[metric.name] != nil }
    var row = Row(settings: settings, policy: policy, metric: metric, count: having.count)
    let isRatio = perParticipant.contains(metric.name)
    row.mean = isRatio ? ratio(metric, own, having).estimate : Estimate(Sample(values(own, having)))
    guard let others else { return row }
    let common = having.filter { others[$0]?[metric.name] != nil }
    let paired = PairedComparison(values(own, common), baseline: values(others, common))
    row.difference =
      isRatio ? ratio(metric, own, common).difference(to: ratio(metric, others, common)) : paired.difference
    if metric.better != .none, paired.count > 0 { row.wins = paired.wins(larger: metric.better == .higher) }
    return row
  }

  private static func ratio(_ metric: Metric, _ draws: [Int: RunFigures], _ repetitions: [Int]) -> RatioEstimate {
    let counts = repetitions.map { repetition in
      (draws[repetition]?["devices_selected"] ?? 0) * (draws[repetition]?["rounds"] ?? 1)
    }
    let parts = zip(repetitions, counts).map { (draws[$0]?[metric.name] ?? 0) * $1 }
    return RatioEstimate(parts: parts, counts: counts)
  }
}
