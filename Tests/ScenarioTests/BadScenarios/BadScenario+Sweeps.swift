extension BadScenario {
  /// Sweeps.
  static let sweeps: [BadScenario] = [
    BadScenario(
      "sweep-condition",
      """
      schema: 1
      name: bad
      devices: {count: 20}
      server: {}
      uplink: {blocks: 5}
      model: {name: vit_base_patch32_224}
      sweep: {where: "deadline <"}
      """,
      """
      sweep-condition.yaml:7:16: error: sweep.where: 'deadline <': column 11: a key, a number or a word is expected \
      here, not the end
      """),
    BadScenario(
      "sweep-empty-list",
      """
      schema: 1
      name: bad
      devices: {count: 20}
      server: {}
      uplink: {blocks: 5}
      model: {name: vit_base_patch32_224}
      sweep: {grid: {deadline: []}}
      """,
      """
      sweep-empty-list.yaml:7:26: error: sweep.grid.deadline: an empty list gives no values; write a list, or {range: \
      {start: 3 s, stop: 8 s, step: 0.5 s}}
      """),
    BadScenario(
      "sweep-inside",
      """
      schema: 1
      name: bad
      devices: {count: 20}
      server: {}
      uplink: {blocks: 5}
      model: {name: vit_base_patch32_224}
      sweep: {grid: {devices: [{count: 3}], devices.count: [4]}}
      """,
      """
      sweep-inside.yaml:7:39: error: sweep.grid.devices.count: varies with 'devices', which holds it or is in it
      """),
    BadScenario(
      "sweep-measure",
      """
      schema: 1
      name: bad
      devices: {count: 20}
      server: {}
      uplink: {blocks: 5}
      model: {name: vit_base_patch32_224}
      sweep: {measure: alocation}
      """,
      """
      sweep-measure.yaml:7:18: error: sweep.measure: 'alocation' is not one of run, allocation; did you mean \
      'allocation'?
      """),
    BadScenario(
      "sweep-name-varies",
      """
      schema: 1
      name: bad
      devices: {count: 20}
      server: {}
      uplink: {blocks: 5}
      model: {name: vit_base_patch32_224}
      sweep: {grid: {name: [a, b]}}
      """,
      """
      sweep-name-varies.yaml:7:16: error: sweep.grid.name: 'name' cannot vary
      """),
    BadScenario(
      "sweep-no-list",
      """
      schema: 1
      name: bad
      devices: {count: 20}
      server: {}
      uplink: {blocks: 5}
      model: {name: vit_base_patch32_224}
      sweep: {grid: {deadline: 4 s}}
      """,
      """
      sweep-no-list.yaml:7:26: error: sweep.grid.deadline: '4 s' gives no values; write a list, or {range: {start: 3 \
      s, stop: 8 s, step: 0.5 s}}
      """),
    BadScenario(
      "sweep-range-direction",
      """
      schema: 1
      name: bad
      devices: {count: 20}
      server: {}
      uplink: {blocks: 5}
      model: {name: vit_base_patch32_224}
      sweep: {grid: {deadline: {range: {start: 4 s, stop: 3 s, step: 1 s}}}}
      """,
      """
      sweep-range-direction.yaml:7:34: error: sweep.grid.deadline: a step of 1 s never leads from 4 s to 3 s
      """),
    BadScenario(
      "sweep-range-huge",
      """
      schema: 1
      name: bad
      devices: {count: 20}
      server: {}
      uplink: {blocks: 5}
      model: {name: vit_base_patch32_224}
      sweep: {grid: {deadline: {range: {start: 1 s, stop: 9 s, step: 1e-9 s}}}}
      """,
      """
      sweep-range-huge.yaml:7:34: error: sweep.grid.deadline: has over 1000000 values; take a larger step
      """),
    BadScenario(
      "sweep-range-key",
      """
      schema: 1
      name: bad
      devices: {count: 20}
      server: {}
      uplink: {blocks: 5}
      model: {name: vit_base_patch32_224}
      sweep: {grid: {deadline: {range: {start: 1 s, end: 9 s, step: 1 s}}}}
      """,
      """
      sweep-range-key.yaml:7:47: error: sweep.grid.deadline: there is no key 'end' in a range; its keys are start, \
      stop, step
      """),
    BadScenario(
      "sweep-range-units",
      """
      schema: 1
      name: bad
      devices: {count: 20}
      server: {}
      uplink: {blocks: 5}
      model: {name: vit_base_patch32_224}
      sweep: {grid: {deadline: {range: {start: 4 s, stop: 5000 ms, step: 1 s}}}}
      """,
      """
      sweep-range-units.yaml:7:34: error: sweep.grid.deadline: start, stop and step have the units 's', 'ms' and 's'; \
      write all in the same
      """),
    BadScenario(
      "sweep-repetitions",
      """
      schema: 1
      name: bad
      devices: {count: 20}
      server: {}
      uplink: {blocks: 5}
      model: {name: vit_base_patch32_224}
      sweep: {repetitions: 0}
      """,
      """
      sweep-repetitions.yaml:7:22: error: sweep.repetitions: '0' is out of range; it may be from 1 to 1000000
      """),
    BadScenario(
      "sweep-too-many",
      """
      schema: 1
      name: bad
      devices: {count: 20}
      server: {}
      uplink: {blocks: 5}
      model: {name: vit_base_patch32_224}
      sweep:
        grid:
          deadline: {range: {start: 1 s, stop: 9 s, step: 0.001 s}}
          devices.count: {range: {start: 1, stop: 200, step: 1}}
      """,
      """
      sweep-too-many.yaml:8:3: error: sweep: has 1600200 points; at most 1000000 are possible
      """),
    BadScenario(
      "sweep-traces",
      """
      schema: 1
      name: bad
      devices: {count: 20}
      server: {}
      uplink: {blocks: 5}
      model: {name: vit_base_patch32_224}
      sweep: {traces: [rounds, device]}
      """,
      """
      sweep-traces.yaml:7:26: error: sweep.traces: 'device' is not one of rounds, devices, events, bcd, timeline, \
      gains, tensors; did you mean 'devices'?
      """),
    BadScenario(
      "sweep-twice",
      """
      schema: 1
      name: bad
      devices: {count: 20}
      server: {}
      uplink: {blocks: 5}
      model: {name: vit_base_patch32_224}
      sweep: {grid: {deadline: [4 s, 5 s, 4s]}}
      """,
      """
      sweep-twice.yaml:7:37: error: sweep.grid.deadline: '4s' stands twice
      """),
    BadScenario(
      "sweep-two-axes",
      """
      schema: 1
      name: bad
      devices: {count: 20}
      server: {}
      uplink: {blocks: 5}
      model: {name: vit_base_patch32_224}
      sweep:
        grid: {deadline: [4 s]}
        zip: {deadline: [5 s]}
      """,
      """
      sweep-two-axes.yaml:9:9: error: sweep.zip.deadline: varies twice
      """),
    BadScenario(
      "sweep-unknown-key",
      """
      schema: 1
      name: bad
      devices: {count: 20}
      server: {}
      uplink: {blocks: 5}
      model: {name: vit_base_patch32_224}
      sweep: {grd: {deadline: [4 s]}}
      """,
      """
      sweep-unknown-key.yaml:7:9: error: sweep.grd: there is no such key; the keys here are grid, zip, where, \
      repetitions, measure, traces, weights; did you mean 'grid'?
      """),
    BadScenario(
      "sweep-weights",
      """
      schema: 1
      name: bad
      devices: {count: 20}
      server: {}
      uplink: {blocks: 5}
      model: {name: vit_base_patch32_224}
      sweep: {weights: bets}
      """,
      """
      sweep-weights.yaml:7:18: error: sweep.weights: 'bets' is not one of last, best; did you mean 'best'?
      """),
    BadScenario(
      "sweep-weights-measure",
      """
      schema: 1
      name: bad
      devices: {count: 20}
      server: {}
      uplink: {blocks: 5}
      model: {name: vit_base_patch32_224}
      sweep: {measure: allocation, weights: last}
      """,
      """
      sweep-weights-measure.yaml:7:39: error: sweep.weights: nothing is trained under 'measure: allocation', and there \
      are no weights to keep
      """),
    BadScenario(
      "sweep-zip-lengths",
      """
      schema: 1
      name: bad
      devices: {count: 20}
      server: {}
      uplink: {blocks: 5}
      model: {name: vit_base_patch32_224}
      sweep: {zip: {devices.count: [4, 5], uplink.blocks: [1, 2, 3]}}
      """,
      """
      sweep-zip-lengths.yaml:7:15: error: sweep.zip.devices.count: has 2 values and 'uplink.blocks' has 3; keys of zip \
      move together
      """),
  ]
}
