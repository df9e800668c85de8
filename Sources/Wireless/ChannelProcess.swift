import CElementary
import Randomness
import Units

/// The radio channel as a function of time: what every gain is at any instant of a run, whoever looks, in whatever order.
public struct ChannelProcess: Sendable {
  private let channel: Channel
  private let interval: Seconds
  private let bandwidth: Hertz
  private let noise: Watts

  /// The channel of `uplink` over the devices of `fleet`.
  public init(uplink: Uplink, fleet: Fleet, seed: Seed) {
    channel = Channel(uplink: uplink, fleet: fleet, seed: seed)
    interval = uplink.fadingMotion.interval
    (bandwidth, noise) = (uplink.blockBandwidth, uplink.noise)
  }

  /// Whether gains stand still for a whole round.
  public var isStatic: Bool { !interval.value.isFinite }

  /// All gains at an instant.
  public func gains(at time: Seconds) -> any GainSource { channel.gains(round: index(of: time)) }

  /// All gains at an instant without small-scale fading.
  public func meanGains(at time: Seconds) -> any GainSource {
    channel.meanGains
  }

  /// The gain of one pair at an instant.
  public func gain(device: Int, block: Int, at time: Seconds) -> Double {
    channel.generatedGains(round: index(of: time)).gain(device: device, block: block)
  }

  /// How long `data` takes that goes up from `start` over `blocks` with a constant power on each, their rates following the
  /// gains; `nil` beyond `limit`.
  public func time(
    sending data: Bits, device: Int, blocks: Range<Int>, power: Watts, from start: Seconds, limit: Seconds
  ) -> Seconds? {
    var (left, now, index) = (data.value, start, index(of: start))
    while now - start <= limit {
      let next = max(now, interval * Double(index))
      let gains = channel.generatedGains(round: index)
      let rate = blocks.reduce(BitsPerSecond.zero) {
        $0
          + StepCost.rate(
            bandwidth: bandwidth, gain: gains.gain(device: device, block: $1), power: power, noise: noise)
      }
      let carried = rate.value * (next - now).value
      if left <= carried {
        let total = now - start + (left > 0 ? Seconds(left / rate.value) : .zero)
        return total <= limit ? total : nil
      }
      left -= carried
      (now, index) = (next, index + 1)
    }
    return nil
  }

  /// From 1.
  private func index(of time: Seconds) -> Int { Int(time / interval) + 1 }
}
