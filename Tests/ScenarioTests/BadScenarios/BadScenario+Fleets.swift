extension BadScenario {
  /// Devices, in groups and in files.
  static let fleets: [BadScenario] = [
    BadScenario(
      "clock-levels",
      """
      schema: 1
      name: bad
      devices: {clock: {levels: 16}}
      server: {}
      uplink: {}
      model: {}
      """,
      """
      clock-levels.yaml:3:18: error: devices.clock: 'levels' goes with 'optimise: true'
      """),
    BadScenario(
      "clock-optimise",
      """
      schema: 1
      name: bad
      devices: {clock: {uniform: [1 GHz, 2 GHz], optimise: maybe, levels: 1000}}
      server: {}
      uplink: {}
      model: {}
      """,
      """
      clock-optimise.yaml:3:18: error: devices.clock: 'levels' goes with 'optimise: true'
      clock-optimise.yaml:3:54: error: devices.clock.optimise: 'maybe' is neither true nor false
      clock-optimise.yaml:3:69: error: devices.clock.levels: '1000' is out of range; it may be from 1 to 256
      """),
    BadScenario(
      "count-fraction",
      """
      schema: 1
      name: bad
      devices: {count: 2.5, samples: 1.5}
      server: {}
      uplink: {}
      model: {}
      """,
      """
      count-fraction.yaml:3:18: error: devices.count: '2.5' is not a whole number; it may be from 1 to 10000000
      count-fraction.yaml:3:32: error: devices.samples: '1.5' is not a whole number; it may be from 1 to 1000000000
      """),
    BadScenario(
      "count-too-large",
      """
      schema: 1
      name: bad
      devices: {count: 100000000000000000000}
      server: {}
      uplink: {}
      model: {}
      """,
      """
      count-too-large.yaml:3:18: error: devices.count: '100000000000000000000' is not a whole number; it may be from 1 \
      to 10000000
      """),
    BadScenario(
      "fleet-column-and-key",
      """
      schema: 1
      name: bad
      devices: {file: fleet-column-and-key.csv, samples: 100}
      server: {}
      uplink: {}
      model: {}
      """,
      """
      fleet-column-and-key.yaml:3:52: error: devices.samples: the file has a column for this; leave the key or the \
      column out
      """),
    BadScenario(
      "fleet-columns",
      """
      schema: 1
      name: bad
      devices: {file: fleet-columns.csv}
      server: {}
      uplink: {}
      model: {}
      """,
      """
      fleet-columns.csv:1:1: error: there is no column 'distance'; the columns are name, distance_m, clock_hz, cores, \
      flops_per_cycle, kappa_w_per_hz3, power_min_w, power_max_w, samples, circuit_power_w, amplifier_efficiency, \
      receive_power_w, memory_bits, lora_rank; did \
      you mean 'distance_m'?
      fleet-columns.csv:1:19: error: the column 'clock_hz' stands twice
      """),
    BadScenario(
      "fleet-missing",
      """
      schema: 1
      name: bad
      devices: {file: fleet.csv}
      server: {}
      uplink: {}
      model: {}
      """,
      """
      fleet-missing.yaml:3:17: error: the file 'fleet.csv' does not exist; did you mean 'fleets.csv'?
      """),
    BadScenario(
      "fleet-names",
      """
      schema: 1
      name: bad
      devices: {file: fleet-names.csv}
      server: {}
      uplink: {}
      model: {}
      """,
      """
      fleet-names.csv:3:1: error: name: a device without a name; every device has one, or the file no such column
      fleet-names.csv:4:1: error: name: two devices are called 'a'
      """),
    BadScenario(
      "fleet-no-rows",
      """
      schema: 1
      name: bad
      devices: {file: fleet-no-rows.csv}
      server: {}
      uplink: {}
      model: {}
      """,
      """
      fleet-no-rows.csv:2:1: error: there are no rows; write one per device
      """),
    BadScenario(
      "fleet-values",
      """
      schema: 1
      name: bad
      devices: {file: fleet-values.csv}
      server: {}
      uplink: {}
      model: {}
      """,
      """
      fleet-values.csv:2:9: error: cores: '4.5' is not a whole number
      fleet-values.csv:3:1: error: distance_m: -100 is out of range; it may be from 0.001 to 100000000.0
      fleet-values.csv:3:24: error: power_max_w: 'nan' is not a finite number
      fleet-values.csv:4:19: error: power_min_w: 2.0 is above power_max_w, 1.0
      fleet-values.csv:5:1: error: 3 fields for 8 columns
      fleet-values.csv:6:14: error: flops_per_cycle: 'one' is not a finite number
      """),
    BadScenario(
      "fleet-with-keys",
      """
      schema: 1
      name: bad
      devices: {file: no-such.csv, count: 3}
      server: {}
      uplink: {}
      model: {}
      """,
      """
      fleet-with-keys.yaml:3:17: error: the file 'no-such.csv' does not exist
      fleet-with-keys.yaml:3:37: error: devices.count: this key does not go with 'file', whose rows say which devices \
      there are
      """),
    BadScenario(
      "group-clock-levels",
      """
      schema: 1
      name: group-clock-levels
      devices:
        groups:
          - {name: phones, count: 2, clock: {value: 1 GHz, optimise: true, levels: 8}}
          - {name: meters, count: 2}
          - {name: cars, count: 2, clock: {value: 2 GHz, optimise: true, levels: 16}}
      server: {}
      uplink: {}
      model: {}
      """,
      """
      group-clock-levels.yaml:7:7: error: devices.groups.2.clock.levels: 16 levels, but group 0 has 8; groups that \
      choose their clock choose among equally many
      """),
    BadScenario(
      "groups",
      """
      schema: 1
      name: bad
      devices: 
        count: 4
        groups:
          - {name: phone, count: 2, clok: 1 GHz}
          - {count: 0}
          - phone

      server: {}
      uplink: {}
      model: {}
      """,
      """
      groups.yaml:4:10: error: devices.count: each group has its own count
      groups.yaml:6:31: error: devices.groups.0.clok: there is no such key; the keys here are name, count, distance, \
      clock, cores, flops_per_cycle, kappa, power_min, power_max, samples, circuit_power, amplifier_efficiency, receive_power, memory, lora_rank; did \
      you mean 'clock'?
      groups.yaml:7:15: error: devices.groups.1.count: '0' is out of range; it may be from 1 to 10000000
      groups.yaml:8:7: error: devices.groups.2: 'phone' is not a mapping; write 'key: value' lines below it, or '{}' \
      for the defaults
      """),
    BadScenario(
      "groups-empty",
      """
      schema: 1
      name: bad
      devices: {groups: []}
      server: {}
      uplink: {}
      model: {}
      """,
      """
      groups-empty.yaml:3:19: error: devices.groups: an empty list is not a list of at least one group
      """),
    BadScenario(
      "groups-many",
      """
      schema: 1
      name: bad
      devices: {groups: [\(Array(repeating: "{}", count: 1001).joined(separator: ", "))]}
      server: {}
      uplink: {}
      model: {}
      """,
      """
      groups-many.yaml:3:19: error: devices.groups: 1001 groups; at most 1000 are allowed, a CSV file has more devices
      """),
    BadScenario(
      "powers-crossed",
      """
      schema: 1
      name: bad
      devices: {power_min: 3 W}
      server: {}
      uplink: {}
      model: {}
      """,
      """
      powers-crossed.yaml:3:22: error: devices.power_min: power_min, 3.0 W or more, is above power_max, 2.0 W or less
      """),
  ]
}
