import Testing
import Units

@testable import Wireless

@Suite("What a block carries")
struct LinkTests {
  static let links: [Link] =
    [.ideal, .shannon(gap: PowerRatio(2), cap: .infinity), .shannon(gap: PowerRatio(2), cap: 7.4)]
    + ModulationCodingTable.allCases.map { .modulationCoding(ModulationCoding(table: $0)) }
    + [.modulationCoding(ModulationCoding(targetErrorRate: 0.3, harq: HARQ(maxTransmissions: 1, combining: .none)))]

  @Test("Shannon's bound is Eq. (12), to the bit; a gap divides the ratio, and a cap ends it")
  func shannon() {
    let bandwidth = Hertz(20e6)
    for snr in [0, 1e-9, 0.3, 7, 1e5] {
      let bound = StepCost.rate(bandwidth: bandwidth, gain: snr, power: Watts(1), noise: Watts(1))
      #expect(Link.ideal.rate(bandwidth: bandwidth, snr: snr) == bound)
    }
    // log2(1 + 6/2) = 2, and log2(1 + 30/2) = 4.
    let link = Link.shannon(gap: PowerRatio(2), cap: 3)
    #expect(abs(link.efficiency(snr: 6) - 2) < 1e-15)
    #expect(link.efficiency(snr: 30) == 3)
    // 2 (2^3 − 1) = 14.
    #expect(abs(link.leastSignalToNoise(efficiency: 3) - 14) < 1e-12)
    #expect(link.leastSignalToNoise(efficiency: 3.001) == .infinity)
  }

  @Test("never carries less at a larger ratio, and the least ratio for what it carries carries it", arguments: links)
  func monotone(_ link: Link) {
    var before = 0.0
    for decibels in stride(from: -30.0, through: 60, by: 0.01) {
      let snr = Decibel.ratio(decibels)
      let efficiency = link.efficiency(snr: snr)
      #expect(efficiency >= before)
      before = efficiency
      guard efficiency > 0 else { continue }
      let least = link.leastSignalToNoise(efficiency: efficiency)
      #expect(least <= snr * (1 + 1e-8), "\(link), \(decibels) dB")
      #expect(link.efficiency(snr: least) >= efficiency * (1 - 2e-9), "\(link), \(decibels) dB")
    }
    #expect(before <= link.largestEfficiency)
    for odd in [0, -1, Double.nan, -Double.infinity] { #expect(!(link.efficiency(snr: odd) > 0), "\(link), \(odd)") }
  }

  @Test("the tables are those of TS 38.214: a few rows of each by hand, and every curve is known")
  func tables() {
    func row(_ table: ModulationCodingTable, _ index: Int) -> [Double] {
      let scheme = table.schemes[index]
      return [Double(scheme.index), Double(scheme.order), scheme.rate, (scheme.efficiency * 1e4).rounded() / 1e4]
    }
    #expect(ModulationCodingTable.allCases.map(\.schemes.count) == [29, 28, 29])
    // Spectral efficiencies as the tables print them.
    #expect(row(.qam64, 0) == [0, 2, 120, 0.2344])
    #expect(row(.qam64, 16) == [16, 4, 658, 2.5703])
    #expect(row(.qam64, 17) == [17, 6, 438, 2.5664])
    #expect(row(.qam64, 18) == [18, 6, 466, 2.7305])
    #expect(row(.qam64, 28) == [28, 6, 948, 5.5547])
    #expect(row(.qam256, 4) == [4, 2, 602, 1.1758])
    #expect(row(.qam256, 20) == [20, 8, 682.5, 5.3320])
    #expect(row(.qam256, 26) == [26, 8, 916.5, 7.1602])
    #expect(row(.qam256, 27) == [27, 8, 948, 7.4063])
    #expect(row(.qam64LowRate, 0) == [0, 2, 30, 0.0586])
    #expect(row(.qam64LowRate, 15) == [15, 4, 340, 1.3281])
    #expect(row(.qam64LowRate, 28) == [28, 6, 772, 4.5234])
    for table in ModulationCodingTable.allCases {
      for scheme in table.schemes {
        #expect(BlockErrorCurve.curve(order: scheme.order, rate: scheme.rate) != nil, "\(table) \(scheme)")
      }
    }
  }

  @Test("a lower bound belongs to its index, below the lowest there is no link, and 16QAM goes before 64QAM's 438/1024")
  func bounds() throws {
    for table in ModulationCodingTable.allCases {
      let coding = ModulationCoding(table: table)
      for (place, step) in coding.steps.enumerated() {
        #expect(coding.step(snr: step.snr) == step)
        #expect(coding.step(snr: step.snr * (1 - 1e-8)) == (place > 0 ? coding.steps[place - 1] : nil))
        #expect(abs(step.curve.errorRate(snr: step.snr) - 0.1) < 1e-12)
      }
      #expect(
        zip(coding.steps, coding.steps.dropFirst()).allSatisfy { $0.snr < $1.snr && $0.efficiency < $1.efficiency })
    }
    #expect(!ModulationCoding().steps.contains { $0.scheme.index == 17 })
    #expect(ModulationCoding().steps.count == 28)
  }

  @Test("the curves are those that were simulated")
  func curves() throws {
    // Sionna SYS 2.2.0, PDSCH tables 1 to 3, blocks of 2,000 bits: SNR in dB and share of failures, the neighbours on
    // the grid having nearly all and nearly none. The last number is the index in table 1 or 2.
    let points: [(table: ModulationCodingTable, index: Int, snr: Double, error: Double)] = [
      (.qam64, 6, 0.35714, 0.20917), (.qam64, 10, 2.89474, 0.95333), (.qam64, 13, 6.05263, 0.10467),
      (.qam64, 17, 9.21053, 0.06567), (.qam64, 22, 13.94737, 0.01800), (.qam64, 24, 15.52632, 0.10267),
      (.qam64, 27, 18.21429, 0.257), (.qam256, 20, 18.68421, 0.07533), (.qam256, 22, 20.26316, 0.038),
      (.qam256, 27, 25, 0.15033),
    ]
    /// Root mean square of the distance in dB between where a curve has a share of failures and where Sionna has it.
    func distance(shift: Int) -> Double {
      let squares = points.map { point -> Double in
        let schemes = point.table.schemes
        let scheme = schemes[min(point.index + shift, schemes.count - 1)]
        let curve = BlockErrorCurve.curve(order: scheme.order, rate: scheme.rate)
        let miss = Decibel.of(curve?.snr(errorRate: point.error) ?? 0) - point.snr
        return miss * miss
      }
      return (squares.reduce(0, +) / Double(squares.count)).squareRoot()
    }
    #expect(distance(shift: 0) < 0.15)
    #expect(distance(shift: 1) > 0.5)
    #expect(distance(shift: -1) > 0.5)
  }

  @Test("power control is the best of a grid of powers over every link", arguments: links)
  func power(_ link: Link) throws {
    for (payload, circuits) in [(1e6, 0.0), (2e7, 0), (2e7, 0.4), (9e7, 0.1), (1.4e8, 0)] {
      for gain in [0.05, 0.7, 9, 130, 4e4] {
        let control = PowerControl(
          payload: Bits(payload), time: Seconds(1), bandwidth: Hertz(20e6), normalizedGain: gain, powerMin: Watts(0.1),
          powerMax: Watts(2), circuitPower: Watts(circuits), amplifierEfficiency: 0.5, link: link)
        func energy(_ power: Double) -> Double? {
          let rate = link.rate(bandwidth: Hertz(20e6), snr: gain * power).value
          guard rate > 0, payload / rate <= 1 + 1e-9 else { return nil }
          return (power / 0.5 + circuits) * payload / rate
        }
        let grid = (0...2000).compactMap { energy(0.1 + 1.9 * Double($0) / 2000) }.min()
        let best = control.bestPower
        #expect((best == nil) == (grid == nil), "\(link), \(payload) bit, \(gain) /W")
        guard let best, let grid else { continue }
        let least = try #require(energy(best.value))
        #expect(least <= grid * (1 + 1e-9), "\(link), \(payload) bit, \(gain) /W: \(least), \(grid)")
        #expect(least >= grid * 0.98)
        let iterated = control.successiveConvex()
        #expect(iterated.isFeasible && abs(iterated.power.value - best.value) <= 1e-9 * best.value, "\(link)")
        let required = try #require(control.leastPower)
        #expect(required <= best)
      }
    }
  }
}
