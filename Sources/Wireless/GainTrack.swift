import Units

/// The gains of one pair over time, each found once: for who looks at the same stretch of time again and again.
public final class GainTrack {
  private let channel: ChannelProcess
  private let device: Int
  private let block: Int
  private let scratch: UnsafeMutableBufferPointer<Double>
  /// Groups of intervals from ``origin`` on; empty where not found yet.
  private var groups: [[Double]] = []
  private let origin: Int

  /// Groups that are kept: 8 million gains, 64 MB. Those of later times are found anew.
  private static let mostKept = 1 << 17

  /// The gains of a pair from the instant `start` on.
  public init(_ channel: ChannelProcess, device: Int, block: Int, from start: Seconds) {
    (self.channel, self.device, self.block) = (channel, device, block)
    origin = channel.index(of: start) / FadingProcess.groupLength
    scratch = .allocate(capacity: FadingProcess.groupLength)
    scratch.initialize(repeating: 0)
  }

  deinit { scratch.deallocate() }

  /// What ``ChannelProcess/time(sending:device:blocks:power:from:limit:)`` says of this pair's block.
  public func time(sending data: Bits, power: Watts, from start: Seconds, limit: Seconds) -> Seconds? {
    channel.time(sending: data, power: power, from: start, limit: limit) { index, count, pass in
      let (group, place) = index.quotientAndRemainder(dividingBy: FadingProcess.groupLength)
      let slot = group - origin
      guard slot >= 0, slot < GainTrack.mostKept else {
        fill(group, into: scratch)
        return pass(UnsafeBufferPointer(rebasing: scratch[place..<place + count]))
      }
      if slot >= groups.count {
        groups.append(contentsOf: repeatElement([], count: slot + 1 - groups.count))
      }
      if groups[slot].isEmpty {
        groups[slot] = [Double](unsafeUninitializedCapacity: FadingProcess.groupLength) { buffer, initialized in
          fill(group, into: .init(rebasing: buffer[..<FadingProcess.groupLength]))
          initialized = FadingProcess.groupLength
        }
      }
      return groups[slot].withUnsafeBufferPointer { pass(UnsafeBufferPointer(rebasing: $0[place..<place + count])) }
    }
  }

  private func fill(_ group: Int, into gains: UnsafeMutableBufferPointer<Double>) {
    channel.fillGains(device: device, block: block, from: group * FadingProcess.groupLength, into: gains)
  }
}
