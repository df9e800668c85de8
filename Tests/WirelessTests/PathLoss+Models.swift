import Units
import Wireless

/// The models of TR 38.901 with usual heights, at 2 GHz.
extension PathLoss {
  static let macro = urbanMacro(carrier: Hertz(2e9), baseHeight: Meters(25), deviceHeight: Meters(1.5))
  static let micro = urbanMicro(carrier: Hertz(2e9), baseHeight: Meters(10), deviceHeight: Meters(1.5))
  static let rural = ruralMacro(
    carrier: Hertz(2e9), baseHeight: Meters(35), deviceHeight: Meters(1.5), streetWidth: Meters(20),
    buildingHeight: Meters(5))
  static let suburb = suburbanMacro(
    carrier: Hertz(2e9), baseHeight: Meters(35), deviceHeight: Meters(1.5), vegetation: .sparse)
  static let office = indoorOffice(
    carrier: Hertz(2e9), baseHeight: Meters(3), deviceHeight: Meters(1), office: .mixed)
}
