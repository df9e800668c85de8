import CElementary
import Randomness
import Units

/// The radio channel as a function of time: what every gain is at any instant of a run, whoever looks, in whatever order.
///
/// h(t) = large scale(t) × fading(t). Both stand still over intervals of their own; the large scale that goes with an interval
/// of the fading is that at its beginning. Fading that stands still for a round is drawn anew from interval to interval where
/// devices move. Both choices are ours.
public struct ChannelProcess: Sendable {
  private let largeScale: LargeScaleProcess
  fileprivate let fading: FadingProcess
  /// The large-scale gains where nothing moves, and with them the bounds of all gains and, where they differ, the K of devices.
  fileprivate let still: (gains: [Double], bounds: [Double], ricianFactors: [Double]?)?
  let bandwidth: Hertz
  let noise: Watts
  let link: Link
  /// What neighbouring cells send on the blocks; `nil` where there are none.
  public let interference: InterferenceProcess?

  /// The channel of `uplink` over the devices of `fleet`.
  public init(uplink: Uplink, fleet: Fleet, mobility: Mobility = .static, seed: Seed) {
    largeScale = LargeScaleProcess(uplink: uplink, fleet: fleet, mobility: mobility, seed: seed)
    let standsStill = uplink.fadingMotion == .perRound && !largeScale.isStatic
    fading = FadingProcess(
      fading: uplink.fading, motion: standsStill ? .block(interval: largeScale.interval) : uplink.fadingMotion,
      blocks: uplink.blocks, seed: seed)
    (bandwidth, noise, link) = (uplink.blockBandwidth, uplink.noise, uplink.link)
    interference = uplink.interference.map { InterferenceProcess($0, uplink: uplink, seed: seed) }
    if largeScale.isStatic {
      let gains = largeScale.gains(interval: 0)
      let bound = fading.blocks > 0 ? fading.upperBound : 0
      still = (gains, gains.map { $0 * bound }, largeScale.ricianFactors(of: uplink.fading, interval: 0))
    } else {
      still = nil
    }
  }

  /// Devices N.
  fileprivate var deviceCount: Int { largeScale.count }

  /// Whether gains stand still for a whole round.
  public var isStatic: Bool { largeScale.isStatic && !interval.isFinite }

  /// How long a gain stands still.
  public var interval: Seconds { fading.interval }

  /// All gains at an instant: those of ``GainSource/storedIfFew()``.
  public func gains(at time: Seconds) -> any GainSource { foundGains(at: time).storedIfFew() }

  /// All gains at an instant, each found when somebody looks at it.
  public func foundGains(at time: Seconds) -> FoundGains {
    let index = index(of: time)
    let moving = still == nil ? LargeScaleGains(largeScale, interval: largeIndex(index)) : nil
    return FoundGains(
      process: self, largeScale: moving, largestFading: fading.blocks > 0 ? fading.upperBound : 0, interval: index)
  }

  /// All gains at an instant without small-scale fading.
  public func meanGains(at time: Seconds) -> any GainSource {
    MeanGains(blockCount: fading.blocks, gains: largeScaleGains(interval: index(of: time)))
  }

  /// The gain of one pair at an instant.
  public func gain(device: Int, block: Int, at time: Seconds) -> Double {
    let index = index(of: time)
    let factor = ricianFactor(device: device, interval: index)
    return largeScaleGain(device: device, interval: index)
      * fading.power(device: device, block: block, interval: index, k: factor)
  }

  /// All of the channel of a device at an instant but for small-scale fading.
  public func state(device: Int, at time: Seconds) -> LargeScaleState {
    largeScale.state(device: device, interval: largeIndex(index(of: time)))
  }

  /// How long `data` takes that goes up from `start` over `blocks` with a constant power on each, their rates following the
  /// gains; `nil` beyond `limit`.
  ///
  /// The rate B log2(1 + h p / N0) is constant over each interval of the fading, and the last one ends where the data does.
  /// After every 2²⁰ intervals of one transmission each group of 64 that is looked at stands for twice as many that follow
  /// it: the mean rate is known by then, and the scan of a transmission however long stays affordable. Our choice.
  ///
  /// - Complexity: O(intervals), some 25 ns for each.
  public func time(
    sending data: Bits, device: Int, blocks: Range<Int>, power: Watts, from start: Seconds, limit: Seconds
  ) -> Seconds? {
    guard !blocks.isEmpty else { return data > .zero ? nil : .zero }
    if let still {
      let most = StepCost.rate(
        bandwidth: bandwidth, gain: still.bounds[device], power: power, noise: noise, link: link)
      guard data <= .zero || data / (most * Double(blocks.count)) <= limit else { return nil }
    }
    if link != .ideal || interference != nil {
      return linkedTime(sending: data, device: device, blocks: blocks, power: power, from: start, limit: limit)
    }
    return withUnsafeTemporaryAllocation(of: Double.self, capacity: 2 * FadingProcess.groupLength) { buffer in
      let gains = UnsafeMutableBufferPointer(rebasing: buffer[..<FadingProcess.groupLength])
      let sums = UnsafeMutableBufferPointer(rebasing: buffer[FadingProcess.groupLength...])
      if blocks.count == 1 {
        return time(sending: data, power: power, from: start, limit: limit) { index, count, pass in
          let part = UnsafeMutableBufferPointer(rebasing: gains[..<count])
          fillGains(device: device, block: blocks.lowerBound, from: index, into: part)
          return pass(UnsafeBufferPointer(part))
        }
      }
      let factor = power.value / noise.value
      return scan(data, from: start, limit: limit) { scan in
        let count = scan.nextCount
        let part = UnsafeMutableBufferPointer(rebasing: gains[..<count])
        sums.update(repeating: 0)
        for block in blocks {
          fillGains(device: device, block: block, from: scan.index, into: part)
          for item in 0..<count { sums[item] += RateScan.efficiency(ratio: part[item] * factor) }
        }
        return scan.pass(efficiencies: .init(rebasing: sums[..<count]))
      }
    }
  }

  /// The same over one block whose gains `look` hands over: those of so many intervals from an index on.
  func time(
    sending data: Bits, power: Watts, from start: Seconds, limit: Seconds,
    looking look: (Int, Int, (UnsafeBufferPointer<Double>) -> Bool) -> Bool
  ) -> Seconds? {
    guard power > .zero || data <= .zero else { return nil }
    let factor = power.value / noise.value
    return scan(data, from: start, limit: limit) { scan in
      look(scan.index, scan.nextCount) { scan.pass(gains: $0, times: factor) }
    }
  }

  /// Lets a scan take part after part until the data is through.
  private func scan(
    _ data: Bits, from start: Seconds, limit: Seconds, _ pass: (inout RateScan) -> Bool
  ) -> Seconds? {
    guard data > .zero else { return limit >= .zero ? .zero : nil }
    var scan = RateScan(left: data.value / bandwidth.value, interval: interval.value, from: start.value)
    while scan.elapsed <= limit.value, scan.elapsed.isFinite {
      if pass(&scan) { break }
    }
    return scan.isDone && scan.elapsed <= limit.value ? Seconds(scan.elapsed) : nil
  }

  /// The gains of a pair in consecutive intervals of the fading.
  func fillGains(device: Int, block: Int, from index: Int, into gains: UnsafeMutableBufferPointer<Double>) {
    // A K that goes with the device's place is found anew for each interval of the large scale.
    let isByState = fading.fading == .ricianByState
    if !isByState { fading.powers(device: device, block: block, from: index, into: gains) }
    var first = 0
    while first < gains.count {
      let large = largeIndex(index + first)
      var end = largeScale.isStatic ? gains.count : first + 1
      while end < gains.count, largeIndex(index + end) == large { end += 1 }
      let part = UnsafeMutableBufferPointer(rebasing: gains[first..<end])
      let scale = largeScaleGain(device: device, interval: index + first)
      if isByState {
        let factor = ricianFactor(device: device, interval: index + first)
        fading.powers(device: device, block: block, from: index + first, into: part, k: factor)
      }
      for item in part.indices { part[item] *= scale }
      first = end
    }
  }

  private func largeScaleGains(interval index: Int) -> [Double] {
    still?.gains ?? largeScale.gains(interval: largeIndex(index))
  }

  /// The gain of a device but for its fading.
  fileprivate func largeScaleGain(device: Int, interval index: Int) -> Double {
    still?.gains[device] ?? largeScale.gain(device: device, interval: largeIndex(index))
  }

  /// The K of a device where that is its own.
  fileprivate func ricianFactor(device: Int, interval index: Int) -> Double? {
    guard fading.fading == .ricianByState else { return nil }
    if let factors = still?.ricianFactors { return factors[device] }
    return largeScale.state(device: device, interval: largeIndex(index)).ricianK?.value ?? 0
  }

  /// The interval of the large scale in which one of the fading begins.
  private func largeIndex(_ index: Int) -> Int {
    if largeScale.isStatic { return 0 }
    if largeScale.interval == interval { return index }
    return RateScan.index(of: Double(index) * interval.value, interval: largeScale.interval.value)
  }

  /// From 0; the first of a channel that stands still is called 1, as its first round is.
  func index(of time: Seconds) -> Int {
    isStatic ? 1 : RateScan.index(of: time.value, interval: interval.value)
  }
}

/// The gains of an instant, found whenever somebody looks at them.
public struct FoundGains: GainSource {
  fileprivate let process: ChannelProcess
  /// Those of the instant where devices move.
  fileprivate let largeScale: LargeScaleGains?
  fileprivate let largestFading: Double
  fileprivate let interval: Int

  /// Devices N.
  public var deviceCount: Int { process.deviceCount }
  /// Resource blocks K.
  public var blockCount: Int { process.fading.blocks }
  /// The large-scale gain times the largest fading.
  public func upperBound(device: Int) -> Double {
    process.still?.bounds[device] ?? largeScaleGain(device) * largestFading
  }
  /// The bounds of all devices, one array for all instants; `nil` where devices move.
  public var upperBounds: [Double]? { process.still?.bounds }

  /// The largest gain of the row.
  public func rowMaximum(device: Int) -> Double { row(device: device).max() ?? 0 }

  /// Finds no more of the row than it takes.
  public func reaches(_ gain: Double, device: Int) -> Bool {
    guard upperBound(device: device) >= gain else { return false }
    let (largeScale, factor) = (largeScaleGain(device), ricianFactor(device))
    return process.fading.contains(device: device, interval: interval, k: factor) { largeScale * $0 >= gain }
  }

  /// Finds the one gain.
  public func gain(device: Int, block: Int) -> Double {
    largeScaleGain(device)
      * process.fading.power(device: device, block: block, interval: interval, k: ricianFactor(device))
  }

  /// Finds the row.
  public func copyRow(device: Int, into row: UnsafeMutableBufferPointer<Double>) {
    let largeScale = largeScaleGain(device)
    process.fading.copyRow(device: device, interval: interval, into: row, k: ricianFactor(device))
    for block in 0..<blockCount { row[block] = largeScale * row[block] }
  }

  private func largeScaleGain(_ device: Int) -> Double {
    largeScale?[device] ?? process.largeScaleGain(device: device, interval: interval)
  }

  private func ricianFactor(_ device: Int) -> Double? { process.ricianFactor(device: device, interval: interval) }
}
