extension BadScenario {
  /// The server's accelerators, what policies expect of them, and the downlink.
  static let server: [BadScenario] = [
    BadScenario(
      "accelerators-word",
      """
      schema: 1
      name: bad
      devices: {}
      server: {accelerators: unlimitd}
      uplink: {}
      model: {}
      """,
      """
      accelerators-word.yaml:4:24: error: server.accelerators: 'unlimitd' is neither a whole number from 1 to \
      1000000 nor unlimited; did you mean 'unlimited'?
      """),
    BadScenario(
      "accelerators-none",
      """
      schema: 1
      name: bad
      devices: {}
      server: {accelerators: 0}
      uplink: {}
      model: {}
      """,
      """
      accelerators-none.yaml:4:24: error: server.accelerators: '0' is out of range; it may be from 1 to 1000000
      """),
    BadScenario(
      "accelerators-wrong-and-needed",
      """
      schema: 1
      name: bad
      devices: {}
      server: {accelerators: 0, discipline: fifo, power: 5 kg, idle_power: 1 W}
      uplink: {}
      model: {}
      forecast: {server: mean}
      """,
      """
      accelerators-wrong-and-needed.yaml:4:24: error: server.accelerators: '0' is out of range; it may be from 1 to 1000000
      accelerators-wrong-and-needed.yaml:4:52: error: server.power: '5 kg' has the unit 'kg'; use W, mW, uW, kW, dBm, dBW
      """),
    BadScenario(
      "accelerators-shared",
      """
      schema: 1
      name: bad
      devices: {}
      server: {sharing: equal, accelerators: 2}
      uplink: {}
      model: {}
      """,
      """
      accelerators-shared.yaml:4:40: error: server.accelerators: 'sharing: equal' gives each block a part of the \
      server; with accelerators, devices wait for a whole one: leave one of the keys out
      """),
    BadScenario(
      "discipline-alone",
      """
      schema: 1
      name: bad
      devices: {}
      server: {discipline: fifo}
      uplink: {}
      model: {}
      """,
      """
      discipline-alone.yaml:4:22: error: server.discipline: needs 'accelerators': without, nobody waits for the server
      """),
    BadScenario(
      "discipline-unknown",
      """
      schema: 1
      name: bad
      devices: {}
      server: {accelerators: 2, discipline: lifo}
      uplink: {}
      model: {}
      """,
      """
      discipline-unknown.yaml:4:39: error: server.discipline: 'lifo' is not one of fifo, processor-sharing, \
      least-slack; did you mean 'fifo'?
      """),
    BadScenario(
      "idle-power-alone",
      """
      schema: 1
      name: bad
      devices: {}
      server: {accelerators: 2, idle_power: 5 W}
      uplink: {}
      model: {}
      """,
      """
      idle-power-alone.yaml:4:39: error: server.idle_power: needs 'power', that of a busy server: one without the \
      other is no energy
      """),
    BadScenario(
      "forecast-unknown",
      """
      schema: 1
      name: bad
      devices: {}
      server: {}
      uplink: {}
      model: {}
      forecast: {server: mvaa}
      """,
      """
      forecast-unknown.yaml:7:20: error: forecast.server: 'mvaa' is not one of none, mean, mva; did you mean 'mva'?
      """),
    BadScenario(
      "downlink-word",
      """
      schema: 1
      name: bad
      devices: {}
      server: {}
      uplink: {}
      model: {}
      downlink: on
      """,
      """
      downlink-word.yaml:7:11: error: downlink: 'on' is not a mapping; write 'key: value' lines below it, or '{}' \
      for the defaults
      """),
    BadScenario(
      "downlink-model",
      """
      schema: 1
      name: bad
      devices: {}
      server: {}
      uplink: {}
      model: {}
      downlink: {model: brodcast}
      """,
      """
      downlink-model.yaml:7:19: error: downlink.model: 'brodcast' is not one of broadcast, unicast, none; did you \
      mean 'broadcast'?
      """),
    BadScenario(
      "downlink-bits",
      """
      schema: 1
      name: bad
      devices: {}
      server: {}
      uplink: {}
      model: {}
      downlink: {gradient_bits: 64, power: 5 dB}
      """,
      """
      downlink-bits.yaml:7:27: error: downlink.gradient_bits: '64' is out of range; it may be from 1 to 32
      downlink-bits.yaml:7:38: error: downlink.power: '5 dB' has the unit 'dB'; use W, mW, uW, kW, dBm, dBW
      """),
    BadScenario(
      "receive-power-negative",
      """
      schema: 1
      name: bad
      devices: {receive_power: -1 W}
      server: {}
      uplink: {}
      model: {}
      """,
      """
      receive-power-negative.yaml:3:26: error: devices.receive_power: '-1 W' is out of range; it may be from 0 W to \
      1000000000 W
      """),
  ]
}
