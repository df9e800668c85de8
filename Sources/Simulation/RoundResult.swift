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
  var itinerary: Itinerary
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

  init(_ itinerary: Itinerary) {
    self.itinerary = itinerary
  }

  /// The ledger of a device that has done all of its itinerary, in closed form.
  init(completing itinerary: Itinerary) {
    self.init(itinerary)
    steps = itinerary.steps
    for activity in itinerary.step {
      enter(activity, times: activity.kind == .server ? itinerary.steps : itinerary.freshSteps)
    }
    for activity in itinerary.before + itinerary.after { enter(activity) }
  }

  /// n, from 0.
  public var device: Int { itinerary.device }

  /// Enters an activity that has just ended, or several alike.
  mutating func enter(_ activity: Itinerary.Activity, times count: Int = 1) {
    let (duration, energy) = (activity.time * Double(count), activity.energy * Double(count))
    time += duration
    switch activity.kind {
    case .forward, .backward:
      computeTime += duration
      computeEnergy += energy
    case .uplink, .modelUpload:
      uplinkTime += duration
      uplinkEnergy += energy
    case .server:
      serverTime += duration
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
