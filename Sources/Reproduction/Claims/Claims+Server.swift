import Network
import Scenario
import Statistics
import Wireless

/// A server with fewer accelerators than there are blocks: who waits, and what it is worth to foresee it.
extension ClaimGroup {
  /// What a queue at the server does to plans by Eq. (11).
  package static let server = ClaimGroup(
    name: "server", summary: "what a queue at the server does to plans by Eq. (11)", scenarios: ["server-queue"],
    folder: "results/waiting", proposals: ["bcd", "exact"],
    introduction: """
      A server that cannot serve everybody at once, as Eq. (11) has it, and what a forecast of the wait is worth: the scenario
      with other numbers of accelerators, disciplines, forecasts and policies, every event of every round played, all on the
      same draws. `airsplit claims --group server` writes this page.
      """,
    studies: { scenario in
      let blocks = scenario.uplink.blocks
      guard let few = scenario.server.accelerators?.count, few < blocks else {
        throw ReproductionError(
          "claims of the group 'server' need devices that wait: server.accelerators must be less than uplink.blocks, "
            + "which is \(blocks)")
      }
      let counts = Set([8, 4, 2, 1, few]).filter { $0 < blocks }.sorted(by: >)
      var accelerators = SweepPlan()
      accelerators.grid = [
        SweepPlan.Axis(path: "server.accelerators", values: [unlimited] + counts.map(String.init)),
        SweepPlan.Axis(path: "policy", values: ["bcd", "exact", equalPower]),
      ]
      var forecasts = SweepPlan()
      forecasts.grid = [
        SweepPlan.Axis(path: "server.discipline", values: Accelerators.Discipline.allCases.map(\.rawValue)),
        SweepPlan.Axis(path: "forecast.server", values: ["none", "mean", "mva"]),
        SweepPlan.Axis(path: "policy", values: ["bcd", "exact"]),
      ]
      return [("accelerators", accelerators), ("forecasts", forecasts)]
    },
    claims: [
      ScenarioClaim(27, "Fewer devices are in time than Eq. (11) plans for, the fewer the fewer accelerators serve.") {
        evidence in
        let counts = try evidence.values(of: "server.accelerators", in: "accelerators")
        let steps = Array(zip(counts, counts.dropFirst()))
        // The first of the steps is one from unlimited already.
        let losses = counts.dropFirst(2).map { (unlimited, $0) }
        return try (steps + losses).map { more, fewer in
          .more(
            try evidence.inTime(more), than: try evidence.inTime(fewer),
            subject: "\(more) and \(fewer) accelerators", place: evidence.discipline,
            "with more accelerators more devices are in time")
        }
      },
      ScenarioClaim(28, "With the scenario's accelerators most of those that Eq. (11) plans for are late.") {
        evidence in
        let few = evidence.few
        let planned = try evidence.series("devices_selected", of: "accelerators", ["server.accelerators": few])
        let inTime = try evidence.inTime(few)
        return [
          .more(
            planned.minus(inTime), than: inTime, subject: "late, in time", place: "\(few) accelerators",
            "more devices are late than in time")
        ]
      },
      ScenarioClaim(
        29, "Where devices are served one after another, a forecast of the wait pays, the last round's mean the most."
      ) { evidence in
        try evidence.lines.flatMap { discipline in
          [
            try evidence.forecast("mean", pays: "none", discipline),
            try evidence.forecast("mva", pays: "none", discipline),
            try evidence.forecast("mean", pays: "mva", discipline),
          ]
        }
      },
      ScenarioClaim(30, "Where all are served in equal parts, to plan without a forecast is better.") { evidence in
        let equalParts = Accelerators.Discipline.processorSharing.rawValue
        return [
          try evidence.forecast("none", pays: "mean", equalParts),
          try evidence.forecast("none", pays: "mva", equalParts),
        ]
      },
      ScenarioClaim(31, "Equal power loses to the proposal where nobody waits, and wins where devices do.") {
        evidence in
        [
          .more(
            try evidence.objective(unlimited), than: try evidence.objective(unlimited, equalPower), subject: equalPower,
            place: "\(unlimited) accelerators", "the proposal has the higher objective"),
          .more(
            try evidence.objective(evidence.few, equalPower), than: try evidence.objective(evidence.few),
            subject: equalPower, place: "\(evidence.few) accelerators", "equal power has the higher objective"),
        ]
      },
    ])

  private static let unlimited = "unlimited"
  private static let equalPower = "ep"
}

extension ScenarioEvidence {
  /// The scenario's own accelerators.
  fileprivate var few: String { "\(base.server.accelerators?.count ?? 0)" }

  /// The scenario's own discipline.
  fileprivate var discipline: String { base.server.accelerators?.discipline.rawValue ?? "" }

  /// The disciplines that serve a device to its end.
  fileprivate var lines: [String] {
    Accelerators.Discipline.allCases.filter { $0 != .processorSharing }.map(\.rawValue)
  }

  fileprivate func inTime(_ accelerators: String) throws -> DrawSeries {
    try series("devices_completed", of: "accelerators", ["server.accelerators": accelerators])
  }

  fileprivate func objective(_ accelerators: String, _ policy: String? = nil) throws -> DrawSeries {
    try series(
      "objective", of: "accelerators", ["server.accelerators": accelerators, "policy": policy ?? proposed])
  }

  /// Under `discipline` the objective is higher with one forecast than with another.
  fileprivate func forecast(_ one: String, pays other: String, _ discipline: String) throws -> Check {
    func objective(_ forecast: String) throws -> DrawSeries {
      try series("objective", of: "forecasts", ["server.discipline": discipline, "forecast.server": forecast])
    }
    return .more(
      try objective(one), than: try objective(other), subject: "\(discipline): \(one), \(other)",
      place: "\(few) accelerators", "\(one) has the higher objective")
  }
}
