import CElementary
import Units

extension PathLoss {
  /// The mean loss at a horizontal distance, at least ``leastDistance``.
  ///
  /// - Parameter chance: A uniform number of [0, 1) that decides the line of sight: there is one where it is below
  ///   ``lineOfSightProbability(distance:)``. Models without a line of sight ignore it.
  public func loss(distance: Meters, chance: Double) -> Decibels {
    let d = max(distance, PathLoss.leastDistance).value
    switch self {
    case .macro3GPP:
      return Decibels(128.1 + 37.6 * elementary_log10(d / 1000))
    case .logDistance(let exponent, let reference, let loss):
      return Decibels(Decibel.of(loss.value) + 10 * exponent * elementary_log10(d / reference.value))
    case .freeSpace(let carrier):
      return Decibels(20 * elementary_log10(4 * .pi * d * carrier.value / PathLoss.speedOfLight))
    case .urbanMacro(let carrier, let base, let device):
      let street = Street(distance: d, carrier: carrier, baseHeight: base, deviceHeight: device)
      let clear = street.clear(constant: 28, slope: 22, breakpointFactor: 9)
      if chance < lineOfSightProbability(distance: distance) { return Decibels(clear) }
      let blocked =
        13.54 + 39.08 * elementary_log10(street.length) + 20 * street.carrierTerm - 0.6 * (device.value - 1.5)
      return Decibels(max(clear, blocked))
    case .urbanMicro(let carrier, let base, let device):
      let street = Street(distance: d, carrier: carrier, baseHeight: base, deviceHeight: device)
      let clear = street.clear(constant: 32.4, slope: 21, breakpointFactor: 9.5)
      if chance < lineOfSightProbability(distance: distance) { return Decibels(clear) }
      let blocked =
        22.4 + 35.3 * elementary_log10(street.length) + 21.3 * street.carrierTerm - 0.3 * (device.value - 1.5)
      return Decibels(max(clear, blocked))
    }
  }

  /// Whether the model tells links with a line of sight from those without.
  public var hasStates: Bool {
    switch self {
    case .macro3GPP, .logDistance, .freeSpace: false
    case .urbanMacro, .urbanMicro: true
    }
  }

  /// The probability of a line of sight at a horizontal distance, TR 38.901 Table 7.4.2-1; 1 for the other models.
  public func lineOfSightProbability(distance: Meters) -> Double {
    let d = max(distance, PathLoss.leastDistance).value
    func street(_ decay: Double) -> Double { d <= 18 ? 1 : 18 / d + elementary_exp(-d / decay) * (1 - 18 / d) }
    switch self {
    case .macro3GPP, .logDistance, .freeSpace:
      return 1
    case .urbanMicro:
      return street(36)
    case .urbanMacro(_, _, let height):
      let raised = height.value <= 13 ? 0 : elementary_pow((min(height.value, 23) - 13) / 10, 1.5)
      let factor = d <= 18 ? 1 : 1 + raised * 1.25 * elementary_pow(d / 100, 3) * elementary_exp(-d / 150)
      return street(63) * factor
    }
  }
}

/// What both urban models of TR 38.901 have in common.
private struct Street {
  /// d_3D, antenna to antenna, in metres.
  let length: Double
  /// log10 of the carrier in GHz.
  let carrierTerm: Double
  private let distance: Double
  private let heightDifference: Double
  private let breakpoint: Double

  /// The breakpoint distance is d'_BP = 4 h'_BS h'_UT f_c / c, c = 3e8 m/s, heights above an environment of 1 m.
  ///
  /// For UMa that is certain for devices below 13 m; the report draws a larger one for some of those above, which we
  /// leave out.
  init(distance: Double, carrier: Hertz, baseHeight: Meters, deviceHeight: Meters) {
    self.distance = distance
    heightDifference = baseHeight.value - deviceHeight.value
    length = (distance * distance + heightDifference * heightDifference).squareRoot()
    carrierTerm = elementary_log10(carrier.value / 1e9)
    breakpoint = 4 * max(0, baseHeight.value - 1) * max(0, deviceHeight.value - 1) * carrier.value / 3e8
  }

  /// The loss in dB with a line of sight: PL1 up to the breakpoint distance, PL2 beyond.
  func clear(constant: Double, slope: Double, breakpointFactor: Double) -> Double {
    if distance <= breakpoint { return constant + slope * elementary_log10(length) + 20 * carrierTerm }
    let corner = breakpoint * breakpoint + heightDifference * heightDifference
    return constant + 40 * elementary_log10(length) + 20 * carrierTerm - breakpointFactor * elementary_log10(corner)
  }
}
