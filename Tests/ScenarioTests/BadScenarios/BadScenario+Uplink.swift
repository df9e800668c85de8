extension BadScenario {
  /// Gains, fading, path loss and outage.
  static let uplink: [BadScenario] = [
    BadScenario(
      "fading-shape",
      """
      schema: 1
      name: bad
      devices: {}
      server: {}
      uplink: {fading: {rician: {kk: 6 dB}, nakagami: {m: 2}}}
      model: {}
      """,
      """
      fading-shape.yaml:5:18: error: uplink.fading: a mapping is not exactly one of rayleigh, rician, nakagami, none
      """),
    BadScenario(
      "fading-unknown",
      """
      schema: 1
      name: bad
      devices: {}
      server: {}
      uplink: {fading: rayleih}
      model: {}
      """,
      """
      fading-unknown.yaml:5:18: error: uplink.fading: 'rayleih' is not exactly one of rayleigh, rician, nakagami, \
      none; did you mean 'rayleigh'?
      """),
    BadScenario(
      "fading-value",
      """
      schema: 1
      name: bad
      devices: {}
      server: {}
      uplink: {fading: {nakagami: {m: 0.1}}}
      model: {}
      """,
      """
      fading-value.yaml:5:33: error: uplink.fading.nakagami.m: '0.1' is out of range; it may be from 0.5 to 1000000
      """),
    BadScenario(
      "fading-speed",
      """
      schema: 1
      name: bad
      devices: {}
      server: {}
      uplink: {fading: {rayleigh: {speed: -3 km/h}}}
      model: {}
      """,
      """
      fading-speed.yaml:5:37: error: uplink.fading.rayleigh.speed: '-3 km/h' is out of range; it may be from 0 m/s to 10000 m/s
      """),
    BadScenario(
      "fading-doppler",
      """
      schema: 1
      name: bad
      devices: {}
      server: {}
      uplink: {fading: {rayleigh: {doppler: 2 MHz}}}
      model: {}
      """,
      """
      fading-doppler.yaml:5:39: error: uplink.fading.rayleigh.doppler: '2 MHz' is out of range; it may be from 0 Hz to 1000000 Hz
      """),
    BadScenario(
      "fading-twice",
      """
      schema: 1
      name: bad
      devices: {}
      server: {}
      uplink: {fading: {rician: {doppler: 10 Hz, speed: 3 km/h}}}
      model: {}
      """,
      """
      fading-twice.yaml:5:51: error: uplink.fading.rician.speed: fading moves in one way, and 'doppler' is another; give one of the two
      """),
    BadScenario(
      "fading-k",
      """
      schema: 1
      name: bad
      devices: {}
      server: {}
      uplink: {path_loss: umi, fading: {rician: {k: 38.901, speed: 3 km/h}}}
      model: {}
      """,
      """
      fading-k.yaml:5:47: error: uplink.fading.rician.k: 38.901 needs 'uplink.shadowing: 38.901', which says where there is a \
      line of sight; a ratio of that size is written '15.9 dB'
      """),
    BadScenario(
      "fading-k-word",
      """
      schema: 1
      name: bad
      devices: {}
      server: {}
      uplink: {fading: {rician: {k: much}}}
      model: {}
      """,
      """
      fading-k-word.yaml:5:31: error: uplink.fading.rician.k: 'much' is not a number; it may be from 0 to 10000000000
      """),
    BadScenario(
      "fading-step",
      """
      schema: 1
      name: bad
      devices: {}
      server: {}
      uplink: {fading: {rician: {doppler: 10 Hz, step: 0.1 s}}}
      model: {}
      """,
      """
      fading-step.yaml:5:50: error: uplink.fading.rician.step: '0.1 s' is more than half a cycle of the Doppler shift of 10.0 Hz, 0.05 s; \
      waves would be looked at more rarely than they change
      """),
    BadScenario(
      "fading-nakagami",
      """
      schema: 1
      name: bad
      devices: {}
      server: {}
      uplink: {fading: {nakagami: {m: 2, doppler: 10 Hz}}}
      model: {}
      """,
      """
      fading-nakagami.yaml:5:45: error: uplink.fading.nakagami.doppler: Nakagami's power is no sum of waves; it moves with 'block: 50 ms'
      """),
    BadScenario(
      "fading-rays",
      """
      schema: 1
      name: bad
      devices: {}
      server: {}
      uplink: {fading: {rayleigh: {rays: 32}}}
      model: {}
      """,
      """
      fading-rays.yaml:5:36: error: uplink.fading.rayleigh.rays: this key goes with 'doppler' only
      """),
    BadScenario(
      "fading-key",
      """
      schema: 1
      name: bad
      devices: {}
      server: {}
      uplink: {fading: {rayleigh: {dopler: 32 Hz}}}
      model: {}
      """,
      """
      fading-key.yaml:5:30: error: uplink.fading.rayleigh.dopler: there is no such key; the keys here are doppler, speed, block, step, rays; \
      did you mean 'doppler'?
      """),
    BadScenario(
      "gains-end",
      """
      schema: 1
      name: bad
      devices: {count: 2}
      server: {}
      uplink: {blocks: 2, gains: gains-end.csv}
      model: {}
      """,
      """
      gains-end.csv: error: the file ends, but round 1 still lacks device 0, block 1
      """),
    BadScenario(
      "gains-first-round",
      """
      schema: 1
      name: bad
      devices: {count: 2}
      server: {}
      uplink: {blocks: 2, gains: gains-first-round.csv}
      model: {}
      """,
      """
      gains-first-round.csv:2:1: error: round: 0 is out of range; it may be from 1 to 1000000000
      """),
    BadScenario(
      "gains-hole",
      """
      schema: 1
      name: bad
      devices: {count: 2}
      server: {}
      uplink: {blocks: 2, gains: gains-hole.csv}
      model: {}
      """,
      """
      gains-hole.csv:5:1: error: round: round 2 stands here, but round 1 still lacks device 1, block 1
      """),
    BadScenario(
      "gains-index",
      """
      schema: 1
      name: bad
      devices: {count: 2}
      server: {}
      uplink: {blocks: 2, gains: gains-index.csv}
      model: {}
      """,
      """
      gains-index.csv:2:3: error: device: 2 is out of range; it may be from 0 to 1
      """),
    BadScenario(
      "gains-missing",
      """
      schema: 1
      name: bad
      devices: {}
      server: {}
      uplink: {gains: gain.csv}
      model: {}
      """,
      """
      gains-missing.yaml:5:17: error: the file 'gain.csv' does not exist
      """),
    BadScenario(
      "gains-packed",
      """
      schema: 1
      name: bad
      devices: {count: 1}
      server: {}
      uplink: {blocks: 1, gains: gains-packed.csv.gz}
      model: {}
      """,
      """
      gains-packed.yaml:5:28: error: the file 'gains-packed.csv.gz' is cut off: it ends within its packed data
      """),
    BadScenario(
      "gains-round-order",
      """
      schema: 1
      name: bad
      devices: {count: 1}
      server: {}
      uplink: {blocks: 1, gains: gains-round-order.csv}
      model: {}
      """,
      """
      gains-round-order.csv:3:1: error: round: round 3 stands here, but round 2 comes next
      """),
    BadScenario(
      "gains-semicolon",
      """
      schema: 1
      name: bad
      devices: {count: 1}
      server: {}
      uplink: {blocks: 1, gains: gains-semicolon.csv}
      model: {}
      """,
      """
      gains-semicolon.csv:1:1: error: the columns are separated by ';', not by commas; write commas, and points in \
      numbers (pandas: pd.read_csv(path, sep=None, engine="python", decimal=",").to_csv(path, index=False))
      """),
    BadScenario(
      "gains-twice",
      """
      schema: 1
      name: bad
      devices: {count: 2}
      server: {}
      uplink: {blocks: 2, gains: gains-twice.csv}
      model: {}
      """,
      """
      gains-twice.csv:3:1: error: round 1 already has a gain of device 0 on block 0
      """),
    BadScenario(
      "gains-value",
      """
      schema: 1
      name: bad
      devices: {count: 2}
      server: {}
      uplink: {blocks: 2, gains: gains-value.csv}
      model: {}
      """,
      """
      gains-value.csv:2:7: error: gain_db: 'inf' is not a finite number
      """),
    BadScenario(
      "gains-wide",
      """
      schema: 1
      name: bad
      devices: {count: 2}
      server: {}
      uplink: {blocks: 2, gains: gains-wide.csv}
      model: {}
      """,
      """
      gains-wide.csv:1:14: error: 'b0', 'b1' look like a column per block; write a row per round, device and block \
      with the columns round, device, block, gain_db (pandas: wide.set_axis(["round", "device", *range(K)], \
      axis=1).melt(["round", "device"], var_name="block", value_name="gain_db").sort_values("round"))
      """),
    BadScenario(
      "outage-key",
      """
      schema: 1
      name: bad
      devices: {}
      server: {}
      uplink: {outage: {rte: 10 kbit/s}}
      model: {}
      """,
      """
      outage-key.yaml:5:19: error: uplink.outage.rte: there is no such key; the keys here are rate; did you mean 'rate'?
      """),
    BadScenario(
      "outage-negative",
      """
      schema: 1
      name: bad
      devices: {}
      server: {}
      uplink: {outage: {rate: -1 kbit/s}}
      model: {}
      """,
      """
      outage-negative.yaml:5:25: error: uplink.outage.rate: '-1 kbit/s' is out of range; it may be from 0 bit/s to \
      1000000000000000 bit/s
      """),
    BadScenario(
      "outage-word",
      """
      schema: 1
      name: bad
      devices: {}
      server: {}
      uplink: {outage: 10 kbit/s}
      model: {}
      """,
      """
      outage-word.yaml:5:18: error: uplink.outage: '10 kbit/s' is not a mapping; write 'key: value' lines below it, or \
      '{}' for the defaults
      """),
    BadScenario(
      "path-loss",
      """
      schema: 1
      name: bad
      devices: {}
      server: {}
      uplink: {path_loss: {model: log-distanse, exponent: 3}}
      model: {}
      """,
      """
      path-loss.yaml:5:29: error: uplink.path_loss.model: 'log-distanse' is not one of 3gpp-macro, log-distance, \
      free-space, uma, umi, rma, inh, sma; did you mean 'log-distance'?
      """),
    BadScenario(
      "ratios-beyond-their-limits",
      """
      schema: 1
      name: bad
      devices: {}
      server: {}
      uplink: {noise_figure: -3 dB, antenna_gain: 400 dBi}
      downlink: {noise_figure: 0.5}
      model: {}
      """,
      """
      ratios-beyond-their-limits.yaml:5:24: error: uplink.noise_figure: '-3 dB' is out of range; it may be from 0 dB to 100 dB
      ratios-beyond-their-limits.yaml:5:45: error: uplink.antenna_gain: '400 dBi' is out of range; it may be from -100 dB to \
      100 dB
      ratios-beyond-their-limits.yaml:6:26: error: downlink.noise_figure: '0.5' is out of range; it may be from 1 to 10000000000
      """),
    BadScenario(
      "path-loss-keys",
      """
      schema: 1
      name: bad
      devices: {}
      server: {}
      uplink: {path_loss: {model: free-space, exponent: 3}}
      model: {}
      """,
      """
      path-loss-keys.yaml:5:41: error: uplink.path_loss.exponent: there is no such key; the keys here are model, carrier
      """),
  ]
}
