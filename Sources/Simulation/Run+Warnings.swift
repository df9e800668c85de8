import Allocation
import Scenario
import Trace
import Training
import Units

extension Run {
  /// Rounds without any participant from which on a run ends with a word on it.
  static var worrisomeEmptyRounds: Int { 10 }

  /// What to know of a run that has ended: in how many rounds no device took part, and why it was so in the last.
  public var closingWarnings: [String] {
    let summary = summary
    guard summary.emptyRounds >= Self.worrisomeEmptyRounds else { return [] }
    var text = "no device took part in \(summary.emptyRounds) of \(Units.counted(summary.rounds, "round"))"
    let scenario = world.scenario
    let count = world.fleet.count
    if let problem, feasibility.count == count, count <= RoundReport.everyDeviceLimit {
      let prospects = prospects
      let outcomes = (0..<count).map { prospects.outcome(ofIdle: $0, Allocation(assignments: [])) }
      func counted(_ outcome: Outcome) -> Int { outcomes.count { $0 == outcome } }
      text += ": in the last one, of \(count) devices "
      if scenario.limitsMemory { text += "\(counted(.noMemory)) have no memory for any cut, " }
      text += "\(counted(.noTime)) cannot meet the deadline of "
      text += "\(problem.deadline) by computing alone, \(counted(.noPower)) not with all their power on any block, "
      text += "\(counted(.noLink)) have no link, and \(counted(.notSelected)) could take part"
    }
    let usual = scenario.framework.defaultPolicy
    if scenario.policy != usual {
      text += "; the policy is '\(scenario.policy)', the usual one of \(scenario.framework.rawValue) is '\(usual)'"
    }
    return [text]
  }
}
