import Scenario
import Simulation
import Trace
import Units

/// Adds the rounds of a run up to its figures.
struct FigureTotals {
  private var sums = RunFigures()
  private var counts = Array(repeating: 0, count: Metric.all.count)
  private var stepEnergy = 0.0
  private var participants = 0
  private var atMinimum = 0
  private let hasStepOnAir: Bool
  private let isSequential: Bool
  private let powerMin: [Double]

  /// Places of the metrics that are means over rounds.
  private enum Place {
    static func of(_ name: String) -> Int {
      guard let index = Metric.index(of: name) else { preconditionFailure("no metric is called '\(name)'") }
      return index
    }
    static let computeTime = of("round_compute_time_s")
    static let uplinkTime = of("round_uplink_time_s")
    static let iterations = of("policy_iterations")
    static let falls = of("objective_falls")
    /// The columns of `rounds.csv` that are metrics of the same name.
    static let ofRounds: [(index: Int, value: @Sendable (RoundRecord) -> Double?)] = [
      (of("round_time_s"), { $0.duration.value }),
      (of("devices_feasible"), { Double($0.devicesFeasible) }),
      (of("devices_selected"), { Double($0.devicesSelected) }),
      (of("devices_completed"), { Double($0.devicesCompleted) }),
      (of("step_latency_max_s"), { $0.stepLatencyMax?.value }),
      (of("step_energy_j"), { $0.stepEnergy?.value }),
      (of("round_energy_j"), { $0.roundEnergy.value }),
      (of("round_compute_energy_j"), { $0.roundComputeEnergy.value }),
      (of("round_uplink_energy_j"), { $0.roundUplinkEnergy.value }),
      (of("round_server_energy_j"), { $0.roundServerEnergy?.value }),
      (of("bits_mean"), { $0.bitsMean }),
      (of("power_mean_w"), { $0.powerMean?.value }),
      (of("objective"), { $0.objective }),
      (of("objective_optimum"), { $0.objectiveOptimum }),
      (of("optimality_gap"), { $0.optimalityGap }),
    ]
  }

  init(_ world: World) {
    hasStepOnAir = world.workload.traits.hasStepOnAir
    isSequential = world.workload.traits.order == .sequential
    powerMin = world.terms.map(\.powerMin.value)
  }

  /// Adds a round.
  mutating func add(_ result: RoundResult, _ record: RoundRecord) {
    for (index, value) in Place.ofRounds { add(value(record), at: index) }
    add(together(result.devices.map { $0.computeTime + $0.serverTime }), at: Place.computeTime)
    add(together(result.devices.map(\.uplinkTime)), at: Place.uplinkTime)
    stepEnergy += record.stepEnergy?.value ?? 0
    participants += result.devices.count
    for assignment in result.allocation.assignments where assignment.power.value <= powerMin[assignment.device] {
      atMinimum += 1
    }
    let iterations = result.allocation.iterations
    guard !iterations.isEmpty else { return }
    add(Double(iterations.count), at: Place.iterations)
    let falls = zip(iterations, iterations.dropFirst()).count { $1.objective < $0.objective }
    add(Double(falls), at: Place.falls)
  }

  /// How long devices take that work side by side, or one after another.
  private func together(_ times: [Seconds]) -> Double {
    (isSequential ? times.reduce(.zero) { $0 + $1 } : times.reduce(.zero) { max($0, $1) }).value
  }

  private mutating func add(_ value: Double?, at index: Int) {
    guard let value else { return }
    sums.values[index] = (sums.values[index] ?? 0) + value
    counts[index] += 1
  }

  /// The figures of the whole run.
  func finished(_ summary: RunSummary) -> RunFigures {
    var figures = sums
    for (index, count) in counts.enumerated() where count > 1 {
      figures.values[index] = figures.values[index].map { $0 / Double(count) }
    }
    if participants > 0 {
      figures["step_energy_per_participant_j"] = stepEnergy / Double(participants)
      if hasStepOnAir { figures["power_at_minimum_share"] = Double(atMinimum) / Double(participants) }
    }
    figures["rounds"] = Double(summary.rounds)
    figures["duration_s"] = summary.duration.value
    figures["energy_j"] = summary.energy.value
    figures["participation_jain"] = summary.participationJain
    figures["never_selected_share"] = summary.neverSelectedShare
    figures["data_used_share"] = summary.dataUsedShare
    figures["late"] = Double(summary.late)
    figures["no_link"] = Double(summary.noLink)
    figures["violations"] = summary.violations.map(Double.init)
    guard let learning = summary.learning else { return figures }
    figures["train_loss"] = learning.trainLoss
    figures["test_loss"] = learning.testLoss
    figures["test_accuracy"] = learning.testAccuracy
    figures["test_accuracy_best"] = learning.testAccuracyBest
    if let round = learning.roundOfTarget {
      // A run ends with the round that reaches its target.
      figures["target_round"] = Double(round)
      figures["target_time_s"] = summary.duration.value
      figures["target_energy_j"] = summary.energy.value
    }
    return figures
  }
}
