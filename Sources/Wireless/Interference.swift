import CElementary
import Numerics
import Randomness
import Units

/// Neighbouring cells whose devices send on the same blocks.
///
/// The base stations of `cells` neighbours stand on a circle around ours, and a neighbour's devices anywhere within half that
/// distance of theirs. On each block a neighbour serves one device after the other: slots of exponential length follow each other,
/// and on each, with the probability ``load``, a device that is drawn anew sends with ``power``, and otherwise none does. What
/// arrives is its power over the scenario's path loss, with line of sight, shadowing and antennas as for our own devices, times
/// an exponential number of mean 1 (Rayleigh). The geometry and the slots are our choice.
public struct Interference: Sendable, Hashable {
  /// Neighbours.
  public var cells: Int
  /// From our base station to each of theirs.
  public var distance: Meters
  /// The share of time in which a neighbour's device sends on a block.
  public var load: Double
  /// What it radiates on the block.
  public var power: Watts
  /// The mean length of a slot.
  public var hold: Seconds

  /// Six neighbours 500 m away, each half of the time on the air with 23 dBm, half a second at a time unless said otherwise.
  public init(
    cells: Int = 6, distance: Meters = Meters(500), load: Double = 0.5,
    power: Watts = Watts(UnitSpelling.Scale.decibel(reference: 1e-3).siValue(of: 23)), hold: Seconds = Seconds(0.5)
  ) {
    (self.cells, self.distance, self.load, self.power, self.hold) = (cells, distance, load, power, hold)
  }
}

/// What an interference comes to at any instant: a function of (seed, cell, block, time), whoever looks, in whatever order.
///
/// The ends of slots are a Poisson process. It is drawn in windows of ``slotsPerWindow`` mean slots, each from a stream of its
/// own, (`Purpose.interference`, cell and block, window), so a look costs the same at any time. Windows repeat after 2³².
public struct InterferenceProcess: Sendable {
  /// What it is made of.
  public let interference: Interference
  /// The expectation on any block, by Campbell's formula: cells × load × power × the mean gain over a neighbour's disc.
  public let mean: Watts
  private let pathLoss: PathLoss
  private let shadowing: Double
  private let antennas: Double
  private let blocks: Int
  private let seed: Seed
  private let hold: Double

  /// Simulated time ends before, in seconds.
  private static let end = 1e10

  /// Mean slots per window.
  public static let slotsPerWindow = 8.0

  /// The interference of an uplink's neighbours, whose path loss, shadowing and antennas are the uplink's.
  public init(_ interference: Interference, uplink: Uplink, seed: Seed) {
    self.interference = interference
    self.seed = seed
    hold = interference.hold.value >= 1e-6 ? min(interference.hold.value, Self.end) : 1e-6
    (pathLoss, blocks) = (uplink.pathLoss, max(1, uplink.blocks))
    shadowing = uplink.shadowing.value
    antennas = Decibel.of(uplink.antennaGain.value)
    // A Gaussian of sigma dB is exp(s z), s = sigma ln 10 / 10, and has the mean exp(s²/2).
    let spread = uplink.shadowing.value * elementary_log(10) / 10
    let gain = interference.meanGain(pathLoss) * uplink.antennaGain.value * elementary_exp(spread * spread / 2)
    mean = Watts(Double(interference.cells) * interference.load * interference.power.value * gain)
  }

  /// The expected power on a block: the same on each.
  public func mean(block: Int) -> Watts { mean }

  /// The power of all neighbours on a block, and when it changes next.
  public func power(block: Int, at time: Seconds) -> (power: Watts, until: Seconds) {
    var (sum, until) = (Watts.zero, Seconds(.infinity))
    for cell in 0..<max(0, interference.cells) {
      let slot = slot(cell: cell, block: block, at: time)
      sum += slot.power
      until = min(until, slot.until)
    }
    return (sum, until)
  }

  /// A neighbour's power on a block, when it changes next, and since when it has been so.
  func slot(cell: Int, block: Int, at time: Seconds) -> (power: Watts, since: Seconds, until: Seconds) {
    let length = Self.slotsPerWindow * hold
    let now = time.value > 0 ? min(time.value, Self.end) : 0
    let window = (now / length).rounded(.down)
    var found: (arrival: Arrival, since: Double)?
    var until: Double?
    // Back to the last slot that has begun; the first begins with the run.
    var earlier = window
    while found == nil, earlier >= 0 {
      forEachSlot(cell, block, window: earlier) { start, arrival in
        if start <= now {
          found = (arrival, start)
        } else if until == nil {
          until = start
        }
        return start <= now
      }
      earlier -= 1
    }
    // On to the first that has not: a window is without one in 1 of 3,000.
    var later = window + 1
    while until == nil {
      forEachSlot(cell, block, window: later) { start, _ in
        until = start
        return false
      }
      later += 1
    }
    let arrival = found?.arrival ?? Arrival(isOn: false, x: 0, y: 0, chance: 0, fading: 0, shadow: 0)
    return (power(of: arrival, cell: cell), Seconds(found?.since ?? 0), Seconds(until ?? .infinity))
  }

  /// What is drawn for a slot.
  private struct Arrival {
    var isOn: Bool
    /// Where in the unit disc its device stands.
    var x: Double
    var y: Double
    /// Of a line of sight.
    var chance: Double
    var fading: Double
    /// A standard Gaussian.
    var shadow: Double
  }

  /// The slots that begin in a window, in order, until `body` has seen enough.
  private func forEachSlot(
    _ cell: Int, _ block: Int, window: Double, _ body: (_ start: Double, _ arrival: Arrival) -> Bool
  ) {
    let length = Self.slotsPerWindow * hold
    let number = Int(UInt32(truncatingIfNeeded: Int64(min(window, 9e18))))
    var stream = seed.stream(.interference, cell * blocks + block, number)
    var offset = window == 0 ? 0 : stream.exponential(mean: hold)
    while offset < length {
      let isOn = stream.uniform() < interference.load
      let radius = stream.uniform().squareRoot()
      let turn = 2 * stream.uniform()
      let arrival = Arrival(
        isOn: isOn, x: radius * elementary_cospi(turn), y: radius * elementary_sinpi(turn), chance: stream.uniform(),
        fading: stream.exponential(), shadow: shadowing == 0 ? 0 : stream.gaussian())
      if !body(window * length + offset, arrival) { return }
      offset += stream.exponential(mean: hold)
    }
  }

  private func power(of arrival: Arrival, cell: Int) -> Watts {
    guard arrival.isOn else { return .zero }
    // The cell is turned onto the first axis: its distance is all that matters.
    let (d, radius) = (interference.distance.value, interference.radius.value)
    let (x, y) = (d + radius * arrival.x, radius * arrival.y)
    let loss = pathLoss.loss(distance: Meters((x * x + y * y).squareRoot()), chance: arrival.chance)
    let gain = Decibel.ratio(antennas + shadowing * arrival.shadow - loss.value)
    return Watts(interference.power.value * min(gain, 1e100) * arrival.fading)
  }
}

extension Interference {
  /// How far from its base station a neighbour's device is at most.
  public var radius: Meters { distance / 2 }

  /// The mean gain from a uniform point of a neighbour's disc, by the midpoint rule on 128 rings of equal area and 256 angles.
  func meanGain(_ pathLoss: PathLoss) -> Double {
    let (rings, angles) = (128, 128)
    let (d, radius) = (distance.value, radius.value)
    var sum = 0.0
    for ring in 0..<rings {
      let r = radius * ((Double(ring) + 0.5) / Double(rings)).squareRoot()
      for angle in 0..<angles {
        // The lower half of the disc is the mirror of the upper.
        let turn = (Double(angle) + 0.5) / Double(angles)
        let (x, y) = (d + r * elementary_cospi(turn), r * elementary_sinpi(turn))
        let length = Meters((x * x + y * y).squareRoot())
        let clear = pathLoss.lineOfSightProbability(distance: length)
        sum += clear * Decibel.ratio(-pathLoss.loss(distance: length, chance: 0).value)
        if clear < 1 { sum += (1 - clear) * Decibel.ratio(-pathLoss.loss(distance: length, chance: 1).value) }
      }
    }
    return sum / Double(rings * angles)
  }
}
