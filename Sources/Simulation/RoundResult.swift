import Allocation
import EventKernel
import Training
import Units
import Wireless

/// What one round came to: the ledger of its events, device by device.
public struct RoundResult: Sendable {
  /// The round, from 1.
  public var round: Int
  /// When it began, from the run's start.
  public var start: Seconds
  /// When it was aggregated.
  public var end: Seconds
  /// From start to end, to the tick.
  public var duration: Seconds
  /// What the policy decided.
  public var allocation: Allocation
  /// The admitted devices, ascending.
  public var devices: [DeviceLedger]
  /// Server energy: power × the time in which it served anybody. `nil` where its power is not given.
  public var serverEnergy: Joules?
  /// U* of Eq. (22), where it was computed.
  public var optimum: Double?
  /// What training came to; `nil` where nothing is trained.
  public var learning: RoundLearning?

  /// Energy of all devices for computing.
  public var computeEnergy: Joules { devices.reduce(.zero) { $0 + $1.computeEnergy } }
  /// Energy of all devices for the radio.
  public var uplinkEnergy: Joules { devices.reduce(.zero) { $0 + $1.uplinkEnergy } }

  /// 1 − U / U*; `nil` where U* is unknown or 0.
  public var optimalityGap: Double? {
    guard let optimum, optimum > 0 else { return nil }
    return 1 - allocation.objective / optimum
  }
}

/// Seconds and joules that events gave to one admitted device in one round.
public struct DeviceLedger: Sendable {
  /// What it set out to do.
  var plan: DevicePlan
  /// Steps completed.
  public var steps = 0
  /// Whether it missed a deadline and left the round.
  public var isLate = false
  /// Time from the round's start to the device's own end; a sum of doubles, not of ticks.
  public var time = Seconds.zero
  /// Time spent computing.
  public var computeTime = Seconds.zero
  /// Time spent sending.
  public var uplinkTime = Seconds.zero
  /// Time spent waiting for the server.
  public var serverTime = Seconds.zero
  /// Energy spent computing.
  public var computeEnergy = Joules.zero
  /// Energy spent sending.
  public var uplinkEnergy = Joules.zero

  init(plan: DevicePlan) {
    self.plan = plan
  }

  /// The ledger of a device that has done all of its plan, in closed form.
  init(completing plan: DevicePlan) {
    self.init(plan: plan)
    steps = plan.steps
    for leg in plan.step { enter(leg, times: leg.kind == .server ? plan.steps : plan.freshSteps) }
    for upload in [plan.firstUpload, plan.lastUpload].compactMap(\.self) { enter(upload) }
  }

  /// n, from 0.
  public var device: Int { plan.device }

  /// Enters a leg that has just ended, or several alike.
  mutating func enter(_ leg: DevicePlan.Leg, times count: Int = 1) {
    let (legTime, legEnergy) = (leg.time * Double(count), leg.energy * Double(count))
    time += legTime
    switch leg.kind {
    case .forward, .backward:
      computeTime += legTime
      computeEnergy += legEnergy
    case .uplink, .modelUpload:
      uplinkTime += legTime
      uplinkEnergy += legEnergy
    case .server:
      serverTime += legTime
    case .deadline, .aggregated:
      break
    }
  }
}

extension RoundResult {
  /// The same round of a run in which no evaluation is due after it.
  var withoutEvaluation: RoundResult {
    var result = self
    result.learning?.testLoss = nil
    result.learning?.testAccuracy = nil
    result.learning?.testAccuracyLocal = nil
    return result
  }
}
