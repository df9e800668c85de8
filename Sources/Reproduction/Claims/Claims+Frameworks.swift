/// Fig. 5: frameworks against the number of devices. Orders are of geometric means: a deep fade makes single rounds of 32
/// bits at a fixed power so long that arithmetic means are those of few draws.
extension Claim {
  static let frameworks = [
    Claim(15, "5a", "FL computes longest, then SL, then SFL, as long as the proposal.") { evidence in
      let metric = "round_compute_time_s"
      return try evidence.forEachCount { devices in
        [
          try evidence.larger(metric, "fl", than: "sl", devices),
          try evidence.larger(metric, "sl", than: "sfl", devices),
          try evidence.equal(metric, "sfl", to: Evidence.proposal, devices),
        ]
      }
    },
    Claim(16, "5b", "FL spends most energy on computing; the others spend the same.") { evidence in
      let metric = "round_compute_energy_j"
      return try evidence.forEachCount { devices in
        [
          try evidence.larger(metric, "fl", than: "sl", devices),
          try evidence.equal(metric, "sl", to: "sfl", devices),
          try evidence.equal(metric, "sfl", to: Evidence.proposal, devices),
        ]
      }
    },
    Claim(17, "5c", "FL sends for less time than SFL, SFL for less than SL; the proposal for less than SFL.") {
      evidence in
      let metric = "round_uplink_time_s"
      return try evidence.forEachCount { devices in
        [
          try evidence.larger(metric, "sfl", than: "fl", devices),
          try evidence.larger(metric, "sl", than: "sfl", devices),
          try evidence.larger(metric, "sfl", than: Evidence.proposal, devices),
          try evidence.larger(metric, Evidence.proposal, than: "fl", devices).beside,
          try evidence.larger(metric, Evidence.wholeBand, than: "sfl", devices).beside,
        ]
      }
    },
    Claim(18, "5d", "FL spends less energy on sending than SFL, and the proposal much less.") { evidence in
      let metric = "round_uplink_energy_j"
      return try evidence.forEachCount { devices in
        [
          try evidence.larger(metric, "sfl", than: "fl", devices),
          try evidence.larger(metric, "sfl", than: Evidence.proposal, devices),
          try evidence.equal(metric, "sl", to: "sfl", devices).beside,
          try evidence.larger(metric, "fl", than: Evidence.proposal, devices).beside,
        ]
      }
    },
    Claim(19, "5e", "A round of FL takes longest, one of the proposal least.") { evidence in
      try evidence.ends("round_time_s", between: ["sl", "sfl"])
    },
    Claim(20, "5f", "A round of FL needs most energy, one of the proposal least.") { evidence in
      try evidence.ends("round_energy_j", between: ["sl", "sfl"])
    },
  ]
}

extension Evidence {
  fileprivate func forEachCount(_ checks: (String) throws -> [Check]) throws -> [Check] {
    try frameworks.values(of: "devices.count").flatMap(checks)
  }

  /// FL above all others, the proposal below all others.
  fileprivate func ends(_ metric: String, between others: [String]) throws -> [Check] {
    try forEachCount { devices in
      try others.map { try larger(metric, "fl", than: $0, devices) }
        + others.map { try larger(metric, $0, than: Self.proposal, devices) }
        + [
          try larger(metric, "fl", than: Self.proposal, devices),
          try larger(metric, "fl", than: Self.wholeBand, devices).beside,
          try larger(metric, Self.wholeBand, than: Self.proposal, devices).beside,
        ]
    }
  }

  fileprivate func larger(_ metric: String, _ left: String, than right: String, _ devices: String) throws -> Check {
    .larger(
      try framework(metric, left, devices), than: try framework(metric, right, devices), subject: "\(left), \(right)",
      place: "M = \(devices)", "\(left) has more than \(right)")
  }

  fileprivate func equal(_ metric: String, _ left: String, to right: String, _ devices: String) throws -> Check {
    .equal(
      try framework(metric, left, devices), to: try framework(metric, right, devices), subject: "\(left), \(right)",
      place: "M = \(devices)", "\(left) has as much as \(right)")
  }
}
