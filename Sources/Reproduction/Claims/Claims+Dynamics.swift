import Scenario
import Training
import Wireless

/// A channel that moves within a round, a rate in steps, and neighbours: what plans for a still channel and Shannon's bound are
/// worth then.
extension ClaimGroup {
  /// What a gain that stands still for a round, Shannon's rate and a mean interference hide.
  package static let dynamics = ClaimGroup(
    name: "dynamics", summary: "what a channel that stands still for a round hides", scenarios: ["paper"],
    folder: "results/dynamics", proposals: ["bcd", "exact"], draws: 60,
    introduction: """
      The paper's gain stands still for a round, in which a device uploads some 80 times half a second; its rate is Shannon's.
      Here the same cell is played with Clarke's fading at three speeds, planned by the gains of an instant (`snapshot`) or by
      those without their fading (`mean`), with a margin on the deadline or without; over NR's modulation and coding schemes;
      and among neighbours that come and go. One round per draw, all on the same draws; three rounds where an estimate's age
      matters. `late` counts the devices of a round that miss their deadline. `airsplit claims --group dynamics` writes this
      page.
      """,
    studies: { scenario in
      let needs = "claims of the group 'dynamics' need"
      guard scenario.framework == .sflam else {
        throw ReproductionError(
          "\(needs) framework sflam, whose policies they compare; it is \(scenario.framework.rawValue)")
      }
      guard scenario.mobility == .static else {
        throw ReproductionError(
          "\(needs) a channel that can stand still, to compare with: leave mobility out")
      }
      guard scenario.gains == nil else {
        throw ReproductionError("\(needs) gains that they can let fade: leave uplink.gains out")
      }
      let policies = SweepPlan.Axis(path: "policy", values: Dynamics.policies)
      let proposals = SweepPlan.Axis(path: "policy", values: ["bcd", "exact"])
      let kinds = SweepPlan.Axis(path: "channel_estimate.kind", values: Dynamics.kinds)
      func plan(rounds: Int = 1, _ axes: [SweepPlan.Axis]) -> SweepPlan {
        var plan = SweepPlan()
        plan.grid = [SweepPlan.Axis(path: "rounds", values: ["\(rounds)"])] + axes
        return plan
      }
      let moving = SweepPlan.Axis(path: Dynamics.fading, values: Dynamics.speeds.map(Dynamics.moving))
      let walking = SweepPlan.Axis(path: Dynamics.fading, values: [Dynamics.moving(Dynamics.walk)])
      let margins = SweepPlan.Axis(path: "deadline_margin", values: ["0.05", "0.1", "0.25"])
      return [
        (
          "speeds",
          plan([
            SweepPlan.Axis(path: Dynamics.fading, values: [Dynamics.still] + moving.values), kinds, policies,
          ])
        ),
        ("margins", plan([moving, kinds, margins, SweepPlan.Axis(path: "policy", values: ["bcd", "exact", "ep"])])),
        (
          "estimates",
          plan(
            rounds: 3, [moving, SweepPlan.Axis(path: "channel_estimate", values: Dynamics.estimates), proposals])
        ),
        (
          "regret",
          plan([
            walking, SweepPlan.Axis(path: "optimum", values: ["clairvoyant"]), kinds,
            SweepPlan.Axis(path: "deadline_margin", values: ["0", Dynamics.margin]), policies,
          ])
        ),
        ("links", plan([SweepPlan.Axis(path: "uplink.link", values: Dynamics.links.map(\.value)), policies])),
        (
          "neighbours",
          plan([
            SweepPlan.Axis(
              path: Dynamics.fading, values: [Dynamics.still, Dynamics.standing, Dynamics.moving(Dynamics.walk)]),
            SweepPlan.Axis(path: "uplink.interference", values: ["null", Dynamics.neighbours]),
            SweepPlan.Axis(path: "deadline_margin", values: ["0", "0.02"]),
            SweepPlan.Axis(path: "policy", values: ["bcd", "exact", "ep"]),
          ])
        ),
      ]
    },
    claims: movingChannel + knowledge + links + neighbours)
}

/// What varies in the studies of the group.
enum Dynamics {
  static let policies = ["bcd", "exact", "ep", "rb", "nq"]
  static let kinds = ["snapshot", "mean"]
  static let fading = "uplink.fading"
  /// Drawn once per round.
  static let still = "rayleigh"
  /// The same as a process in time, so that what else moves is played.
  static let standing = "{rayleigh: {block: 3600 s}}"
  /// A pedestrian, a cyclist, a car.
  static let speeds = ["3 km/h", "30 km/h", "120 km/h"]
  static let walk = "3 km/h"
  static func moving(_ speed: String) -> String { "{rayleigh: {speed: \(speed)}}" }
  /// Ages and errors of an instant's gains, and none of their fading.
  static let estimates = ["{kind: snapshot}", "{delay: 1 s}", "{error: 0.5}", "{kind: mean}"]
  /// The margin that is held against who knows the future.
  static let margin = "0.1"
  static let shannon = "shannon"
  /// Shannon's bound with the most that one layer of NR carries, and 3GPP TS 38.214's tables.
  static let links: [(name: String, value: String)] =
    [(shannon, shannon), ("cap of 7.4", "{shannon: {cap: 7.4}}")]
    + tables.map { ($0, "{mcs: {table: \($0)}}") }
  static let tables = ["256qam", "64qam", "64qam-low-rate"]
  /// As in scenarios/interference.yaml.
  static let neighbours = "{cells: 6, distance: 2 km, load: 0.5, power: 23 dBm, hold: {exponential: 0.5 s}}"
}
