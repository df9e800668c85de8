import Experiments
import Scenario
import Testing
import Training
import Units
import Wireless

@testable import Reproduction

@Suite("Claims on a channel that moves")
struct DynamicsClaimTests {
  private static let world = HandMadeGroup(
    group: .dynamics,
    metrics: [
      "objective", "objective_clairvoyant", "regret", "late", "devices_selected", "devices_completed",
      "step_energy_per_participant_j", "round_energy_j", "bits_mean", "power_at_minimum_share", "link_full_share",
    ], draws: 4, figure: figure)

  /// Figures near those of the paper's cell, such that each claim holds.
  @Sendable
  private static func figure(_ cell: HandMadeGroup.Cell) -> Double {
    let (values, metric) = (cell.values, cell.metric)
    let policy = values["policy"] ?? ""
    let isProposal = policy == "bcd" || policy == "exact"
    let speed = Dynamics.speeds.firstIndex { values[Dynamics.fading]?.contains(" \($0)}") == true }
    let isAmong = values["uplink.interference"].map { $0 != "null" } ?? false
    let lateAtSpeed: [Double] = [6, 5, 4.5]
    var late = speed.map { lateAtSpeed[$0] } ?? 0
    if isAmong { late += speed == nil ? 2.4 : 0.3 }
    if !isProposal { late *= 0.2 }
    switch metric {
    case "devices_selected": return 10
    case "late": return late
    case "devices_completed": return 10 - late
    case "step_energy_per_participant_j": return isProposal ? 0.14 : 0.2
    case "round_energy_j": return (10 - late) * (isProposal ? speed == nil ? 9 : 12 : 14)
    case "bits_mean": return values["uplink.link"] == "shannon" ? 17 : 12
    case "power_at_minimum_share": return values["uplink.link"] == "shannon" ? 0.95 : 0.7
    case "link_full_share": return isProposal ? 0.4 : 0.7
    case "objective_clairvoyant": return 6
    case "regret":
      let isWarned = values["deadline_margin"] != "0"
      return values["channel_estimate.kind"] == "mean" ? isWarned ? 0.2 : 0.45 : 0.55
    default: return objective(policy, speed, values)
    }
  }

  private static func objective(_ policy: String, _ speed: Int?, _ values: [String: String]) -> Double {
    let stillObjectives: [String: Double] = ["exact": 7, "bcd": 6.8, "ep": 3.5, "nq": 5, "rb": 1.8]
    let still = stillObjectives[policy] ?? 0
    let isMean = values["channel_estimate.kind"] == "mean" || values["channel_estimate"] == "{kind: mean}"
    if let estimate = values["channel_estimate"], !isMean { return estimate == "{kind: snapshot}" ? 3 : 2.9 }
    if let link = values["uplink.link"], link != "shannon" {
      return still * (link.contains("cap") ? 0.97 : policy == "nq" ? 0.3 : 0.8)
    }
    if let neighbours = values["uplink.interference"], neighbours != "null" {
      guard values[Dynamics.fading] == Dynamics.standing else { return still - 0.1 }
      return still * (values["deadline_margin"] == "0" ? 0.77 : 0.95)
    }
    guard speed != nil else { return still * (isMean ? 0.7 : 1) }
    let movingObjectives: [String: Double] = ["exact": 3, "bcd": 2.8, "ep": 2, "nq": 1.5, "rb": 0.5]
    let moving = movingObjectives[policy] ?? 0
    let margin = values["deadline_margin"].map { $0 == "0.25" ? 0.3 : $0 == "0" ? 1.0 : 1.2 } ?? 1.0
    return moving * (isMean ? 1.3 : 1) * margin
  }

  @Test("hold in a world made so that they do", arguments: ["bcd", "exact"])
  func holds(proposed: String) throws {
    let evidence = try Self.world.evidence(proposed: proposed)
    for claim in ClaimGroup.dynamics.claims {
      #expect(try Self.world.verdict(claim.number, evidence) == .holds, "claim \(claim.number)")
    }
  }

  /// For every claim, what is turned round so that it fails.
  static let reversals: [(claim: Int, change: HandMadeGroup.Change)] = [
    (32, { $0.has("objective", Dynamics.moving("30 km/h")) ? $1 * 2 : $1 }),
    (33, { $0.has("late", Dynamics.moving("120 km/h")) ? $1 * 2 : $1 }),
    (34, { $0.study == "speeds" && $0.has("objective", "bcd") ? $1 * 2 : $1 }),
    (35, { $0.study == "speeds" && $0.has("objective", "nq") ? $1 * 3 : $1 }),
    (36, { $0.study == "speeds" && $0.has("objective", "ep") ? $1 * 2 : $1 }),
    (37, { $0.study == "speeds" && $0.has("objective", "ep") ? $1 * 2 : $1 }),
    (38, { $0.has("step_energy_per_participant_j", "ep") ? $1 / 2 : $1 }),
    (39, { $0.has("round_energy_j", "ep") ? $1 / 2 : $1 }),
    (40, { $0.has("objective", Dynamics.still) && $0.has("objective", "mean") ? $1 * 2 : $1 }),
    (41, { $0.has("objective", "{delay: 1 s}") ? $1 / 3 : $1 }),
    (42, { $0.study == "margins" && $0.has("objective", "0.25") ? $1 * 9 : $1 }),
    (43, { $0.study == "margins" && $0.has("objective", "ep") ? $1 * 2 : $1 }),
    (44, { $0.has("regret", "rb") ? $1 / 2 : $1 }),
    (45, { $0.has("regret", Dynamics.margin) ? $1 * 1.9 : $1 }),
    (46, { $0.metric == "objective_clairvoyant" ? $1 * 0.7 : $1 }),
    (47, { $0.has("objective", "{shannon: {cap: 7.4}}") ? $1 * 0.9 : $1 }),
    (48, { $0.has("link_full_share", "ep") ? $1 / 2 : $1 }),
    (49, { $0.has("bits_mean", "{mcs: {table: 64qam}}") ? $1 * 2 : $1 }),
    (50, { $0.study == "links" && $0.has("objective", "ep") ? $1 * 3 : $1 }),
    (51, { $0.study == "links" && $0.has("objective", "nq") ? $1 * 3 : $1 }),
    (52, { $0.has("late", Dynamics.standing) ? $1 / 4 : $1 }),
    (53, { $0.study == "neighbours" && $0.has("objective", "0.02") ? $1 * 0.9 : $1 }),
    (54, { $0.study == "neighbours" && $0.has("late", Dynamics.neighbours) ? $1 * 3 : $1 }),
  ]

  @Test("fail where what they say is turned round")
  func fails() throws {
    #expect(Self.reversals.map(\.claim) == ClaimGroup.dynamics.claims.map(\.number))
    for (claim, change) in Self.reversals {
      #expect(try Self.world.verdict(claim, Self.world.evidence(changing: change)) == .fails, "claim \(claim)")
    }
  }

  @Test("are not separable where draws scatter too much")
  func unclear() throws {
    let evidence = try Self.world.evidence { cell, value in
      guard cell.metric != "devices_selected" else { return value }
      return 5 + 3 * ((Double((cell.draw + 1) * (cell.point + 1)) * 0.618034).truncatingRemainder(dividingBy: 1) - 0.5)
    }
    for number in [33, 34, 35, 36, 37, 38, 40, 43, 49, 50] {
      #expect(try Self.world.verdict(number, evidence) == .notSeparable, "claim \(number)")
    }
  }

  @Test("need the paper's policies, and gains that can stand still and move")
  func needed() throws {
    let base = try Self.world.base()
    var other = base
    other.framework = .fl
    #expect(throws: ReproductionError.self) { try ClaimGroup.dynamics.studies(other) }
    other = base
    other.mobility = Mobility(.gaussMarkov(.init(side: Meters(500), speed: MetersPerSecond(1), memory: Seconds(10))))
    #expect(throws: ReproductionError.self) { try ClaimGroup.dynamics.studies(other) }
  }
}
