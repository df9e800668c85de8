import CElementary
import Units

extension PathLoss {
  /// The probability of a line of sight at a horizontal distance, TR 38.901 Table 7.4.2-1; 1 for models without states.
  public func lineOfSightProbability(distance: Meters) -> Double {
    let d = max(distance, PathLoss.leastDistance).value
    func street(_ decay: Double) -> Double { d <= 18 ? 1 : 18 / d + elementary_exp(-d / decay) * (1 - 18 / d) }
    switch self {
    case .macroCell, .logDistance, .freeSpace:
      return 1
    case .urbanMicro:
      return street(36)
    case .urbanMacro(_, _, let height):
      return street(63) * (1 + PathLoss.raisedShare(distance: d, height: height.value))
    case .ruralMacro:
      return d <= 10 ? 1 : elementary_exp(-(d - 10) / 1000)
    case .indoorOffice(_, _, _, .mixed):
      if d <= 1.2 { return 1 }
      return d < 6.5 ? elementary_exp(-(d - 1.2) / 4.7) : elementary_exp(-(d - 6.5) / 32.6) * 0.32
    case .indoorOffice(_, _, _, .open):
      if d <= 5 { return 1 }
      return d <= 49 ? elementary_exp(-(d - 5) / 70.8) : elementary_exp(-(d - 49) / 211.7) * 0.54
    case .suburbanMacro(_, let base, let device, let vegetation):
      return d <= 10 ? 1 : elementary_exp(-d * PathLoss.clutter(base: base, device: device, vegetation))
    }
  }

  /// Obstacles per metre in a suburb: the sum over what stands there, commercial and residential buildings and trees, of
  /// -ln(1 - share) / 30 m · (its height - h_UT) / (h_BS - h_UT), each at least 0.
  ///
  /// Where the device is as high as the base station, nothing is between them; the report says nothing of it.
  private static func clutter(base: Meters, device: Meters, _ vegetation: Vegetation) -> Double {
    guard base > device else { return 0 }
    let trees =
      switch vegetation {
      case .none: 0.0
      case .sparse: 0.1
      case .dense: 0.2
      }
    return [(0.02, 20.0), (0.18, 8), (trees, 15)].reduce(0) { sum, obstacle in
      let (share, height) = obstacle
      let shadow = max(height - device.value, 0) / (base.value - device.value)
      return sum + (0 - elementary_log1p(-share)) / 30 * shadow
    }
  }
}
