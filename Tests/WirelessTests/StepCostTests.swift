import Testing
import Units
import Wireless

/// Figures of one device of a reference instance that an independent implementation worked out: f = 1081377552.8147116 Hz,
/// C = 6, D^F = 1, kappa = 1e-29, W_n = 29595009024 FLOP, p = 0.1 W, q = 11, h = 1.2914667911469338e-11.
@Suite("Cost of a step")
struct StepCostTests {
  private let device = Device(
    distance: Meters(500), clock: Hertz(1081377552.8147116), cores: 6, flopsPerCycle: 1,
    kappa: WattsPerCubicHertz(1e-29), powerMin: Watts(0.1), powerMax: Watts(1.9483200487337897), samples: 450)
  private let server = Server(clock: Hertz(3e9), cores: 2734, flopsPerCycle: 2)

  private func close(_ value: Double, _ expected: Double) -> Bool { abs(value / expected - 1) < 1e-13 }

  @Test("Eq. (9): computing takes the work over clock, cores and FLOP a cycle")
  func computeTime() {
    let time = StepCost.computeTime(work: Flops(29_595_009_024), speed: device.speed)
    #expect(close(time.value, 4.561313013351553))
  }

  @Test("Eq. (10): computing takes kappa f³ for its time")
  func computeEnergy() {
    let energy = StepCost.computeEnergy(
      kappa: device.kappa, clock: device.clock, time: Seconds(4.561313013351553))
    #expect(close(energy.value, 0.05767955842109421))
  }

  @Test("Eq. (11): the server takes its work over its speed, or K times that where K blocks share it")
  func serverTime() {
    let work = Flops(1_632_577_486_464)
    #expect(close(StepCost.serverTime(work: work, speed: server.speed(blocks: 4)).value, 0.09952313377615216))
    var shared = server
    shared.sharing = .equal
    #expect(close(StepCost.serverTime(work: work, speed: shared.speed(blocks: 4)).value, 4 * 0.09952313377615216))
  }

  @Test("Eq. (12), (14) and (15): rate, uplink time and uplink energy")
  func uplink() {
    let rate = StepCost.rate(
      bandwidth: Hertz(20e6), gain: 1.2914667911469338e-11, power: Watts(0.1), noise: Watts(7.962143411069971e-14))
    #expect(close(rate.value, 82120414.7975911))
    let time = StepCost.uplinkTime(payload: Bits(11 * 2_408_448), rate: rate)
    #expect(close(time.value, 0.3226107425942658))
    #expect(close(StepCost.uplinkEnergy(power: Watts(0.1), time: time).value, 0.032261074259426585))
    // (0.1 / 0.4 + 0.05) W for 2 s.
    let lossy = StepCost.uplinkEnergy(
      power: Watts(0.1), time: Seconds(2), circuitPower: Watts(0.05), amplifierEfficiency: 0.4)
    #expect(close(lossy.value, 0.6))
  }

  @Test("a rate keeps its precision at the smallest gains, and no gain means no rate and endless time")
  func smallGains() {
    let rate = StepCost.rate(bandwidth: Hertz(1), gain: 1e-30, power: Watts(1), noise: Watts(1e-10))
    #expect(close(rate.value, 1e-20 / 0.6931471805599453))
    let none = StepCost.rate(bandwidth: Hertz(1), gain: 0, power: Watts(1), noise: Watts(1e-10))
    #expect(none == .zero)
    #expect(StepCost.uplinkTime(payload: Bits(1), rate: none) == .infinity)
  }

  @Test("Eq. (16), (17) and (18): latency and energy add up")
  func sums() {
    let latency = StepCost.latency(
      compute: Seconds(4.561313013351553), server: Seconds(0.09952313377615216), uplink: Seconds(0.3226107425942658))
    #expect(close(latency.value, 4.9834468897219715))
    let energy = StepCost.energy(compute: Joules(0.05767955842109421), uplink: Joules(0.032261074259426585))
    #expect(close(energy.value, 0.0899406326805208))
    // The three participants of the instance's optimum.
    let round = StepCost.roundEnergy([energy, Joules(0.24320455895797803), Joules(0.48603809720381375)])
    #expect(abs(round.value - (0.0899406326805208 + 0.24320455895797803 + 0.48603809720381375)) < 1e-15)
    #expect(StepCost.roundEnergy([]) == .zero)
  }

  /// −174 dBm/Hz over 20 MHz: 10^(−17.4) mW/Hz · 2e7 Hz = 7.962143411069971e-14 W; a noise figure of 2 doubles it.
  @Test("noise in a block is density times bandwidth times noise figure")
  func noise() {
    var uplink = Uplink(
      blocks: 1, blockBandwidth: Hertz(20e6), noiseDensity: WattsPerHertz(3.9810717055349853e-21),
      pathLoss: .macro3GPP, fading: .none)
    #expect(close(uplink.noise.value, 7.962143411069971e-14))
    uplink.noiseFigure = PowerRatio(2)
    #expect(close(uplink.noise.value, 2 * 7.962143411069971e-14))
  }
}
