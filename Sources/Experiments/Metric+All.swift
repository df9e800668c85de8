import Simulation
import Trace
import Units

extension Metric {
  /// Every metric, in the order of `runs.csv`.
  public static let all: [Metric] = [
    rounds("round_time_s", "s", "time of a round", .lower) { $0.record.duration.value },
    rounds("devices_feasible", "", "devices that could meet the deadline", .none) {
      Double($0.record.devicesFeasible)
    },
    rounds("devices_selected", "", "devices that the policy admits", .higher) { Double($0.record.devicesSelected) },
    rounds("devices_completed", "", "devices that end a round in time", .higher) {
      Double($0.record.devicesCompleted)
    },
    rounds("step_latency_max_s", "s", "largest T_n of a participant, Eq. (16)", .lower) {
      $0.record.stepLatencyMax?.value
    },
    rounds("step_energy_j", "J", "E(t), Eq. (18): the energy of a step of all participants together", .lower) {
      $0.record.stepEnergy?.value
    },
    participants("step_energy_per_participant_j", "J", "E_n, Eq. (17): the energy of a step of one participant", .lower)
    {
      $0.stepEnergyPerParticipant?.value
    },
    rounds("round_energy_j", "J", "the devices' energy of a round", .lower) { $0.record.roundEnergy.value },
    rounds("round_compute_energy_j", "J", "its computing part", .lower) { $0.record.roundComputeEnergy.value },
    rounds("round_uplink_energy_j", "J", "its radio part", .lower) { $0.record.roundUplinkEnergy.value },
    rounds("round_downlink_energy_j", "J", "its receiving part, where anything comes down", .lower) {
      $0.record.roundDownlinkEnergy?.value
    },
    rounds("server_utilization", "", "share of its accelerators' time in which the server serves", .none) {
      $0.record.serverUtilization
    },
    rounds("server_queue_mean", "", "mean number of devices that wait for an accelerator", .lower) {
      $0.record.serverQueueMean
    },
    participants("step_wait_time_s", "s", "mean wait of a step of one participant for an accelerator", .lower) {
      $0.stepWait?.value
    },
    rounds("round_server_energy_j", "J", "the server's energy of a round", .lower) {
      $0.record.roundServerEnergy?.value
    },
    rounds(
      "round_compute_time_s", "s", "longest computing of a device with its server's; sl: of all together", .lower
    ) { $0.computeTime },
    rounds("round_uplink_time_s", "s", "longest sending of a device; sl: of all together", .lower) { $0.uplinkTime },
    participants("bits_mean", "bit", "q_n of one participant", .none) { $0.bitsMean },
    participants("power_mean_w", "W", "p_n of one participant", .none) { $0.powerMean?.value },
    participants("power_at_minimum_share", "", "share of the participants that send with their least power", .none) {
      $0.powerAtMinimumShare
    },
    rounds("objective", "1/J", "U, Eq. (21); in J where 'objective: {kind: difference}'", .higher) {
      $0.record.objective
    },
    rounds("objective_optimum", "1/J", "U*, the optimum of (22), with the unit of U", .none) {
      $0.record.objectiveOptimum
    },
    rounds("optimality_gap", "", "1 - U / U*", .lower) { $0.record.optimalityGap },
    rounds("policy_iterations", "", "passes of an iterative policy", .lower) { $0.iterations.map(Double.init) },
    rounds("objective_falls", "", "passes in which U fell", .lower) { $0.falls.map(Double.init) },
    run("rounds", "", "rounds of the run", .none) { Double($0.rounds) },
    run("duration_s", "s", "simulated time of the run", .lower) { $0.duration.value },
    run("energy_j", "J", "the devices' energy of the run", .lower) { $0.energy.value },
    run("participation_jain", "", "Jain's index of how often each device completed a round", .higher) {
      $0.participationJain
    },
    run("never_selected_share", "", "share of devices that never completed a round", .lower) { $0.neverSelectedShare },
    run("data_used_share", "", "samples of devices that completed a round at least once, over all", .higher) {
      $0.dataUsedShare
    },
    run("late", "", "admissions that missed their deadline", .lower) { Double($0.late) },
    run("no_link", "", "admissions lost to an outage: drawn for a block without a link", .lower) { Double($0.noLink) },
    run("violations", "", "constraints that a program's answers broke, where that does not end a run", .lower) {
      $0.violations.map(Double.init)
    },
    run("train_loss", "", "training loss of the last round", .lower) { $0.learning?.trainLoss },
    run("test_loss", "", "test loss at the last evaluation", .lower) { $0.learning?.testLoss },
    run("test_accuracy", "", "test accuracy at the last evaluation", .higher) { $0.learning?.testAccuracy },
    run("test_accuracy_best", "", "best test accuracy at any evaluation", .higher) { $0.learning?.testAccuracyBest },
    // A run ends with the round that reaches its target.
    run("target_round", "", "round in which the target accuracy was reached", .lower) {
      $0.learning?.roundOfTarget.map(Double.init)
    },
    run("target_time_s", "s", "simulated time until the target accuracy", .lower) { summary in
      summary.learning?.roundOfTarget.map { _ in summary.duration.value }
    },
    run("target_energy_j", "J", "the devices' energy until the target accuracy", .lower) { summary in
      summary.learning?.roundOfTarget.map { _ in summary.energy.value }
    },
  ]

  private static func rounds(
    _ name: String, _ unit: String, _ summary: String, _ better: Direction,
    _ value: @escaping @Sendable (FigureTotals.Round) -> Double?
  ) -> Metric { Metric(name, unit, summary, better, .round, .ofRounds(value)) }

  private static func participants(
    _ name: String, _ unit: String, _ summary: String, _ better: Direction,
    _ value: @escaping @Sendable (RunSummary) -> Double?
  ) -> Metric { Metric(name, unit, summary, better, .participant, .ofRun(value)) }

  private static func run(
    _ name: String, _ unit: String, _ summary: String, _ better: Direction,
    _ value: @escaping @Sendable (RunSummary) -> Double?
  ) -> Metric { Metric(name, unit, summary, better, .run, .ofRun(value)) }
}
