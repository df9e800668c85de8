extension BadScenario {
  /// Numbers, units, ranges, words and distributions.
  static let values: [BadScenario] = [
    BadScenario(
      "bits-crossed",
      """
      \(defaults)
      quantizer: {bits_min: 16, bits_max: 8}
      """,
      """
      bits-crossed.yaml:7:23: error: quantizer.bits_min: 16 is above bits_max, 8
      """),
    BadScenario(
      "bits-out-of-range",
      """
      \(defaults)
      quantizer: {bits_min: 0, bits_max: 33}
      """,
      """
      bits-out-of-range.yaml:7:23: error: quantizer.bits_min: '0' is out of range; it may be from 1 to 32
      bits-out-of-range.yaml:7:36: error: quantizer.bits_max: '33' is out of range; it may be from 1 to 32
      """),
    BadScenario(
      "distance-null",
      """
      schema: 1
      name: bad
      devices: {distance: null}
      server: {}
      uplink: {}
      model: {}
      """,
      """
      distance-null.yaml:3:21: error: devices.distance: nothing is not a number
      """),
    BadScenario(
      "distribution-incomplete",
      """
      schema: 1
      name: bad
      devices: {distance: {normal: {mean: 100 m}}, clock: {lognormal: {median: 1 GHz, sigma: 1 GHz}}, kappa: \
      {exponential: {}}}
      server: {}
      uplink: {}
      model: {}
      """,
      """
      distribution-incomplete.yaml:3:30: error: devices.distance.normal: 'sd' is required
      distribution-incomplete.yaml:3:88: error: devices.clock.lognormal.sigma: '1 GHz' has the unit 'GHz', but this \
      number has none
      distribution-incomplete.yaml:3:118: error: devices.kappa.exponential: 'mean' is required
      """),
    BadScenario(
      "distribution-not-whole",
      """
      schema: 1
      name: bad
      devices: {samples: {uniform: [400, 500]}, distance: {integer: [1, 2]}}
      server: {}
      uplink: {}
      model: {}
      """,
      """
      distribution-not-whole.yaml:3:21: error: devices.samples.uniform: 'uniform' does not go with whole numbers; use \
      value, choice, each, integer
      distribution-not-whole.yaml:3:54: error: devices.distance.integer: 'integer' does not go with these numbers; use \
      value, choice, each, uniform, normal, lognormal, exponential
      """),
    BadScenario(
      "distribution-two-kinds",
      """
      schema: 1
      name: bad
      devices: {distance: {uniform: [50 m, 100 m], choice: [1 m]}}
      server: {}
      uplink: {}
      model: {}
      """,
      """
      distribution-two-kinds.yaml:3:21: error: devices.distance: a distribution has exactly one of value, choice, \
      each, uniform, normal, lognormal, exponential
      """),
    BadScenario(
      "distribution-unknown",
      """
      schema: 1
      name: bad
      devices: {distance: {unifrom: [50 m, 1000 m]}, cores: {gamma: 2}}
      server: {}
      uplink: {}
      model: {}
      """,
      """
      distribution-unknown.yaml:3:22: error: devices.distance.unifrom: 'unifrom' is no distribution; use value, \
      choice, each, uniform, normal, lognormal, exponential; did you mean 'uniform'?
      distribution-unknown.yaml:3:56: error: devices.cores.gamma: 'gamma' is no distribution; use value, choice, each, \
      integer
      """),
    BadScenario(
      "each-length",
      """
      schema: 1
      name: bad
      devices: {count: 3, distance: {each: [1 m, 2 m]}}
      server: {clock: {each: [3 GHz]}}
      uplink: {}
      model: {}
      """,
      """
      each-length.yaml:3:38: error: devices.distance.each: 2 values for 3 devices; give one per device
      each-length.yaml:4:24: error: server.clock.each: 'each' gives one value per device; there are no devices here
      """),
    BadScenario(
      "infinity",
      """
      schema: 1
      name: bad
      devices: {distance: .inf m}
      server: {}
      uplink: {block_bandwidth: 1e999 Hz}
      model: {}
      """,
      """
      infinity.yaml:3:21: error: devices.distance: '.inf m' is not a finite number; it may be from 0.001 m to \
      100000000 m
      infinity.yaml:5:27: error: uplink.block_bandwidth: '1e999 Hz' is not a finite number; it may be from 1 Hz to \
      1000000000000000 Hz
      """),
    BadScenario(
      "nan",
      """
      \(defaults)
      deadline: .nan s
      """,
      """
      nan.yaml:7:11: error: deadline: '.nan s' is not a finite number; it may be from 1e-09 s to 1000000000 s
      """),
    BadScenario(
      "negative",
      """
      schema: 1
      name: bad
      devices: {count: -3, distance: -50 m}
      server: {}
      uplink: {}
      model: {}
      deadline: -5 s
      rounds: -1
      """,
      """
      negative.yaml:3:18: error: devices.count: '-3' is out of range; it may be from 1 to 10000000
      negative.yaml:3:32: error: devices.distance: '-50 m' is out of range; it may be from 0.001 m to 100000000 m
      negative.yaml:7:11: error: deadline: '-5 s' is out of range; it may be from 1e-09 s to 1000000000 s
      negative.yaml:8:9: error: rounds: '-1' is out of range; it may be from 1 to 10000000
      """),
    BadScenario(
      "not-a-number",
      """
      schema: 1
      name: bad
      devices: {clock: fast}
      server: {}
      uplink: {}
      model: {}
      """,
      """
      not-a-number.yaml:3:18: error: devices.clock: 'fast' is not a number; it may be from 1 Hz to 1000000000000000 Hz
      """),
    BadScenario(
      "range-empty",
      """
      schema: 1
      name: bad
      devices: {distance: {uniform: [1000 m, 50 m]}, samples: {integer: [5, 4]}, clock: {uniform: [1 GHz, 1 GHz]}}
      server: {}
      uplink: {}
      model: {}
      """,
      """
      range-empty.yaml:3:31: error: devices.distance.uniform: the range is empty: 1000 m is not below 50 m
      range-empty.yaml:3:67: error: devices.samples.integer: the range is empty: 5 is above 4
      range-empty.yaml:3:93: error: devices.clock.uniform: the range is empty: 1000000000 Hz is not below 1000000000 Hz
      """),
    BadScenario(
      "range-shape",
      """
      schema: 1
      name: bad
      devices: {distance: {uniform: [1 m, 2 m, 3 m]}, clock: {uniform: 1 GHz}, cores: {choice: []}}
      server: {}
      uplink: {}
      model: {}
      """,
      """
      range-shape.yaml:3:31: error: devices.distance.uniform: a list of 3 is not a range; write [low, high]
      range-shape.yaml:3:66: error: devices.clock.uniform: '1 GHz' is not a range; write [low, high]
      range-shape.yaml:3:90: error: devices.cores.choice: an empty list is not a list of at least one value
      """),
    BadScenario(
      "seed-bad",
      """
      \(defaults)
      seed: -1
      """,
      """
      seed-bad.yaml:7:7: error: seed: '-1' is not a whole number from 0 to 18446744073709551615
      """),
    BadScenario(
      "unit-in-range",
      """
      schema: 1
      name: bad
      devices: {distance: {uniform: [50, 1000 m]}}
      server: {}
      uplink: {}
      model: {}
      """,
      """
      unit-in-range.yaml:3:32: error: devices.distance.uniform.0: '50' has no unit; use m, km, cm
      """),
    BadScenario(
      "unit-missing",
      """
      \(defaults)
      deadline: 5
      """,
      """
      unit-missing.yaml:7:11: error: deadline: '5' has no unit; use s, ms, us, ns, min, h
      """),
    BadScenario(
      "unit-on-count",
      """
      schema: 1
      name: bad
      devices: {count: 50 m}
      server: {}
      uplink: {}
      model: {}
      """,
      """
      unit-on-count.yaml:3:18: error: devices.count: '50 m' has the unit 'm', but this number has none
      """),
    BadScenario(
      "unit-unknown",
      """
      schema: 1
      name: bad
      devices: {power_max: 23 dBx}
      server: {}
      uplink: {}
      model: {}
      """,
      """
      unit-unknown.yaml:3:22: error: devices.power_max: '23 dBx' has the unit 'dBx'; use W, mW, uW, kW, dBm, dBW
      """),
    BadScenario(
      "unit-wrong-quantity",
      """
      schema: 1
      name: bad
      devices: {}
      server: {}
      uplink: {block_bandwidth: 20 MW}
      model: {}
      """,
      """
      unit-wrong-quantity.yaml:5:27: error: uplink.block_bandwidth: '20 MW' has the unit 'MW'; use Hz, kHz, MHz, GHz
      """),
    BadScenario(
      "zero-count",
      """
      schema: 1
      name: bad
      devices: {count: 0}
      server: {}
      uplink: {}
      model: {}
      """,
      """
      zero-count.yaml:3:18: error: devices.count: '0' is out of range; it may be from 1 to 10000000
      """),
  ]
}
