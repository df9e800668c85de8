extension BadScenario {
  private static func scenario(_ jitter: String) -> String {
    """
    schema: 1
    name: bad
    devices: {count: 2, jitter: \(jitter)}
    server: {}
    uplink: {}
    model: {}
    """
  }

  /// How much computing varies.
  static let jitter: [BadScenario] = [
    BadScenario(
      "jitter-word", scenario("0.2"),
      """
      jitter-word.yaml:3:29: error: devices.jitter: '0.2' is not a mapping; write 'key: value' lines below it, or '{}' for the \
      defaults
      """),
    BadScenario(
      "jitter-law", scenario("{normal: {cv: 0.2}}"),
      """
      jitter-law.yaml:3:30: error: devices.jitter.normal: there is no such key; the keys here are lognormal, per; did you mean \
      'lognormal'?
      """),
    BadScenario(
      "jitter-cv", scenario("{lognormal: {cv: 0}, per: device}"),
      """
      jitter-cv.yaml:3:46: error: devices.jitter.lognormal.cv: '0' is out of range; it may be from 1e-06 to 10
      jitter-cv.yaml:3:55: error: devices.jitter.per: 'device' is not one of step, round
      """),
    BadScenario(
      "jitter-clairvoyant", scenario("{}") + "\noptimum: clairvoyant",
      """
      jitter-clairvoyant.yaml:7:10: error: optimum: 'clairvoyant' knows no computing that varies; leave devices.jitter out
      """),
  ]
}
