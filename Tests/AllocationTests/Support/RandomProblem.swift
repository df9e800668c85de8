import Foundation
import TestSupport
import Units
import Wireless

@testable import Allocation

/// Enough randomness for tests, the same on every machine.
struct TestRandom: RandomNumberGenerator {
  private var generator: SplitMix

  init(_ seed: Int) {
    generator = SplitMix(state: UInt64(truncatingIfNeeded: seed) &* 0xD134_2543_DE82_EF95 &+ 1)
  }

  mutating func next() -> UInt64 { generator.next() }

  mutating func uniform(_ low: Double, _ high: Double) -> Double { Double.random(in: low..<high, using: &self) }

  mutating func integer(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &self) }
}

/// The paper's defaults, a few devices and blocks, drawn from a seed; every field may be changed before ``problem``.
struct RandomProblem {
  var devices: [DeviceConstants]
  var gains: GainMatrix
  var levels: [QuantizationLevel]
  var cuts = [CutOption()]
  var clockScales = [1.0]
  var deadline = Seconds(5)
  var objective = Objective.ratio

  static let bandwidth = Hertz(20e6)
  static let noise = Watts(7.962143411069971e-14)
  static let elements = 2_408_448.0

  init(devices n: Int, blocks: Int, seed: Int, fading: Bool = true) {
    var random = TestRandom(seed)
    let samples = (0..<n).map { _ in Double(random.integer(400...500)) }
    let total = samples.reduce(0, +)
    let server = Seconds(1_632_577_486_464 / (3e9 * Double(random.integer(2560...5120))))
    var values: [Double] = []
    devices = []
    for device in 0..<n {
      let clock = random.uniform(1e9, 1.5e9)
      let time = Seconds(29_595_009_024 / (clock * Double(random.integer(4...6))))
      devices.append(
        DeviceConstants(
          dataShare: samples[device] / total, powerMin: Watts(0.1), powerMax: Watts(random.uniform(0.5, 2)),
          computeTime: time, computeEnergy: Joules(1e-29 * clock * clock * clock * time.value), serverTime: server))
      let distance = random.uniform(0.05, 1)
      let mean = Decibel.ratio(-(128.1 + 37.6 * log10(distance)))
      for _ in 0..<blocks { values.append(fading ? mean * -log(1 - random.uniform(0, 1)) : mean) }
    }
    gains = GainMatrix(deviceCount: n, blockCount: blocks, values: values)
    levels = Self.linearLevels(4...32)
  }

  static func linearLevels(_ bits: ClosedRange<Int>) -> [QuantizationLevel] {
    bits.map { QuantizationLevel(bits: $0, payload: Bits(elements * Double($0))) }
  }

  /// Gives devices a choice of so many cuts, the deeper with more work on the device, less at the server, and, as in a
  /// convolutional network, less to send; some of them worse than others in all.
  mutating func chooseCuts(_ count: Int, seed: Int) {
    var random = TestRandom(seed &+ 31)
    let first = levels
    for index in 1..<count {
      let depth = Double(index) / Double(count)
      let share = random.integer(0...3) == 0 ? 1.1 : 1 - random.uniform(0, 0.9) * depth
      cuts.append(
        CutOption(
          name: "cut-\(index)", deviceWork: 1 + random.uniform(0, 0.6) * depth,
          addedServerTime: devices[0].serverTime * (-0.8 * depth), memory: Bits(8e6 * depth)))
      levels += first.map { QuantizationLevel(bits: $0.bits, payload: $0.payload * share, cut: index) }
    }
    cuts[0].name = "cut-0"
  }

  var problem: Problem {
    Problem(
      devices: devices, levels: levels, cuts: cuts, clockScales: clockScales, bandwidth: Self.bandwidth,
      noise: Self.noise,
      deadline: deadline, objective: objective, gains: gains)
  }
}
