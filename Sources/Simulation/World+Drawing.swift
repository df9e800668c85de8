import Randomness
import Scenario
import Units
import Wireless

extension Fleet {
  /// Draws every device's attributes, each from a stream of its own, so that adding an attribute or a device changes
  /// no other draw.
  ///
  /// - Throws: ``SimulationError`` where a device's least power exceeds its largest, or a value cannot be drawn.
  init(drawing population: Scenario.Population, seed: Seed) throws {
    switch population {
    case .listed(let devices):
      self.init(devices)
    case .groups(let groups):
      self.init(capacity: population.count)
      for group in groups {
        for _ in 0..<group.count { append(try Device(drawing: group, index: count, seed: seed)) }
      }
    }
    for index in 0..<count where self[index].powerMin > self[index].powerMax {
      throw SimulationError(
        "device \(index) drew power_min \(self[index].powerMin) above its power_max \(self[index].powerMax); "
          + "choose ranges that do not overlap")
    }
  }
}

/// The attributes that are drawn. The raw value is part of a stream's key: never reuse or renumber one.
private enum Attribute: Int {
  case distance = 0, clock, cores, flopsPerCycle, kappa, powerMin, powerMax, samples, circuitPower, amplifierEfficiency
}

extension Device {
  fileprivate init(drawing group: Scenario.DeviceGroup, index: Int, seed: Seed) throws {
    func draw(_ attribute: Attribute, _ distribution: Distribution, _ range: ClosedRange<Double>) throws -> Double {
      if case .constant(let value) = distribution { return value }
      var stream = seed.stream(.deviceAttribute, index, attribute.rawValue)
      do {
        return try distribution.draw(index: index, from: &stream, within: range)
      } catch {
        throw SimulationError("device \(index): \(attribute): \(error)")
      }
    }
    let positive = Double.leastNormalMagnitude...Double.greatestFiniteMagnitude
    let natural = 0...Double.greatestFiniteMagnitude
    self.init(
      distance: Meters(try draw(.distance, group.distance, positive)),
      clock: Hertz(try draw(.clock, group.clock, positive)),
      cores: try draw(.cores, group.cores, positive),
      flopsPerCycle: try draw(.flopsPerCycle, group.flopsPerCycle, positive),
      kappa: WattsPerCubicHertz(try draw(.kappa, group.kappa, natural)),
      powerMin: Watts(try draw(.powerMin, group.powerMin, natural)),
      powerMax: Watts(try draw(.powerMax, group.powerMax, positive)),
      samples: Int(try draw(.samples, group.samples, 1...1e9).rounded()),
      circuitPower: Watts(try draw(.circuitPower, group.circuitPower, natural)),
      amplifierEfficiency: try draw(.amplifierEfficiency, group.amplifierEfficiency, Double.leastNormalMagnitude...1))
  }
}

extension Server {
  /// Draws the server of a run.
  init(drawing model: Scenario.ServerModel, seed: Seed) throws {
    func draw(_ attribute: Int, _ name: String, _ distribution: Distribution) throws -> Double {
      if case .constant(let value) = distribution { return value }
      var stream = seed.stream(.serverAttribute, attribute)
      do {
        return try distribution.draw(
          index: 0, from: &stream, within: Double.leastNormalMagnitude...Double.greatestFiniteMagnitude)
      } catch {
        throw SimulationError("server.\(name): \(error)")
      }
    }
    self.init(
      clock: Hertz(try draw(0, "clock", model.clock)), cores: try draw(1, "cores", model.cores),
      flopsPerCycle: try draw(2, "flops_per_cycle", model.flopsPerCycle), sharing: model.sharing, power: model.power)
  }
}
