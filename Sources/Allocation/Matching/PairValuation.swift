import CElementary
import Units
import Wireless

/// The value of a pair as the fast matching asks for it: a number that is 0 where the pair is of no use, cheap for the
/// problems that most runs have, and right for all: ``StepPrice`` in another form, a few last bits apart.
///
/// Where payload grows linearly with bits, S(q) = q S(1), and power is free, a pair's options have a shape. With
/// a(q) = exp(ln2 S(q) / (B tau)) − 1, y = tau N0 / h and m = p_min S(1) ln2 / (B log1p(h p_min / N0)):
///
/// 1. E(q) = E_dev + max(a(q) y, q m), feasible iff a(q) ≤ h p_max / N0: power is a(q) N0 / h unless that is below p_min.
///    So bits cost a comparison each, and a pair one logarithm, if p_min binds at all.
/// 2. E is convex in q and log2(1+q) concave, so the value is unimodal in q in both kinds of Eq. (21), and the feasible q
///    are a prefix: walk down from the most bits until it falls. Fewest bits win ties.
/// 3. For one device neither the best value nor the best q falls as the gain grows: y and m shrink, and the step from
///    E(q) to E(q+1) shrinks at least as fast as E(q). Visiting a device's blocks by falling gain, q only walks down.
///
/// Where this does not hold for a device (circuits that draw power, a radio of TR 38.840, a choice of clocks, Eq. (8)'s payload, a deadline that
/// counts an upload, a fixed power, a downlink, a capped link or one of steps), ``EdgeValuation`` looks at every option; that its value is monotone in the gain is
/// all that the matching needs.
final class PairValuation {
  let edges: EdgeValuation
  /// Levels left open.
  let levelCount: Int
  /// log2(1+q) of the levels left open.
  private let information: [Double]
  private let isLinear: Bool
  private let bitsMin: Double
  private let payloadPerBit: Double
  // What is asked for a pair or a device; the noise times the link's gap, apart from the problem that holds it.
  private let devices: [DeviceConstants]
  private let clockScale: Double
  private let deadline: Double
  private let noise: Double
  private let bandwidth: Double
  private let isRatio: Bool
  private let weight: Double

  init(_ edges: EdgeValuation) {
    self.edges = edges
    let problem = edges.problem
    devices = problem.devices
    clockScale = problem.clockScales[problem.clockScales.count - 1]
    deadline = problem.deadline.value
    let (gap, isCapped) = problem.link.gap
    noise = problem.noise.value * gap
    bandwidth = problem.bandwidth.value
    switch problem.objective {
    case .ratio: (isRatio, weight) = (true, 1)
    case .difference(let joules): (isRatio, weight) = (false, joules.value)
    }
    let open = edges.levels.map { problem.levels[$0] }
    levelCount = open.count
    information = open.map(\.information)
    let least = Double(open.first?.bits ?? 0)
    let perBit = (open.first?.payload.value ?? 0) / least
    bitsMin = least
    payloadPerBit = perBit
    isLinear =
      edges.restriction.power == .optimal && problem.clockScales.count == 1 && perBit > 0 && perBit.isFinite
      && problem.deadline.isFinite && problem.downlink == nil && !isCapped
      && open.enumerated().allSatisfy { index, level in
        Double(level.bits) == least + Double(index)
          && abs(level.payload.value - Double(level.bits) * perBit) <= 1e-15 * level.payload.value
      }
  }

  /// What the value of one device's pairs is computed from.
  struct Terms {
    var device: Int
    /// Whether the shape above holds; the fields below are meaningless if not.
    var isUnimodal = false
    /// E_dev.
    var computeEnergy = 0.0
    /// rho, times the objective's weight for the difference.
    var share = 0.0
    /// tau N0, so that y = tauNoise / h.
    var tauNoise = 0.0
    /// p_min / N0 and p_max (1 + 1e-9) / N0.
    var signalMin = 0.0
    var signalMax = 0.0
    /// m log1p(h p_min / N0).
    var leastEnergy = 0.0
    /// exp(c) and exp(c) − 1, c = ln2 S(1) / (B tau): a(q+1) = a(q) ratio + step.
    var ratio = 0.0
    var step = 0.0
    /// a(q_min).
    var first = 0.0
  }

  /// The terms of a device; nil where computing alone exceeds the deadline at every clock.
  func terms(device: Int) -> Terms? {
    let values = devices[device]
    let scale = clockScale
    let left = deadline - values.deadlineSteps * (values.computeTime.value / scale + values.serverTime.value)
    guard left > 0 else { return nil }
    guard isLinear, values.radio == .amplifier, values.circuitPower.value == 0, values.amplifierEfficiency == 1,
      values.deadlineUpload.value == 0
    else { return Terms(device: device) }
    let tau = left / values.deadlineSteps
    let perBit = elementary_ln2 * payloadPerBit / bandwidth
    let powerMin = min(values.powerMin.value, values.powerMax.value)
    let step = elementary_expm1(perBit / tau)
    return Terms(
      device: device, isUnimodal: true, computeEnergy: values.computeEnergy.value * (scale * scale),
      share: values.dataShare * weight, tauNoise: tau * noise, signalMin: powerMin / noise,
      signalMax: values.powerMax.value * (1 + Problem.tolerance) / noise, leastEnergy: powerMin * perBit,
      ratio: 1 + step, step: step, first: elementary_expm1(bitsMin * perBit / tau))
  }

  /// Writes a(q) of the levels that are feasible at `gain` (and so at every smaller one) and returns how many there are.
  func fill(_ growth: UnsafeMutablePointer<Double>, _ terms: Terms, gain: Double) -> Int {
    guard terms.isUnimodal else { return 0 }
    let cap = terms.signalMax * gain
    var a = terms.first
    var count = 0
    while count < levelCount, a <= cap {
      growth[count] = a
      a = a * terms.ratio + terms.step
      count += 1
    }
    return count
  }

  /// The value at a gain of at most the one that `growth` was filled for, and the level that has it.
  ///
  /// - Parameter level: where to start: the best level at some larger gain, nil where none is known.
  func value(
    _ terms: Terms, growth: UnsafePointer<Double>, count: Int, gain: Double, from level: Int32? = nil
  ) -> (value: Double, level: Int32) {
    guard terms.isUnimodal else { return valueOverAllOptions(terms, gain: gain) }
    let cap = terms.signalMax * gain
    guard count > 0, growth[0] <= cap else { return (0, 0) }
    var pair = Pair(terms: terms, growth: growth, gain: gain)
    var index = min(level.map { Int($0) } ?? count, count - 1)
    while growth[index] > cap { index -= 1 }
    var energy = pair.energy(index, bitsMin)
    while index > 0 {
      let below = pair.energy(index - 1, bitsMin)
      if isBetter(terms, index, energy, than: index - 1, below) { break }
      index -= 1
      energy = below
    }
    let value =
      isRatio ? terms.share * information[index] / energy : terms.share * information[index] - energy
    return (value > 0 && value.isFinite ? value : 0, Int32(index))
  }

  /// Whether one level's value is strictly the larger, without a division.
  private func isBetter(
    _ terms: Terms, _ level: Int, _ energy: Double, than other: Int, _ otherEnergy: Double
  ) -> Bool {
    isRatio
      ? information[level] * otherEnergy > information[other] * energy
      : terms.share * (information[level] - information[other]) > energy - otherEnergy
  }

  private func valueOverAllOptions(_ terms: Terms, gain: Double) -> (value: Double, level: Int32) {
    guard let choice = edges.best(device: terms.device, gain: gain) else { return (0, 0) }
    return (max(choice.value, 0), 0)
  }

  /// The assignment of a matched pair, whose level the matching knows where the device's options are unimodal.
  func assignment(_ terms: Terms, block: Int, level: Int32?) -> Assignment? {
    let gain = edges.problem.gains.gain(device: terms.device, block: block)
    let known = level.flatMap {
      terms.isUnimodal ? edges.choice(device: terms.device, level: Int($0), gain: gain) : nil
    }
    guard let choice = known ?? edges.best(device: terms.device, gain: gain) else { return nil }
    return edges.assignment(device: terms.device, block: block, gain: gain, choice: choice)
  }

  /// One pair while its levels are compared.
  private struct Pair {
    let terms: Terms
    let growth: UnsafePointer<Double>
    /// h p_min / N0.
    let signalMin: Double
    /// y.
    let perGrowth: Double
    /// m; NaN until a level asks for it.
    var perBit = Double.nan

    init(terms: Terms, growth: UnsafePointer<Double>, gain: Double) {
      self.terms = terms
      self.growth = growth
      signalMin = terms.signalMin * gain
      perGrowth = terms.tauNoise / gain
    }

    mutating func energy(_ level: Int, _ bitsMin: Double) -> Double {
      let a = growth[level]
      if a >= signalMin { return terms.computeEnergy + a * perGrowth }
      if perBit.isNaN { perBit = terms.leastEnergy / elementary_log1p(signalMin) }
      return terms.computeEnergy + (bitsMin + Double(level)) * perBit
    }
  }
}

extension Link {
  /// The gap of a link that is Shannon's bound but for it; otherwise `isCapped`.
  fileprivate var gap: (value: Double, isCapped: Bool) {
    guard case .shannon(let gap, .infinity) = self else { return (1, true) }
    return (gap.value, false)
  }
}
