import Allocation
import Network
import Scenario
import Training
import Units
import Wireless

extension Metric {
  /// Every metric, in the order of `runs.csv`.
  public static let all: [Metric] = [
    roundTime, devicesFeasible, devicesSelected, devicesCompleted, devicesAvailable, devicesLeft, devicesLow,
    devicesEmpty,
    battery, batterySpent,
    energyWasted, staleness, stepLatencyMax, stepEnergy, stepEnergyPerParticipant,
    roundEnergy, roundComputeEnergy, roundUplinkEnergy, roundDownlinkEnergy, roundSleepEnergy, serverUtilization,
    serverQueueMean,
    stepWait,
    roundServerEnergy, roundComputeTime, roundUplinkTime, bits, power, powerAtMinimumShare, linkFullShare, objective,
    objectiveOptimum, optimalityGap, objectiveClairvoyant, regret, policyIterations, objectiveFalls, rounds, duration,
    energy,
    participationJain, neverSelectedShare,
    dataUsedShare, late, noLink, violations, trainLoss, testLoss, testAccuracy, testAccuracyBest, targetRound,
    targetTime,
    targetEnergy,
  ]

  // MARK: - Of a round

  package static let roundTime = perRound("round_time_s", "s", "time of a round", .lower, title: "time of a round") {
    $0.duration.value
  }
  package static let devicesFeasible = perRound(
    "devices_feasible", "", "devices that could meet the deadline", .none, title: "devices that could take part"
  ) { $0.devicesFeasible.map(Double.init) }
  package static let devicesSelected = perRound(
    "devices_selected", "", "devices that the policy admits", .higher, title: "devices that take part"
  ) { Double($0.devices.count) }
  package static let devicesCompleted = perRound(
    "devices_completed", "", "devices that end a round in time", .higher, title: "devices that finish in time"
  ) { Double($0.devicesCompleted) }
  package static let devicesAvailable = perRound(
    "devices_available", "", "devices that are there when a round begins", .none, title: "devices that are there"
  ) { $0.devicesAvailable.map(Double.init) }
  package static let devicesLeft = perRound(
    "devices_left", "", "participants that leave before they have finished", .lower, title: "participants that leave"
  ) { $0.devicesLeft.map(Double.init) }
  package static let devicesLow = perRound(
    "devices_low_battery", "", "devices whose battery is below its reserve when a round begins", .lower,
    title: "devices with a low battery"
  ) { $0.devicesLow.map(Double.init) }
  package static let devicesEmpty = perRound(
    "devices_empty", "", "participants whose battery runs empty before they have finished", .lower,
    title: "participants that run empty"
  ) { $0.devicesEmpty.map(Double.init) }
  package static let battery = perRound(
    "battery_j", "J", "what is in all batteries when a round ends", .higher, title: "charge of all batteries"
  ) { $0.batteryCharge?.value }
  package static let batterySpent = perRound(
    "battery_spent_j", "J", "what devices draw from their batteries in a round, for their work and beside it", .lower,
    title: "energy drawn from batteries"
  ) { $0.batteries?.spent.value }
  package static let energyWasted = perRound(
    "energy_wasted_j", "J",
    "energy of participants whose work does not count, where devices come and go, run empty or do not all merge",
    .lower,
    title: "energy wasted"
  ) { $0.world.wastesEnergy ? $0.energyWasted.value : nil }
  package static let staleness = perRound(
    "staleness_mean", "", "versions that those who merge are behind, where work is carried over", .none,
    title: "staleness"
  ) { $0.stalenessMean }
  package static let stepLatencyMax = perRound(
    "step_latency_max_s", "s", "largest T_n of a participant, Eq. (16)", .lower, title: "longest step"
  ) { $0.stepLatencyMax?.value }
  package static let stepEnergy = perRound(
    "step_energy_j", "J", "E(t), Eq. (18): the energy of a step of all participants together", .lower,
    title: "energy of a step"
  ) { $0.stepEnergy.value }
  package static let roundEnergy = perRound(
    "round_energy_j", "J", "the devices' energy of a round", .lower, title: "energy of a round"
  ) { $0.energy.value }
  package static let roundComputeEnergy = perRound(
    "round_compute_energy_j", "J", "its computing part", .lower, title: "energy of computing in a round"
  ) { $0.computeEnergy.value }
  package static let roundUplinkEnergy = perRound(
    "round_uplink_energy_j", "J", "its radio part", .lower, title: "energy of sending in a round"
  ) { $0.uplinkEnergy.value }
  package static let roundDownlinkEnergy = perRound(
    "round_downlink_energy_j", "J", "its receiving part, where anything comes down", .lower
  ) { $0.world.downlink == nil ? nil : $0.downlinkEnergy.value }
  package static let roundSleepEnergy = perRound(
    "round_sleep_energy_j", "J", "its part for radios that are asleep, where that is counted", .lower
  ) { $0.world.scenario.devices.radioSleep == nil ? nil : $0.sleepEnergy.value }
  package static let roundServerEnergy = perRound(
    "round_server_energy_j", "J", "the server's energy of a round", .lower, title: "server's energy of a round"
  ) { $0.serverEnergy?.value }.knownFromEvents
  package static let roundComputeTime = perRound(
    "round_compute_time_s", "s", "longest computing of a device with its server's; sl: of all together", .lower,
    title: "time of computing in a round"
  ) { $0.computeTime.value }
  package static let roundUplinkTime = perRound(
    "round_uplink_time_s", "s", "longest sending of a device; sl: of all together", .lower,
    title: "time of sending in a round"
  ) { $0.uplinkTime.value }
  package static let objective = perRound(
    "objective", "1/J", "U, Eq. (21); in J where 'objective: {kind: difference}'", .higher, title: "objective U"
  ) { $0.objective }
  package static let objectiveOptimum = perRound(
    "objective_optimum", "1/J", "U*, the optimum of (22), with the unit of U", .none, title: "optimum of U"
  ) { $0.optimum }
  package static let optimalityGap = perRound(
    "optimality_gap", "", "1 - U / U*", .lower, title: "gap to the optimum"
  ) { $0.optimalityGap }.share
  package static let objectiveClairvoyant = perRound(
    "objective_clairvoyant", "1/J", "U of who knows the future of the channel, with the unit of U", .none,
    title: "U of who knows the future"
  ) { $0.clairvoyant }
  package static let regret = perRound(
    "regret", "", "1 - U / U of who knows the future", .lower, title: "regret"
  ) { $0.regret }.share
  package static let policyIterations = perRound(
    "policy_iterations", "", "passes of an iterative policy", .lower, title: "passes of the policy"
  ) { $0.passes.map(Double.init) }
  package static let objectiveFalls = perRound(
    "objective_falls", "", "passes in which U fell", .lower, title: "passes in which U fell"
  ) {
    $0.objectiveFalls.map(Double.init)
  }

  // MARK: - Of a participant

  package static let stepEnergyPerParticipant = perParticipant(
    "step_energy_per_participant_j", "J", "E_n, Eq. (17): the energy of a step of one participant", .lower,
    title: "energy of a step and participant"
  ) { round, tally in
    for device in round.devices { tally.add(device.stepEnergy.value) }
  }
  package static let stepWait = perParticipant(
    "step_wait_time_s", "s", "mean wait of a step of one participant for an accelerator", .lower
  ) { round, tally in
    guard round.server != nil else { return }
    for device in round.devices { tally.add(device.stepWait.value) }
  }.knownFromEvents
  package static let bits = perParticipant(
    "bits_mean", "bit", "q_n of one participant", .none, title: "mean bits of a participant"
  ) { round, tally in
    guard round.world.workload.traits.hasStepOnAir else { return }
    for assignment in round.allocation.assignments { tally.add(Double(assignment.bits)) }
  }
  package static let power = perParticipant(
    "power_mean_w", "W", "p_n of one participant", .none, title: "mean power of a participant"
  ) { round, tally in
    for assignment in round.allocation.assignments { tally.add(assignment.power.value) }
  }
  package static let powerAtMinimumShare = perParticipant(
    "power_at_minimum_share", "", "share of the participants that send with their least power", .none,
    title: "share that sends with least power"
  ) { round, tally in
    guard round.world.workload.traits.hasStepOnAir else { return }
    for assignment in round.allocation.assignments {
      tally.add(assignment.power <= round.world.terms[assignment.device].powerMin ? 1 : 0)
    }
  }.share
  package static let linkFullShare = perParticipant(
    "link_full_share", "",
    "share of the participants that send at the most that uplink.link carries, where it has a most",
    .none, title: "share that sends at the link's most"
  ) { round, tally in
    guard let problem = round.problem, problem.link.largestEfficiency.isFinite else { return }
    let most = problem.bandwidth * problem.link.largestEfficiency
    for assignment in round.allocation.assignments {
      tally.add(assignment.rate.value >= most.value * (1 - PowerControl.tolerance) ? 1 : 0)
    }
  }.share

  // MARK: - Of simulated time

  package static let serverUtilization = perTime(
    "server_utilization", "share of its accelerators' time in which the server serves", .none
  ) { ($0.served, $0.capacity) }
  package static let serverQueueMean = perTime(
    "server_queue_mean", "mean number of devices that wait for an accelerator", .lower
  ) { ($0.waited, $0.length) }

  // MARK: - Of a run

  package static let rounds = ofRun("rounds", "", "rounds of the run", .none) { Double($0.rounds) }
  package static let duration = ofRun("duration_s", "s", "simulated time of the run", .lower, title: "simulated time") {
    $0.duration.value
  }
  package static let energy = ofRun(
    "energy_j", "J", "the devices' energy of the run", .lower, title: "energy of the devices"
  ) {
    $0.energy.value
  }
  package static let participationJain = ofRun(
    "participation_jain", "", "Jain's index of how often each device completed a round", .higher,
    title: "evenness of participation (Jain)"
  ) { $0.participationJain }.share
  package static let neverSelectedShare = ofRun(
    "never_selected_share", "", "share of devices that never completed a round", .lower,
    title: "share of devices never taken"
  ) { $0.neverSelectedShare }.share
  package static let dataUsedShare = ofRun(
    "data_used_share", "", "samples of devices that completed a round at least once, over all", .higher,
    title: "share of data used"
  ) { $0.dataUsedShare }.share
  package static let late = ofRun(
    "late", "", "admissions that missed their deadline", .lower, title: "admissions that came too late"
  ) { Double($0.late) }.knownFromEvents
  package static let noLink = ofRun(
    "no_link", "", "admissions lost to an outage: drawn for a block without a link, or given up while sending", .lower
  ) { Double($0.noLink) }
  package static let violations = ofRun(
    "violations", "", "constraints that a program's answers broke, where that does not end a run", .lower
  ) { $0.violations.map(Double.init) }
  package static let trainLoss = ofRun(
    "train_loss", "", "training loss of the last round", .lower, title: "training loss"
  ) { $0.learning?.trainLoss }
  package static let testLoss = ofRun("test_loss", "", "test loss at the last evaluation", .lower) {
    $0.learning?.testLoss
  }
  package static let testAccuracy = ofRun(
    "test_accuracy", "", "test accuracy at the last evaluation", .higher, title: "test accuracy at the end"
  ) { $0.learning?.testAccuracy }.share
  package static let testAccuracyBest = ofRun(
    "test_accuracy_best", "", "best test accuracy at any evaluation", .higher, title: "best test accuracy"
  ) { $0.learning?.testAccuracyBest }.share
  // A run ends with the round that reaches its target.
  package static let targetRound = ofRun(
    "target_round", "", "round in which the target accuracy was reached", .lower, title: "rounds to the target accuracy"
  ) { $0.learning?.roundOfTarget.map(Double.init) }
  package static let targetTime = ofRun(
    "target_time_s", "s", "simulated time until the target accuracy", .lower, title: "time to the target accuracy"
  ) { summary in
    summary.learning?.roundOfTarget.map { _ in summary.duration.value }
  }
  package static let targetEnergy = ofRun(
    "target_energy_j", "J", "the devices' energy until the target accuracy", .lower,
    title: "energy to the target accuracy"
  ) { summary in
    summary.learning?.roundOfTarget.map { _ in summary.energy.value }
  }
}

extension Metric {
  private init(
    _ name: String, _ unit: String, _ summary: String, _ better: Direction, _ weight: Weight, title: String?,
    _ value: Value
  ) {
    self.name = name
    self.unit = unit
    self.summary = summary
    self.better = better
    self.weight = weight
    self.title = title ?? name.replacing(/_[sj]$/, with: "").replacing("_", with: " ")
    self.value = value
  }

  private static func perRound(
    _ name: String, _ unit: String, _ summary: String, _ better: Direction, title: String? = nil,
    _ value: @escaping @Sendable (RoundReport) -> Double?
  ) -> Metric {
    Metric(name, unit, summary, better, .round, title: title, .added { round, tally in tally.add(value(round)) })
  }

  private static func perParticipant(
    _ name: String, _ unit: String, _ summary: String, _ better: Direction, title: String? = nil,
    _ add: @escaping @Sendable (RoundReport, inout Tally) -> Void
  ) -> Metric { Metric(name, unit, summary, better, .participant, title: title, .added(add)) }

  private static func perTime(
    _ name: String, _ summary: String, _ better: Direction,
    _ value: @escaping @Sendable (RoundReport.ServerUse) -> (amount: Seconds, time: Seconds)
  ) -> Metric {
    Metric(
      name, "", summary, better, .time, title: nil,
      .added { round, tally in
        guard let (amount, time) = round.server.map(value) else { return }
        tally.add(amount.value, weight: time.value)
      }
    ).knownFromEvents
  }

  private static func ofRun(
    _ name: String, _ unit: String, _ summary: String, _ better: Direction, title: String? = nil,
    _ value: @escaping @Sendable (RunSummary) -> Double?
  ) -> Metric { Metric(name, unit, summary, better, .run, title: title, .ofRun(value)) }

  private var knownFromEvents: Metric {
    var metric = self
    metric.needsEvents = true
    return metric
  }

  private var share: Metric {
    var metric = self
    metric.isShare = true
    return metric
  }
}
