import CFading
import Randomness
import Testing
import Units
import Wireless

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// What a gain in time is: the same whoever looks, from wherever, on every processor.
@Suite("Fading in time, found by name")
struct FadingProcessTests {
  private static let doppler = Hertz(10)
  static let processes: [(name: String, process: FadingProcess)] = [
    ("Clarke", make(.rayleigh, .clarke(doppler: doppler))),
    ("Clarke with a line of sight", make(.rician(k: PowerRatio(4)), .clarke(doppler: doppler))),
    ("Clarke of 13 rays", make(.rayleigh, .clarke(doppler: doppler, step: Seconds(0.004), rays: 13))),
    ("block Rayleigh", make(.rayleigh, .block(interval: Seconds(0.05)))),
    ("block Nakagami", make(.nakagami(m: 2), .block(interval: Seconds(0.05)))),
    ("per round", make(.rician(k: PowerRatio(4)), .perRound)),
    ("none", make(.none, .clarke(doppler: doppler))),
  ]

  private static func make(_ fading: Fading, _ motion: FadingMotion, blocks: Int = 6) -> FadingProcess {
    FadingProcess(fading: fading, motion: motion, blocks: blocks, seed: Seed(5, repetition: 2))
  }

  private func powers(_ process: FadingProcess, device: Int = 3, block: Int = 2, from index: Int, count: Int)
    -> [Double]
  {
    [Double](unsafeUninitializedCapacity: count) { buffer, initialized in
      process.powers(
        device: device, block: block, from: index, into: .init(rebasing: buffer[0..<count]))
      initialized = count
    }
  }

  @Test("an interval has the same power, to the bit, alone, in a row, and wherever a scan begins", arguments: processes)
  func found(_ name: String, _ process: FadingProcess) {
    let first = 1_000_000_037
    let long = powers(process, from: first, count: 300)
    for (start, count) in [(0, 1), (1, 5), (20, 90), (63, 2), (27, 200), (130, 17)] {
      #expect(powers(process, from: first + start, count: count) == Array(long[start..<start + count]))
    }
    var row = Array(repeating: 0.0, count: 6)
    for item in [0, 26, 27, 58, 59, 299] {
      #expect(process.power(device: 3, block: 2, interval: first + item) == long[item])
      row.withUnsafeMutableBufferPointer { process.copyRow(device: 3, interval: first + item, into: $0) }
      #expect(row[2] == long[item])
      #expect(row == (0..<6).map { process.power(device: 3, block: $0, interval: first + item) })
      #expect(row.allSatisfy { $0 >= 0 && $0 <= process.upperBound })
    }
    if process.fading != .none {
      #expect(Set(row).count == 6, "blocks are independent")
      #expect(powers(process, device: 4, from: first, count: 1) != [long[0]])
    }
  }

  @Test("without motion the powers are those that a round of the channel has")
  func perRound() {
    let uplink = Uplink(blocks: 6, fading: .rician(k: PowerRatio(4)))
    let fleet = Fleet(Array(repeating: Device.paperLike, count: 5))
    let channel = Channel(uplink: uplink, fleet: fleet, seed: Seed(5, repetition: 2))
    let process = Self.make(.rician(k: PowerRatio(4)), .perRound)
    for round in 1...3 {
      for block in 0..<6 {
        let power = process.power(device: 4, block: block, interval: round)
        #expect(channel.gains(round: round).gain(device: 4, block: block) == channel.largeScaleGains[4] * power)
      }
    }
  }

  @Test("both variants of the kernel give the same bits")
  func variants() throws {
    let plain = try #require(fading_kernels_plain()).pointee
    guard let wide = fading_kernels_avx2()?.pointee else { return }
    let values: [Double] = (0..<64).map { (item: Int) -> Double in 1.4e8 * Double(item) - 3e9 + Double(item) / 91 }
    func circle(_ kernels: fading_kernels) -> [Double] {
      var (cosines, sines) = (values, values)
      kernels.circle(values, values.count, &cosines, &sines)
      return cosines + sines
    }
    #expect(circle(plain) == circle(wide))
    let count = 13
    let turns: [Double] = (0..<16).map { (ray: Int) -> Double in ray <= count ? Double(ray * ray % 11) / 173 - 0.02 : 0
    }
    let table: [Double] = (0..<32 * (count + 1)).map { (item: Int) -> Double in
      turns[item / 32] * (Double(item % 32) + 0.5)
    }
    var (cosines, sines) = (table, table)
    plain.circle(table, table.count, &cosines, &sines)
    let phases = (0..<UInt8(7 * count)).map { $0 &* 37 }
    let phasors: [Double] = (0..<512).map { (item: Int) -> Double in Double(item * 7 % 512) / 512 }
    func all(_ kernels: fading_kernels) -> [Double] {
      var powers = Array(repeating: 0.0, count: 64 + 20 + 7)
      phases.withUnsafeBufferPointer { phases in
        turns.withUnsafeBufferPointer { turns in
          cosines.withUnsafeBufferPointer { cosines in
            sines.withUnsafeBufferPointer { sines in
              var rays = fading_rays(
                terms: count, turns: turns.baseAddress, cosines: cosines.baseAddress, sines: sines.baseAddress)
              var link = fading_link(phases: phases.baseAddress, scattered: 0.3, direct: 0.4)
              powers.withUnsafeMutableBufferPointer {
                let first = $0.baseAddress!
                kernels.powers(&rays, &link, phasors, 77, 0, 64, first)
                kernels.powers(&rays, &link, phasors, 78, 29, 20, first + 64)
                kernels.row(&rays, &link, phasors, 79, 5, count, 7, first + 84)
              }
            }
          }
        }
      }
      return powers
    }
    #expect(all(plain) == all(wide))
  }

  @Test("sines and cosines of turns are those of the system to 1e-15, near and far")
  func circle() throws {
    let plain = try #require(fading_kernels_plain()).pointee
    var turns: [Double] = (0..<4096).map { (item: Int) -> Double in Double(item - 2048) / 1021 }
    turns += (0..<8).map { (item: Int) -> Double in Double(item) / 8 + 0x1p40 }
    var (cosines, sines) = (turns, turns)
    plain.circle(turns, turns.count, &cosines, &sines)
    for (index, turn) in turns.enumerated() {
      let rest = turn - turn.rounded()
      #expect(abs(cosines[index] - cos(2 * Double.pi * rest)) < 2e-15)
      #expect(abs(sines[index] - sin(2 * Double.pi * rest)) < 2e-15)
    }
  }

  @Test("a device's own K takes the place of the law's, and its phases stay")
  func ownK() {
    let rayleigh = Self.make(.rayleigh, .clarke(doppler: Self.doppler))
    let rician = Self.make(.rician(k: PowerRatio(4)), .clarke(doppler: Self.doppler))
    for index in [0, 5, 900] {
      #expect(
        rician.power(device: 1, block: 0, interval: index, k: 0)
          == rayleigh.power(device: 1, block: 0, interval: index))
      #expect(
        rayleigh.power(device: 1, block: 0, interval: index, k: 4)
          == rician.power(device: 1, block: 0, interval: index))
      #expect(abs(rician.power(device: 1, block: 0, interval: index, k: 1e12) - 1) < 1e-4)
    }
    #expect(abs(rayleigh.upperBound(k: 0) - 32) < 1e-6)
    #expect(rayleigh.upperBound(k: 1.0 / 32) <= 33 + 1e-6)
  }

  @Test("indices beyond all time and a step of many turns are no trap")
  func extremes() {
    let fast = Self.make(.rayleigh, .clarke(doppler: Hertz(1e9), step: Seconds(1e3)))
    for (_, process) in Self.processes + [("fast", fast)] {
      if case .perRound = process.motion { continue }
      for index in [0, -5, 1 << 32, Int.max - 70] {
        let values = powers(process, from: index, count: 70)
        #expect(values.allSatisfy { $0 >= 0 && $0 <= process.upperBound })
      }
    }
  }
}

extension Device {
  /// A device at 200 m.
  fileprivate static var paperLike: Device {
    Device(
      distance: Meters(200), clock: Hertz(1e9), cores: 4, flopsPerCycle: 1, kappa: WattsPerCubicHertz(1e-29),
      powerMin: Watts(0.1), powerMax: Watts(1), samples: 400)
  }
}
