import Units

/// How small-scale fading changes in time.
public enum FadingMotion: Sendable, Hashable {
  /// It stands still for a round and is drawn anew for the next, as in the paper.
  case perRound
  /// It stands still for an interval and is drawn anew for the next.
  case block(interval: Seconds)
  /// Clarke's scattered waves around a receiver that moves: the autocorrelation of the amplitude is J0(2 pi f_d tau). The
  /// gain is constant over a step, and a sum of as many waves as there are rays.
  case clarke(doppler: Hertz, step: Seconds, rays: Int = FadingMotion.standardRays)

  /// How long a gain stands still; infinite where it does for a whole round.
  public var interval: Seconds {
    switch self {
    case .perRound: Seconds(.infinity)
    case .block(let interval): interval
    case .clarke(_, let step, _): step
    }
  }

  /// Clarke's waves at f_d, the gain constant over 1/(20 f_d), in which J0 falls by 2.5 %. Our choice.
  public static func clarke(doppler: Hertz) -> FadingMotion {
    .clarke(doppler: doppler, step: standardStep(doppler: doppler))
  }

  /// 1/(20 f_d).
  public static func standardStep(doppler: Hertz) -> Seconds { Seconds(1 / (20 * doppler.value)) }

  /// f_d = v f / c of a receiver that moves at `speed` under a carrier f.
  public static func doppler(speed: MetersPerSecond, carrier: Hertz) -> Hertz {
    carrier * (speed.value / PathLoss.speedOfLight)
  }

  /// Scattered waves of a link: 32, whose power differs from the exponential's second moment by 1/32. Our choice.
  public static let standardRays = 32
  /// Numbers of waves that a link may have.
  public static let rayLimits = 8...256
}
