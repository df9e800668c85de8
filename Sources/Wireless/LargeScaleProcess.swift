import CElementary
import Randomness
import Units

/// Positions, line of sight, path loss and shadowing as functions of time: all of the channel but small-scale fading.
///
/// Time is cut into intervals of ``interval``, numbered from 0; a state is that at its interval's beginning, and a pure
/// function of (seed, device, interval). With ``SpatialLaw/perDevice`` line of sight and shadowing come from the stream
/// (`Purpose.shadowing`, device) and go with the device wherever it is; with ``SpatialLaw/report`` they are fields over the
/// plane. Devices that stand still do so at their distance in a direction from (`Purpose.place`, device).
public struct LargeScaleProcess: Sendable {
  /// The grid in time on which states are constant; infinite where nothing moves.
  public let interval: Seconds

  private let uplink: Uplink
  /// Devices N.
  let count: Int
  private let positions: Positions
  private let walls: [Penetration.Walls?]
  private let fields: CorrelatedLargeScale?
  private let seed: Seed
  private let antennas: Double

  /// The large scale of `uplink` over the devices of `fleet`, whose distances count where devices do not move.
  public init(uplink: Uplink, fleet: Fleet, mobility: Mobility = .static, seed: Seed) {
    self.uplink = uplink
    self.seed = seed
    count = fleet.count
    positions = Positions(mobility, fleet: fleet, seed: seed)
    walls = uplink.penetration.walls(of: fleet.count, under: uplink.pathLoss, seed: seed)
    fields = uplink.spatialLaw == .report ? CorrelatedLargeScale(uplink.pathLoss, seed: seed) : nil
    antennas = Decibel.of(uplink.antennaGain.value)
    interval = mobility.interval
  }

  /// Whether nothing moves: all intervals are the same.
  public var isStatic: Bool { !interval.isFinite }

  /// The state of a device in an interval.
  public func state(device: Int, interval index: Int) -> LargeScaleState {
    guard let (distance, known) = positions.place(of: device, at: time(of: index), isWanted: fields != nil)
    else { return .none }
    var (state, kind) = link(device: device, distance: distance, position: known)
    let position = known ?? positions.position(of: device, at: time(of: index))
    state.position = position
    if let position {
      state.ricianK = fields?.ricianFactor(kind, at: position).map { PowerRatio(Decibel.ratio($0.value)) }
    }
    return state
  }

  /// The gain of a device in an interval: what ``state(device:interval:)`` has, to the bit, without what a gain does not need.
  func gain(device: Int, interval index: Int) -> Double {
    guard let (distance, position) = positions.place(of: device, at: time(of: index), isWanted: fields != nil)
    else { return 0 }
    return link(device: device, distance: distance, position: position).0.gain
  }

  /// The gains of all devices in an interval: those of `gain(device:interval:)`.
  public func gains(interval index: Int) -> [Double] {
    let time = time(of: index)
    return [Double](unsafeUninitializedCapacity: count) { buffer, initialized in
      positions.forEach(at: time, isWanted: fields != nil) { device, place in
        buffer[device] = place.map { link(device: device, distance: $0.distance, position: $0.position).0.gain } ?? 0
      }
      initialized = count
    }
  }

  /// The power of each device's line of sight over what is scattered in an interval, 0 without one; `nil` where `fading` does
  /// not ask for it.
  func ricianFactors(of fading: Fading, interval index: Int) -> [Double]? {
    guard fading == .ricianByState else { return nil }
    return (0..<count).map { state(device: $0, interval: index).ricianK?.value ?? 0 }
  }

  private func time(of index: Int) -> Seconds { isStatic ? .zero : interval * Double(max(0, index)) }

  private func link(
    device: Int, distance: Meters, position: Position?
  ) -> (LargeScaleState, LargeScaleTable.State) {
    let wall = walls.isEmpty ? nil : walls[device]
    let outdoors = wall.map { max(distance - $0.depth, .zero) } ?? distance
    let isClear: Bool
    var shadowing = 0.0
    var kind = LargeScaleTable.State.blocked
    if let fields, let position {
      isClear = fields.isLineOfSight(at: position, distance: outdoors)
      kind = wall != nil ? .indoors : isClear ? .clear : .blocked
      shadowing = fields.shadowing(kind, at: position, distance: distance)
    } else {
      var stream = seed.stream(.shadowing, device)
      let chance = stream.uniform()
      isClear = !uplink.pathLoss.hasStates || chance < uplink.pathLoss.lineOfSightProbability(distance: outdoors)
      if uplink.shadowing.value != 0 { shadowing = uplink.shadowing.value * stream.gaussian() }
    }
    var loss = uplink.pathLoss.loss(
      distance: distance, isLineOfSight: isClear, surroundings: surroundings(of: device))
    if let wall { loss += wall.loss }
    let gain = Decibel.ratio(antennas + shadowing - loss.value)
    return (
      LargeScaleState(
        distance: distance, isLineOfSight: uplink.pathLoss.hasStates ? isClear : nil, pathLoss: loss,
        shadowing: Decibels(shadowing), gain: gain < 1e100 ? gain : 1e100), kind
    )
  }

  /// What stands around a device above 13 m of UMa; elsewhere that does not matter.
  private func surroundings(of device: Int) -> Double {
    guard case .urbanMacro(_, _, let height) = uplink.pathLoss, height.value > 13 else { return 0 }
    var stream = seed.stream(.place, device, 1)
    return stream.uniform()
  }
}
