import Units

/// How small-scale fading changes in time.
public enum FadingMotion: Sendable, Hashable {
  /// It stands still for a round and is drawn anew for the next, as in the paper.
  case perRound
  /// It stands still for an interval and is drawn anew for the next.
  case block(interval: Seconds)
  /// Clarke's scattered waves around a receiver that moves: the autocorrelation of the amplitude is J0(2 pi f_d tau). The
  /// gain is constant over a step.
  case clarke(doppler: Hertz, step: Seconds)

  /// How long a gain stands still; infinite where it does for a whole round.
  public var interval: Seconds {
    switch self {
    case .perRound: Seconds(.infinity)
    case .block(let interval): interval
    case .clarke(_, let step): step
    }
  }
}
