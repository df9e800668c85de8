import CElementary
import Randomness
import Units

/// Where all devices are, by any model of movement.
final class Positions: Sendable {
  private let source: Source
  private let count: Int
  private let seed: Seed

  private enum Source: Sendable {
    case still([Meters?])
    case waypoint(WaypointWalks)
    case gaussMarkov(GaussMarkovWalks)
    case table(PositionTable)
  }

  init(_ mobility: Mobility, fleet: Fleet, seed: Seed) {
    self.seed = seed
    count = fleet.count
    source =
      switch mobility.model {
      case .still: .still(fleet.distance)
      case .randomWaypoint(let walk): .waypoint(WaypointWalks(walk, count: fleet.count, seed: seed))
      case .gaussMarkov(let walk): .gaussMarkov(GaussMarkovWalks(walk, seed: seed))
      case .table(let table): .table(table)
      }
  }

  /// Where a device is; `nil` where that is not known.
  func position(of device: Int, at time: Seconds) -> Position? {
    switch source {
    case .still(let distances): distances[device].map { direction(of: device, at: $0) }
    case .waypoint(let walks): walks.position(of: device, at: time)
    case .gaussMarkov(let walks): walks.position(of: device, at: time)
    case .table(let table): table.deviceCount > device ? table.position(of: device, at: time) : nil
    }
  }

  /// How far a device is from the base station, and where: of one that stands still only if that is wanted.
  func place(of device: Int, at time: Seconds, isWanted: Bool) -> (distance: Meters, position: Position?)? {
    if case .still(let distances) = source {
      return distances[device].map { ($0, isWanted ? direction(of: device, at: $0) : nil) }
    }
    return position(of: device, at: time).map { ($0.distance, $0) }
  }

  /// ``place(of:at:isWanted:)`` of all devices in order.
  func forEach(at time: Seconds, isWanted: Bool, _ body: (Int, (distance: Meters, position: Position?)?) -> Void) {
    if case .waypoint(let walks) = source {
      walks.forEach(at: time) { body($0, ($1.distance, $1)) }
    } else {
      for device in 0..<count { body(device, place(of: device, at: time, isWanted: isWanted)) }
    }
  }

  private func direction(of device: Int, at distance: Meters) -> Position {
    var stream = seed.stream(.place, device)
    let angle = 2 * stream.uniform()
    return Position(x: distance * elementary_cospi(angle), y: distance * elementary_sinpi(angle))
  }
}
