import Allocation
import Scenario
import Simulation
import Training
import Units

/// The paper's figures over other hardware: what is tight, loose, weak or strong there is not so here.
extension Study {
  /// The points of `reading` over the file at `base`.
  ///
  /// What varies takes its values as they are, but for two. A deadline becomes the one that as large a share of the base's
  /// devices can meet, by ``DeadlineScale``. A given power becomes as large a part of the largest p_max that is drawn.
  ///
  /// - Throws: `ScenarioErrors`, `SimulationError`, ``ReproductionError``.
  static func points(
    _ points: [SweepPoint], of reading: SweepReading, over base: String, _ given: [ScenarioOverride]
  ) throws -> [SweepPoint] {
    var pairs: [[SweepSetting]: (paper: BaseScale, base: BaseScale)] = [:]
    return try points.map { point in
      // Policies, frameworks and objectives change nothing in what devices can do.
      let hardware = point.settings.filter {
        !["deadline", "policy", "framework", "band", "objective"].contains($0.path)
      }
      let scales: (paper: BaseScale, base: BaseScale)
      if let known = pairs[hardware] {
        scales = known
      } else {
        let other = try ScenarioReader.read(path: base, overrides: given + hardware.map { ScenarioOverride($0) })
          .scenario
        scales = (try BaseScale(point.scenario), try BaseScale(other))
        pairs[hardware] = scales
      }
      var overrides = given + point.settings.map { ScenarioOverride($0) }
      overrides.append(ScenarioOverride(SweepSetting(path: "rounds", value: "\(reading.base.rounds)")))
      if !point.settings.contains(where: { $0.path == "policy" }), reading.base.places["policy"] != nil {
        overrides.append(ScenarioOverride(SweepSetting(path: "policy", value: reading.base.policy)))
      }
      let share = scales.paper.deadlines.share(within: point.scenario.deadline.value.value)
      overrides.append(
        ScenarioOverride(
          SweepSetting(path: "deadline", value: "\(scales.base.deadlines.deadline(forShare: share)) s")))
      if let power = point.givenPower {
        let scaled = (power / scales.paper.largestPower * scales.base.largestPower * 1e6).rounded() / 1e6
        overrides.append(ScenarioOverride(SweepSetting(path: "policy.power", value: "\(max(scaled, 1e-6)) W")))
      }
      let scenario = try ScenarioReader.read(path: base, overrides: overrides).scenario
      return SweepPoint(index: point.index, settings: point.settings, scenario: scenario)
    }
  }
}

/// What is tight and what is much to the devices of a scenario.
private struct BaseScale {
  var deadlines: DeadlineScale
  /// The largest p_max over the draws of a ``DeadlineScale``, in watts.
  var largestPower: Double

  /// The scale of `scenario` under the paper's framework, whichever it has: another one does other work in a step.
  init(_ scenario: Scenario) throws {
    var scenario = scenario
    scenario.framework = .sflam
    deadlines = try DeadlineScale(scenario)
    largestPower = 0
    for draw in 0..<UInt32(DeadlineScale.draws) {
      let terms = try World(scenario, repetition: draw).terms
      largestPower = max(largestPower, terms.map(\.powerMax.value).max() ?? 0)
    }
  }
}

extension SweepPoint {
  /// The power beside the policy's name in the point's settings, in watts.
  fileprivate var givenPower: Double? {
    guard settings.contains(where: { $0.path == "policy" && $0.value.contains("power:") }),
      case .power(let power)? = scenario.settings(of: scenario.policy)?["power"]
    else { return nil }
    return power.value
  }
}

extension ScenarioOverride {
  /// A setting of a point, laid over another file.
  fileprivate init(_ setting: SweepSetting) {
    self.init(path: setting.path, value: setting.value, label: "\(setting.path)=\(setting.value)")
  }
}
