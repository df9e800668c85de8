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
    let given = devices.declare(key, summary, default: "null")
    let isGiven = given.map { !$0.isNull } ?? false
    let isDocumented = devices.reading.purpose == .documenting
    guard isGiven || given == nil && population.battery != nil || isDocumented else {
      population.battery = nil
      devices.note(key, .scalar(.null))
      return devices.omit(key, if: true)
    }
    var own = population.battery ?? BatteryLaw()
    let count = population.count
    let power = NumberKind.quantity(Watt.self, in: BatteryLaw.powers)
    devices.whole(key, devices.section(key, isGiven ? given : nil)) { section in
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
      charging(section, &own, count: count)
    }
    if !isDocumented { population.battery = own }
    if let given, own.charging == nil, let most = own.charge.support?.upperBound, most < own.reserve {
      devices.reading.log.warning(
        at: given.position, path: devices.path(key),
        "charge, \(most) or less, is below reserve, \(own.reserve), and nothing charges: no device can ever be chosen")
    }
  }

  private static func charging(_ battery: Section, _ law: inout BatteryLaw, count: Int) {
    let key = "charging"
    let given = battery.declare(
      key, "when batteries charge, {power, on, off}: chargers come and go; never unless given", default: "null")
    let isGiven = given.map { !$0.isNull } ?? false
    let isDocumented = battery.reading.purpose == .documenting
    guard isGiven || given == nil && law.charging != nil || isDocumented else {
      law.charging = nil
      return battery.note(key, .scalar(.null))
    }
    var own = law.charging ?? BatteryLaw.Charging()
    battery.whole(key, battery.section(key, isGiven ? given : nil)) { section in
      section.distribution(
        "power", "what a charger brings in", .quantity(Watt.self, in: BatteryLaw.powers), &own.power, count: count)
      spans(section, "a charger is there", &own.on, &own.off)
    }
    if !isDocumented { law.charging = own }
  }
}
