import Randomness
import Testing
import Units
import Wireless

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Gains at an instant, and how long data takes over gains that move.
@Suite("The channel as a function of time")
struct ChannelProcessTests {
  private static func uplink(_ fading: Fading, _ motion: FadingMotion) -> Uplink {
    var uplink = Uplink(blocks: 4, shadowing: Decibels(6), fading: fading)
    uplink.fadingMotion = motion
    return uplink
  }
  private static let motions: [(Fading, FadingMotion)] = [
    (.rayleigh, .clarke(doppler: Hertz(5))), (.rician(k: PowerRatio(2)), .clarke(doppler: Hertz(300))),
    (.nakagami(m: 0.7), .block(interval: Seconds(0.02))),
  ]

  private static func channel(_ uplink: Uplink, distances: [Double] = [50, 200, 600, 1000]) -> ChannelProcess {
    let fleet = Fleet(
      distances.map {
        Device(
          distance: Meters($0), clock: Hertz(1e9), cores: 4, flopsPerCycle: 1, kappa: WattsPerCubicHertz(1e-29),
          powerMin: Watts(0.1), powerMax: Watts(1), samples: 400)
      })
    return ChannelProcess(uplink: uplink, fleet: fleet, seed: Seed(9))
  }

  @Test("all gains of an instant are those of its pairs, in memory and where looked at", arguments: motions)
  func gains(fading: Fading, motion: FadingMotion) {
    let channel = Self.channel(Self.uplink(fading, motion))
    for time in [0, 1.23456, 1e6, 1e300].map({ Seconds($0) }) {
      let gains = channel.gains(at: time)
      for device in 0..<4 {
        for block in 0..<4 {
          #expect(gains.gain(device: device, block: block) == channel.gain(device: device, block: block, at: time))
        }
        #expect(gains.rowMaximum(device: device) == gains.row(device: device).max())
        #expect(gains.rowMaximum(device: device) <= gains.upperBound(device: device))
      }
    }
  }

  @Test("whether a row reaches a gain is what its maximum says, in cells of few blocks and of many", arguments: motions)
  func reaches(fading: Fading, motion: FadingMotion) {
    for blocks in [1, 4, 8, 9, 40] {
      var uplink = Self.uplink(fading, motion)
      uplink.blocks = blocks
      let gains = Self.channel(uplink).gains(at: Seconds(3.21))
      for device in 0..<4 {
        let row = gains.row(device: device)
        for gain in row.flatMap({ [$0, $0.nextUp] }) {
          #expect(gains.reaches(gain, device: device) == row.contains { $0 >= gain })
        }
      }
    }
  }

  /// Interval by interval with the gain at its middle: what ``ChannelProcess/time`` finds group by group.
  private func slowly(
    _ channel: ChannelProcess, _ uplink: Uplink, _ data: Bits, _ device: Int, _ blocks: Range<Int>, _ power: Watts,
    from start: Seconds
  ) -> Double {
    var (left, now) = (data.value, start.value)
    let interval = channel.interval.value
    var index = Int(now / interval)
    while true {
      let end = Double(index + 1) * interval
      let rate = blocks.reduce(0) {
        let gain = channel.gain(device: device, block: $1, at: Seconds((Double(index) + 0.5) * interval))
        return $0 + uplink.blockBandwidth.value * log2(1 + gain * power.value / uplink.noise.value)
      }
      if rate * (end - now) >= left { return now + left / rate - start.value }
      left -= rate * (end - now)
      (now, index) = (end, index + 1)
    }
  }

  @Test("data ends where its bits do, as found interval by interval", arguments: motions)
  func ends(fading: Fading, motion: FadingMotion) throws {
    let uplink = Self.uplink(fading, motion)
    let channel = Self.channel(uplink)
    for device in 0..<4 {
      for (data, start, blocks) in [(3e6, 0.0, 1..<2), (4e7, 2.7182, 0..<1), (8e7, 100.01, 0..<4), (10, 3.3, 2..<3)] {
        let expected = slowly(channel, uplink, Bits(data), device, blocks, Watts(0.5), from: Seconds(start))
        let time = try #require(
          channel.time(
            sending: Bits(data), device: device, blocks: blocks, power: Watts(0.5), from: Seconds(start),
            limit: Seconds(1e6)))
        #expect(abs(time.value - expected) <= 1e-9 * max(expected, 1e-6))
        let barely = channel.time(
          sending: Bits(data), device: device, blocks: blocks, power: Watts(0.5), from: Seconds(start),
          limit: time * 0.999)
        #expect(barely == nil)
      }
    }
  }

  @Test("more power never takes longer, and what begins earlier is not overtaken")
  func monotone() throws {
    let channel = Self.channel(Self.uplink(.rayleigh, .clarke(doppler: Hertz(20))))
    func time(_ power: Double, _ start: Double) throws -> Double {
      try #require(
        channel.time(
          sending: Bits(3e7), device: 2, blocks: 1..<2, power: Watts(power), from: Seconds(start), limit: Seconds(1e5))
      ).value
    }
    for start in stride(from: 0.0, to: 1, by: 0.0137) {
      #expect(try time(0.2, start) > time(0.21, start))
      #expect(try start + time(0.2, start) < start + 0.0137 + time(0.2, start + 0.0137))
    }
  }

  @Test("a Doppler shift of a megahertz and a transmission of years end, at the mean rate")
  func long() throws {
    let uplink = Self.uplink(.rayleigh, .clarke(doppler: Hertz(1e6)))
    let channel = Self.channel(uplink, distances: [300])
    let short = try #require(
      channel.time(
        sending: Bits(3e6), device: 0, blocks: 0..<1, power: Watts(1), from: .zero, limit: Seconds(1e9)))
    let long = try #require(
      channel.time(
        sending: Bits(3e10), device: 0, blocks: 0..<1, power: Watts(1), from: .zero, limit: Seconds(1e9)))
    #expect(abs(long.value / short.value / 1e4 - 1) < 0.02)
  }

  @Test("no gain, no power, no blocks and no time carry nothing; no data takes none")
  func nothing() {
    let channel = Self.channel(Self.uplink(.rayleigh, .clarke(doppler: Hertz(20))))
    func time(_ data: Double, _ power: Double, _ blocks: Range<Int>, _ limit: Double) -> Seconds? {
      channel.time(
        sending: Bits(data), device: 0, blocks: blocks, power: Watts(power), from: Seconds(1e12), limit: Seconds(limit))
    }
    #expect(time(1e6, 0, 0..<1, .infinity) == nil)
    #expect(time(1e6, 1, 0..<0, 1e9) == nil)
    #expect(time(1e6, 1, 0..<1, -1) == nil)
    #expect(time(1e300, 1, 0..<1, 1e9) == nil)
    #expect(time(0, 1, 0..<1, 1) == .zero)
    #expect(time(1e-300, 1, 0..<1, 1) != nil)
    let still = Self.channel(Self.uplink(.rayleigh, .perRound))
    #expect(still.isStatic)
    #expect(
      still.time(sending: Bits(1e6), device: 0, blocks: 0..<1, power: Watts(1), from: .zero, limit: .infinity) != nil)
  }
}
