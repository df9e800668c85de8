import Randomness
import Testing
import Units
import Wireless

@Suite("Retransmissions")
struct HARQTests {
  /// Half of the blocks fail at 3 dB; x10 is chosen so: ln(9)/k above.
  private let curve = BlockErrorCurve(tenth: 3 + 2.1972245773362196 / 2, slope: 2)

  @Test("the mean number of transmissions is the closed form")
  func closedForm() {
    let snr = Decibel.ratio(3)
    let alone = HARQ(maxTransmissions: 4, combining: .none)
    // Without combining every attempt fails with 1/2, whoever counts them: 1/(1 − 1/2) = 2.
    #expect(abs(alone.meanTransmissions(snr: snr, curve: curve) - 2) < 1e-12)
    // Chase, two attempts: the second hears 3 dB more and fails with 1/(1 + exp(2 · 3.0103)) = 0.0024223. A block takes
    // (1 + 0.5)/(1 − 0.5 · 0.0024223) = 1.5018189.
    let pair = HARQ(maxTransmissions: 2, combining: .chase)
    #expect(abs(pair.meanTransmissions(snr: snr, curve: curve) - 1.5018189) < 1e-6)
    #expect(alone.meanTransmissions(snr: 0, curve: curve) == .infinity)
    #expect(alone.meanTransmissions(snr: 1e300, curve: curve) == 1)
  }

  /// Four thousand payloads of 30 blocks: mean and standard error of transmissions per block.
  private func draw(_ harq: HARQ, snr: Double) -> (mean: Double, error: Double) {
    var stream = Seed(3).stream(.harq)
    let count = 4_000
    let draws = (0..<count).map { _ in harq.transmissions(of: Bits(60_000), snr: snr, curve: curve, from: &stream) }
    let mean = draws.reduce(0, +) / Double(count)
    let variance = draws.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(count - 1)
    return (mean, (variance / Double(count)).squareRoot())
  }

  @Test("drawn transmissions have that mean, and neither that of other combining nor of one attempt more or less")
  func drawn() {
    for combining in HARQ.Combining.allCases {
      for most in [1, 2, 3] {
        let harq = HARQ(maxTransmissions: most, combining: combining)
        let snr = Decibel.ratio(combining == .chase ? 0 : 3)
        let (mean, error) = draw(harq, snr: snr)
        #expect(abs(mean - harq.meanTransmissions(snr: snr, curve: curve)) < 3.5 * error, "\(harq)")
        guard combining == .chase, most > 1 else { continue }
        for other in [HARQ(maxTransmissions: most, combining: .none), HARQ(maxTransmissions: most - 1)] {
          #expect(abs(mean - other.meanTransmissions(snr: snr, curve: curve)) > 10 * error, "\(harq), \(other)")
        }
      }
    }
  }

  @Test(
    "over a link, throughput and joules per block are the plan's at a lower bound; a table off by one is caught"
  )
  func throughput() throws {
    let coding = ModulationCoding(table: .qam64)
    let link = Link.modulationCoding(coding)
    let bandwidth = Hertz(20e6)
    for step in coding.steps where step.scheme.index % 5 == 3 {
      var stream = Seed(8).stream(.harq, step.scheme.index)
      let payload = Bits(2e7)
      var air = 0.0
      let count = 400
      for _ in 0..<count {
        let times = link.transmissions(of: payload, snr: step.snr, from: &stream)
        // Every transmission of a block takes its bits over Q_m R_m B (1 − overhead).
        air += times * payload.value / (bandwidth.value * step.scheme.efficiency * 0.86)
      }
      let throughput = payload.value * Double(count) / air
      let planned = link.rate(bandwidth: bandwidth, snr: step.snr).value
      // The share of failures is 0.1 in 10,000 blocks, 400 times: its error is 0.3/sqrt(4e6) = 1.5e-4.
      #expect(abs(throughput / planned - 1) < 6e-4, "\(step.scheme)")
      let place = try #require(coding.steps.firstIndex(of: step))
      for other in [place - 1, place + 1] where coding.steps.indices.contains(other) {
        #expect(abs(throughput / (bandwidth.value * coding.steps[other].efficiency) - 1) > 0.02)
      }
      // At 0.5 W a delivered block of 2,000 bits costs 0.5 W times its air time.
      let energy = 0.5 * air / (Double(count) * 10_000)
      #expect(abs(energy / (0.5 * 2000 / planned) - 1) < 6e-4)
      #expect(abs(step.transmissions - (1 + 0.1 + 0.1 * step.curve.errorRate(snr: 2 * step.snr))) < 1e-3)
    }
  }

  @Test("above a lower bound fewer blocks fail than planned, Shannon's link has none, and odd payloads end")
  func edges() throws {
    let link = Link.modulationCoding(ModulationCoding())
    let step = try #require(ModulationCoding().steps.last)
    var stream = Seed(1).stream(.harq)
    #expect(link.relativeAirTime(of: Bits(1e8), snr: step.snr * 2, from: &stream) < 0.95)
    #expect(link.relativeAirTime(of: .zero, snr: step.snr, from: &stream) < 1)
    #expect(Link.ideal.relativeAirTime(of: Bits(1e8), snr: 3, from: &stream) == 1)
    #expect(link.transmissions(of: Bits(1e8), snr: 0, from: &stream) == 1)
    for payload in [1, 1e300, Double.infinity] {
      let times = link.transmissions(of: Bits(payload), snr: step.snr, from: &stream)
      #expect(times >= 1 && times < 10)
    }
    let eager = Link.modulationCoding(ModulationCoding(targetErrorRate: 0.9, harq: HARQ(maxTransmissions: 1)))
    #expect(abs(eager.transmissions(of: Bits(2e7), snr: 0.5, from: &stream) - eager.plannedTransmissions(snr: 0.5)) < 9)
  }
}
