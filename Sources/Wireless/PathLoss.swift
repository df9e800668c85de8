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
}
