import CElementary
import Units

/// What a participant adds to U(t), Eq. (21). Both kinds are sums over participants.
public enum Objective: Sendable, Hashable {
  /// rho_n log2(1 + q_n) / E_n: learning per joule, the default.
  case ratio
  /// weight × rho_n log2(1 + q_n) − E_n.
  case difference(weight: Joules)

  /// The unit of U.
  public var unit: String {
    switch self {
    case .ratio: "1/J"
    case .difference: "J"
    }
  }

  /// log2(1 + q), Eq. (20).
  public static func information(bits: Int) -> Double {
    elementary_log2(1 + Double(bits))
  }

  /// The value of one participant.
  @inlinable
  public func value(dataShare: Double, information: Double, energy: Joules) -> Double {
    switch self {
    case .ratio: dataShare * information / energy.value
    case .difference(let weight): weight.value * dataShare * information - energy.value
    }
  }
}
