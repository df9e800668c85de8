extension BadScenario {
  private static func scenario(_ battery: String) -> String {
    """
    schema: 1
    name: bad
    devices: {count: 2, battery: \(battery)}
    server: {}
    uplink: {}
    model: {}
    """
  }

  /// Batteries.
  static let battery: [BadScenario] = [
    BadScenario(
      "battery-key", scenario("{capacty: 3 J}"),
      """
      battery-key.yaml:3:31: error: devices.battery.capacty: there is no such key; the keys here are capacity, charge, \
      idle_power, reserve, charging; did you mean 'capacity'?
      """),
    BadScenario(
      "battery-unit", scenario("{capacity: 3000 mAh}"),
      """
      battery-unit.yaml:3:41: error: devices.battery.capacity: '3000 mAh' has the unit 'mAh'; use J, mJ, uJ, kJ, MJ, Wh
      """),
    BadScenario(
      "battery-charge", scenario("{charge: 1.5}"),
      """
      battery-charge.yaml:3:39: error: devices.battery.charge: '1.5' is out of range; it may be from 0 to 1
      """),
    BadScenario(
      "battery-charging", scenario("{charging: {power: 5 W, on: {normal: {mean: 3 s, sd: 1 s}}}}"),
      """
      battery-charging.yaml:3:58: error: devices.battery.charging.on: the law of a span is a plain value, uniform, \
      exponential or choice: what is left of others at the beginning is not known
      """),
    BadScenario(
      "battery-word", scenario("big"),
      """
      battery-word.yaml:3:30: error: devices.battery: 'big' is not a mapping; write 'key: value' lines below it, or '{}' for \
      the defaults
      """),
  ]
}
