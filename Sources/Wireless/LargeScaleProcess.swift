import CElementary
import Randomness
import Units

/// Positions, line of sight, path loss and shadowing as functions of time: all of the channel but small-scale fading.
///
/// Time is cut into intervals of ``interval``, numbered from 0; a state is that at its interval's beginning, and a pure
/// function of (seed, device, interval). The line of sight and shadowing of devices that stand still come from the stream
/// (`Purpose.shadowing`, device), their direction from (`Purpose.place`, device).
public struct LargeScaleProcess: Sendable {
  /// The grid in time on which states are constant; infinite where nothing moves.
  public let interval: Seconds

  private let uplink: Uplink
  private let distances: [Meters?]
  private let seed: Seed
  private let antennas: Double

  /// The large scale of `uplink` over the devices of `fleet`.
  public init(uplink: Uplink, fleet: Fleet, mobility: Mobility = .static, seed: Seed) {
    self.uplink = uplink
    self.seed = seed
    distances = fleet.distance
    antennas = Decibel.of(uplink.antennaGain.value)
    interval = mobility.interval
  }

  /// Whether nothing moves: all intervals are the same.
  public var isStatic: Bool { !interval.isFinite }

  /// The state of a device in an interval.
  public func state(device: Int, interval index: Int) -> LargeScaleState {
    guard let distance = distances[device] else { return .none }
    var state = link(device: device, distance: distance)
    var place = seed.stream(.place, device)
    let angle = 2 * place.uniform()
    state.position = Position(
      x: distance * elementary_cospi(angle), y: distance * elementary_sinpi(angle))
    return state
  }

  /// The gains of all devices in an interval: what ``state(device:interval:)`` has, to the bit, but for what a gain does not
  /// need.
  public func gains(interval index: Int) -> [Double] {
    distances.indices.map { device in
      distances[device].map { link(device: device, distance: $0).gain } ?? 0
    }
  }

  /// What stands around a device above 13 m of UMa; elsewhere that does not matter.
  private func surroundings(of device: Int) -> Double {
    guard case .urbanMacro(_, _, let height) = uplink.pathLoss, height.value > 13 else { return 0 }
    var stream = seed.stream(.place, device, 1)
    return stream.uniform()
  }

  private func link(device: Int, distance: Meters) -> LargeScaleState {
    var stream = seed.stream(.shadowing, device)
    let chance = stream.uniform()
    let loss = uplink.pathLoss.loss(distance: distance, chance: chance, surroundings: surroundings(of: device))
    let shadowing = uplink.shadowing.value == 0 ? 0 : uplink.shadowing.value * stream.gaussian()
    let gain = Decibel.ratio(antennas + shadowing - loss.value)
    return LargeScaleState(
      distance: distance,
      isLineOfSight: uplink.pathLoss.hasStates
        ? chance < uplink.pathLoss.lineOfSightProbability(distance: distance) : nil,
      pathLoss: loss, shadowing: Decibels(shadowing), gain: gain < 1e100 ? gain : 1e100)
  }
}
