extension BadScenario {
  /// What a block carries, and neighbours on it.
  static let link: [BadScenario] = [
    BadScenario(
      "interference-values",
      """
      schema: 1
      name: bad
      devices: {}
      server: {}
      uplink: {interference: {cells: 0, load: 1.5, distance: 0 m, hold: {uniform: 1 s}}}
      model: {}
      """,
      """
      interference-values.yaml:5:32: error: uplink.interference.cells: '0' is out of range; it may be from 1 to 1000
      interference-values.yaml:5:41: error: uplink.interference.load: '1.5' is out of range; it may be from 0 to 1
      interference-values.yaml:5:56: error: uplink.interference.distance: '0 m' is out of range; it may be from 1 m to \
      10000000 m
      interference-values.yaml:5:68: error: uplink.interference.hold.uniform: there is no such key; the keys here are \
      exponential
      """),
    BadScenario(
      "interference-downlink",
      """
      schema: 1
      name: bad
      devices: {}
      server: {}
      uplink: {interference: {}}
      downlink: {}
      model: {}
      """,
      """
      interference-downlink.yaml:5:24: error: uplink.interference: does not go with 'downlink' yet: what devices hear of \
      other cells' base stations is not modelled; leave one of the keys out
      """),
    BadScenario(
      "link-unknown",
      """
      schema: 1
      name: bad
      devices: {}
      server: {}
      uplink: {link: shanon}
      model: {}
      """,
      """
      link-unknown.yaml:5:16: error: uplink.link: 'shanon' is not exactly one of shannon, mcs; did you mean 'shannon'?
      """),
    BadScenario(
      "link-values",
      """
      schema: 1
      name: bad
      devices: {}
      server: {}
      uplink: {link: {mcs: {table: 64qm, target_bler: 1, max_transmissions: 0, combining: case, overhead: 1, cap: 2}}}
      model: {}
      """,
      """
      link-values.yaml:5:30: error: uplink.link.mcs.table: '64qm' is not one of 64qam, 256qam, 64qam-low-rate; did you \
      mean '64qam'?
      link-values.yaml:5:49: error: uplink.link.mcs.target_bler: '1' is out of range; it may be from 1e-06 to 0.9
      link-values.yaml:5:71: error: uplink.link.mcs.max_transmissions: '0' is out of range; it may be from 1 to 32
      link-values.yaml:5:85: error: uplink.link.mcs.combining: 'case' is not one of chase, none; did you mean 'chase'?
      link-values.yaml:5:101: error: uplink.link.mcs.overhead: '1' is out of range; it may be from 0 to 0.99
      link-values.yaml:5:104: error: uplink.link.mcs.cap: there is no such key; the keys here are table, target_bler, \
      max_transmissions, combining, overhead
      """),
    BadScenario(
      "link-gap",
      """
      schema: 1
      name: bad
      devices: {}
      server: {}
      uplink: {link: {shannon: {gap: -3 dB, cap: 0}}}
      model: {}
      """,
      """
      link-gap.yaml:5:32: error: uplink.link.shannon.gap: '-3 dB' is out of range; it may be from 0 dB to 100 dB
      link-gap.yaml:5:44: error: uplink.link.shannon.cap: '0' is out of range; it may be from 1e-06 to 1000
      """),
  ]
}
