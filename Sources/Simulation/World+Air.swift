import Network
import Randomness
import Scenario
import Training
import Units
import Wireless

extension World {
  /// What a round's times depend on where the channel moves, computing varies or batteries charge; `nil` where all is known before.
  func air(round: Int) -> (any Air)? {
    playsActivities || batteries?.chargers != nil ? RoundAir(world: self, channel: movingChannel, round: round) : nil
  }

  /// Whether what a step takes is not known before it begins.
  var playsActivities: Bool { movingChannel != nil || scenario.devices.jitter != nil }

  /// What goes through the air in an activity whose length the channel decides; `nil` where it stands still.
  func transmission(_ data: Bits, power: Watts, drawnPower: Watts, turn: Int? = nil) -> Transmission? {
    movingChannel == nil ? nil : Transmission(data: data, power: power, drawnPower: drawnPower, turn: turn)
  }
}

/// The air of a round, over a channel that moves or stands still, and how fast its devices compute.
private struct RoundAir: Air {
  let world: World
  let channel: ChannelProcess?
  let round: Int

  /// Drawn for the round in which the device began, whichever it is by now.
  func slowness(device: Int, step: Int, version: Int) -> Double {
    world.scenario.devices.jitter?.factor(
      device: device, round: version > 0 ? version : round, step: step, seed: world.seed) ?? 1
  }

  func charger(of device: Int, at time: Seconds) -> Presence {
    world.batteries?.charger(of: device, at: time) ?? .never
  }

  /// A transmission that is slower than the outage's rate in the mean is given up. Our choice: the rate below which a link is
  /// not there when it is chosen is the rate below which it is not waited for.
  func delivery(
    of transmission: Transmission, kind: RoundEvent, device: Int, block: Int?, step: Int, from start: Seconds,
    within limit: Seconds
  ) -> Delivery {
    guard let channel else { return .beyondLimit }
    let uplink = world.scenario.uplink
    let patience =
      uplink.outageRate > .zero ? transmission.data / uplink.outageRate : Seconds(.greatestFiniteMagnitude)
    let blocks = world.scenario.sendsOverWholeBand ? 0..<uplink.blocks : (block ?? 0)..<(block ?? 0) + 1
    let time = channel.time(
      sending: transmission.data
        * repeats(
          of: transmission, over: channel, kind: kind, device: device, block: blocks.lowerBound, step: step, at: start),
      device: device, blocks: blocks, power: transmission.power, from: start,
      limit: min(limit, patience))
    if let time { return .after(time) }
    return patience < limit ? .lost(patience) : .beyondLimit
  }

  /// The air time of a transmission over the planned one, drawn where blocks fail and go up again: by the gain with which it
  /// begins, and the same for whatever else happens in the round.
  private func repeats(
    of transmission: Transmission, over channel: ChannelProcess, kind: RoundEvent, device: Int, block: Int, step: Int,
    at start: Seconds
  ) -> Double {
    let link = world.scenario.uplink.link
    guard case .modulationCoding = link else { return 1 }
    let heard = world.scenario.uplink.noise + (world.interference?.power(block: block, at: start).power ?? .zero)
    let snr = channel.gain(device: device, block: block, at: start) / heard.value * transmission.power.value
    var stream = world.seed.stream(.harq, round, device)
    // A draw takes some hundreds of words; two per step: its activations and a gradient of them, or the model after the last.
    let isSecond = kind == .modelUpload || transmission.turn == 2
    stream.skip(4096 * (2 * max(step, 0) + (isSecond ? 1 : 0)))
    return link.relativeAirTime(of: transmission.data, snr: snr, from: &stream)
  }
}
