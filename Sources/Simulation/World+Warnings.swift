import Allocation
import Scenario
import Training
import Units
import Wireless

extension World {
  /// What to know before a run: how many devices the deadline excludes for any gains, whether
  /// no device can meet it in round 1, and that a round has very many events.
  public func warnings(for policy: any Policy) -> [String] {
    deadlineWarnings(for: policy) + outageWarnings + eventWarnings
  }

  /// Which devices have no link on any block of round 1, where it is cheap to know.
  private var outageWarnings: [String] {
    guard workload.traits.upload != .nothing, fleet.count <= RoundReport.everyDeviceLimit else { return [] }
    let gains = gains(round: 1)
    let unlinked = fleet.indices.filter { gains.rowMaximum(device: $0) == 0 }
    guard let first = unlinked.first else { return [] }
    let verbs =
      unlinked.count == 1
      ? "has no link on any block in round 1, and takes" : "have no link on any block in round 1, and take"
    let shown = unlinked.prefix(5).map { "\($0)" }.joined(separator: ", ")
    let others = unlinked.count > 5 ? " and \(unlinked.count - 5) more" : ""
    return [
      "\(unlinked.count) of \(counted(fleet.count, "device")) \(verbs) no part ("
        + "\(unlinked.count == 1 ? "device \(first)" : "devices " + shown + others)): no gain, or less than "
        + "\(scenario.uplink.outageRate) at full power (uplink.outage)"
    ]
  }

  /// A word on the rounds' length where they have more than a hundred million events.
  private var eventWarnings: [String] {
    let steps = fleet.samples.map(workload.steps).max() ?? 0
    let participants = workload.traits.upload == .nothing ? fleet.count : min(fleet.count, scenario.uplink.blocks)
    let events = 4 * Double(steps) * Double(participants)
    guard events > 1e8 else { return [] }
    return [
      "a device has up to \(counted(steps, "step")) per round and up to \(counted(participants, "device")) take part: a round may take minutes or longer"
    ]
  }

  private func deadlineWarnings(for policy: any Policy) -> [String] {
    guard let inForce = deadline(for: policy) else { return [] }
    let problem = problem(round: 1, under: inForce)
    let verdicts = problem.devices.indices.map { Feasibility(of: $0, in: problem) }
    let excluded = verdicts.count { $0 == .noTime }
    let deadline = "the deadline of \(inForce.value) per \(inForce.per.rawValue)"
    if excluded == verdicts.count {
      return ["\(deadline) excludes every device: computing alone takes longer"]
    }
    var warnings: [String] = []
    let small = verdicts.count { $0 == .noMemory }
    if small > 0 {
      warnings.append(
        "\(small) of \(counted(verdicts.count, "device")) \(small == 1 ? "has" : "have") no memory for "
          + (cuts.count == 1 ? "training before the cut" : "any of the \(cuts.count) cuts"))
    }
    if excluded > 0 {
      let percent = (1000 * Double(excluded) / Double(verdicts.count)).rounded() / 10
      warnings.append(
        "\(deadline) excludes \(excluded) of \(counted(verdicts.count, "device")) (\(percent) %) by computing alone")
    }
    let gains = problem.gains
    if !verdicts.indices.contains(where: { verdicts[$0].allows(device: $0, in: gains) }) {
      warnings.append("no device can meet \(deadline) in round 1: the power does not reach on any block")
    }
    return warnings
  }
}
