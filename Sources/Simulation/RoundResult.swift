import Allocation
import Network
import Training
import Units

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
  /// What its accelerators did, where they are counted and its events were simulated.
  public var server: ServerUse?
  /// U* of Eq. (22), where it was computed.
  public var optimum: Double?
  /// What training came to; `nil` where nothing is trained.
  public var learning: RoundLearning?

  /// Energy of all devices for computing.
  public var computeEnergy: Joules { devices.reduce(.zero) { $0 + $1.computeEnergy } }
  /// Energy of all devices for the radio.
  public var uplinkEnergy: Joules { devices.reduce(.zero) { $0 + $1.uplinkEnergy } }

  /// Energy of all devices for receiving.
  public var downlinkEnergy: Joules { devices.reduce(.zero) { $0 + $1.downlinkEnergy } }
  /// Energy of all devices.
  public var energy: Joules { computeEnergy + uplinkEnergy + downlinkEnergy }

  /// What a server's accelerators did in one round.
  public struct ServerUse: Sendable, Hashable {
    /// Served time of all accelerators over the round's length times their number.
    public var utilization: Double
    /// The mean number of devices that waited, over the round's length.
    public var queueMean: Double
  }

  /// 1 − U / U*; `nil` where U* is unknown or 0.
  public var optimalityGap: Double? {
    guard let optimum, optimum > 0 else { return nil }
    return 1 - allocation.objective / optimum
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

extension DeviceLedger {
  /// The mean wait of a step at the server, over the steps that came to it.
  var stepWait: Seconds { waitTime / Double(max(1, steps + (isLate ? 1 : 0))) }
}
