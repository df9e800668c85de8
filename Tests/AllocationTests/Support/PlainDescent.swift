import Foundation
import Units
import Wireless

@testable import Allocation

/// Alg. 3 written down once more, for a few devices: powers by the closed form, options by trying all, matchings by
/// going through them all. Ideal radios, one clock, a deadline of one step.
struct PlainDescent {
  let problem: Problem
  /// The power that P1 is replaced by.
  var fixedPower: Double?
  /// The bits that P2 is replaced by.
  var fixedBits: Int?
  /// The device on every block that P3 is replaced by.
  var fixedDevices: [Int?]?
  var byValue = false

  /// U of every pass; nil where two matchings were equally good, so that either may be taken.
  func objectives(from start: [Int]) -> [Double]? {
    let terms = problem.devices
    var block = start
    var bits = terms.map { _ in fixedBits ?? 32 }
    var objectives: [Double] = []
    while objectives.count < 50 {
      let powers = terms.indices.map { power($0, block[$0], bits[$0]) }
      bits = terms.indices.map { best($0, block[$0], powers[$0]) }
      guard let matched = pairs(powers, bits) else { return nil }
      var objective = 0.0
      for (device, place) in matched {
        block[device] = place
        if let energy = energy(device, place, powers[device], bits[device]) {
          objective += byValue ? max(0, value(device, bits[device], energy)) : value(device, bits[device], energy)
        }
      }
      objectives.append(objective)
      let before = objectives.dropLast().last ?? .infinity
      if abs(objective - before) <= 1e-6 * max(1, abs(objective)) { break }
    }
    return objectives
  }

  /// The devices that meet the deadline on the blocks where they start, after the first P1 and P2, and their energy there.
  func candidates(from start: [Int]) -> (count: Int, energy: Double) {
    let energies = problem.devices.indices.compactMap { device -> Double? in
      let power = power(device, start[device], fixedBits ?? 32)
      return energy(device, start[device], power, best(device, start[device], power))
    }
    return (energies.count, energies.reduce(0, +))
  }

  private func left(_ device: Int) -> Double {
    let terms = problem.devices[device]
    return problem.deadline.value - terms.computeTime.value - terms.serverTime.value
  }

  private func payload(_ bits: Int) -> Double { RandomProblem.elements * Double(bits) }

  private func power(_ device: Int, _ block: Int, _ bits: Int) -> Double {
    let terms = problem.devices[device]
    let (low, high) = (terms.powerMin.value, terms.powerMax.value)
    if let fixedPower { return min(max(fixedPower, low), high) }
    guard left(device) > 0 else { return high }
    let gain = problem.gains.gain(device: device, block: block) / RandomProblem.noise.value
    let required = (pow(2, payload(bits) / (RandomProblem.bandwidth.value * left(device))) - 1) / gain
    return required <= high ? max(low, required) : high
  }

  /// E_n, nil where the deadline is missed.
  func energy(_ device: Int, _ block: Int, _ power: Double, _ bits: Int) -> Double? {
    let gain = problem.gains.gain(device: device, block: block) / RandomProblem.noise.value
    let time = payload(bits) / (RandomProblem.bandwidth.value * log2(1 + gain * power))
    return time <= left(device) * (1 + 1e-9) ? problem.devices[device].computeEnergy.value + power * time : nil
  }

  func value(_ device: Int, _ bits: Int, _ energy: Double) -> Double {
    problem.devices[device].dataShare * log2(1 + Double(bits)) / energy
  }

  private func best(_ device: Int, _ block: Int, _ power: Double) -> Int {
    if let fixedBits { return fixedBits }
    let timely = (4...32).compactMap { bits in
      energy(device, block, power, bits).map { (bits, value(device, bits, $0)) }
    }
    return timely.max { $0.1 < $1.1 }?.0 ?? 4
  }

  private func pairs(_ power: [Double], _ bits: [Int]) -> [(Int, Int)]? {
    if let fixedDevices {
      return fixedDevices.enumerated().compactMap { block, device in device.map { ($0, block) } }
    }
    let costs = Self.injections(devices: problem.devices.count, blocks: problem.blockCount).map { pairs in
      let cost = pairs.reduce(0.0) { sum, pair in
        guard let energy = energy(pair.0, pair.1, power[pair.0], bits[pair.0]) else { return sum + (byValue ? 0 : 1e5) }
        return sum + (byValue ? -value(pair.0, bits[pair.0], energy) : energy)
      }
      return (pairs, cost)
    }.sorted { $0.1 < $1.1 }
    guard costs.count == 1 || costs[1].1 - costs[0].1 > 1e-9 * abs(costs[0].1) else { return nil }
    return costs[0].0
  }

  /// Every way to give each block a device of its own, or each device a block where those are fewer.
  static func injections(devices: Int, blocks: Int) -> [[(Int, Int)]] {
    func choose(_ count: Int, of many: Int) -> [[Int]] {
      guard count > 0 else { return [[]] }
      return choose(count - 1, of: many).flatMap { head in
        (0..<many).filter { !head.contains($0) }.map { head + [$0] }
      }
    }
    if devices < blocks {
      return choose(devices, of: blocks).map { $0.enumerated().map { ($0.offset, $0.element) } }
    }
    return choose(blocks, of: devices).map { $0.enumerated().map { ($0.element, $0.offset) } }
  }
}
