import Randomness
import Scenario
import Units
import Wireless

extension Fleet {
  /// Draws every device's attributes, each from a stream of its own, so that adding an attribute or a device changes
  /// no other draw.
  ///
  /// - Throws: ``SimulationError`` where a device's least power exceeds its largest, or a value cannot be drawn.
  init(drawing scenario: Scenario, seed: Seed) throws {
    let population = scenario.devices
    self.init(capacity: population.count)
    for group in population.groups {
      for item in 0..<group.count {
        append(try Device(drawing: group, item: item, index: count, seed: seed))
      }
    }
    for index in 0..<count where self[index].powerMin > self[index].powerMax {
      let key = scenario.places["devices.power_min"] == nil ? "devices.power_max" : "devices.power_min"
      throw SimulationError(
        scenario, at: key,
        "device \(index) drew power_min \(self[index].powerMin) above its power_max \(self[index].powerMax); "
          + "choose ranges that do not overlap")
    }
  }
}

/// The attributes that are drawn. The raw value is part of a stream's key: never reuse or renumber one.
private enum Attribute: Int {
  case distance = 0, clock, cores, flopsPerCycle, kappa, powerMin, powerMax, samples, circuitPower, amplifierEfficiency,
    receivePower, memory, adapterRank
}

extension Device {
  /// Draws the device `index` of the fleet, the `item`-th of its group. What a distribution gives beyond the limits of a
  /// device is redrawn.
  fileprivate init(drawing group: Scenario.DeviceGroup, item: Int, index: Int, seed: Seed) throws {
    func draw(_ attribute: Attribute, _ distribution: Distribution, _ range: ClosedRange<Double>) throws -> Double {
      if case .constant(let value) = distribution { return value }
      if case .each(let values) = distribution, values.indices.contains(item) { return values[item] }
      var stream = seed.stream(.deviceAttribute, index, attribute.rawValue)
      do {
        return try distribution.draw(index: item, from: &stream, within: range)
      } catch {
        throw SimulationError("device \(index): \(attribute): \(error.reason)")
      }
    }
    func draw(_ attribute: Attribute, _ distribution: Distribution, _ range: ClosedRange<Int>) throws -> Double {
      try draw(attribute, distribution, Double(range.lowerBound)...Double(range.upperBound))
    }
    self.init(
      distance: try group.distance.map { Meters(try draw(.distance, $0, DeviceLimits.distance)) },
      clock: Hertz(try draw(.clock, group.clock, DeviceLimits.clock)),
      cores: try draw(.cores, group.cores, DeviceLimits.cores),
      flopsPerCycle: try draw(.flopsPerCycle, group.flopsPerCycle, DeviceLimits.flopsPerCycle),
      kappa: WattsPerCubicHertz(try draw(.kappa, group.kappa, DeviceLimits.kappa)),
      powerMin: Watts(try draw(.powerMin, group.powerMin, DeviceLimits.power)),
      powerMax: Watts(try draw(.powerMax, group.powerMax, DeviceLimits.power)),
      samples: Int(try draw(.samples, group.samples, DeviceLimits.samples)),
      circuitPower: Watts(try draw(.circuitPower, group.circuitPower, DeviceLimits.circuitPower)),
      amplifierEfficiency: try draw(
        .amplifierEfficiency, group.amplifierEfficiency, DeviceLimits.amplifierEfficiency),
      receivePower: Watts(try draw(.receivePower, group.receivePower, DeviceLimits.circuitPower)),
      memory: try group.memory.map { Bits(try draw(.memory, $0, DeviceLimits.memory)) } ?? .infinity,
      adapterRank: try group.adapterRank.map { Int(try draw(.adapterRank, $0, DeviceLimits.adapterRank)) })
  }
}

extension Server {
  /// Draws the server of a run.
  init(drawing model: Scenario.ServerModel, seed: Seed) throws {
    func draw(
      _ attribute: Int, _ name: String, _ distribution: Distribution, _ range: ClosedRange<Double>
    ) throws -> Double {
      if case .constant(let value) = distribution { return value }
      var stream = seed.stream(.serverAttribute, attribute)
      do {
        return try distribution.draw(index: 0, from: &stream, within: range)
      } catch {
        throw SimulationError("server.\(name): \(error.reason)")
      }
    }
    let cores = Double(DeviceLimits.cores.lowerBound)...Double(DeviceLimits.cores.upperBound)
    self.init(
      clock: Hertz(try draw(0, "clock", model.clock, DeviceLimits.clock)),
      cores: try draw(1, "cores", model.cores, cores),
      flopsPerCycle: try draw(2, "flops_per_cycle", model.flopsPerCycle, DeviceLimits.flopsPerCycle),
      sharing: model.sharing, power: model.power, idlePower: model.idlePower ?? .zero)
  }
}
