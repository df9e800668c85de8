extension BadScenario {
  private static func scenario(_ availability: String) -> String {
    """
    schema: 1
    name: bad
    devices: {count: 2, availability: \(availability)}
    server: {}
    uplink: {}
    model: {}
    """
  }

  /// When devices are there.
  static let availability: [BadScenario] = [
    BadScenario(
      "availability-key", scenario("{onn: 3 s}"),
      """
      availability-key.yaml:3:36: error: devices.availability.onn: there is no such key; the keys here are on, off; did you \
      mean 'on'?
      """),
    BadScenario(
      "availability-law", scenario("{on: {lognormal: {median: 3 s, sigma: 1}}}"),
      """
      availability-law.yaml:3:40: error: devices.availability.on: the law of a span is a plain value, uniform, exponential \
      or choice: what is left of others at the beginning is not known
      """),
    BadScenario(
      "availability-negative", scenario("{off: -1 s}"),
      """
      availability-negative.yaml:3:41: error: devices.availability.off: '-1 s' is out of range; it may be from 0.001 s to \
      1000000000 s
      """),
    BadScenario(
      "availability-word", scenario("often"),
      """
      availability-word.yaml:3:35: error: devices.availability: 'often' is not a mapping; write 'key: value' lines below it, \
      or '{}' for the defaults
      """),
    BadScenario(
      "availability-both", scenario("{file: none.csv, on: 3 s}"),
      """
      availability-both.yaml:3:42: error: the file 'none.csv' does not exist
      availability-both.yaml:3:52: error: devices.availability.on: there is no such key; the keys here are period, file
      """),
  ]
}
