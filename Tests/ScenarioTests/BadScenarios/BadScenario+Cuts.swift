extension BadScenario {
  /// Where models are cut, and what memory devices have.
  static let cuts: [BadScenario] = [
    BadScenario(
      "cut-list",
      """
      schema: 1
      name: bad
      devices: {}
      server: {}
      uplink: {}
      model: {cut: [embedding, after-block-2, embedding, block-3]}
      """,
      """
      cut-list.yaml:6:41: error: model.cut.2: 'embedding' stands in the list already
      cut-list.yaml:6:52: error: model.cut.3: 'block-3' is not one of embedding, after-embedding, after-block-K
      """),
    BadScenario(
      "cut-list-empty",
      """
      schema: 1
      name: bad
      devices: {}
      server: {}
      uplink: {}
      model: {cut: []}
      """,
      """
      cut-list-empty.yaml:6:14: error: model.cut: a list of 0 cuts; from 1 to 64 are possible
      """),
    BadScenario(
      "cut-list-deep",
      """
      schema: 1
      name: bad
      devices: {}
      server: {}
      uplink: {}
      model: {name: vit_tiny_patch16_224, cut: [embedding, after-block-13]}
      """,
      """
      cut-list-deep.yaml:6:42: error: model.cut: 'after-block-13' lies after the last block; K may be from 1 to 12
      """),
    BadScenario(
      "cut-list-sl",
      """
      schema: 1
      name: bad
      framework: sl
      devices: {}
      server: {}
      uplink: {}
      model: {cut: [embedding, after-block-2]}
      training: {embedding: frozen}
      """,
      """
      cut-list-sl.yaml:7:14: error: model.cut: framework sl cuts all devices' models alike or none; a choice of cuts is for \
      sflam and sfl, whose devices have whole models of their own
      cut-list-sl.yaml:7:14: error: model.cut: where the device's part is frozen, the cut would say what is trained; take \
      'embedding: trained'
      """),
    BadScenario(
      "memory-ll",
      """
      schema: 1
      name: bad
      framework: ll
      devices: {memory: 1 GB}
      server: {}
      uplink: {}
      model: {}
      """,
      """
      memory-ll.yaml:4:19: error: devices.memory: framework ll chooses nobody: each device trains, whatever its memory; \
      leave this key out
      """),
    BadScenario(
      "memory-unit",
      """
      schema: 1
      name: bad
      devices: {memory: {choice: [512 MB, 2 W]}}
      server: {}
      uplink: {}
      model: {}
      """,
      """
      memory-unit.yaml:3:37: error: devices.memory.choice.1: '2 W' has the unit 'W'; use bit, kbit, Mbit, Gbit, B, kB, MB, \
      GB, KiB, MiB, GiB
      """),
    BadScenario(
      "cut-profile-idle",
      """
      schema: 1
      name: bad
      devices: {}
      server: {}
      uplink: {}
      model:
        cut: [embedding, after-block-2]
        profile:
          payload: {sample: 100, activations: 50, device_weights: 10, parameters: 100}
          work: {device_forward: 0 FLOP, device_backward: 0 FLOP, forward: 100 FLOP}
          cuts: {after-block-2: {activations: 20, device_weights: 10, device_forward: 2 FLOP, device_backward: 2 FLOP}}
      """,
      """
      cut-profile-idle.yaml:7:8: error: model.cut: the first cut leaves devices nothing to compute, and others are measured \
      against it; begin with another one
      """),
    BadScenario(
      "cut-profile",
      """
      schema: 1
      name: bad
      devices: {memory: 1 GB}
      server: {}
      uplink: {}
      model:
        cut: [embedding, after-block-2]
        profile:
          payload: {sample: 100, activations: 50, device_weights: 10, parameters: 100}
          work: {device_forward: 1 FLOP, device_backward: 1 FLOP, forward: 100 FLOP}
          cuts: {after-block-2: {activations: 20, device_weights: 1000, device_forward: 2 FLOP}}
      """,
      """
      cut-profile.yaml:3:19: error: devices.memory: what training takes before the cut 'embedding' is not known; the \
      profile needs memory.device
      cut-profile.yaml:11:27: error: model.profile.cuts.after-block-2.device_backward: this key is required for each cut of \
      the list
      """),
  ]
}
