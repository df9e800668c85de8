/// Where the line of sight and the shadowing of a device come from.
public enum SpatialLaw: Sendable, Hashable {
  /// Drawn for each device, however near to another it is.
  case perDevice
  /// By state and correlated over the plane, TR 38.901 Sec. 7.4.4, 7.5 and 7.6.3: devices at one place have the same.
  case report
}
