import Allocation
import Randomness
import Units
import Wireless

/// A cell of the paper's defaults, of any size: the devices of a run, and new gains every round.
struct PaperCell {
  let terms: [DeviceConstants]
  let channel: Channel
  private let uplink: Uplink

  init(devices: Int, blocks: Int, seed: Seed) {
    var stream = seed.stream(.deviceAttribute)
    let fleet = Fleet(
      (0..<devices).map { _ in
        Device(
          distance: Meters(stream.uniform(low: 50, high: 1000)), clock: Hertz(stream.uniform(low: 1e9, high: 1.5e9)),
          cores: Double(stream.integer(in: 4...6)), flopsPerCycle: 1, kappa: WattsPerCubicHertz(1e-29),
          powerMin: Watts(0.1), powerMax: Watts(stream.uniform(low: 0.5, high: 2)),
          samples: stream.integer(in: 400...500))
      })
    let server = Server(
      clock: Hertz(3e9), cores: Double(stream.integer(in: 2560...5120)),
      flopsPerCycle: Double(stream.integer(in: 1...2)))
    uplink = Uplink(
      blocks: blocks, blockBandwidth: Hertz(20e6), noiseDensity: WattsPerHertz(Decibel.ratio(-174) * 1e-3),
      pathLoss: .macro3GPP, fading: .rayleigh)
    channel = Channel(uplink: uplink, fleet: fleet, seed: seed)
    let serverTime = StepCost.serverTime(work: Self.serverWork, speed: server.speed(blocks: blocks))
    terms = fleet.indices.map { index in
      let device = fleet[index]
      let time = StepCost.computeTime(work: Self.deviceWork, speed: device.speed)
      return DeviceConstants(
        dataShare: Double(device.samples) / fleet.totalSamples, powerMin: device.powerMin, powerMax: device.powerMax,
        computeTime: time, computeEnergy: StepCost.computeEnergy(kappa: device.kappa, clock: device.clock, time: time),
        serverTime: serverTime)
    }
  }

  /// The problem of a round with these gains.
  func problem(gains: any GainSource, deadline: Double) -> Problem {
    Problem(
      devices: terms, levels: Self.levels, bandwidth: uplink.blockBandwidth, noise: uplink.noise,
      deadline: Seconds(deadline), objective: .ratio, gains: gains)
  }

  /// How gains are drawn.
  enum Gains: String, CaseIterable {
    case rayleigh
    /// A device's mean over its blocks, times an exponential of the block: all devices order the blocks alike.
    case product
  }

  /// A round's gains, in memory.
  func gains(_ kind: Gains, round: Int, seed: Seed) -> GainMatrix {
    var gains = channel.generatedGains(round: round).stored()
    guard kind == .product else { return gains }
    var stream = seed.stream(.fading, round)
    let factors = (0..<gains.blockCount).map { _ in stream.exponential() }
    for device in 0..<gains.deviceCount {
      let mean = gains.row(device: device).reduce(0, +) / Double(gains.blockCount)
      for (block, factor) in factors.enumerated() { gains[device, block] = mean * factor }
    }
    return gains
  }

  /// How the model comes down before a round's first step.
  enum ModelDownload: String, CaseIterable {
    /// To all at once, over every block, at the rate of who hears worst.
    case broadcast
    /// To each on its own block.
    case unicast
  }

  /// What each participant receives from 46 dBm over the whole band with 9 dB of noise figure, its receiver on at 0.3 W: the
  /// gradient of each step's activations, in 32 bits, on its own block, and the model.
  func receptions(
    of allocation: Allocation, model: ModelDownload, gains: any GainSource
  ) -> [(gradient: (time: Seconds, energy: Joules), model: (time: Seconds, energy: Joules))] {
    func rate(_ gain: Double) -> BitsPerSecond {
      StepCost.rate(
        bandwidth: uplink.blockBandwidth, gain: gain, power: Watts(Decibel.ratio(46) * 1e-3 / Double(uplink.blocks)),
        noise: uplink.noise * Decibel.ratio(9))
    }
    func received(_ bits: Double, _ rate: BitsPerSecond) -> (time: Seconds, energy: Joules) {
      let time = Bits(bits) / rate
      return (time, Watts(0.3) * time)
    }
    let worst = allocation.assignments.map { assignment in
      gains.row(device: assignment.device).reduce(BitsPerSecond.zero) { $0 + rate($1) }
    }.min()
    return allocation.assignments.map { assignment in
      let own = rate(gains.gain(device: assignment.device, block: assignment.block))
      return (
        received(32 * Self.elements, own), received(Self.projection, model == .broadcast ? worst ?? own : own)
      )
    }
  }

  /// Bits of the patch projection, which a device trains.
  static let projection = 32.0 * 768 * (3 * 32 * 32 + 1)

  /// ViT-B/32, 64 samples, forward and backward: the embedding on the device, the rest on the server.
  private static let deviceWork = Flops(29_595_009_024)
  private static let serverWork = Flops(1_632_577_486_464)
  /// Bits a level: 64 samples × 49 patches × 768.
  static let elements = 2_408_448.0
  static let levels = (4...32).map { QuantizationLevel(bits: $0, payload: Bits(elements * Double($0))) }
}
