import Randomness
import Testing
import Units

@testable import Wireless

@Suite("Interference of neighbouring cells")
struct InterferenceTests {
  /// A path loss of d^-4 from 1 m on, so that the mean gain over a disc has a closed form: an inversion maps the disc of radius r
  /// around a point at distance d onto one of radius r/(d² − r²), so the mean of |x|^-4 is 1/(d² − r²)².
  private let uplink = Uplink(
    blocks: 7,
    pathLoss: .logDistance(exponent: 4, referenceDistance: Meters(1), referenceLoss: PowerRatio(1)))
  private let neighbours = Interference(
    cells: 3, distance: Meters(400), load: 0.3, power: Watts(2), hold: Seconds(0.25))

  private func process(_ change: (inout Interference) -> Void = { _ in }) -> InterferenceProcess {
    var neighbours = neighbours
    change(&neighbours)
    return InterferenceProcess(neighbours, uplink: uplink, seed: Seed(17))
  }

  /// The slots of one cell on a block, from the first on.
  private func slots(_ process: InterferenceProcess, count: Int) -> [(power: Double, length: Double)] {
    var now = Seconds.zero
    return (0..<count).map { _ in
      let slot = process.slot(cell: 1, block: 3, at: now)
      now = slot.until
      return (slot.power.value, (slot.until - slot.since).value)
    }
  }

  @Test("the mean is Campbell's formula, by hand where the loss is a fourth power")
  func campbell() {
    // 3 × 0.3 × 2 W / (400² − 200²)² = 1.8 / 1.44e10 = 1.25e-10 W.
    #expect(abs(process().mean.value / 1.25e-10 - 1) < 1e-4)
    #expect(process().mean(block: 0) == process().mean(block: 6))
    var shadowed = uplink
    (shadowed.shadowing, shadowed.antennaGain) = (Decibels(6), PowerRatio(10))
    // exp((6 ln 10 / 10)² / 2) = 2.5973.
    let mean = InterferenceProcess(neighbours, uplink: shadowed, seed: Seed(17)).mean
    #expect(abs(mean.value / (1.25e-9 * 2.5973) - 1) < 1e-3)
  }

  @Test("a share of the slots is on the air, as large as the load and no other")
  func load() {
    let drawn = slots(process(), count: 40_000)
    // The error of a share of 0.3 in 40,000 is 0.0023.
    let share = Double(drawn.count { $0.power > 0 }) / Double(drawn.count)
    #expect(abs(share - 0.3) < 0.008)
    let time = drawn.reduce(0) { $0 + $1.length }
    let onTime = drawn.reduce(0) { $0 + ($1.power > 0 ? $1.length : 0) }
    #expect(abs(onTime / time - 0.3) < 0.012)
    #expect(abs(share - 0.33) > 0.015)
  }

  @Test("slots are exponential, on the air or not: mean, variance and tail; slots of one length are not")
  func hold() {
    for isOn in [true, false] {
      let lengths = slots(process(), count: 40_000).filter { ($0.power > 0) == isOn }.map(\.length)
      let count = Double(lengths.count)
      /// How far mean, mean square and tail beyond twice the mean are from those of an exponential of mean 0.25, in errors.
      func misses(_ lengths: [Double]) -> [Double] {
        let mean = lengths.reduce(0, +) / count
        let square = lengths.reduce(0) { $0 + $1 * $1 } / count
        let tail = Double(lengths.count { $0 > 0.5 }) / count
        // An exponential of mean 1 has a variance of 1, its square one of 24 − 4 = 20; e^-2 = 0.1353.
        return [
          abs(mean - 0.25) / (0.25 / count.squareRoot()), abs(square - 0.125) / (0.0625 * (20 / count).squareRoot()),
          abs(tail - 0.1353) / (0.342 / count.squareRoot()),
        ]
      }
      #expect(misses(lengths).allSatisfy { $0 < 3.5 }, "\(misses(lengths))")
      #expect(misses(lengths.map { _ in 0.25 }).contains { $0 > 20 })
      #expect(misses(lengths.map { $0 * 1.1 }).contains { $0 > 5 })
    }
  }

  @Test("the power over time has the formula's mean, and not that of another load or another loss over distance")
  func meanPower() {
    let process = process()
    let count = 30_000
    let powers = (0..<count).map { process.power(block: $0 % 7, at: Seconds(1.3 * Double($0))).power.value }
    let mean = powers.reduce(0, +) / Double(count)
    let variance = powers.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(count)
    let error = (variance / Double(count)).squareRoot()
    #expect(abs(mean - process.mean.value) < 3.5 * error, "\(mean), \(process.mean), \(error)")
    for other in [self.process { $0.load = 0.34 }, self.process { $0.distance = Meters(385) }] {
      #expect(abs(mean - other.mean.value) > 5 * error)
    }
    // Devices in the middles of their cells: 1.8 / 400^4.
    #expect(abs(mean - 1.8 / 2.56e10) > 5 * error)
  }

  @Test("what is at a time does not depend on who looks when, and lasts until it is said to")
  func byName() {
    let process = process()
    let times = (0..<500).map { Double(($0 * 7919) % 500) * 0.0371 }
    let looked = times.map { process.power(block: 2, at: Seconds($0)).power }
    for (time, power) in zip(times, looked).reversed() {
      let state = self.process().power(block: 2, at: Seconds(time))
      #expect(state.power == power && state.until.value > time)
      let last = Seconds(time + (state.until.value - time) * 0.999999)
      #expect(process.power(block: 2, at: last).power == power)
    }
    #expect(process.power(block: 2, at: .zero) != process.power(block: 3, at: .zero))
    #expect(Set(looked.map(\.value)).count > 20)
  }

  @Test("at the ends of time, without load and without neighbours it is still something")
  func edges() {
    for time in [0, 1e-300, 1e9, 1e18, 1e300, Double.infinity, -3, Double.nan] {
      let state = process().power(block: 0, at: Seconds(time))
      #expect(state.power.value >= 0 && state.power.isFinite)
    }
    #expect(process { $0.load = 0 }.power(block: 0, at: Seconds(1)).power == .zero)
    #expect(process { $0.cells = 0 }.power(block: 0, at: Seconds(1)).until.value == .infinity)
    #expect(process { $0.load = 1 }.slot(cell: 0, block: 0, at: Seconds(5)).power > .zero)
  }
}
