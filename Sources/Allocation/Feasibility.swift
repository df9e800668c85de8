import CElementary
import Units

/// Whether a device could take part at all, whatever the policy: compute time against the deadline, then gain against
/// the power cap.
public enum Feasibility: Sendable, Hashable {
  /// No option leaves time for the uplink: compute and server alone reach the deadline.
  case noTime
  /// Feasible on a block whose gain h is at least this much.
  case needsGain(Double)

  /// The device's verdict, from constants alone: no gain is looked at.
  ///
  /// A device is feasible at gain h if for one of its options the rate at p_max,
  /// B log2(1 + h p_max / N0), reaches the required rate (the data that the deadline counts over the time that computing leaves).
  public init(of device: Int, in problem: Problem) {
    let terms = problem.devices[device]
    var least = Double.infinity
    for level in problem.levels {
      for clock in problem.clocks(of: terms) {
        if let rate = problem.requiredRate(of: terms, level: level, clock: clock) {
          least = min(least, rate.value)
        }
      }
    }
    guard least.isFinite else {
      self = .noTime
      return
    }
    let ratio = elementary_expm1(least * elementary_ln2 / problem.bandwidth.value)
    let power = terms.powerMax.value * (1 + Problem.tolerance)
    self = .needsGain(ratio * problem.noise.value / power)
  }

  /// Whether the device is feasible on a block of gain `gain`.
  public func allows(gain: Double) -> Bool {
    switch self {
    case .noTime: false
    case .needsGain(let least): gain >= least && gain > 0
    }
  }
}

extension Problem {
  /// tau_n: what computing leaves of the deadline for the uplink, T_max − m (T_dev / s + T_srv), where the deadline counts
  /// m steps; not above 0 where it leaves nothing.
  func timeLeft(of terms: DeviceTerms, clock: Int) -> Seconds {
    deadline - terms.deadlineSteps * (terms.computeTime / clockScales[clock] + terms.serverTime)
  }

  /// The data that the deadline counts: m S(q) and the model upload.
  func countedData(of terms: DeviceTerms, level: QuantizationLevel) -> Bits {
    terms.deadlineSteps * level.payload + terms.deadlineUpload
  }

  /// The least rate that keeps Eq. (22a) for one option: ``countedData(of:level:)`` over ``timeLeft(of:clock:)``. 0 without a
  /// deadline; `nil` if no time is left.
  func requiredRate(of terms: DeviceTerms, level: QuantizationLevel, clock: Int) -> BitsPerSecond? {
    let left = timeLeft(of: terms, clock: clock)
    return left > .zero ? countedData(of: terms, level: level) / left : nil
  }
}
