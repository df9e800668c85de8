import CElementary
import Units

/// What a device's radio draws while it radiates a power p. Not in the paper, whose radio draws p.
public enum RadioEnergy: Sendable, Hashable {
  /// p / efficiency + circuit power: an amplifier of constant efficiency.
  case amplifier
  /// The relative power of 3GPP TR 38.840 V16.0.0 (FR1), each of its units `unit` watts: 250 units at 0 dBm and 700 at 23 dBm, linear
  /// in dBm in between. The report says neither what a unit is in watts nor what holds outside of that range. Ours: 250 units below,
  /// since what the report counts there is not the amplifier's; above, the efficiency of 23 dBm, in proportion to p, since a line
  /// over dBm would soon draw less than is radiated.
  case tr38840(unit: Watts)

  /// Watts of a unit unless said otherwise: 0.7 W at 23 dBm. Ours.
  public static let standardUnit = Watts(1e-3)

  /// The powers at which the report's line begins and ends: 0 and 23 dBm.
  public static let reportedPowers = (least: Watts(1e-3), largest: Watts(elementary_pow(10, 2.3) * 1e-3))

  /// Units at these powers.
  private static let sending = (least: 250.0, largest: 700.0)
  /// Units while data are received.
  private static let receiving = 300.0

  /// What the radio draws while it radiates `power`; the two others are those of an ``amplifier``. It never falls as the power grows.
  public func drawnPower(radiating power: Watts, circuitPower: Watts, amplifierEfficiency: Double) -> Watts {
    guard case .tr38840(let unit) = self else {
      return StepCost.drawnPower(
        radiating: power, circuitPower: circuitPower, amplifierEfficiency: amplifierEfficiency)
    }
    let (least, largest) = Self.reportedPowers
    let (low, high) = Self.sending
    if power <= least { return unit * low }
    if power >= largest { return unit * (high * (power / largest)) }
    return unit * (low + (high - low) * (elementary_log10(power / least) / 2.3))
  }

  /// What the radio draws while it receives: `circuitPower`, or the report's 300 units of PDCCH and PDSCH.
  public func receivePower(circuitPower: Watts) -> Watts {
    if case .tr38840(let unit) = self { unit * Self.receiving } else { circuitPower }
  }
}

extension PowerControl {
  /// What the radio draws while it radiates `power`.
  func drawnPower(_ power: Watts) -> Watts {
    radio.drawnPower(radiating: power, circuitPower: circuitPower, amplifierEfficiency: amplifierEfficiency)
  }

  /// The power of least energy from `least` to p_max, the smallest of several, of a radio as TR 38.840 has it over Shannon's rate.
  ///
  /// E(p) = w(p) S / R(p), w what the radio draws. With a gap, g is divided by it. From the power on that the cap carries, R stands
  /// still and w does not fall, so E does not fall. Below that power R = B log2(1 + g p), and:
  ///
  /// 1. Up to 0 dBm w stands still and R grows: E falls.
  /// 2. From 0 to 23 dBm w = a + b ln p, b > 0. E′ has the sign of H(p) = b (1 + x) ln(1 + x) / x − w(p), x = g p, and
  ///    H′(p) = (b/p) ((x − ln(1 + x))/x − 1) = −(b/p) ln(1 + x)/x < 0. So E′ changes its sign at most once, from + to −: E
  ///    rises, then falls, and is least at an end of any interval.
  /// 3. Above w is in proportion to p, and p / ln(1 + g p) grows: E grows.
  ///
  /// So E is least at `least`, 0 dBm, 23 dBm, the power that the cap carries, or p_max, as far as they lie within the limits; at p_max
  /// only below 23 dBm, where it is what 23 dBm is clamped to.
  func cheapest(from least: Watts) -> Watts {
    guard case .shannon(let gap, let cap) = link else { return least }
    let reported = RadioEnergy.reportedPowers
    let capped = Watts(elementary_expm1(cap * elementary_ln2) / (normalizedGain / gap.value))
    var best = (power: least, cost: cost(least))
    for other in [reported.least, min(reported.largest, capped)] {
      let power = min(max(other, least), max(least, powerMax))
      let cost = cost(power)
      if cost < best.cost || cost == best.cost && power < best.power { best = (power, cost) }
    }
    return best.power
  }

  /// What a bit costs at a power.
  func cost(_ power: Watts) -> Double {
    drawnPower(power).value / link.rate(bandwidth: bandwidth, snr: normalizedGain * power.value).value
  }
}
