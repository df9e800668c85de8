import Units

/// A model of the mean loss between a device and the base station.
public enum PathLoss: Sendable, Hashable {
  /// 128.1 + 37.6 log10(d / km) + 21 log10(carrier / 2 GHz) dB: 3GPP TR 36.814 macro cell, with TR 36.942's dependence on
  /// the carrier.
  case macroCell(carrier: Hertz)
  /// reference loss + 10 exponent log10(d / reference distance) dB.
  case logDistance(exponent: Double, referenceDistance: Meters, referenceLoss: PowerRatio)
  /// 20 log10(4 pi d f / c) dB.
  case freeSpace(carrier: Hertz)
  /// 3GPP TR 38.901 Table 7.4.1-1, urban macro, with the line-of-sight probability of Table 7.4.2-1.
  case urbanMacro(carrier: Hertz, baseHeight: Meters, deviceHeight: Meters)
  /// 3GPP TR 38.901 Table 7.4.1-1, urban micro street canyon, with the line-of-sight probability of Table 7.4.2-1.
  case urbanMicro(carrier: Hertz, baseHeight: Meters, deviceHeight: Meters)
  /// 3GPP TR 38.901 Table 7.4.1-1, rural macro, among buildings of a mean height along streets of a mean width.
  case ruralMacro(
    carrier: Hertz, baseHeight: Meters, deviceHeight: Meters, streetWidth: Meters, buildingHeight: Meters)
  /// 3GPP TR 38.901 Table 7.4.1-1, indoor office.
  case indoorOffice(carrier: Hertz, baseHeight: Meters, deviceHeight: Meters, office: Office)
  /// 3GPP TR 38.901 Table 7.4.1-1 of Release 19, suburban macro: buildings 10 m high, streets 10 m wide.
  case suburbanMacro(carrier: Hertz, baseHeight: Meters, deviceHeight: Meters, vegetation: Vegetation)

  /// The paper's macro cell at 2 GHz: 128.1 + 37.6 log10(d / km) dB.
  public static let macro3GPP = PathLoss.macroCell(carrier: standardCarrier)

  /// The carrier where none is given.
  public static let standardCarrier = Hertz(2e9)

  /// Offices of TR 38.901, which differ in how often there is a line of sight.
  public enum Office: String, Sendable, Hashable, CaseIterable {
    /// Open-plan areas and rooms mixed.
    case mixed
    /// Open plan.
    case open
  }

  /// How much of a suburb is under trees, TR 38.901 Table 7.4.2-1.
  public enum Vegetation: String, Sendable, Hashable, CaseIterable {
    /// Nothing.
    case none
    /// A tenth.
    case sparse
    /// A fifth.
    case dense
  }

  /// The models by the names that text uses.
  public enum Model: String, Sendable, Hashable, CaseIterable {
    /// ``PathLoss/macroCell(carrier:)``.
    case macro3GPP = "3gpp-macro"
    /// ``PathLoss/logDistance(exponent:referenceDistance:referenceLoss:)``.
    case logDistance = "log-distance"
    /// ``PathLoss/freeSpace(carrier:)``.
    case freeSpace = "free-space"
    /// ``PathLoss/urbanMacro(carrier:baseHeight:deviceHeight:)``.
    case urbanMacro = "uma"
    /// ``PathLoss/urbanMicro(carrier:baseHeight:deviceHeight:)``.
    case urbanMicro = "umi"
    /// ``PathLoss/ruralMacro(carrier:baseHeight:deviceHeight:streetWidth:buildingHeight:)``.
    case ruralMacro = "rma"
    /// ``PathLoss/indoorOffice(carrier:baseHeight:deviceHeight:office:)``.
    case indoorOffice = "inh"
    /// ``PathLoss/suburbanMacro(carrier:baseHeight:deviceHeight:vegetation:)``.
    case suburbanMacro = "sma"

    /// One line for `airsplit list path-loss`.
    public var summary: String {
      switch self {
      case .macro3GPP: "128.1 + 37.6 log10(d/km) dB: 3GPP macro cell at 2 GHz (TR 36.814), the paper's"
      case .logDistance: "reference loss + 10 exponent log10(d / reference distance) dB"
      case .freeSpace: "20 log10(4 pi d carrier / c) dB"
      case .urbanMacro: "3GPP TR 38.901 UMa: line of sight drawn by distance; base station 25 m high"
      case .urbanMicro: "3GPP TR 38.901 UMi street canyon: line of sight drawn by distance; base station 10 m high"
      case .ruralMacro: "3GPP TR 38.901 RMa: line of sight drawn by distance; base station 35 m high"
      case .indoorOffice: "3GPP TR 38.901 InH office: line of sight drawn by distance; base station 3 m high"
      case .suburbanMacro: "3GPP TR 38.901 SMa of Release 19: line of sight drawn by distance; base station 35 m high"
      }
    }
  }

  /// Which model this is.
  public var model: Model {
    switch self {
    case .macroCell: .macro3GPP
    case .logDistance: .logDistance
    case .freeSpace: .freeSpace
    case .urbanMacro: .urbanMacro
    case .urbanMicro: .urbanMicro
    case .ruralMacro: .ruralMacro
    case .indoorOffice: .indoorOffice
    case .suburbanMacro: .suburbanMacro
    }
  }

  /// Whether links have a state, with or without a line of sight: the models of TR 38.901.
  public var hasStates: Bool {
    switch self {
    case .macroCell, .logDistance, .freeSpace: false
    case .urbanMacro, .urbanMicro, .ruralMacro, .indoorOffice, .suburbanMacro: true
    }
  }

  /// The carrier; `nil` where the model has none.
  public var carrier: Hertz? {
    switch self {
    case .logDistance: nil
    case .macroCell(let carrier), .freeSpace(let carrier), .urbanMacro(let carrier, _, _),
      .urbanMicro(let carrier, _, _), .ruralMacro(let carrier, _, _, _, _), .indoorOffice(let carrier, _, _, _),
      .suburbanMacro(let carrier, _, _, _):
      carrier
    }
  }

  /// Nearer devices are treated as being here: every formula ends in an infinite gain at 0 m. Our choice.
  public static let leastDistance = Meters(1)

  static let speedOfLight = 299_792_458.0
}
