/// A column of figures that every run of a sweep has, empty where a run has no such figure.
public struct Metric: Sendable, Hashable {
  /// Which way is better, where one is.
  public enum Direction: String, Sendable, Hashable {
    /// More is better.
    case higher
    /// Less is better.
    case lower
    /// Neither.
    case none
  }

  /// The name, with its unit as suffix: `step_energy_j`.
  public var name: String
  /// What it is, in a few words.
  public var summary: String
  /// Which way is better.
  public var better: Direction

  /// Every metric, in the order of `runs.csv`. What is said of a round is the mean over the run's rounds that have it.
  public static let all: [Metric] = [
    Metric("round_time_s", "time of a round", .lower),
    Metric("devices_feasible", "devices that could meet the deadline", .none),
    Metric("devices_selected", "devices that the policy admits", .higher),
    Metric("devices_completed", "devices that end a round in time", .higher),
    Metric("step_latency_max_s", "largest T_n of a participant, Eq. (16)", .lower),
    Metric("step_energy_j", "E(t), Eq. (18): the participants' energy of a step", .lower),
    Metric("step_energy_per_participant_j", "energies of a step of all rounds over their participants", .lower),
    Metric("round_energy_j", "the devices' energy of a round", .lower),
    Metric("round_compute_energy_j", "its computing part", .lower),
    Metric("round_uplink_energy_j", "its radio part", .lower),
    Metric("round_server_energy_j", "the server's energy of a round", .lower),
    Metric("round_compute_time_s", "longest computing of a device with its server's; sl: of all together", .lower),
    Metric("round_uplink_time_s", "longest sending of a device; sl: of all together", .lower),
    Metric("bits_mean", "mean q_n of the participants", .none),
    Metric("power_mean_w", "mean p_n of the participants", .none),
    Metric("power_at_minimum_share", "share of the participants that send with their least power", .none),
    Metric("objective", "U, Eq. (21)", .higher),
    Metric("objective_optimum", "U*, the optimum of (22)", .none),
    Metric("optimality_gap", "1 - U / U*", .lower),
    Metric("policy_iterations", "passes of an iterative policy", .lower),
    Metric("objective_falls", "passes in which U fell", .lower),
    Metric("rounds", "rounds of the run", .none),
    Metric("duration_s", "simulated time of the run", .lower),
    Metric("energy_j", "the devices' energy of the run", .lower),
    Metric("participation_jain", "Jain's index of how often each device completed a round", .higher),
    Metric("never_selected_share", "share of devices that never completed a round", .lower),
    Metric("data_used_share", "samples of devices that completed a round at least once, over all", .higher),
    Metric("late", "admissions that missed their deadline", .lower),
    Metric("no_link", "admissions lost to an outage: drawn for a block without a link", .lower),
    Metric("violations", "constraints that a program's answers broke, where that does not end a run", .lower),
    Metric("train_loss", "training loss of the last round", .lower),
    Metric("test_loss", "test loss at the last evaluation", .lower),
    Metric("test_accuracy", "test accuracy at the last evaluation", .higher),
    Metric("test_accuracy_best", "best test accuracy at any evaluation", .higher),
    Metric("target_round", "round in which the target accuracy was reached", .lower),
    Metric("target_time_s", "simulated time until then", .lower),
    Metric("target_energy_j", "the devices' energy until then", .lower),
  ]

  private init(_ name: String, _ summary: String, _ better: Direction) {
    self.name = name
    self.summary = summary
    self.better = better
  }

  private static let indices = Dictionary(uniqueKeysWithValues: all.enumerated().map { ($1.name, $0) })

  /// The place of the metric `name`; `nil` where there is none.
  public static func index(of name: String) -> Int? { indices[name] }
}
