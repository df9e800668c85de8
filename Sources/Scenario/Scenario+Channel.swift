import Training
import Units
import Wireless

extension Scenario {
  /// Whether gains change while a round is under way.
  public var movesChannel: Bool {
    gains == nil && (uplink.fadingMotion != .perRound || mobility.interval.isFinite)
  }

  /// Whether a device sends over every block at once, alone in the band.
  public var sendsOverWholeBand: Bool { framework.traits.order == .sequential && band == .all }

  /// What policies know of the channel when they decide.
  public struct ChannelEstimate: Sendable, Hashable {
    /// What is measured.
    public enum Kind: String, Sendable, CaseIterable {
      /// The gain of an instant, with its fading.
      case snapshot
      /// The gain without small-scale fading.
      case mean
    }

    /// What is measured.
    public var kind = Kind.snapshot
    /// How old the measurement is.
    public var delay = Seconds.zero
    /// The standard deviation of its error, as a share of the gain.
    public var error = 0.0

    /// What is measured, how long ago and with what error.
    public init(kind: Kind = .snapshot, delay: Seconds = .zero, error: Double = 0) {
      (self.kind, self.delay, self.error) = (kind, delay, error)
    }

    /// The gains as they are when the round begins.
    public static let perfect = ChannelEstimate()
  }
}
