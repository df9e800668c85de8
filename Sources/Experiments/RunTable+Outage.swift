extension RunTable {
  /// What a policy lost to outages over all runs; `nil` where it lost nothing.
  ///
  /// - Parameter policy: A value of the axis `policy`.
  /// - Returns: A sentence: how many of its admissions were drawn for a block without a link.
  public func outage(of policy: String) -> String? {
    let own = Set(
      points.indices.filter { points[$0].settings.contains { $0.path == "policy" && $0.value == policy } })
    var (lost, admitted) = (0.0, 0.0)
    for row in rows where own.contains(row.point) {
      lost += row.figures["no_link"] ?? 0
      admitted += (row.figures["devices_selected"] ?? 0) * (row.figures["rounds"] ?? 1)
    }
    guard lost > 0 else { return nil }
    return
      "\(policy) is in outage: \(Int(lost)) of the \(Int((admitted + lost).rounded())) devices that it drew had no "
      + "link on their block and took no part (uplink.outage)"
  }
}
