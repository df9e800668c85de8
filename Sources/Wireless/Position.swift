import Units

/// A place on the plane; the base station stands at (0, 0).
public struct Position: Sendable, Hashable {
  /// East of the base station.
  public var x: Meters
  /// North of it.
  public var y: Meters

  /// The place at (x, y).
  public init(x: Meters, y: Meters) {
    self.x = x
    self.y = y
  }

  /// Horizontal distance to the base station.
  public var distance: Meters { Meters((x.value * x.value + y.value * y.value).squareRoot()) }
}
