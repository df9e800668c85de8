import Randomness
import Synchronization
import Units

/// The random waypoint's paths of all devices.
///
/// The trip `r` of a device is drawn from the stream (`Purpose.movement`, device, r), and times add up from 0 on: positions do
/// not depend on who looks. What is kept is only where each device was last, from where the next look goes on; one that looks
/// back before that trip begins anew.
final class WaypointWalks: Sendable {
  private let walk: RandomWaypoint
  private let seed: Seed
  private let count: Int
  private let pauseShare: Double
  private let parts: [Part]

  /// Devices that share a lock.
  private static let partSize = 1024

  private final class Part: Sendable {
    let trips = Mutex<[Trip]>([])
  }

  /// A trip and the pause after it.
  private struct Trip {
    var number: UInt32
    var from: Position
    var to: Position
    var start: Double
    var arrival: Double
    var end: Double

    func position(at time: Double) -> Position {
      if time >= arrival { return to }
      let share = arrival > start ? (time - start) / (arrival - start) : 1
      return Position(x: from.x + (to.x - from.x) * share, y: from.y + (to.y - from.y) * share)
    }
  }

  init(_ walk: RandomWaypoint, count: Int, seed: Seed) {
    self.walk = walk
    self.count = count
    self.seed = seed
    pauseShare = walk.pauseShare
    parts = (0..<(count + Self.partSize - 1) / Self.partSize).map { _ in Part() }
  }

  /// Where a device is.
  func position(of device: Int, at time: Seconds) -> Position {
    let part = device / Self.partSize
    return parts[part].trips.withLock { trips in
      fill(&trips, part: part)
      return advance(&trips[device % Self.partSize], device: device, to: time.value).position(at: time.value)
    }
  }

  /// Hands all devices' positions to `body`, in order.
  func forEach(at time: Seconds, _ body: (Int, Position) -> Void) {
    var positions: [Position] = []
    positions.reserveCapacity(Self.partSize)
    for part in parts.indices {
      positions.removeAll(keepingCapacity: true)
      parts[part].trips.withLock { trips in
        fill(&trips, part: part)
        for index in trips.indices {
          let device = part * Self.partSize + index
          positions.append(advance(&trips[index], device: device, to: time.value).position(at: time.value))
        }
      }
      for index in positions.indices { body(part * Self.partSize + index, positions[index]) }
    }
  }

  private func fill(_ trips: inout [Trip], part: Int) {
    guard trips.isEmpty else { return }
    let first = part * Self.partSize
    trips = (first..<min(count, first + Self.partSize)).map(firstTrip)
  }

  /// Brings a device's trip to the one that holds `time`.
  private func advance(_ trip: inout Trip, device: Int, to time: Double) -> Trip {
    if time < trip.start { trip = firstTrip(of: device) }
    while time >= trip.end, trip.number < UInt32.max {
      var stream = seed.stream(.movement, device, Int(trip.number) + 1)
      trip = self.trip(
        trip.number + 1, from: trip.to, to: place(&stream), speed: draw(walk.speed, &stream),
        start: trip.end, &stream)
    }
    return trip
  }

  private func trip(
    _ number: UInt32, from: Position, to: Position, speed: Double, start: Double, _ stream: inout RandomStream
  ) -> Trip {
    let length = Position(x: to.x - from.x, y: to.y - from.y).distance.value
    let arrival = start + length / speed
    return Trip(
      number: number, from: from, to: to, start: start, arrival: arrival,
      end: arrival + max(0, draw(walk.pause, &stream)))
  }

  /// The trip that is under way at time 0 in the stationary law (W. Navidi and T. Camp, "Stationary distributions for the
  /// random waypoint mobility model", IEEE TMC 3, 2004): a pause with its share of the time, what is left of it drawn from
  /// the pauses weighted by their length; else a pair of places weighted by its length, a uniform point between them, and a
  /// speed weighted by 1/v.
  private func firstTrip(of device: Int) -> Trip {
    var stream = seed.stream(.movement, device, 0)
    if stream.uniform() < pauseShare {
      let place = place(&stream)
      return Trip(
        number: 0, from: place, to: place, start: 0, arrival: 0, end: walk.pause.residual(from: &stream))
    }
    while true {
      let (a, b) = (place(&stream), place(&stream))
      let length = Position(x: b.x - a.x, y: b.y - a.y).distance
      guard stream.uniform() * 2 * walk.radius.value < length.value else { continue }
      let share = stream.uniform()
      let here = Position(x: a.x + (b.x - a.x) * share, y: a.y + (b.y - a.y) * share)
      return trip(0, from: here, to: b, speed: walk.speed.reciprocallyWeighted(from: &stream), start: 0, &stream)
    }
  }

  /// A uniform place of the disc.
  private func place(_ stream: inout RandomStream) -> Position {
    while true {
      let (x, y) = (2 * stream.uniform() - 1, 2 * stream.uniform() - 1)
      if x * x + y * y <= 1 { return Position(x: walk.radius * x, y: walk.radius * y) }
    }
  }

  private func draw(_ law: Distribution, _ stream: inout RandomStream) -> Double {
    (try? law.draw(index: 0, from: &stream)) ?? law.mean
  }
}
