extension BadScenario {
  private static func scenario(_ devices: String) -> String {
    """
    schema: 1
    name: bad
    devices: {\(devices)}
    server: {}
    uplink: {}
    model: {}
    """
  }

  /// What radios draw.
  static let radioEnergy: [BadScenario] = [
    BadScenario(
      "radio-word", scenario("radio_energy: tr38.840"),
      """
      radio-word.yaml:3:25: error: devices.radio_energy: 'tr38.840' is not exactly one of amplifier, tr38840; did you mean \
      'tr38840'?
      """),
    BadScenario(
      "radio-unit", scenario("radio_energy: {tr38840: {unit: 0 W}}"),
      """
      radio-unit.yaml:3:42: error: devices.radio_energy.tr38840.unit: '0 W' is out of range; it may be from 1e-09 W to \
      1000 W
      """),
    BadScenario(
      "radio-amplifier", scenario("radio_energy: {amplifier: {unit: 1 mW}}"),
      """
      radio-amplifier.yaml:3:25: error: devices.radio_energy: 'amplifier' has no settings here; write 'radio_energy: \
      amplifier'
      """),
    BadScenario(
      "radio-both", scenario("radio_energy: tr38840, groups: [{count: 2}, {count: 1, circuit_power: 1 W}]"),
      """
      radio-both.yaml:3:25: error: devices.radio_energy: 'tr38840' says all that a radio draws; leave circuit_power out, or \
      say 'radio_energy: amplifier'
      """),
  ]
}
