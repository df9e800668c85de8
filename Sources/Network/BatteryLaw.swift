import Randomness
import Units

/// What batteries devices have, and when they charge.
public struct BatteryLaw: Sendable, Hashable {
  /// What a battery holds at most, in joules.
  public var capacity: Distribution
  /// The share of it that is in it when the run begins.
  public var charge: Distribution
  /// What a device draws whether it works or not, in watts.
  public var idlePower: Distribution
  /// The share of its capacity below which a device does not take part.
  public var reserve: Double
  /// When batteries charge; `nil`: never.
  public var charging: Charging?

  /// Chargers that come and go.
  public struct Charging: Sendable, Hashable {
    /// What a charger brings in, in watts.
    public var power: Distribution
    /// How long it is there.
    public var on: Distribution
    /// How long it is not.
    public var off: Distribution

    /// Chargers of 5 W, there for an hour and away for three in the mean, unless more is said. Our choice.
    public init(
      power: Distribution = .constant(5), on: Distribution = .exponential(mean: 3600),
      off: Distribution = .exponential(mean: 10_800)
    ) {
      (self.power, self.on, self.off) = (power, on, off)
    }
  }

  /// Full batteries of 10 kJ that nothing charges, of devices that draw 0.5 W and stop at a fifth, unless more is said. Our choice.
  public init(
    capacity: Distribution = .constant(10_000), charge: Distribution = .constant(1),
    idlePower: Distribution = .constant(0.5), reserve: Double = 0.2, charging: Charging? = nil
  ) {
    (self.capacity, self.charge, self.idlePower) = (capacity, charge, idlePower)
    (self.reserve, self.charging) = (reserve, charging)
  }

  /// Joules that a battery may hold.
  public static let capacities = 1e-3...1e12
  /// Watts that a device may draw beside its work, or a charger bring in.
  public static let powers = 0.0...1e6
}
