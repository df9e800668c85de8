import CElementary
import Randomness
import Units

/// What buildings cost the devices in them, TR 38.901 Sec. 7.4.3.1.
///
/// PL_tw + 0.5 dB/m · d_2D-in + N(0, sigma_P²), drawn per device: the walls by Table 7.4.3-2, the depth d_2D-in the smaller of
/// two uniform numbers up to 25 m (UMa, UMi) or 10 m (RMa, and ours for SMa).
public struct Penetration: Sendable, Hashable {
  /// Kinds of buildings.
  public enum Model: String, Sendable, Hashable, CaseIterable {
    /// Every device is outdoors.
    case none
    /// Standard glass and concrete.
    case low
    /// Coated glass and concrete.
    case high
  }

  /// Which buildings.
  public var model: Model
  /// Share of devices that are in one; which ones, is drawn by name.
  public var indoorShare: Double

  /// Nobody is indoors.
  public static let none = Penetration(model: .none, indoorShare: 0)

  /// The share of the report's evaluations, TR 38.901 Table 7.2-1.
  public static let standardShare = 0.8

  /// Buildings of `model` around a share of the devices.
  public init(model: Model, indoorShare: Double = standardShare) {
    self.model = model
    self.indoorShare = indoorShare
  }

  /// PL_tw at a carrier, Table 7.4.3-2.
  public func wallLoss(carrier: Hertz) -> Decibels {
    let f = carrier.value / 1e9
    let concrete = Decibel.ratio(-(5 + 4 * f))
    switch model {
    case .none: return .zero
    case .low: return Decibels(5 - Decibel.of(0.3 * Decibel.ratio(-(2 + 0.2 * f)) + 0.7 * concrete))
    case .high: return Decibels(5 - Decibel.of(0.7 * Decibel.ratio(-(25.4 + 0.11 * f)) + 0.3 * concrete))
    }
  }

  /// sigma_P, Table 7.4.3-2.
  public var sigma: Decibels {
    switch model {
    case .none: .zero
    case .low: Decibels(4.4)
    case .high: Decibels(6.5)
    }
  }

  /// The largest d_2D-in; `nil` for models of path loss without buildings to be in.
  public static func largestDepth(_ model: PathLoss.Model) -> Meters? {
    switch model {
    case .macro3GPP, .logDistance, .freeSpace, .indoorOffice: nil
    case .urbanMacro, .urbanMicro: Meters(25)
    case .ruralMacro, .suburbanMacro: Meters(10)
    }
  }

  /// What a device in a building has in front of it.
  struct Walls: Sendable, Hashable {
    /// d_2D-in.
    var depth: Meters
    /// All that the building costs.
    var loss: Decibels
  }

  /// The walls of each device; `nil` for one outdoors. An empty list where nobody is indoors.
  func walls(of count: Int, under pathLoss: PathLoss, seed: Seed) -> [Walls?] {
    guard model != .none, let largest = Penetration.largestDepth(pathLoss.model), let carrier = pathLoss.carrier
    else { return [] }
    let wall = wallLoss(carrier: carrier)
    return (0..<count).map { device in
      var stream = seed.stream(.place, device, 2)
      guard stream.uniform() < indoorShare else { return nil }
      let depth = Swift.min(stream.uniform(), stream.uniform()) * largest.value
      let spread = stream.gaussian(standardDeviation: sigma.value)
      return Walls(depth: Meters(depth), loss: Decibels(wall.value + 0.5 * depth + spread))
    }
  }
}
