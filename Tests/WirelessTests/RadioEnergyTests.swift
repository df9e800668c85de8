import CElementary
import Randomness
import Testing
import Units
import Wireless

@Suite("What a radio draws by TR 38.840")
struct RadioEnergyTests {
  private func drawn(_ dBm: Double, unit: Double = 1e-3) -> Double {
    RadioEnergy.tr38840(unit: Watts(unit)).drawnPower(
      radiating: Watts(elementary_pow(10, dBm / 10) * 1e-3), circuitPower: .zero, amplifierEfficiency: 1
    ).value
  }

  /// 250 + 450 × 10/23 = 445.652 units at 10 dBm; 33 dBm is ten times 23 dBm.
  @Test("is 250 units at 0 dBm and 700 at 23 dBm, a line over dBm in between, a constant below, in proportion above")
  func values() {
    for (dBm, units) in [(-30.0, 250.0), (0, 250), (10, 445.6521739130435), (11.5, 475), (23, 700), (33, 7000)] {
      #expect(abs(drawn(dBm) / (units * 1e-3) - 1) < 1e-12, "\(dBm) dBm: \(drawn(dBm)) W")
      #expect(abs(drawn(dBm, unit: 2e-3) / drawn(dBm) - 2) < 1e-12)
    }
    let levels = stride(from: -10.0, through: 40, by: 0.01).map { drawn($0) }
    #expect(zip(levels, levels.dropFirst()).allSatisfy { $1 >= $0 * (1 - 1e-15) })
  }

  @Test("asleep is in the cheapest state that a gap is long enough for")
  func sleep() {
    let sleep = RadioSleep(unit: Watts(2))
    for (span, units) in [
      (0.0, 0.0), (0.001, 0.045), (0.005, 0.225), (0.006, 0.22), (0.019, 0.48), (0.02, 0.47), (1, 1.45), (100, 100.45),
    ] {
      #expect(abs(sleep.energy(of: Seconds(span)).value - 2 * units) < 1e-12, "\(span) s")
    }
  }

  @Test("receiving takes 300 units, whatever the circuits' power")
  func receiving() {
    #expect(RadioEnergy.tr38840(unit: Watts(2e-3)).receivePower(circuitPower: Watts(9)) == Watts(0.6))
    #expect(RadioEnergy.amplifier.receivePower(circuitPower: Watts(9)) == Watts(9))
  }

  private func random(_ stream: inout RandomStream, _ link: Link) -> PowerControl {
    func decibels(_ low: Double, _ high: Double) -> Double {
      elementary_pow(10, stream.uniform(low: low, high: high) / 10)
    }
    return PowerControl(
      payload: Bits(2_408_448 * Double(stream.integer(in: 1...32))), time: Seconds(stream.uniform(low: 0.01, high: 30)),
      bandwidth: Hertz(20e6), normalizedGain: decibels(0, 60), powerMin: Watts(decibels(-10, 20) * 1e-3),
      powerMax: Watts(decibels(21, 33) * 1e-3), radio: .tr38840(unit: Watts(1e-3)), link: link)
  }

  private func energy(_ control: PowerControl, _ power: Watts) -> Double {
    let rate = control.link.rate(bandwidth: control.bandwidth, snr: control.normalizedGain * power.value)
    guard control.payload.value <= rate.value * control.time.value * (1 + 1e-9) else { return .infinity }
    let drawn = control.radio.drawnPower(radiating: power, circuitPower: .zero, amplifierEfficiency: 1)
    return (drawn * StepCost.uplinkTime(payload: control.payload, rate: rate)).value
  }

  @Test(
    "no power on a fine grid takes less energy than the best, which often is another than the least",
    arguments: [.ideal, .shannon(gap: PowerRatio(2), cap: 4), .modulationCoding(ModulationCoding())] as [Link])
  func best(link: Link) throws {
    var stream = Seed(38_840).stream(.deviceAttribute)
    var (feasible, larger, atLeast, between, atLargest) = (0, 0, 0, 0, 0)
    for draw in 0..<400 {
      let control = random(&stream, link)
      guard let best = control.bestPower, let leastPower = control.leastPower else {
        #expect(control.bestPower == nil && control.leastPower == nil)
        continue
      }
      feasible += 1
      let least = energy(control, best)
      #expect(least.isFinite && best >= control.powerMin && best <= control.powerMax, "draw \(draw): \(control)")
      let span = elementary_log(control.powerMax / control.powerMin)
      for step in 0...200 {
        let power = min(control.powerMin * elementary_exp(span * Double(step) / 200), control.powerMax)
        #expect(energy(control, power) >= least * (1 - 1e-9), "draw \(draw), \(power): \(control)")
      }
      let iterated = control.successiveConvex()
      #expect(abs(iterated.power / best - 1) < 1e-9 && iterated.isFeasible, "draw \(draw): \(control)")
      if energy(control, leastPower) > least * 1.01 { larger += 1 }
      if abs(best.value / 1e-3 - 1) < 1e-12 { atLeast += 1 }
      if best > Watts(1.01e-3), best < Watts(0.19), best > leastPower { between += 1 }
      if abs(best / RadioEnergy.reportedPowers.largest - 1) < 1e-12 { atLargest += 1 }
    }
    // The law that the least power is best is wrong for many, and each of the other candidates is needed.
    #expect(feasible > 250 && larger > 20, "\(feasible) \(larger)")
    if link == .ideal {
      #expect(atLeast > 5 && atLargest > 20, "\(atLeast) \(atLargest)")
    } else {
      #expect(between > 5)
    }
  }
}
