import Charts
import Experiments

/// What charts and tables call a metric, and the axis that it is drawn on.
enum MetricWords {
  private static let titles: [String: String] = [
    "bits_mean": "mean bits of a participant", "power_mean_w": "mean power of a participant",
    "objective": "objective U",
    "objective_optimum": "optimum of U", "optimality_gap": "gap to the optimum", "step_energy_j": "energy of a step",
    "step_energy_per_participant_j": "energy of a step and participant", "round_time_s": "time of a round",
    "round_energy_j": "energy of a round", "round_compute_energy_j": "energy of computing in a round",
    "round_uplink_energy_j": "energy of sending in a round", "round_server_energy_j": "server's energy of a round",
    "round_compute_time_s": "time of computing in a round", "round_uplink_time_s": "time of sending in a round",
    "step_latency_max_s": "longest step", "devices_feasible": "devices that could take part",
    "devices_selected": "devices that take part", "devices_completed": "devices that finish in time",
    "participation_jain": "evenness of participation (Jain)", "never_selected_share": "share of devices never taken",
    "data_used_share": "share of data used", "power_at_minimum_share": "share that sends with least power",
    "duration_s": "simulated time", "energy_j": "energy of the devices", "test_accuracy": "test accuracy at the end",
    "test_accuracy_best": "best test accuracy", "train_loss": "training loss", "test_loss": "test loss",
    "target_round": "rounds to the target accuracy", "target_time_s": "time to the target accuracy",
    "target_energy_j": "energy to the target accuracy", "late": "admissions that came too late",
    "policy_iterations": "passes of the policy", "objective_falls": "passes in which U fell",
  ]

  private static let units = [("_s", "s"), ("_j", "J"), ("_w", "W")]

  /// `step_energy_j` as "energy of a step" and J, from 0, and shares from 0 to 1.
  static func axis(of name: String) -> Axis {
    let found = units.first { name.hasSuffix($0.0) }
    let plain = found.map { String(name.dropLast($0.0.count)) } ?? name
    let isShare =
      name.hasSuffix("_share") || name.hasPrefix("test_accuracy") || name == "participation_jain"
      || name == "optimality_gap"
    return Axis(
      titles[name] ?? plain.replacing("_", with: " "), unit: found?.1 ?? "", includesZero: true,
      limits: isShare ? 0...1 : 0 ... .infinity)
  }

  /// The title of a chart of a metric: "Energy of a step".
  static func title(of name: String) -> String { capitalised(axis(of: name).label) }

  static func capitalised(_ text: some StringProtocol) -> String { text.prefix(1).uppercased() + text.dropFirst() }
}
