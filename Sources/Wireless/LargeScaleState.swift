import Units

/// The link between a device and the base station in an interval of time, but for small-scale fading.
public struct LargeScaleState: Sendable, Hashable {
  /// Where the device is; `nil` where that is not known.
  public var position: Position?
  /// Its horizontal distance; `nil` where that is not known.
  public var distance: Meters?
  /// Whether there is a line of sight; `nil` where the model of the path loss knows none.
  public var isLineOfSight: Bool?
  /// Path loss, walls included.
  public var pathLoss: Decibels
  /// Shadowing; more is a better link.
  public var shadowing: Decibels
  /// Antenna gain and shadowing less path loss, linear, at most 1e100; 0 where there is no link.
  public var gain: Double
  /// Power of the line of sight over what is scattered, by TR 38.901; `nil` where the uplink's shadowing is not the report's,
  /// and without a line of sight.
  public var ricianK: PowerRatio?

  /// A device of which nothing is known: no link.
  static let none = LargeScaleState(pathLoss: Decibels(.infinity), shadowing: .zero, gain: 0)
}
