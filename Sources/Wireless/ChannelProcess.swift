import CElementary
import Randomness
import Units

/// The radio channel as a function of time: what every gain is at any instant of a run, whoever looks, in whatever order.
public struct ChannelProcess: Sendable {
  private let channel: Channel
  private let fading: FadingProcess
  private let bounds: [Double]
  private let bandwidth: Hertz
  private let noise: Watts

  /// The channel of `uplink` over the devices of `fleet`.
  public init(uplink: Uplink, fleet: Fleet, seed: Seed) {
    channel = Channel(uplink: uplink, fleet: fleet, seed: seed)
    fading = FadingProcess(fading: uplink.fading, motion: uplink.fadingMotion, blocks: uplink.blocks, seed: seed)
    let bound = uplink.blocks > 0 ? fading.upperBound : 0
    bounds = channel.largeScaleGains.map { $0 * bound }
    (bandwidth, noise) = (uplink.blockBandwidth, uplink.noise)
  }

  /// Whether gains stand still for a whole round.
  public var isStatic: Bool { !interval.isFinite }

  /// How long a gain stands still.
  public var interval: Seconds { fading.interval }

  /// All gains at an instant: in memory up to ``Channel/storedGains`` of them, beyond that found where looked at.
  public func gains(at time: Seconds) -> any GainSource {
    let found = FoundGains(
      largeScale: channel.largeScaleGains, bounds: bounds, fading: fading, interval: index(of: time))
    let (count, overflow) = found.deviceCount.multipliedReportingOverflow(by: channel.blockCount)
    return overflow || count > Channel.storedGains ? found : found.stored()
  }

  /// All gains at an instant without small-scale fading.
  public func meanGains(at time: Seconds) -> any GainSource { channel.meanGains }

  /// The gain of one pair at an instant.
  public func gain(device: Int, block: Int, at time: Seconds) -> Double {
    channel.largeScaleGains[device] * fading.power(device: device, block: block, interval: index(of: time))
  }

  /// How long `data` takes that goes up from `start` over `blocks` with a constant power on each, their rates following the
  /// gains; `nil` beyond `limit`.
  ///
  /// The rate B log2(1 + h p / N0) is constant over each interval of the fading, and the last one ends where the data does.
  /// After every 2²⁰ intervals of one transmission each group of 64 that is looked at stands for twice as many that follow
  /// it: the mean rate is known by then, and the scan of a transmission however long stays affordable. Our choice.
  ///
  /// - Complexity: O(intervals), some 20 ns for each.
  public func time(
    sending data: Bits, device: Int, blocks: Range<Int>, power: Watts, from start: Seconds, limit: Seconds
  ) -> Seconds? {
    guard data > .zero else { return limit >= .zero ? .zero : nil }
    let largeScale = channel.largeScaleGains[device]
    let scale = largeScale / noise.value * power.value
    guard scale > 0, !blocks.isEmpty else { return nil }
    let most =
      StepCost.rate(
        bandwidth: bandwidth, gain: bounds[device], power: power, noise: noise) * Double(blocks.count)
    guard data / most <= limit else { return nil }
    var scan = RateScan(left: data.value / bandwidth.value, interval: interval.value, from: start.value)
    return withUnsafeTemporaryAllocation(of: Double.self, capacity: 2 * FadingProcess.groupLength) { buffer in
      let (powers, efficiencies) = (
        UnsafeMutableBufferPointer(rebasing: buffer[..<FadingProcess.groupLength]),
        UnsafeMutableBufferPointer(rebasing: buffer[FadingProcess.groupLength...])
      )
      while scan.elapsed <= limit.value, scan.elapsed.isFinite {
        let count = scan.nextCount
        if blocks.count == 1 {
          fading.powers(
            device: device, block: blocks.lowerBound, from: scan.index,
            into: .init(rebasing: powers[..<count]))
          for item in 0..<count { powers[item] *= scale }
          if scan.pass(ratios: .init(rebasing: powers[..<count])) { break }
        } else {
          for item in 0..<count { efficiencies[item] = 0 }
          for block in blocks {
            fading.powers(
              device: device, block: block, from: scan.index, into: .init(rebasing: powers[..<count]))
            for item in 0..<count { efficiencies[item] += RateScan.efficiency(ratio: powers[item] * scale) }
          }
          if scan.pass(efficiencies: .init(rebasing: efficiencies[..<count])) { break }
        }
      }
      return scan.isDone && scan.elapsed <= limit.value ? Seconds(scan.elapsed) : nil
    }
  }

  /// From 0; the first of a channel that stands still is called 1, as its first round is.
  private func index(of time: Seconds) -> Int {
    isStatic ? 1 : Int(min(max(0, (time / interval).rounded(.down)), RateScan.lastIndex))
  }
}

/// The gains of an instant, found whenever somebody looks at them.
public struct FoundGains: GainSource {
  fileprivate let largeScale: [Double]
  fileprivate let bounds: [Double]
  fileprivate let fading: FadingProcess
  fileprivate let interval: Int

  /// Devices N.
  public var deviceCount: Int { largeScale.count }
  /// Resource blocks K.
  public var blockCount: Int { fading.blocks }
  /// The large-scale gain times the largest fading.
  public func upperBound(device: Int) -> Double { bounds[device] }
  /// The bounds of all devices: one array for all instants.
  public var upperBounds: [Double]? { bounds }

  /// The largest gain of the row.
  public func rowMaximum(device: Int) -> Double { row(device: device).max() ?? 0 }

  /// Finds the one gain.
  public func gain(device: Int, block: Int) -> Double {
    largeScale[device] * fading.power(device: device, block: block, interval: interval)
  }

  /// Finds the row.
  public func copyRow(device: Int, into row: UnsafeMutableBufferPointer<Double>) {
    fading.copyRow(device: device, interval: interval, into: row)
    for block in 0..<blockCount { row[block] = largeScale[device] * row[block] }
  }

  /// All rows, in memory.
  func stored() -> GainMatrix {
    let count = deviceCount * blockCount
    let values = [Double](unsafeUninitializedCapacity: count) { buffer, initialized in
      for device in 0..<deviceCount {
        copyRow(device: device, into: .init(rebasing: buffer[device * blockCount..<(device + 1) * blockCount]))
      }
      initialized = count
    }
    return GainMatrix(deviceCount: deviceCount, blockCount: blockCount, values: values)
  }
}
