import Scenario
import Simulation

extension RunTable {
  /// What a policy, or another value, lost to outages over all runs; `nil` where it lost nothing.
  ///
  /// - Parameters:
  ///   - value: A value of the axis `path`.
  /// - Returns: A sentence: how many of its admissions were drawn for a block without a link.
  public func outage(of value: String, over path: String = "policy") -> String? {
    let own = Set(
      points.indices.filter { points[$0].settings.contains { $0.path == path && $0.value == value } })
    var (lost, admitted) = (0.0, 0.0)
    for row in rows where own.contains(row.point) {
      lost += row.figures["no_link"] ?? 0
      admitted += row.figures.participants
    }
    guard lost > 0 else { return nil }
    return
      "\(value) is in outage: \(Int(lost)) of the \(Int((admitted + lost).rounded())) devices that it drew had no "
      + "link on their block and took no part (uplink.outage)"
  }
}
