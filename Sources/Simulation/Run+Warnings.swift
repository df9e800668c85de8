import Scenario

extension Run {
  /// Rounds without any participant from which on a run ends with a word on it.
  static var worrisomeEmptyRounds: Int { 10 }

  /// What somebody should know of a run that has ended: in how many rounds no device took part, and why it was so in the last.
  public var closingWarnings: [String] {
    let summary = summary
    guard summary.emptyRounds >= Self.worrisomeEmptyRounds else { return [] }
    var text = "no device took part in \(summary.emptyRounds) of \(summary.rounds) rounds"
    let scenario = world.scenario
    let count = world.fleet.count
    if let problem, feasibility.count == count, count <= Self.everyDeviceLimit {
      let outcomes = (0..<count).map(outcomeOfIdle)
      let (late, weak) = (outcomes.count { $0 == .noTime }, outcomes.count { $0 == .noPower })
      text += ": of \(count) devices, \(late) cannot meet the deadline of \(problem.deadline) by computing alone, "
      text += "\(weak) not with all their power on any block, and \(count - late - weak) could but were not selected"
      text += " (in the last round)"
    }
    let usual = scenario.framework.defaultPolicy
    if let policy = scenario.policy, policy != usual {
      text += "; the policy is '\(policy)', the usual one of \(scenario.framework.rawValue) is '\(usual)'"
    }
    return [text]
  }
}
