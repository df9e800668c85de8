import Units

extension ChannelProcess {
  /// How long `data` takes where a block carries something else than Shannon's bound, or neighbours are heard on it: from change to
  /// change of the gain and of the interference, in the mean over retransmissions; `nil` beyond `limit`.
  func linkedTime(
    sending data: Bits, device: Int, blocks: Range<Int>, power: Watts, from start: Seconds, limit: Seconds
  ) -> Seconds? {
    guard data > .zero else { return limit >= .zero ? .zero : nil }
    let length = FadingProcess.groupLength
    return withUnsafeTemporaryAllocation(of: Double.self, capacity: length * blocks.count) { gains in
      var (left, now, index) = (data.value, start.value, index(of: start))
      var first: Int?
      while now - start.value <= limit.value {
        if first.map({ index - $0 >= length }) ?? true {
          first = index
          for (place, block) in blocks.enumerated() {
            let group = gains[place * length..<(place + 1) * length]
            fillGains(device: device, block: block, from: index, into: UnsafeMutableBufferPointer(rebasing: group))
          }
        }
        let end = interval.value * Double(index + 1)
        var (rate, next) = (0.0, end)
        for (place, block) in blocks.enumerated() {
          var heard = noise
          if let state = interference?.power(block: block, at: Seconds(now)) {
            heard += state.power
            if state.until.value > now { next = min(next, state.until.value) }
          }
          let snr = gains[place * length + index - (first ?? index)] / heard.value * power.value
          rate += link.rate(bandwidth: bandwidth, snr: snr).value
        }
        next = max(next, now)
        let carried = rate > 0 ? rate * (next - now) : 0
        if left <= carried {
          let total = now - start.value + left / rate
          return total <= limit.value ? Seconds(total) : nil
        }
        guard next.isFinite else { return nil }
        left -= carried
        if next >= end { index += 1 }
        now = next
      }
      return nil
    }
  }
}
