import Units

/// A model of the mean loss between a device and the base station.
public enum PathLoss: Sendable, Hashable {
  /// 128.1 + 37.6 log10(d / km) dB: 3GPP TR 36.814 / TR 36.942 macro cell at 2 GHz.
  case macro3GPP
  /// reference loss + 10 exponent log10(d / reference distance) dB.
  case logDistance(exponent: Double, referenceDistance: Meters, referenceLoss: PowerRatio)
  /// 20 log10(4 pi d f / c) dB.
  case freeSpace(carrier: Hertz)
  /// 3GPP TR 38.901 Table 7.4.1-1, urban macro, with the line-of-sight probability of Table 7.4.2-1.
  case urbanMacro(carrier: Hertz, baseHeight: Meters, deviceHeight: Meters)
  /// 3GPP TR 38.901 Table 7.4.1-1, urban micro street canyon, with the line-of-sight probability of Table 7.4.2-1.
  case urbanMicro(carrier: Hertz, baseHeight: Meters, deviceHeight: Meters)

  /// The models by the names that text uses.
  public enum Model: String, Sendable, Hashable, CaseIterable {
    /// ``PathLoss/macro3GPP``.
    case macro3GPP = "3gpp-macro"
    /// ``PathLoss/logDistance(exponent:referenceDistance:referenceLoss:)``.
    case logDistance = "log-distance"
    /// ``PathLoss/freeSpace(carrier:)``.
    case freeSpace = "free-space"
    /// ``PathLoss/urbanMacro(carrier:baseHeight:deviceHeight:)``.
    case urbanMacro = "uma"
    /// ``PathLoss/urbanMicro(carrier:baseHeight:deviceHeight:)``.
    case urbanMicro = "umi"

    /// One line for `airsplit list path-loss`.
    public var summary: String {
      switch self {
      case .macro3GPP: "128.1 + 37.6 log10(d/km) dB: 3GPP macro cell at 2 GHz (TR 36.814), the paper's"
      case .logDistance: "reference loss + 10 exponent log10(d / reference distance) dB"
      case .freeSpace: "20 log10(4 pi d carrier / c) dB"
      case .urbanMacro: "3GPP TR 38.901 UMa: line of sight drawn by distance; base station 25 m high"
      case .urbanMicro: "3GPP TR 38.901 UMi street canyon: line of sight drawn by distance; base station 10 m high"
      }
    }
  }

  /// Which model this is.
  public var model: Model {
    switch self {
    case .macro3GPP: .macro3GPP
    case .logDistance: .logDistance
    case .freeSpace: .freeSpace
    case .urbanMacro: .urbanMacro
    case .urbanMicro: .urbanMicro
    }
  }

  /// Distances that the model was made for; outside, it extrapolates.
  ///
  /// TR 38.901 names 10 m to 5 km; for the macro cell, 35 m is TR 36.814's least distance and 5 km our choice. The
  /// others hold from the reference distance and from one wavelength on.
  public var validity: ClosedRange<Meters> {
    switch self {
    case .macro3GPP: Meters(35)...Meters(5000)
    case .logDistance(_, let reference, _): reference ... .infinity
    case .freeSpace(let carrier): Meters(PathLoss.speedOfLight / carrier.value) ... .infinity
    case .urbanMacro, .urbanMicro: Meters(10)...Meters(5000)
    }
  }

  /// Nearer devices are treated as being here: every formula ends in an infinite gain at 0 m. Our choice.
  public static let leastDistance = Meters(1)

  static let speedOfLight = 299_792_458.0
}
