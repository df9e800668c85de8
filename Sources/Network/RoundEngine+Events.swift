import EventKernel
import Units
import Wireless

/// What a round tells of its events, and the deadlines that they watch over.
extension RoundEngine {
  /// An event that changed something: a row of `events.csv`.
  public struct LoggedEvent: Sendable, Hashable, Codable {
    /// When.
    public var time: SimTime
    /// What.
    public var kind: RoundEvent
    /// Whose it is; `nil` where it is nobody's.
    public var device: Int?
    /// The block that the device holds.
    public var block: Int?
    /// The step of the round, from 1; `nil` outside of steps.
    public var step: Int?
    /// What the part that ends here cost the device.
    public var energy: Joules
    /// How long the part took that ends here, without waits; that of a service cut off, as far as it came.
    public var span = Seconds.zero
    /// What the device waited at the server in this part.
    public var wait = Seconds.zero
  }

  /// The deadline that events watch over.
  public enum DeadlineRule: Sendable, Hashable, Codable {
    /// Nobody is late.
    case none
    /// Who does not end a step within this time.
    case step(Seconds)
    /// Who does not end its round within this time.
    case round(Seconds)

    /// From the start of what is watched to the instant at which it is missed. The least power puts T_n exactly on T_max:
    /// this lies one tick behind T_max with its tolerance rounded up.
    var span: SimTime? {
      switch self {
      case .none: nil
      case .step(let limit), .round(let limit):
        SimTime(checking: (limit.value * (1 + PowerControl.tolerance) * 1e9).rounded(.up) / 1e9).map { $0 + .tick }
      }
    }
  }
}
