import Network
import Randomness
import Scenario
import Training
import Units
import Wireless

extension World {
  /// The air of a round where the channel moves; `nil` where it stands still, so that how long things take is known before.
  func air(round: Int) -> (any Air)? {
    movingChannel.map { MovingAir(world: self, channel: $0, round: round) }
  }

  /// What goes through the air in an activity whose length the channel decides; `nil` where it stands still.
  func transmission(_ data: Bits, power: Watts, drawnPower: Watts, turn: Int? = nil) -> Transmission? {
    movingChannel == nil ? nil : Transmission(data: data, power: power, drawnPower: drawnPower, turn: turn)
  }
}

/// The air of a round over a channel that moves.
private struct MovingAir: Air {
  let world: World
  let channel: ChannelProcess
  let round: Int

  /// A transmission that is slower than the outage's rate in the mean is given up. Our choice: the rate below which a link is
  /// not there when it is chosen is the rate below which it is not waited for.
  func delivery(
    of transmission: Transmission, kind: RoundEvent, device: Int, block: Int?, step: Int, from start: Seconds,
    within limit: Seconds
  ) -> Delivery {
    let uplink = world.scenario.uplink
    let patience =
      uplink.outageRate > .zero ? transmission.data / uplink.outageRate : Seconds(.greatestFiniteMagnitude)
    let blocks = world.scenario.sendsOverWholeBand ? 0..<uplink.blocks : (block ?? 0)..<(block ?? 0) + 1
    let time = channel.time(
      sending: transmission.data
        * repeats(of: transmission, kind: kind, device: device, block: blocks.lowerBound, step: step, at: start),
      device: device, blocks: blocks, power: transmission.power, from: start,
      limit: min(limit, patience))
    if let time { return .after(time) }
    return patience < limit ? .lost(patience) : .beyondLimit
  }

  /// The air time of a transmission over the planned one, drawn where blocks fail and go up again: by the gain with which it
  /// begins, and the same for whatever else happens in the round.
  private func repeats(
    of transmission: Transmission, kind: RoundEvent, device: Int, block: Int, step: Int, at start: Seconds
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
