extension BadScenario {
  /// Sections and keys that are unknown, missing or there twice.
  static let keys: [BadScenario] = [
    BadScenario(
      "duplicate-key",
      """
      schema: 1
      name: bad
      seed: 3
      devices: {}
      server: {}
      uplink: {}
      model: {}
      seed: 1
      """,
      """
      duplicate-key.yaml:8:1: error: seed: the key stands twice; it first stands in line 3
      """),
    BadScenario(
      "duplicate-key-flow",
      """
      schema: 1
      name: bad
      devices: {count: 3, clock: {choice: [1 GHz]}, "count": 4}
      server: {}
      uplink: {}
      model: {}
      """,
      """
      duplicate-key-flow.yaml:3:47: error: count: the key stands twice; it first stands in line 3
      """),
    BadScenario(
      "duplicate-key-nested",
      """
      schema: 1
      name: bad
      devices: 
        count: 3
        distance: {uniform: [1 m, 2 m]}
        clock: 1 GHz
        count: 4

      server: {}
      uplink: {}
      model: {}
      """,
      """
      duplicate-key-nested.yaml:7:3: error: count: the key stands twice; it first stands in line 4
      """),
    BadScenario(
      "many-at-once",
      """
      schema: 1
      name: bad
      devices: {power_max: 23 dBx, count: 0}
      server: {sharing: fair}
      uplink: {blocks: 0}
      model: {}
      deadline: 5
      rounds: many
      polcy: bcd
      band: none
      """,
      """
      many-at-once.yaml:3:22: error: devices.power_max: '23 dBx' has the unit 'dBx'; use W, mW, uW, kW, dBm, dBW
      many-at-once.yaml:3:37: error: devices.count: '0' is out of range; it may be from 1 to 10000000
      many-at-once.yaml:4:19: error: server.sharing: 'fair' is not one of none, equal
      many-at-once.yaml:5:18: error: uplink.blocks: '0' is out of range; it may be from 1 to 1000000
      many-at-once.yaml:7:11: error: deadline: '5' has no unit; use s, ms, us, ns, min, h
      many-at-once.yaml:8:9: error: rounds: 'many' is not a whole number; it may be from 1 to 10000000
      many-at-once.yaml:9:1: error: polcy: there is no such key; the keys here are schema, name, seed, rounds, \
      framework, policy, deadline, channel_estimate, deadline_margin, optimum, forecast, objective, devices, server, uplink, mobility, downlink, quantizer, \
      model, training, aggregation, band, policies, sweep, provenance; did you mean 'policy'?
      many-at-once.yaml:10:7: error: band: 'none' is not one of one-block, all
      """),
    BadScenario(
      "missing-sections",
      """
      seed: 1
      """,
      """
      missing-sections.yaml:1:1: error: schema: this key is required; write 'schema: 1'
      missing-sections.yaml:1:1: error: name: this key is required; write 'name: my-scenario'
      missing-sections.yaml:1:1: error: devices: this key is required; the shortest form is 'devices: {}'
      missing-sections.yaml:1:1: error: server: this key is required; the shortest form is 'server: {}'
      missing-sections.yaml:1:1: error: uplink: this key is required; the shortest form is 'uplink: {}'
      missing-sections.yaml:1:1: error: model: this key is required; the shortest form is 'model: {}'
      """),
    BadScenario(
      "name-bad",
      """
      schema: 1
      name: ../../etc/passwd
      devices: {}
      server: {}
      uplink: {}
      model: {}
      """,
      """
      name-bad.yaml:2:7: error: name: '../../etc/passwd' cannot name a folder; use up to 100 letters, digits, '_', '-' \
      and '.', none of the last two first
      """),
    BadScenario(
      "provenance",
      """
      \(defaults)
      provenance: {devices.clok: paper, devices.clock: guess}
      """,
      """
      provenance.yaml:7:14: error: provenance.devices.clok: there is no such key path; did you mean 'devices.clock'?
      provenance.yaml:7:50: error: provenance.devices.clock: 'guess' is not one of paper, release, assumed
      """),
    BadScenario(
      "schema-no-value",
      """
      schema:
      name: bad
      devices: {}
      server: {}
      uplink: {}
      model: {}
      """,
      """
      schema-no-value.yaml:1:8: error: schema: nothing is not a known version; this program reads schema 1
      """),
    BadScenario(
      "schema-unknown",
      """
      schema: 2
      name: bad
      devices: {}
      server: {}
      uplink: {}
      model: {}
      """,
      """
      schema-unknown.yaml:1:9: error: schema: '2' is not a known version; this program reads schema 1
      """),
    BadScenario(
      "section-empty",
      """
      schema: 1
      name: bad
      devices: {}
      server: {}
      uplink: 
      model: {}
      """,
      """
      section-empty.yaml:5:8: error: uplink: nothing is not a mapping; write 'key: value' lines below it, or '{}' for \
      the defaults
      """),
    BadScenario(
      "section-is-word",
      """
      schema: 1
      name: bad
      devices: fifty
      server: [1]
      uplink: {}
      model: {}
      """,
      """
      section-is-word.yaml:3:10: error: devices: 'fifty' is not a mapping; write 'key: value' lines below it, or '{}' \
      for the defaults
      section-is-word.yaml:4:9: error: server: a list of 1 is not a mapping; write 'key: value' lines below it, or \
      '{}' for the defaults
      """),
    BadScenario(
      "unknown-key",
      """
      \(defaults)
      polcy: bcd
      """,
      """
      unknown-key.yaml:7:1: error: polcy: there is no such key; the keys here are schema, name, seed, rounds, \
      framework, policy, deadline, channel_estimate, deadline_margin, optimum, forecast, objective, devices, server, uplink, mobility, downlink, quantizer, \
      model, training, aggregation, band, policies, sweep, provenance; did you mean 'policy'?
      """),
    BadScenario(
      "unknown-key-far",
      """
      \(defaults)
      banana: 1
      """,
      """
      unknown-key-far.yaml:7:1: error: banana: there is no such key; the keys here are schema, name, seed, rounds, \
      framework, policy, deadline, channel_estimate, deadline_margin, optimum, forecast, objective, devices, server, uplink, mobility, downlink, quantizer, \
      model, training, aggregation, band, policies, sweep, provenance
      """),
    BadScenario(
      "unknown-key-nested",
      """
      schema: 1
      name: bad
      devices: 
        count: 3
        clok: 1 GHz
        speed: 3

      server: {}
      uplink: {}
      model: {}
      """,
      """
      unknown-key-nested.yaml:5:3: error: devices.clok: there is no such key; the keys here are file, groups, name, \
      count, distance, clock, cores, flops_per_cycle, kappa, power_min, power_max, samples, circuit_power, \
      amplifier_efficiency, receive_power, memory, lora_rank, availability, battery, radio_energy, jitter; did you mean 'clock'?
      unknown-key-nested.yaml:6:3: error: devices.speed: there is no such key; the keys here are file, groups, name, \
      count, distance, clock, cores, flops_per_cycle, kappa, power_min, power_max, samples, circuit_power, \
      amplifier_efficiency, receive_power, memory, lora_rank, availability, battery, radio_energy, jitter
      """),
  ]
}
