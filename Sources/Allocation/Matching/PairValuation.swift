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
/// 4. Each cut and clock that a device may choose is a *mode* with constants of its own and the shape above. What a mode was
///    worth on a larger gain bounds it on a smaller one, so most modes are asked for the first block alone; a mode that another
///    one beats in energy, time and payload is never asked.
///
/// Where this does not hold for a device (circuits that draw power, a radio of TR 38.840, Eq. (8)'s payload, a deadline that
/// counts an upload, a fixed power, a downlink, a capped link or one of steps), ``EdgeValuation`` looks at every option, or a function
/// that is given says what a pair is worth; that its value is monotone in the gain is all that the matching needs.
final class PairValuation {
  let edges: EdgeValuation
  /// Levels left open at each cut.
  let levelCount: Int
  /// Modes of a device at most.
  let modeCount: Int
  /// log2(1+q) of the levels left open.
  private let information: [Double]
  private let isLinear: Bool
  private let bitsMin: Double
  /// What the modes differ in.
  private let modes: [Mode]
  // What is asked for a pair or a device; the noise times the link's gap, apart from the problem that holds it.
  private let devices: [DeviceConstants]
  private let deadline: Double
  private let noise: Double
  private let bandwidth: Double
  private let isRatio: Bool
  private let weight: Double

  /// A cut and a clock.
  private struct Mode {
    let cut: CutOption
    let changesNothing: Bool
    /// Where the levels of the cut begin among those left open.
    let firstLevel: Int
    /// S(1) at the cut.
    let payloadPerBit: Double
    let clock: Int
    let clockScale: Double
  }

  /// What a pair is worth, where that is not the best of its options.
  private let given: ((_ device: Int, _ gain: Double) -> Double)?

  /// The valuation of pairs by the best of their options.
  convenience init(_ edges: EdgeValuation) { self.init(edges, given: nil) }

  /// That by a function, which must never fall as the gain grows and be 0 or less where a device has no time.
  convenience init(_ edges: EdgeValuation, value: @escaping (_ device: Int, _ gain: Double) -> Double) {
    self.init(edges, given: value)
  }

  private init(_ edges: EdgeValuation, given: ((_ device: Int, _ gain: Double) -> Double)?) {
    self.edges = edges
    self.given = given
    let problem = edges.problem
    devices = problem.devices
    deadline = problem.deadline.value
    let (gap, isCapped) = problem.link.gap
    noise = problem.noise.value * gap
    bandwidth = problem.bandwidth.value
    switch problem.objective {
    case .ratio: (isRatio, weight) = (true, 1)
    case .difference(let joules): (isRatio, weight) = (false, joules.value)
    }
    let open = edges.levels.map { problem.levels[$0] }
    let first = open.prefix { $0.cut == open.first?.cut }
    levelCount = first.count
    information = first.map(\.information)
    let least = Double(first.first?.bits ?? 0)
    bitsMin = least
    func payloadPerBit(_ level: QuantizationLevel) -> Double { level.payload.value / least }
    let starts = Array(stride(from: 0, to: open.count, by: max(1, first.count)))
    isLinear =
      given == nil && edges.restriction.power == .optimal
      && problem.deadline.isFinite && problem.downlink == nil && !isCapped
      && starts.allSatisfy { start in
        let perBit = payloadPerBit(open[start])
        return perBit > 0 && perBit.isFinite && start + first.count <= open.count
          && open[start..<start + first.count].enumerated().allSatisfy { index, level in
            level.cut == open[start].cut && Double(level.bits) == least + Double(index)
              && abs(level.payload.value - Double(level.bits) * perBit) <= 1e-15 * level.payload.value
          }
      }
    let scales = problem.clockScales
    modes =
      !isLinear
      ? []
      : starts.flatMap { start in
        scales.indices.map { clock in
          Mode(
            cut: problem.cuts[open[start].cut], changesNothing: problem.cuts[open[start].cut].addsNothing,
            firstLevel: start, payloadPerBit: payloadPerBit(open[start]),
            clock: clock, clockScale: scales[clock])
        }
      }
    modeCount = max(1, modes.count)
  }

  /// What the value of one device's pairs in one mode is computed from.
  struct Terms {
    var device: Int
    /// Whether the shape above holds; the fields below are meaningless if not, and there is one mode.
    var isUnimodal = false
    /// Index among the modes.
    var mode = 0
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
    /// Levels that are feasible at the largest gain.
    var levels = 0
    /// The value at the last gain that was asked for, and its level: what no smaller gain exceeds.
    var bound = Double.infinity
    var level = Int.max
    /// The same at the largest gain.
    var largest = Double.infinity
    var largestLevel = Int.max
  }

  /// Writes the terms of a device's modes, cheapest computing first, and returns how many there are: none where computing alone
  /// exceeds the deadline in each, or the device has no memory for any cut.
  func terms(device: Int, into terms: UnsafeMutablePointer<Terms>) -> Int {
    let values = devices[device]
    guard isLinear, values.radio == .amplifier, values.circuitPower.value == 0, values.amplifierEfficiency == 1,
      values.deadlineUpload.value == 0
    else {
      terms[0] = Terms(device: device)
      return edges.hasTime(device: device) ? 1 : 0
    }
    var count = 0
    for (index, mode) in modes.enumerated() {
      guard values.fits(mode.cut), mode.clockScale >= values.leastClockScale || mode.clock == lastClock,
        mode.cut.addedUpload.value == 0, let new = self.terms(values, device, index)
      else { continue }
      // Its place, or none where one that is there already is as good in all that counts.
      var place = count
      while place > 0, terms[place - 1].computeEnergy > new.computeEnergy { place -= 1 }
      if (0..<place).contains(where: { dominates(terms[$0], new) }) { continue }
      for later in stride(from: count, to: place, by: -1) { terms[later] = terms[later - 1] }
      terms[place] = new
      count += 1
    }
    return count
  }

  private var lastClock: Int { modes[modes.count - 1].clock }

  /// Whether a mode costs no more than another, whatever the gain and the bits: it computes for no more energy, leaves no less
  /// time, and sends no more.
  private func dominates(_ one: Terms, _ other: Terms) -> Bool {
    one.computeEnergy <= other.computeEnergy && one.tauNoise >= other.tauNoise
      && modes[one.mode].payloadPerBit <= modes[other.mode].payloadPerBit
  }

  /// The terms of a mode; nil where computing alone exceeds the deadline.
  private func terms(_ first: DeviceConstants, _ device: Int, _ index: Int) -> Terms? {
    let mode = modes[index]
    let values = mode.changesNothing ? first : mode.cut.applied(to: first)
    let scale = mode.clockScale
    let left = deadline - values.deadlineSteps * (values.computeTime.value / scale + values.serverTime.value)
    guard left > 0 else { return nil }
    let tau = left / values.deadlineSteps
    let perBit = elementary_ln2 * mode.payloadPerBit / bandwidth
    let powerMin = min(values.powerMin.value, values.powerMax.value)
    let step = elementary_expm1(perBit / tau)
    return Terms(
      device: device, isUnimodal: true, mode: index, computeEnergy: values.computeEnergy.value * (scale * scale),
      share: values.dataShare * weight, tauNoise: tau * noise, signalMin: powerMin / noise,
      signalMax: values.powerMax.value * (1 + Problem.tolerance) / noise, leastEnergy: powerMin * perBit,
      ratio: 1 + step, step: step, first: elementary_expm1(bitsMin * perBit / tau))
  }

  /// Writes a(q) of the levels that are feasible at `gain`, mode after mode; every gain that is asked for later is at most it.
  func fill(_ growth: UnsafeMutablePointer<Double>, _ terms: UnsafeMutableBufferPointer<Terms>, gain: Double) {
    for index in terms.indices where terms[index].isUnimodal {
      let mode = terms[index]
      let growth = growth + index * levelCount
      let cap = mode.signalMax * gain
      var a = mode.first
      var count = 0
      while count < levelCount, a <= cap {
        growth[count] = a
        a = a * mode.ratio + mode.step
        count += 1
      }
      terms[index].levels = count
      guard terms.count > 1 else { return }
      // No more than all that the bits are worth for the energy of computing alone.
      let most = count > 0 ? information[count - 1] : 0
      terms[index].largest =
        isRatio ? mode.share * most / mode.computeEnergy : mode.share * most - mode.computeEnergy
      terms[index].bound = terms[index].largest
    }
  }

  /// The value at a gain of at most the one that `growth` was filled for, and which mode and level has it, as
  /// ``assignment(_:block:level:)`` takes it.
  func value(
    _ terms: UnsafeBufferPointer<Terms>, growth: UnsafePointer<Double>, gain: Double
  ) -> (value: Double, level: Int32) {
    guard terms[0].isUnimodal else { return valueOverAllOptions(terms[0], gain: gain) }
    var best = (value: 0.0, level: Int32(0))
    var logarithm = Double.nan
    for index in terms.indices where terms[index].largest > best.value {
      let found = value(
        terms[index], growth: growth + index * levelCount, gain: gain, from: terms[index].largestLevel, &logarithm)
      if found.value > best.value { best = (found.value, place(terms[index].mode, found.level)) }
    }
    return best
  }

  /// The same at a gain of at most all that were asked for in this way before, which is remembered.
  func nextValue(
    _ terms: UnsafeMutableBufferPointer<Terms>, growth: UnsafePointer<Double>, gain: Double
  ) -> (value: Double, level: Int32) {
    guard terms[0].isUnimodal else { return valueOverAllOptions(terms[0], gain: gain) }
    var best = (value: 0.0, level: Int32(0))
    var logarithm = Double.nan
    for index in terms.indices where terms[index].bound > best.value {
      let found = value(
        terms[index], growth: growth + index * levelCount, gain: gain, from: terms[index].level, &logarithm)
      if terms[index].level == .max { (terms[index].largest, terms[index].largestLevel) = found }
      (terms[index].bound, terms[index].level) = found
      if found.value > best.value { best = (found.value, place(terms[index].mode, found.level)) }
    }
    return best
  }

  private func place(_ mode: Int, _ level: Int) -> Int32 { Int32(truncatingIfNeeded: mode * levelCount + level) }

  /// The value in one mode.
  ///
  /// - Parameters:
  ///   - level: Where to start: the best level at some larger gain.
  ///   - logarithm: log1p(h p_min / N0), which all modes share; NaN until one asks for it.
  private func value(
    _ terms: Terms, growth: UnsafePointer<Double>, gain: Double, from level: Int, _ logarithm: inout Double
  ) -> (value: Double, level: Int) {
    let cap = terms.signalMax * gain
    guard terms.levels > 0, growth[0] <= cap else { return (0, 0) }
    let pair = Pair(terms: terms, growth: growth, gain: gain)
    var index = min(level, terms.levels - 1)
    while growth[index] > cap { index -= 1 }
    var energy = pair.energy(index, bitsMin, &logarithm)
    while index > 0 {
      let below = pair.energy(index - 1, bitsMin, &logarithm)
      if isBetter(terms, index, energy, than: index - 1, below) { break }
      index -= 1
      energy = below
    }
    let value =
      isRatio ? terms.share * information[index] / energy : terms.share * information[index] - energy
    return (value > 0 && value.isFinite ? value : 0, index)
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
    if let given { return (max(given(terms.device, gain), 0), 0) }
    guard let choice = edges.best(device: terms.device, gain: gain) else { return (0, 0) }
    return (max(choice.value, 0), 0)
  }

  /// The assignment of a matched pair, whose mode and level the matching knows where the device's options are unimodal.
  func assignment(_ terms: Terms, block: Int, level: Int32?) -> Assignment? {
    let gain = edges.problem.gains.gain(device: terms.device, block: block)
    let known = level.flatMap { level -> EdgeValuation.Choice? in
      guard terms.isUnimodal else { return nil }
      let (mode, place) = Int(level).quotientAndRemainder(dividingBy: levelCount)
      return edges.choice(
        device: terms.device, level: modes[mode].firstLevel + place, clock: modes[mode].clock, gain: gain)
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
    init(terms: Terms, growth: UnsafePointer<Double>, gain: Double) {
      self.terms = terms
      self.growth = growth
      signalMin = terms.signalMin * gain
      perGrowth = terms.tauNoise / gain
    }

    /// E(q); m is found with the logarithm that is asked for first.
    func energy(_ level: Int, _ bitsMin: Double, _ logarithm: inout Double) -> Double {
      let a = growth[level]
      if a >= signalMin { return terms.computeEnergy + a * perGrowth }
      if logarithm.isNaN { logarithm = elementary_log1p(signalMin) }
      return terms.computeEnergy + (bitsMin + Double(level)) * (terms.leastEnergy / logarithm)
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
