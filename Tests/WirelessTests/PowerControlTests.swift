import Randomness
import Testing
import Units
import Wireless

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

@Suite("Power control")
struct PowerControlTests {
  /// S = 4 bits on each of 2,408,448 activations, B = 20 MHz, h = 2.8604433102635663e-13, N0 = 7.962143411069971e-14 W:
  /// tau = 5 − 3.973841095305872 − 0.09952313377615216 s gives p_req = (2^(S/(B tau)) − 1) N0/h = 0.12074488472561 W.
  private let reference = PowerControl(
    payload: Bits(9_633_792), time: Seconds(0.9266357709179763), bandwidth: Hertz(20e6),
    normalizedGain: 2.8604433102635663e-13 / 7.962143411069971e-14, powerMin: Watts(0.1), powerMax: Watts(2))

  @Test("the least power meets the deadline exactly")
  func leastPower() throws {
    let power = try #require(reference.leastPower)
    #expect(abs(power.value / 0.12074488472561012 - 1) < 1e-12)
    let rate = StepCost.rate(
      bandwidth: reference.bandwidth, gain: reference.normalizedGain, power: power, noise: Watts(1))
    #expect(abs(StepCost.uplinkTime(payload: reference.payload, rate: rate) / reference.time - 1) < 1e-12)
    #expect(reference.bestPower == power)
  }

  @Test("the least power is never below p_min, and a power above p_max is none")
  func limits() {
    var control = reference
    control.powerMin = Watts(0.5)
    #expect(control.leastPower == Watts(0.5))
    control.powerMin = Watts(0.01)
    control.powerMax = Watts(0.12)
    #expect(control.leastPower == nil)
    #expect(!control.successiveConvex().isFeasible)
    control.powerMax = reference.requiredPower * (1 - 1e-10)
    #expect(control.leastPower == control.powerMax)
    control.time = .infinity
    #expect(control.leastPower == Watts(0.01))
  }

  @Test("no time, no gain and a payload beyond all powers are infeasible, without a trap")
  func infeasible() {
    for change: (inout PowerControl) -> Void in [
      { $0.time = .zero }, { $0.time = Seconds(-1) }, { $0.normalizedGain = 0 }, { $0.payload = Bits(1e300) },
      { $0.normalizedGain = .leastNonzeroMagnitude }, { $0.payload = .infinity },
    ] {
      var control = reference
      change(&control)
      #expect(control.leastPower == nil)
      #expect(control.bestPower == nil)
      #expect(!control.successiveConvex().isFeasible)
    }
  }

  private func random(_ stream: inout RandomStream, powerMin: Double? = nil) -> PowerControl {
    PowerControl(
      payload: Bits(2_408_448 * Double(stream.integer(in: 1...32))), time: Seconds(stream.uniform(low: 0.01, high: 5)),
      bandwidth: Hertz(20e6), normalizedGain: pow(10, stream.uniform(low: -2, high: 6)),
      powerMin: Watts(powerMin ?? stream.uniform(low: 0.01, high: 0.3)),
      powerMax: Watts(stream.uniform(low: 0.5, high: 2)))
  }

  @Test("successive convex approximation equals the closed form", arguments: [nil, 0, 1e-6] as [Double?])
  func successiveConvexEqualsClosedForm(powerMin: Double?) {
    var stream = Seed(25).stream(.deviceAttribute)
    var feasible = 0
    for draw in 0..<4000 {
      let control = random(&stream, powerMin: powerMin)
      let iterated = control.successiveConvex()
      #expect(iterated.isFeasible == (control.leastPower != nil), "draw \(draw): \(control)")
      #expect(iterated.iterations <= 60, "draw \(draw): \(control)")
      guard let power = control.leastPower, iterated.isFeasible else { continue }
      feasible += 1
      // Where no least power binds, p may be far below 1 mW, and 1e-12 of 1 mW is where Alg. 1 stops.
      let bound = 1e-12 * max(power.value, powerMin == nil ? 0 : 1e-3)
      #expect(abs(iterated.power.value - power.value) <= bound, "draw \(draw): \(control)")
    }
    #expect(feasible > 2000)
  }

  /// eta P_c g = 1 makes W0(0) = 0, z = e: p = (e − 1)/g.
  @Test("the stationary power at unit circuit gain is (e − 1)/g")
  func stationaryPower() {
    var control = reference
    control.normalizedGain = 20
    control.circuitPower = Watts(0.1)
    control.amplifierEfficiency = 0.5
    #expect(abs(control.stationaryPower.value - (M_E - 1) / 20) < 1e-15)
    control.circuitPower = .zero
    #expect(control.stationaryPower == .zero)
  }

  @Test("at the stationary power the energy's slope is 0, as halving finds it")
  func stationaryPowerByRoot() throws {
    var stream = Seed(26).stream(.deviceAttribute)
    for draw in 0..<200 {
      var control = random(&stream)
      control.circuitPower = Watts(stream.uniform(low: 0.01, high: 1))
      control.amplifierEfficiency = stream.uniform(low: 0.2, high: 1)
      let g = control.normalizedGain
      // d ln E / dp · (p/eta + P_c) = 1/eta − (p/eta + P_c) g/((1 + g p) ln(1 + g p))
      func slope(_ power: Double) -> Double {
        let drawn = power / control.amplifierEfficiency + control.circuitPower.value
        return 1 / control.amplifierEfficiency - drawn * g / ((1 + g * power) * log1p(g * power))
      }
      var (low, high) = (1e-9, 1e6)
      for _ in 0..<200 {
        let middle = (low * high).squareRoot()
        if slope(middle) < 0 { low = middle } else { high = middle }
      }
      #expect(abs(control.stationaryPower.value / low - 1) < 1e-9, "draw \(draw): \(control)")
    }
  }

  @Test("no power within the limits that meets the deadline takes less energy than the best")
  func bestPowerIsBest() {
    var stream = Seed(27).stream(.deviceAttribute)
    for draw in 0..<500 {
      var control = random(&stream)
      control.circuitPower = Watts(stream.uniform(low: 0, high: 2))
      control.amplifierEfficiency = stream.uniform(low: 0.2, high: 1)
      guard let best = control.bestPower else { continue }
      func energy(_ power: Watts) -> Double {
        let rate = StepCost.rate(
          bandwidth: control.bandwidth, gain: control.normalizedGain, power: power, noise: Watts(1))
        let time = StepCost.uplinkTime(payload: control.payload, rate: rate)
        guard time <= control.time * (1 + 1e-9) else { return .infinity }
        return StepCost.uplinkEnergy(
          power: power, time: time, circuitPower: control.circuitPower,
          amplifierEfficiency: control.amplifierEfficiency
        ).value
      }
      let least = energy(best)
      #expect(least.isFinite)
      for step in 0...100 {
        let power = control.powerMin + (control.powerMax - control.powerMin) * (Double(step) / 100)
        #expect(energy(power) >= least * (1 - 1e-12), "draw \(draw), \(power): \(control)")
      }
      #expect(abs(control.successiveConvex().power.value / best.value - 1) < 1e-12, "draw \(draw)")
    }
  }
}
