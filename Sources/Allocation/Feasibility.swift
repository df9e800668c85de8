import Units
import Wireless

/// Whether a device could take part at all, whatever the policy: compute time against the deadline, then gain against
/// the power cap.
public enum Feasibility: Sendable, Hashable {
  /// The device has no memory for any of the cuts.
  case noMemory
  /// No option leaves time for the uplink: compute and server alone reach the deadline.
  case noTime
  /// Feasible on a block whose gain h is at least this much.
  case needsGain(Double)

  /// The device's verdict, from constants alone: no gain is looked at.
  ///
  /// A device is feasible at gain h if for one of its options the rate at p_max,
  /// B log2(1 + h p_max / N0) or what the link makes of it, reaches the required rate (the data that the deadline counts over the time that computing leaves).
  public init(of device: Int, in problem: borrowing Problem) {
    let terms = problem.devices[device]
    var least = Double.infinity
    for cut in problem.cuts.indices where problem.allows(cut: cut, of: device) {
      // What takes the least rate at one clock does at each.
      guard let payload = problem.leastPayload(cut: cut) else { continue }
      for clock in problem.clocks(of: terms) {
        let price = StepPrice(problem, device: device, clockScale: problem.clockScales[clock], cut: cut)
        least = min(least, price.requiredRate(payload)?.value ?? .infinity)
      }
    }
    guard least.isFinite else {
      self = problem.openCuts(of: device).isEmpty ? .noMemory : .noTime
      return
    }
    let ratio = problem.link.leastSignalToNoise(rate: BitsPerSecond(least), bandwidth: problem.bandwidth)
    let power = terms.powerMax.value * (1 + Problem.tolerance)
    let gain = ratio * problem.noise.value / power
    self = .needsGain(problem.downlink == nil ? gain : problem.leastGain(of: device, from: gain))
  }

  /// Whether the device is feasible on a block of gain `gain`.
  public func allows(gain: Double) -> Bool {
    switch self {
    case .noMemory, .noTime: false
    case .needsGain(let least): gain >= least && gain > 0
    }
  }

  /// Whether the device of that number is feasible on one of its blocks at least.
  public func allows(device: Int, in gains: any GainSource) -> Bool {
    switch self {
    case .noMemory, .noTime: false
    case .needsGain(let least): gains.reaches(max(least, .leastNonzeroMagnitude), device: device)
    }
  }
}

extension Problem {
  /// The smallest payload of a cut; `nil` where it has no level.
  fileprivate func leastPayload(cut: Int) -> Bits? {
    levels.lazy.filter { $0.cut == cut }.map(\.payload).min()
  }

  /// The least gain with which one of a device's options meets the deadline, with a downlink: more than `lower`, with which one
  /// does without. What is left for the uplink grows with the gain, so bisection finds it, to the last bits.
  fileprivate func leastGain(of device: Int, from lower: Double) -> Double {
    let options = openLevels().filter { self.allows(cut: $0.cut, of: device) }
    let prices = options.flatMap { option in
      clocks(of: devices[device]).map { clock in
        (StepPrice(self, device: device, clockScale: clockScales[clock], cut: option.cut), option.levels)
      }
    }
    let power = devices[device].powerMax * (1 + Problem.tolerance)
    func allows(_ gain: Double) -> Bool {
      prices.contains { price, open in
        let (reception, rate) = (price.reception(gain: gain), price.rate(power: power, gain: gain))
        return open.contains { price.requiredRate(levels[$0].payload, reception).map { $0 <= rate } ?? false }
      }
    }
    guard lower.isFinite else { return .infinity }
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
