import Units

/// What the models were made for.
extension PathLoss {
  /// Distances that the model was made for; outside, it extrapolates.
  ///
  /// TR 38.901 names 10 m to 5 km without a line of sight, and for offices 150 m; for the macro cell, 35 m is TR 36.814's
  /// least distance and 5 km our choice. The others hold from the reference distance and from one wavelength on.
  public var validity: ClosedRange<Meters> {
    switch self {
    case .macroCell: Meters(35)...Meters(5000)
    case .logDistance(_, let reference, _): reference ... .infinity
    case .freeSpace(let carrier): Meters(PathLoss.speedOfLight / carrier.value) ... .infinity
    case .urbanMacro, .urbanMicro, .ruralMacro, .suburbanMacro: Meters(10)...Meters(5000)
    case .indoorOffice: Meters(1)...Meters(150)
    }
  }

  /// Carriers that the model was made for: TR 38.901 names 0.5 to 100 GHz, to 30 GHz for RMa; `nil` where nothing is said.
  public var carrierValidity: ClosedRange<Hertz>? {
    guard hasStates else { return nil }
    if case .ruralMacro = self { return Hertz(0.5e9)...Hertz(30e9) }
    return Hertz(0.5e9)...Hertz(100e9)
  }

  /// Lengths for which TR 38.901 names a range, Table 7.4.1-1, by their keys of a scenario.
  public var lengthValidity: [(key: String, value: Meters, range: ClosedRange<Meters>)] {
    switch self {
    case .macroCell, .logDistance, .freeSpace, .indoorOffice: []
    case .urbanMacro(_, _, let device), .urbanMicro(_, _, let device):
      [("device_height", device, Meters(1.5)...Meters(22.5))]
    case .ruralMacro(_, let base, let device, let street, let building):
      [
        ("base_height", base, Meters(10)...Meters(150)), ("device_height", device, Meters(1)...Meters(10)),
        ("street_width", street, Meters(5)...Meters(50)), ("building_height", building, Meters(5)...Meters(50)),
      ]
    case .suburbanMacro(_, let base, let device, _):
      [("base_height", base, Meters(25)...Meters(35)), ("device_height", device, Meters(1)...Meters(14))]
    }
  }
}
