import Experiments
import Scenario
import Statistics

/// Figures of the group on a channel that moves.
extension ScenarioEvidence {
  /// A metric at a fading, a knowledge of it and a margin; `fading` as the scenario writes it.
  func moving(
    _ metric: String, _ fading: String, _ kind: String, margin: String? = nil, _ policy: String? = nil
  ) throws -> DrawSeries {
    var settings = ["channel_estimate.kind": kind, Dynamics.fading: Self.label(fading), "rounds": "1"]
    if let policy { settings["policy"] = policy }
    guard let margin else { return try series(metric, of: "speeds", settings) }
    settings["deadline_margin"] = margin
    return try series(metric, of: "margins", settings)
  }

  /// A metric of the walk in which the future is known, too.
  func walking(_ metric: String, _ kind: String, margin: String = "0", _ policy: String? = nil) throws -> DrawSeries {
    var settings = ["channel_estimate.kind": kind, "deadline_margin": margin, "optimum": "clairvoyant", "rounds": "1"]
    settings[Dynamics.fading] = Self.label(Dynamics.moving(Dynamics.walk))
    if let policy { settings["policy"] = policy }
    return try series(metric, of: "regret", settings)
  }

  /// A metric at a speed, with an estimate of ``Dynamics/estimates``.
  func estimated(_ metric: String, _ speed: String, _ estimate: String) throws -> DrawSeries {
    try series(
      metric, of: "estimates",
      [
        Dynamics.fading: Self.label(Dynamics.moving(speed)), "channel_estimate": Self.label(estimate), "rounds": "3",
      ])
  }

  /// A metric over a link of ``Dynamics/links``.
  func linked(_ metric: String, _ name: String, _ policy: String? = nil) throws -> DrawSeries {
    let value = Dynamics.links.first { $0.name == name }?.value ?? name
    var settings = ["uplink.link": Self.label(value), "rounds": "1"]
    if let policy { settings["policy"] = policy }
    return try series(metric, of: "links", settings)
  }

  /// A metric among neighbours, or without them.
  func among(
    _ neighbours: String?, _ metric: String, _ fading: String, margin: String = "0", _ policy: String? = nil
  ) throws -> DrawSeries {
    var settings = [
      Dynamics.fading: Self.label(fading), "uplink.interference": Self.label(neighbours ?? "null"),
      "deadline_margin": margin, "rounds": "1",
    ]
    if let policy { settings["policy"] = policy }
    return try series(metric, of: "neighbours", settings)
  }

  private static func label(_ value: String) -> String { SweepSetting(path: "", value: value).label }
}
