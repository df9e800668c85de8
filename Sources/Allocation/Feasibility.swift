import CElementary
import Units
import Wireless

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
    let gain = ratio * problem.noise.value / power
    self = .needsGain(problem.downlink == nil ? gain : problem.leastGain(of: terms, from: gain))
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
  /// tau_n: what computing and receiving leave of the deadline for the uplink, T_max − m (T_dev / s + T_srv + T_down) − T_once,
  /// where the deadline counts m steps; not above 0 where they leave nothing.
  func timeLeft(of terms: DeviceConstants, clock: Int, _ reception: Reception = .none) -> Seconds {
    let step = terms.computeTime / clockScales[clock] + terms.serverTime + reception.stepTime
    return deadline - terms.deadlineSteps * step - reception.onceTime
  }

  /// The data that the deadline counts: m S(q) and the model upload.
  func countedData(of terms: DeviceConstants, level: QuantizationLevel) -> Bits {
    terms.deadlineSteps * level.payload + terms.deadlineUpload
  }

  /// The least rate that keeps Eq. (22a) for one option: the counted data over the time that is left. 0 without a deadline;
  /// `nil` if no time is left.
  func requiredRate(
    of terms: DeviceConstants, level: QuantizationLevel, clock: Int, _ reception: Reception = .none
  ) -> BitsPerSecond? {
    let left = timeLeft(of: terms, clock: clock, reception)
    return left > .zero ? countedData(of: terms, level: level) / left : nil
  }

  /// The least gain with which one of a device's options meets the deadline, with a downlink: more than `lower`, with which one
  /// does without. What is left for the uplink grows with the gain, so bisection finds it, to the last bits.
  fileprivate func leastGain(of terms: DeviceConstants, from lower: Double) -> Double {
    func allows(_ gain: Double) -> Bool {
      let reception = reception(of: terms, gain: gain)
      let power = terms.powerMax * (1 + Problem.tolerance)
      let rate = StepCost.rate(bandwidth: bandwidth, gain: gain, power: power, noise: noise)
      return levels.contains { level in
        clocks(of: terms).contains { clock in
          requiredRate(of: terms, level: level, clock: clock, reception).map { $0 <= rate } ?? false
        }
      }
    }
    var low = max(lower, .leastNormalMagnitude)
    if allows(low) { return low }
    var high = low * 2
    while !allows(high) {
      (low, high) = (high, high * 2)
      guard high.isFinite else { return .greatestFiniteMagnitude }
    }
    while true {
      let middle = low + (high - low) / 2
      guard middle > low, middle < high else { return high }
      if allows(middle) { high = middle } else { low = middle }
    }
  }
}
