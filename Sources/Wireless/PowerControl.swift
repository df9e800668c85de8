import CElementary
import Numerics
import Units

/// P1, Eq. (23)–(24): the power of one device on one block that brings a payload up in time for the least energy.
///
/// Payload S, time tau, bandwidth B and normalised gain g = h/N0 are given. With an ideal radio energy grows with power,
/// so the least power that meets the deadline is the best (``leastPower``); circuits that draw power while the radio
/// transmits may make a larger power cheaper (``bestPower``). ``successiveConvex()`` is the paper's Alg. 1, which finds
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

  /// One device on one block; an ideal radio unless said otherwise.
  public init(
    payload: Bits, time: Seconds, bandwidth: Hertz, normalizedGain: Double, powerMin: Watts, powerMax: Watts,
    circuitPower: Watts = .zero, amplifierEfficiency: Double = 1
  ) {
    self.payload = payload
    self.time = time
    self.bandwidth = bandwidth
    self.normalizedGain = normalizedGain
    self.powerMin = powerMin
    self.powerMax = powerMax
    self.circuitPower = circuitPower
    self.amplifierEfficiency = amplifierEfficiency
  }

  /// Relative tolerance of the deadline and of the power cap: ``requiredPower`` puts T_n exactly on T_max.
  public static let tolerance = 1e-9

  /// p_req = (2^(S/(B tau)) − 1)/g, at which the payload takes exactly ``time``.
  ///
  /// Infinite where there is no time, no gain, or an exponent above 700 nepers (10³⁰⁴ W over the gain).
  public var requiredPower: Watts {
    let exponent = elementary_ln2 * payload.value / (bandwidth.value * time.value)
    guard time.value > 0, normalizedGain > 0, exponent <= 700 else { return .infinity }
    return Watts(elementary_expm1(exponent) / normalizedGain)
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
  /// Lambert's W. 0 with an ideal radio. Not in the paper, whose circuits draw nothing.
  public var stationaryPower: Watts {
    guard circuitPower > .zero, normalizedGain > 0 else { return .zero }
    let argument = (amplifierEfficiency * circuitPower.value * normalizedGain - 1) / elementary_e
    guard argument.isFinite else { return .infinity }
    guard let w = try? Numerics.lambertW0(max(argument, -1 / elementary_e)) else { return .zero }
    return Watts(elementary_expm1(1 + w) / normalizedGain)
  }

  /// The power of least energy that meets the deadline: ``leastPower``, or ``stationaryPower`` where that is larger, at
  /// most p_max; `nil` where no power meets the deadline.
  public var bestPower: Watts? {
    leastPower.map { max($0, clamped(stationaryPower)) }
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
  /// limit as in ``bestPower``.
  public func successiveConvex() -> Iterated {
    guard time.value > 0, normalizedGain > 0 else {
      return Iterated(power: powerMax, iterations: 0, isFeasible: false)
    }
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
    let isFeasible = duration(growth) <= time.value * (1 + PowerControl.tolerance)
    let answer = isFeasible ? max(Watts(power), clamped(stationaryPower)) : Watts(power)
    return Iterated(power: answer, iterations: iterations, isFeasible: isFeasible)
  }

  /// v(p) = S/(B log2(1 + g p)), Eq. (27), in seconds, from ln(1 + g p).
  private func duration(_ growth: Double) -> Double { payload.value * elementary_ln2 / (bandwidth.value * growth) }
}
