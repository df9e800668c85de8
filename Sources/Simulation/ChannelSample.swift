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
  /// h_nk p / (N0 + I_k) at the device's largest power p on this block alone, with what neighbours send on it at the instant;
  /// `nil` where the scenario has no neighbours. That it is the largest power is our choice: the one in use is the policy's.
  public var interferedRatio: Double?
}

/// What `airsplit channel` and reports look through: the channel of a run at any instant.
public struct ChannelView: Sendable {
  /// The scenario whose channel it is.
  public let scenario: Scenario
  private let process: ChannelProcess
  private let powerMax: [Watts]

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
    powerMax = fleet.powerMax
    self.process =
      process ?? ChannelProcess(uplink: scenario.uplink, fleet: fleet, mobility: scenario.mobility, seed: seed)
  }

  /// How long a gain stands still; infinite where it does for a whole round.
  public var interval: Seconds { scenario.movesChannel ? process.interval : .infinity }

  /// Whether neighbours send on the blocks.
  public var hasInterference: Bool { process.interference != nil }

  /// A device's channel on some blocks at an instant. What stands still for a round is that of round 1.
  public func samples(device: Int, blocks: [Int], at time: Seconds) -> [ChannelSample] {
    let state = scenario.gains == nil ? process.state(device: device, at: time) : nil
    return blocks.map { block in
      let gain = gain(device: device, block: block, at: time)
      let heard = process.interference?.power(block: block, at: time).power
      return ChannelSample(
        time: time, device: device, block: block, largeScale: state, gain: gain,
        interferedRatio: heard.map { gain * powerMax[device].value / (scenario.uplink.noise + $0).value })
    }
  }

  /// The power gain h_nk at an instant, as ``samples(device:blocks:at:)`` has it.
  public func gain(device: Int, block: Int, at time: Seconds) -> Double {
    scenario.gains?.rounds.first?.gain(device: device, block: block)
      ?? process.gain(device: device, block: block, at: time)
  }
}
