import CElementary
import Numerics
import Units

/// P1, Eq. (23)–(24): the power of one device on one block that brings a payload up in time for the least energy.
///
/// Payload S, time tau, bandwidth B and normalised gain g = h/N0 are given. With an ideal radio energy grows with power,
/// so the least power that meets the deadline is the best (``leastPower``); circuits that draw power while the radio
/// transmits, or a radio as TR 38.840 has it, may make a larger power cheaper (``bestPower``). ``successiveConvex()`` is the paper's Alg. 1, which finds
/// ``leastPower`` by iteration.
public struct PowerControl: Sendable, Hashable {
  /// S, all that must go up in ``time``.
  public var payload: Bits
  /// tau = T_max − T^dev − T^srv; infinite without a deadline, not positive where computing alone takes too long.
  public var time: Seconds
  /// B.
  public var bandwidth: Hertz
  /// g = h/N0 in 1/W.
  public var normalizedGain: Double
  /// p_min.
  public var powerMin: Watts
  /// p_max.
  public var powerMax: Watts
  /// Power of the radio's circuits while it transmits.
  public var circuitPower: Watts
  /// Radiated over drawn power, in (0, 1].
  public var amplifierEfficiency: Double
  /// What the radio draws; the two before are those of its amplifier.
  public var radio: RadioEnergy
  /// What the block carries at a signal-to-noise ratio.
  public var link: Link

  /// One device on one block; an ideal radio and link unless said otherwise.
  public init(
    payload: Bits, time: Seconds, bandwidth: Hertz, normalizedGain: Double, powerMin: Watts, powerMax: Watts,
    circuitPower: Watts = .zero, amplifierEfficiency: Double = 1, radio: RadioEnergy = .amplifier, link: Link = .ideal
  ) {
    self.payload = payload
    self.time = time
    self.bandwidth = bandwidth
    self.normalizedGain = normalizedGain
    self.powerMin = powerMin
    self.powerMax = powerMax
    self.circuitPower = circuitPower
    self.amplifierEfficiency = amplifierEfficiency
    self.radio = radio
    self.link = link
  }

  /// Relative tolerance of the deadline and of the power cap: ``requiredPower`` puts T_n exactly on T_max.
  public static let tolerance = 1e-9

  /// p_req = (2^(S/(B tau)) − 1)/g, at which the payload takes exactly ``time``; with a gap, times it, and on a staircase, the
  /// lower bound of the first step on which the payload takes no longer, over g.
  ///
  /// Infinite where there is no time, no gain, an exponent above 700 nepers (10³⁰⁴ W over the gain) or one that the link does not
  /// carry at any power.
  public var requiredPower: Watts {
    guard time.value > 0, normalizedGain > 0 else { return .infinity }
    switch link {
    case .shannon(let gap, let cap):
      let exponent = elementary_ln2 * payload.value / (bandwidth.value * time.value)
      let largest = cap * elementary_ln2
      guard exponent <= 700, exponent <= largest * (1 + PowerControl.tolerance) else { return .infinity }
      return Watts(elementary_expm1(min(exponent, largest)) / (normalizedGain / gap.value))
    case .modulationCoding(let coding):
      let step = coding.firstStep(efficiency: payload.value / (bandwidth.value * time.value))
      return Watts((step?.snr ?? .infinity) / normalizedGain)
    }
  }

  /// max(p_min, p_req), the least power of the device that meets the deadline; `nil` where p_req exceeds p_max.
  public var leastPower: Watts? {
    let required = requiredPower
    guard required <= powerMax * (1 + PowerControl.tolerance) else { return nil }
    return clamped(required)
  }

  /// The power at which energy has its minimum were there neither deadline nor limits.
  ///
  /// E(p) = (p/eta + P_c) S/(B log2(1 + g p)), eta the amplifier's efficiency and P_c the circuits' power. At E′ = 0,
  /// z = 1 + g p solves z (ln z − 1) = eta P_c g − 1, so z = exp(1 + W0((eta P_c g − 1)/e)), W0 the principal branch of
  /// Lambert's W. 0 with an ideal radio. Not in the paper, whose circuits draw nothing. A gap divides g, and more than a cap needs
  /// only costs. On a staircase there is none: 0.
  public var stationaryPower: Watts {
    guard circuitPower > .zero, normalizedGain > 0, case .shannon(let gap, let cap) = link else { return .zero }
    let scaled = normalizedGain / gap.value
    let argument = (amplifierEfficiency * circuitPower.value * scaled - 1) / elementary_e
    let capped = elementary_expm1(cap * elementary_ln2)
    guard argument.isFinite else { return capped.isFinite ? Watts(capped / scaled) : .infinity }
    guard let w = try? Numerics.lambertW0(max(argument, -1 / elementary_e)) else { return .zero }
    return Watts(min(elementary_expm1(1 + w), capped) / scaled)
  }

  /// The power of least energy that meets the deadline: ``leastPower``, or ``stationaryPower`` where that is larger, at
  /// most p_max; `nil` where no power meets the deadline. Under ``RadioEnergy/tr38840(unit:)`` the cheapest of ``leastPower``,
  /// 0 dBm and 23 dBm, or what a cap carries (DESIGN.md has the proof). On a staircase the cheapest of p_min and the steps' lower
  /// bounds, under both.
  public var bestPower: Watts? {
    if case .modulationCoding(let coding) = link { return cheapestStep(of: coding) }
    return leastPower.map(best(from:))
  }

  /// The power of least energy from `least` on.
  private func best(from least: Watts) -> Watts {
    radio == .amplifier ? max(least, clamped(stationaryPower)) : cheapest(from: least)
  }

  /// Between two steps more power carries no more, so the least energy lies at p_min or at a lower bound SNR_m/g; the smallest such
  /// power wins ties.
  private func cheapestStep(of coding: ModulationCoding) -> Watts? {
    guard time > .zero, normalizedGain > 0 else { return nil }
    var best: (power: Watts, cost: Double)?
    func consider(_ power: Watts) {
      let rate = link.rate(bandwidth: bandwidth, snr: normalizedGain * power.value)
      guard rate > .zero, payload.value <= rate.value * time.value * (1 + PowerControl.tolerance) else { return }
      let cost = drawnPower(power).value / rate.value
      if best.map({ cost < $0.cost }) ?? true { best = (power, cost) }
    }
    consider(powerMin)
    for step in coding.steps {
      let power = Watts(step.snr / normalizedGain)
      guard power <= powerMax * (1 + PowerControl.tolerance) else { break }
      if power > powerMin { consider(clamped(power)) }
    }
    return best?.power
  }

  private func clamped(_ power: Watts) -> Watts { min(max(power, powerMin), powerMax) }
}

extension PowerControl {
  /// What Alg. 1 ended with.
  public struct Iterated: Sendable, Hashable {
    /// The last iterate: the answer if ``isFeasible``, else where the algorithm gave up.
    public var power: Watts
    /// Linearisations solved.
    public var iterations: Int
    /// Whether the payload goes up in time at ``power``, within ``PowerControl/tolerance``.
    public var isFeasible: Bool
  }

  /// Alg. 1: successive convex approximation of Eq. (25)–(27), from p_max.
  ///
  /// Time v(p) = S/(B log2(1 + g p)), Eq. (27), is replaced by its tangent v(p_i) + v′(p_i)(p − p_i) ≤ tau at the
  /// iterate p_i; the tangent of energy f(p) = p v(p), Eq. (26), increases, so the left end of what the tangent allows
  /// is the next iterate, kept within the power limits. This is Newton's method on v(p) = tau. It ends when the power
  /// moves by at most 1e-12 of itself (of 1 mW, if larger), or after 200 steps.
  ///
  /// A step never divides the power by more than 1024: without a least power, a tangent may point below 0, where v has
  /// no value. The circuits' power is no part of Eq. (25); where there is any, ``stationaryPower`` is the answer's lower
  /// limit as in ``bestPower``; where the radio is TR 38.840's, what is cheapest from the answer on takes its place, likewise. A gap divides g, and a cap bounds p_max. A staircase has no tangent: there the answer is
  /// ``bestPower``, without an iteration.
  public func successiveConvex() -> Iterated {
    guard time.value > 0, normalizedGain > 0 else {
      return Iterated(power: powerMax, iterations: 0, isFeasible: false)
    }
    guard case .shannon(let gap, let cap) = link else {
      let best = bestPower
      return Iterated(power: best ?? powerMax, iterations: 0, isFeasible: best != nil)
    }
    let normalizedGain = normalizedGain / gap.value
    let powerMax = max(powerMin, min(powerMax, Watts(elementary_expm1(cap * elementary_ln2) / normalizedGain)))
    var power = powerMax.value
    var growth = elementary_log1p(normalizedGain * power)
    var iterations = 0
    var moved = Double.infinity
    while moved > 1e-12 * max(1e-3, power), iterations < 200 {
      // v′ = −v L′/L with L = log2(1 + g p), L′ = g/((1 + g p) ln 2): the step (tau − v)/v′ needs no square of L.
      let slope = growth * (1 + normalizedGain * power) / normalizedGain
      let next = power + (1 - time.value / duration(growth)) * slope
      let bounded = min(max(next, powerMin.value, power / 1024), powerMax.value)
      moved = abs(bounded - power)
      power = bounded
      growth = elementary_log1p(normalizedGain * power)
      iterations += 1
    }
    let isFeasible = duration(min(growth, cap * elementary_ln2)) <= time.value * (1 + PowerControl.tolerance)
    let answer = isFeasible ? best(from: Watts(power)) : Watts(power)
    return Iterated(power: answer, iterations: iterations, isFeasible: isFeasible)
  }

  /// v(p) = S/(B log2(1 + g p)), Eq. (27), in seconds, from ln(1 + g p).
  private func duration(_ growth: Double) -> Double { payload.value * elementary_ln2 / (bandwidth.value * growth) }
}
