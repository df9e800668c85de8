extension BadScenario {
  private static func scenario(_ mobility: String, uplink: String = "{}", devices: String = "{count: 2}") -> String {
    """
    schema: 1
    name: bad
    devices: \(devices)
    server: {}
    uplink: \(uplink)
    model: {}
    mobility: \(mobility)
    """
  }

  /// Movement, and what shadows and encloses devices.
  static let movement: [BadScenario] = [
    BadScenario(
      "mobility-unknown", scenario("{random-waipoint: {}}"),
      """
      mobility-unknown.yaml:7:11: error: mobility: 'random-waipoint' is not exactly one of static, random-waypoint, \
      gauss-markov, file; did you mean 'random-waypoint'?
      """),
    BadScenario(
      "mobility-two", scenario("{random-waypoint: {}, gauss-markov: {}}"),
      """
      mobility-two.yaml:7:11: error: mobility: a mapping is not exactly one of static, random-waypoint, gauss-markov, \
      file
      """),
    BadScenario(
      "mobility-word", scenario("gauss-markov"),
      """
      mobility-word.yaml:7:11: error: mobility: 'gauss-markov' has settings; write 'mobility: {gauss-markov: …}'
      """),
    BadScenario(
      "mobility-key", scenario("{gauss-markov: {sped: 1 m/s}}"),
      """
      mobility-key.yaml:7:27: error: mobility.gauss-markov.sped: there is no such key; the keys here are side, speed, \
      memory; did you mean 'speed'?
      """),
    BadScenario(
      "mobility-negative", scenario("{random-waypoint: {speed: -1 m/s}}"),
      """
      mobility-negative.yaml:7:37: error: mobility.random-waypoint.speed: '-1 m/s' is out of range; it may be from \
      0.1 m/s to 1000 m/s
      """),
    BadScenario(
      "mobility-law", scenario("{random-waypoint: {speed: {lognormal: {median: 1 m/s, sigma: 1}}}}"),
      """
      mobility-law.yaml:7:37: error: mobility.random-waypoint.speed: the law of a speed is a plain value, uniform or \
      choice: others begin in no known law
      """),
    BadScenario(
      "mobility-pause", scenario("{random-waypoint: {pause: {normal: {mean: 9 s, sd: 1 s}}}}"),
      """
      mobility-pause.yaml:7:37: error: mobility.random-waypoint.pause: the law of a pause is a plain value, uniform, \
      exponential or choice
      """),
    BadScenario(
      "mobility-small", scenario("{random-waypoint: {radius: 1 m, speed: 50 m/s}}"),
      """
      mobility-small.yaml:7:38: error: mobility.random-waypoint.radius: a device of 50.0 m/s would cross the disc of \
      1.0 m within seconds; the radius is at least what it walks in one
      """),
    BadScenario(
      "mobility-interval", scenario("{random-waypoint: {}, interval: 1 ns}"),
      """
      mobility-interval.yaml:7:43: error: mobility.interval: '1 ns' is out of range; it may be from 0.001 s to \
      1000000000 s
      """),
    BadScenario(
      "positions-none", scenario("{file: no.csv}"),
      """
      positions-none.yaml:7:18: error: the file 'no.csv' does not exist
      """),
    BadScenario(
      "positions-hole", scenario("{file: positions-hole.csv}"),
      """
      positions-hole.csv: error: the file ends, but device 1 has no position
      """),
    BadScenario(
      "positions-late", scenario("{file: positions-late.csv}"),
      """
      positions-late.csv:3:1: error: time_s: device 1 is first seen at 5.0 s; its first row says where it is at 0 s
      """),
    BadScenario(
      "positions-back", scenario("{file: positions-back.csv}"),
      """
      positions-back.csv:5:1: error: time_s: device 0 was seen at 10.0 s already; its times must rise
      """),
    BadScenario(
      "positions-jump", scenario("{file: positions-jump.csv}"),
      """
      positions-jump.csv:4:1: error: time_s: device 0 goes 5000.0 m from 0.0 s to 1.0 s; it may go at most 1000.0 m/s
      """),
    BadScenario(
      "positions-column", scenario("{file: positions-column.csv}"),
      """
      positions-column.csv:1:1: error: the column 'y_m' is missing
      positions-column.csv:1:19: error: there is no column 'y'; the columns are time_s, device, x_m, y_m
      """),
    BadScenario(
      "positions-empty", scenario("{file: positions-empty.csv}"),
      """
      positions-empty.csv:3:5: error: x_m: '' is not a finite number
      """),
    BadScenario(
      "shadowing-without-states", scenario("static", uplink: "{shadowing: 38.901}"),
      """
      shadowing-without-states.yaml:5:21: error: uplink.shadowing: 38.901 needs a path loss of that report: uma, umi, \
      rma, inh or sma; '3gpp-macro' has no line of sight to lose
      """),
    BadScenario(
      "penetration-without-buildings", scenario("static", uplink: "{path_loss: inh, penetration: low}"),
      """
      penetration-without-buildings.yaml:5:39: error: uplink.penetration: buildings need a path loss of TR 38.901 from \
      outdoors: uma, umi, rma or sma
      """),
    BadScenario(
      "penetration-high", scenario("static", uplink: "{path_loss: rma, penetration: {model: high}}"),
      """
      penetration-high.yaml:5:39: error: uplink.penetration: TR 38.901 has only 'low' for rma
      """),
    BadScenario(
      "penetration-share", scenario("static", uplink: "{path_loss: uma, penetration: {model: low, indoor: 120 %}}"),
      """
      penetration-share.yaml:5:60: error: uplink.penetration.indoor: '120 %' is out of range; it may be from 0 to 1
      """),
  ]
}
