import Randomness
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

/// What `airsplit channel` and reports look through: the channel of a run at any instant.
public struct ChannelView: Sendable {
  /// The scenario whose channel it is.
  public let scenario: Scenario
  private let process: ChannelProcess

  /// The channel of `world`.
  public init(_ world: World) {
    self.init(world.scenario, fleet: world.fleet, seed: world.seed, process: world.movingChannel)
  }

  /// The channel of a repetition of `scenario`. Of all else in its world only the devices are drawn: no data set is read.
  ///
  /// - Throws: ``SimulationError`` where a drawn value contradicts another.
  public init(drawing scenario: Scenario, repetition: UInt32) throws {
    let seed = Seed(scenario.seed, repetition: repetition)
    self.init(scenario, fleet: try Fleet(drawing: scenario, seed: seed), seed: seed, process: nil)
  }

  private init(_ scenario: Scenario, fleet: Fleet, seed: Seed, process: ChannelProcess?) {
    self.scenario = scenario
    self.process =
      process ?? ChannelProcess(uplink: scenario.uplink, fleet: fleet, mobility: scenario.mobility, seed: seed)
  }

  /// How long a gain stands still; infinite where it does for a whole round.
  public var interval: Seconds { scenario.movesChannel ? process.interval : .infinity }

  /// A device's channel on some blocks at an instant. What stands still for a round is that of round 1.
  public func samples(device: Int, blocks: [Int], at time: Seconds) -> [ChannelSample] {
    if let file = scenario.gains {
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

  /// The power gain h_nk at an instant, as ``samples(device:blocks:at:)`` has it.
  public func gain(device: Int, block: Int, at time: Seconds) -> Double {
    scenario.gains?.rounds.first?.gain(device: device, block: block)
      ?? process.gain(device: device, block: block, at: time)
  }
}
