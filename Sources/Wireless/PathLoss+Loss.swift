import CElementary
import Units

extension PathLoss {
  /// The mean loss at a horizontal distance, at least ``leastDistance``.
  ///
  /// - Parameters:
  ///   - chance: A uniform number of [0, 1) that decides the line of sight: there is one where it is below
  ///     ``lineOfSightProbability(distance:)``. Models without a line of sight ignore it.
  ///   - surroundings: As in ``loss(distance:isLineOfSight:surroundings:)``.
  public func loss(distance: Meters, chance: Double, surroundings: Double = 0) -> Decibels {
    loss(
      distance: distance, isLineOfSight: !hasStates || chance < lineOfSightProbability(distance: distance),
      surroundings: surroundings)
  }

  /// The mean loss of a link in one of its states, at a horizontal distance, at least ``leastDistance``.
  ///
  /// - Parameter surroundings: A uniform number of [0, 1) that decides what stands around a device of UMa above 13 m
  ///   (``environmentHeight(distance:deviceHeight:chance:)``); with 0 the street.
  public func loss(distance: Meters, isLineOfSight: Bool, surroundings: Double = 0) -> Decibels {
    let d = max(distance, PathLoss.leastDistance).value
    switch self {
    case .macroCell(let carrier):
      return Decibels(
        128.1 + 37.6 * elementary_log10(d / 1000)
          + 21 * elementary_log10(carrier.value / PathLoss.standardCarrier.value))
    case .logDistance(let exponent, let reference, let loss):
      return Decibels(Decibel.of(loss.value) + 10 * exponent * elementary_log10(d / reference.value))
    case .freeSpace(let carrier):
      return Decibels(20 * elementary_log10(4 * .pi * d * carrier.value / PathLoss.speedOfLight))
    case .urbanMacro(let carrier, let base, let device):
      let environment = PathLoss.environmentHeight(distance: Meters(d), deviceHeight: device, chance: surroundings)
      let street = Street(
        distance: d, carrier: carrier, baseHeight: base, deviceHeight: device, environmentHeight: environment)
      let clear = street.clear(constant: 28, slope: 22, breakpointFactor: 9)
      if isLineOfSight { return Decibels(clear) }
      let blocked =
        13.54 + 39.08 * elementary_log10(street.length) + 20 * street.carrierTerm - 0.6 * (device.value - 1.5)
      return Decibels(max(clear, blocked))
    case .urbanMicro(let carrier, let base, let device):
      let street = Street(distance: d, carrier: carrier, baseHeight: base, deviceHeight: device)
      let clear = street.clear(constant: 32.4, slope: 21, breakpointFactor: 9.5)
      if isLineOfSight { return Decibels(clear) }
      let blocked =
        22.4 + 35.3 * elementary_log10(street.length) + 21.3 * street.carrierTerm - 0.3 * (device.value - 1.5)
      return Decibels(max(clear, blocked))
    case .ruralMacro(let carrier, let base, let device, let width, let height):
      let country = Countryside(
        carrier: carrier, baseHeight: base, deviceHeight: device, streetWidth: width, buildingHeight: height)
      let clear = country.clear(distance: d)
      return Decibels(isLineOfSight ? clear : max(clear, country.blocked(distance: d)))
    case .suburbanMacro(let carrier, let base, let device, _):
      let country = Countryside(
        carrier: carrier, baseHeight: base, deviceHeight: device, streetWidth: Meters(10), buildingHeight: Meters(10))
      return Decibels(isLineOfSight ? country.clear(distance: d) : country.blocked(distance: d))
    case .indoorOffice(let carrier, let base, let device, _):
      let length = elementary_log10(span(distance: d, difference: base.value - device.value))
      let carrierTerm = elementary_log10(carrier.value / 1e9)
      let clear = 32.4 + 17.3 * length + 20 * carrierTerm
      return Decibels(isLineOfSight ? clear : max(clear, 17.3 + 38.3 * length + 24.9 * carrierTerm))
    }
  }

  /// The distance behind which RMa and SMa lose 40 dB per decade, 2 pi h_BS h_UT f_c / c, c = 3e8 m/s (TR 38.901, note 5);
  /// `nil` for the other models.
  public var farDistance: Meters? {
    switch self {
    case .ruralMacro(let carrier, let base, let device, _, _), .suburbanMacro(let carrier, let base, let device, _):
      Meters(2 * .pi * base.value * device.value * carrier.value / 3e8)
    default: nil
    }
  }

  /// The height above ground from which UMa's antennas count, TR 38.901 Table 7.4.1-1, note 1: 1 m with probability
  /// 1/(1 + C(d, h_UT)), or else one of 12 m, 15 m, … up to h_UT - 1.5 m, each equally likely.
  ///
  /// C is 0 below 13 m and up to 18 m of distance, else ((h_UT - 13)/10)^1.5 · 5/4 (d/100)³ exp(-d/150). Above 23 m, where
  /// the report ends, C is that of 23 m.
  ///
  /// - Parameter chance: A uniform number of [0, 1) that decides.
  public static func environmentHeight(distance: Meters, deviceHeight: Meters, chance: Double) -> Meters {
    let more = raisedShare(distance: distance.value, height: deviceHeight.value)
    let low = 1 / (1 + more)
    guard more > 0, chance >= low else { return Meters(1) }
    let choices = Int((min(deviceHeight.value, 1e6) - 1.5 - 12) / 3) + 1
    guard choices > 1 else { return Meters(12) }
    return Meters(12 + 3 * Double(min(choices - 1, Int((chance - low) / (1 - low) * Double(choices)))))
  }

  /// C of note 1, which also raises UMa's probability of a line of sight.
  static func raisedShare(distance d: Double, height: Double) -> Double {
    guard height > 13, d > 18 else { return 0 }
    let raised = elementary_pow((min(height, 23) - 13) / 10, 1.5)
    return raised * 1.25 * elementary_pow(d / 100, 3) * elementary_exp(-d / 150)
  }
}

/// d_3D, antenna to antenna.
private func span(distance: Double, difference: Double) -> Double {
  (distance * distance + difference * difference).squareRoot()
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

  /// The breakpoint distance is d'_BP = 4 h'_BS h'_UT f_c / c, c = 3e8 m/s, heights above the environment's.
  init(
    distance: Double, carrier: Hertz, baseHeight: Meters, deviceHeight: Meters, environmentHeight: Meters = Meters(1)
  ) {
    self.distance = distance
    heightDifference = baseHeight.value - deviceHeight.value
    length = span(distance: distance, difference: heightDifference)
    carrierTerm = elementary_log10(carrier.value / 1e9)
    let environment = environmentHeight.value
    breakpoint =
      4 * max(0, baseHeight.value - environment) * max(0, deviceHeight.value - environment) * carrier.value / 3e8
  }

  /// The loss in dB with a line of sight: PL1 up to the breakpoint distance, PL2 beyond.
  func clear(constant: Double, slope: Double, breakpointFactor: Double) -> Double {
    if distance <= breakpoint { return constant + slope * elementary_log10(length) + 20 * carrierTerm }
    let corner = breakpoint * breakpoint + heightDifference * heightDifference
    return constant + 40 * elementary_log10(length) + 20 * carrierTerm - breakpointFactor * elementary_log10(corner)
  }
}

/// What RMa and SMa of TR 38.901 have in common.
private struct Countryside {
  let carrier: Hertz
  let baseHeight: Meters
  let deviceHeight: Meters
  let streetWidth: Meters
  let buildingHeight: Meters

  /// The loss in dB with a line of sight: PL1 up to the breakpoint distance, from there 40 dB per decade.
  func clear(distance: Double) -> Double {
    let length = span(distance: distance, difference: baseHeight.value - deviceHeight.value)
    let breakpoint = 2 * .pi * baseHeight.value * deviceHeight.value * carrier.value / 3e8
    if distance <= breakpoint { return near(length) }
    return near(breakpoint) + 40 * elementary_log10(length / breakpoint)
  }

  private func near(_ length: Double) -> Double {
    let height = elementary_pow(buildingHeight.value, 1.72)
    let logarithm = elementary_log10(length)
    return 20 * elementary_log10(40 * .pi * length * (carrier.value / 1e9) / 3) + min(0.03 * height, 10) * logarithm
      - min(0.044 * height, 14.77) + 0.002 * elementary_log10(buildingHeight.value) * length
  }

  /// The loss in dB of the formula without a line of sight.
  func blocked(distance: Double) -> Double {
    let length = span(distance: distance, difference: baseHeight.value - deviceHeight.value)
    let (base, ratio) = (elementary_log10(baseHeight.value), buildingHeight.value / baseHeight.value)
    let device = elementary_log10(11.75 * deviceHeight.value)
    let place = 7.5 * elementary_log10(buildingHeight.value) - 7.1 * elementary_log10(streetWidth.value)
    let distanceTerm = (43.42 - 3.1 * base) * (elementary_log10(length) - 3)
    return 161.04 + place - (24.37 - 3.7 * ratio * ratio) * base + distanceTerm
      + 20 * elementary_log10(carrier.value / 1e9) - (3.2 * device * device - 4.97)
  }
}
