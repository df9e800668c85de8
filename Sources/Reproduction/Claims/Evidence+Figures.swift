import Allocation
import Statistics
import Units

/// Figures of the proposal, or of another policy, at a deadline of Fig. 4.
extension Evidence {
  /// U(t).
  func objective(_ deadline: String, _ policy: String? = nil) throws -> DrawSeries {
    try deadlines.series("objective", at(deadline, policy))
  }

  /// E_n of a participant.
  func energy(_ deadline: String, _ policy: String? = nil) throws -> DrawSeries {
    try deadlines.series("step_energy_per_participant_j", at(deadline, policy))
  }

  /// q_n of a participant.
  func bits(_ deadline: String, _ policy: String? = nil) throws -> DrawSeries {
    try deadlines.series("bits_mean", at(deadline, policy))
  }

  /// Participants of a round.
  func participants(_ deadline: String, _ policy: String? = nil) throws -> DrawSeries {
    try deadlines.series("devices_selected", at(deadline, policy))
  }

  /// A metric of Fig. 5 with `devices` devices.
  func framework(_ metric: String, _ framework: String, _ devices: String) throws -> DrawSeries {
    try frameworks.series(metric, frameworkSettings(framework, devices))
  }

  /// The deadlines of Fig. 4d-f, in their order.
  var deadlineNames: [String] { deadlines.values(of: "deadline") }

  /// What readers call a deadline: `T = 5 s`, with the one in force where that is another.
  func place(_ deadline: String) throws -> String {
    Self.place(deadline, deadlines.deadline(at(deadline, nil)))
  }

  static func place(_ deadline: String, _ seconds: Double?) -> String {
    let own = deadline.split(separator: " ").first.flatMap { Double(String($0)) }
    guard let seconds, let own, seconds != own else { return "T = \(deadline)" }
    return "T = \(Figures.short(seconds)) s (for \(deadline))"
  }

  private func at(_ deadline: String, _ policy: String?) -> [String: String] {
    ["deadline": deadline, "policy": policy ?? proposed]
  }

  /// The settings of Fig. 5's points. `proposal` is SFLAM under the proposed policy.
  private func frameworkSettings(_ framework: String, _ devices: String) -> [String: String] {
    var settings = ["devices.count": devices, "uplink.blocks": devices, "band": "one-block"]
    settings["framework"] = framework == Self.proposal ? "sflam" : framework == Self.wholeBand ? "sl" : framework
    settings["policy"] = framework == Self.proposal ? proposed : "fixed"
    if framework == Self.wholeBand { settings["band"] = "all" }
    return settings
  }

  /// SFLAM under the proposed policy.
  static let proposal = "the proposal"
  /// SL that hands its whole band to the one device that transmits.
  static let wholeBand = "sl on all blocks"
}

extension Allocation.Iteration {
  /// Energy of a candidate; `nil` without any.
  var meanCandidateEnergy: Double? { candidates > 0 ? candidateEnergy.value / Double(candidates) : nil }
}

extension [Double] {
  /// Whether no value is above the one before, but for rounding.
  var neverRises: Bool { zip(self, dropFirst()).allSatisfy { $1 <= $0 + 1e-9 * abs($0) } }
}

extension [Double?] {
  /// Whether no value is above the one before; `nil` where one is missing.
  var neverRises: Bool? {
    let known = compactMap(\.self)
    return known.count == count ? known.neverRises : nil
  }
}
