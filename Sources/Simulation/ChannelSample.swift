import Scenario
import Units
import Wireless

/// The channel of one pair at an instant, as a run has it.
public struct ChannelSample: Sendable, Hashable {
  /// When, from the run's beginning.
  public var time: Seconds
  /// n.
  public var device: Int
  /// k.
  public var block: Int
  /// Where the device is, path loss, shadowing; `nil` where the gains come from a file.
  public var largeScale: LargeScaleState?
  /// The power gain h_nk with its fading, in outage or not.
  public var gain: Double
}

/// What `airsplit channel` looks through: the channel of a world at any instant.
public struct ChannelView: Sendable {
  /// Whose channel it is.
  public let world: World
  private let process: ChannelProcess

  /// The channel of `world`.
  public init(_ world: World) {
    self.world = world
    process =
      world.movingChannel
      ?? ChannelProcess(uplink: world.scenario.uplink, fleet: world.fleet, seed: world.seed)
  }

  /// A device's channel on some blocks at an instant. What stands still for a round is that of round 1.
  public func samples(device: Int, blocks: [Int], at time: Seconds) -> [ChannelSample] {
    if let file = world.scenario.gains {
      let round = file.rounds.first
      return blocks.map { block in
        ChannelSample(
          time: time, device: device, block: block, gain: round?.gain(device: device, block: block) ?? 0)
      }
    }
    let state = process.state(device: device, at: time)
    return blocks.map { block in
      ChannelSample(
        time: time, device: device, block: block, largeScale: state,
        gain: process.gain(device: device, block: block, at: time))
    }
  }
}
