import Network
import Randomness
import Units

/// The key `devices.battery`.
extension ScenarioReader {
  /// What batteries devices have; a scenario in which energy never runs out resolves without it.
  static func battery(_ devices: Section, _ population: inout Scenario.Population) {
    let key = "battery"
    let summary =
      "batteries, {capacity, charge, idle_power, reserve, charging}: who is below the reserve cannot be chosen, who runs empty "
      + "leaves; energy never runs out unless given"
    let count = population.count
    let power = NumberKind.quantity(Watt.self, in: BatteryLaw.powers)
    let given = devices.optional(key, summary, &population.battery, standard: BatteryLaw()) { section, own in
      section.distribution(
        "capacity", "what a battery holds", .quantity(Joule.self, in: BatteryLaw.capacities), &own.capacity,
        count: count)
      section.distribution(
        "charge", "the share of it that is in it when the run begins", .quantity(One.self, in: 0...1), &own.charge,
        count: count)
      section.distribution(
        "idle_power", "what a device draws whether it works or not; its work comes on top", power, &own.idlePower,
        count: count)
      section.number(
        "reserve", "the share of its capacity below which a device cannot be chosen", .quantity(One.self, in: 0...1),
        &own.reserve)
      section.optional(
        "charging", "when batteries charge, {power, on, off}: chargers come and go; never unless given", &own.charging,
        standard: BatteryLaw.Charging(), isOmitted: false
      ) { section, charging in
        section.distribution("power", "what a charger brings in", power, &charging.power, count: count)
        spans(section, "a charger is there", &charging.on, &charging.off)
      }
    }
    if let given, let own = population.battery, own.charging == nil, let most = own.charge.support?.upperBound,
      most < own.reserve
    {
      devices.reading.log.warning(
        at: given.position, path: devices.path(key),
        "charge, \(most) or less, is below reserve, \(own.reserve), and nothing charges: no device can ever be chosen")
    }
  }
}
