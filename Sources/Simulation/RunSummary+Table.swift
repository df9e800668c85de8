import Allocation
import JSON
import Trace
import Units

/// One figure of a summary: its key for JSON, its label and text for people.
public struct SummaryFigure: Sendable {
  /// The key, with its unit as a suffix.
  public var key: String
  /// What a person reads.
  public var label: String
  /// The value; `nil` where there is none.
  public var value: Double?
  /// The unit behind the printed value.
  public var unit = ""
  /// Whether the value is a whole number.
  public var isCount = false
}

extension RunSummary {
  /// The figures in the order that tables and manifests show them; those of features that are off are left out.
  public var figures: [SummaryFigure] { figures(of: .ratio) }

  /// The figures of a run with this objective, which its U has the unit of.
  private func figures(of objective: Objective) -> [SummaryFigure] {
    var all: [SummaryFigure] = [
      SummaryFigure(key: "rounds", label: "rounds", value: Double(rounds), isCount: true),
      SummaryFigure(key: "duration_s", label: "simulated time", value: duration.value, unit: "s"),
      SummaryFigure(key: "energy_j", label: "device energy", value: energy.value, unit: "J"),
      SummaryFigure(key: "compute_energy_j", label: "  for computing", value: computeEnergy.value, unit: "J"),
      SummaryFigure(key: "uplink_energy_j", label: "  for the radio", value: uplinkEnergy.value, unit: "J"),
    ]
    if let downlinkEnergy {
      all.append(
        SummaryFigure(key: "downlink_energy_j", label: "  for receiving", value: downlinkEnergy.value, unit: "J"))
    }
    if let sleepEnergy {
      all.append(
        SummaryFigure(key: "sleep_energy_j", label: "  for radios asleep", value: sleepEnergy.value, unit: "J"))
    }
    if let energyUnderWay {
      all.append(
        SummaryFigure(
          key: "energy_under_way_j", label: "spent by devices still at work", value: energyUnderWay.value, unit: "J"))
    }
    if let serverEnergy {
      all.append(SummaryFigure(key: "server_energy_j", label: "server energy", value: serverEnergy.value, unit: "J"))
    }
    all += [
      SummaryFigure(key: "devices", label: "devices", value: Double(deviceCount), isCount: true),
      SummaryFigure(key: "devices_completed_mean", label: "completed per round", value: devicesCompletedMean),
      SummaryFigure(key: "late", label: "late", value: Double(late), isCount: true),
    ]
    if let serverUtilization {
      all += [
        SummaryFigure(
          key: "step_wait_time_s", label: "wait for the server per step", value: stepWait?.value, unit: "s"),
        SummaryFigure(key: "server_utilization", label: "accelerators at work, share", value: serverUtilization),
      ]
    }
    if noLink > 0 {
      all.append(SummaryFigure(key: "no_link", label: "drawn without a link", value: Double(noLink), isCount: true))
    }
    if left > 0 {
      all.append(SummaryFigure(key: "left", label: "left before they had finished", value: Double(left), isCount: true))
    }
    if empty > 0 {
      all.append(
        SummaryFigure(key: "empty", label: "ran empty before they had finished", value: Double(empty), isCount: true))
    }
    if withdrawn > 0 {
      all.append(
        SummaryFigure(
          key: "withdrawn", label: "withdrawn when others merged", value: Double(withdrawn), isCount: true))
    }
    if stale > 0 {
      all.append(
        SummaryFigure(key: "stale", label: "finished on too old a version", value: Double(stale), isCount: true))
    }
    all += [
      SummaryFigure(key: "bits_mean", label: "mean bits", value: bitsMean, unit: "bit"),
      SummaryFigure(key: "power_mean_w", label: "mean power", value: powerMean?.value, unit: "W"),
      SummaryFigure(
        key: "step_energy_per_participant_j", label: "energy per participant and step",
        value: stepEnergyPerParticipant?.value, unit: "J"),
      SummaryFigure(key: "objective_mean", label: "objective U, mean", value: objectiveMean, unit: objective.unit),
    ]
    if objectiveOptimumMean != nil {
      all += [
        SummaryFigure(
          key: "objective_optimum_mean", label: "optimum U*, mean", value: objectiveOptimumMean, unit: objective.unit),
        SummaryFigure(
          key: "optimality_gap_mean", label: "gap 1 - U/U*, mean", value: optimalityGapMean),
      ]
    }
    if let violations {
      all.append(
        SummaryFigure(
          key: "violations", label: "violations of (22) passed over", value: Double(violations), isCount: true))
    }
    all += [
      SummaryFigure(
        key: "participation_jain", label: "Jain's index of participation", value: participationJain),
      SummaryFigure(key: "never_selected_share", label: "share never selected", value: neverSelectedShare),
      SummaryFigure(key: "data_used_share", label: "share of data used", value: dataUsedShare),
      SummaryFigure(key: "events", label: "events", value: Double(events), isCount: true),
    ]
    return all + (learning?.figures ?? [])
  }

  /// The figures in the summary of a manifest, with their labels and units.
  public static func figures(in manifest: Manifest) -> [SummaryFigure] {
    let isDifference = manifest.scenario["objective"]?["kind"]?.text == "difference"
    var all = RunSummary()
    all.serverEnergy = .zero
    (all.downlinkEnergy, all.sleepEnergy) = (.zero, .zero)
    all.energyUnderWay = .zero
    all.serverUtilization = 0
    (all.noLink, all.left, all.empty, all.withdrawn, all.stale) = (1, 1, 1, 1, 1)
    all.objectiveOptimumMean = 0
    all.violations = 0
    all.learning = LearningSummary()
    all.learning?.roundOfTarget = 0
    return all.figures(of: isDifference ? .difference(weight: Joules(1)) : .ratio).compactMap { figure in
      guard let value = manifest.summary[figure.key] else { return nil }
      var figure = figure
      figure.value = value.double
      return figure
    }
  }
}

extension LearningSummary {
  /// The figures of training, in order.
  fileprivate var figures: [SummaryFigure] {
    var all = [
      SummaryFigure(key: "train_loss", label: "training loss, last", value: trainLoss),
      SummaryFigure(key: "test_loss", label: "test loss, last", value: testLoss),
      SummaryFigure(key: "test_accuracy", label: "test accuracy, last", value: testAccuracy),
      SummaryFigure(key: "test_accuracy_best", label: "test accuracy, best", value: testAccuracyBest),
    ]
    if let roundOfTarget {
      all.append(
        SummaryFigure(
          key: "stopped_in_round", label: "target reached in round", value: Double(roundOfTarget), isCount: true))
    }
    return all
  }
}
