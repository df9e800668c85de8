import Randomness
import Units

/// How devices move: where each is at any time, a function of (seed, device, time).
public struct Mobility: Sendable, Hashable {
  /// Models of movement.
  public enum Model: Sendable, Hashable {
    /// Devices stand where their distance says, in a direction drawn by name; as in the paper.
    case still
    /// From one place of a disc to the next, with pauses.
    case randomWaypoint(RandomWaypoint)
    /// With a velocity that remembers itself for a while.
    case gaussMarkov(GaussMarkov)
    /// Along the lines between the points of a table.
    case table(PositionTable)
  }

  /// The model.
  public var model: Model
  /// The grid in time, where it is given.
  public var step: Seconds?

  /// Nothing moves.
  public static let `static` = Mobility(.still)

  /// Movement by a model.
  public init(_ model: Model, step: Seconds? = nil) {
    self.model = model
    self.step = step
  }

  /// The file that positions come from, if they do.
  public var file: String? {
    if case .table(let table) = model { table.path } else { nil }
  }

  /// A device goes no further than this in one interval, where ``step`` is not given; ours.
  public static let standardStride = Meters(1)

  /// The speed that no device exceeds; under ``GaussMarkov`` three times the root mean square, exceeded 1.2e-4 of the time.
  public var topSpeed: MetersPerSecond {
    switch model {
    case .still: .zero
    case .randomWaypoint(let walk): MetersPerSecond(walk.speed.support?.upperBound ?? 0)
    case .gaussMarkov(let walk): 3 * walk.speed
    case .table(let table): table.topSpeed
    }
  }

  /// The grid in time on which positions are looked at; infinite where nothing moves.
  public var interval: Seconds {
    guard topSpeed > .zero else { return .infinity }
    return step ?? Seconds(Mobility.standardStride.value / topSpeed.value)
  }
}

/// Random waypoint in a disc around the base station: to a place drawn uniformly, straight and at a speed of its own, a pause
/// there, and on. It begins in its stationary law.
public struct RandomWaypoint: Sendable, Hashable {
  /// The disc's radius.
  public var radius: Meters
  /// A trip's speed in m/s: a plain value, uniform or one of a list, above 0; where speeds near 0 may be drawn, devices get
  /// stuck in ever slower trips.
  public var speed: Distribution
  /// The pause before a trip in s: a plain value, uniform, exponential or one of a list.
  public var pause: Distribution

  /// A walk.
  public init(radius: Meters, speed: Distribution, pause: Distribution = .constant(0)) {
    self.radius = radius
    self.speed = speed
    self.pause = pause
  }

  /// The mean length of a trip, 128 R / (45 pi).
  public var meanLength: Meters { radius * (128 / (45 * .pi)) }

  /// The share of its time that a device stands, E[pause] / (E[pause] + E[length] E[1/v]).
  public var pauseShare: Double {
    let travel = meanLength.value * (speed.meanReciprocal ?? 0)
    return pause.mean > 0 ? pause.mean / (pause.mean + travel) : 0
  }
}

/// A velocity whose components are Gaussian with the autocorrelation exp(-tau / memory) (an Ornstein-Uhlenbeck process, the
/// Gauss-Markov model of movement with a mean of 0), in a square around the base station, at whose borders paths are
/// reflected.
///
/// It is the sum of oscillations whose frequencies follow the velocity's spectral density, so that a position is known at any
/// time without the way there: a filter's state would depend on who looked before.
public struct GaussMarkov: Sendable, Hashable {
  /// The side of the square.
  public var side: Meters
  /// Root mean square of the speed.
  public var speed: MetersPerSecond
  /// The time constant of the velocity's autocorrelation.
  public var memory: Seconds

  /// A walk.
  public init(side: Meters, speed: MetersPerSecond, memory: Seconds) {
    self.side = side
    self.speed = speed
    self.memory = memory
  }
}
