extension BadScenario {
  /// Mistakes in `optimum`.
  static let optimum: [BadScenario] = [
    BadScenario(
      "objective-latency",
      """
      schema: 1
      name: bad
      objective: {kind: latency}
      devices: {}
      server: {}
      uplink: {}
      model: {}
      """,
      """
      objective-latency.yaml:3:19: error: objective.kind: the objective is a sum over participants, ratio or difference; for \
      the least latency take 'policy: least-latency'
      """),
    BadScenario(
      "clairvoyant-large",
      """
      schema: 1
      name: bad
      optimum: clairvoyant
      devices: {count: 201}
      server: {}
      uplink: {blocks: 10}
      model: {}
      rounds: 2
      """,
      """
      clairvoyant-large.yaml:3:10: error: optimum: 'clairvoyant' searches the future of each pair, and 201 devices on 10 blocks are \
      more than 2000 pairs; use a smaller cell
      """),
    BadScenario(
      "clairvoyant-framework",
      """
      schema: 1
      name: bad
      optimum: clairvoyant
      devices: {count: 5}
      server: {}
      uplink: {blocks: 5}
      model: {}
      framework: fl
      """,
      """
      clairvoyant-framework.yaml:3:10: error: optimum: 'clairvoyant' is the optimum of Eq. (22), which only framework sflam knows
      """),
    BadScenario(
      "clairvoyant-downlink",
      """
      schema: 1
      name: bad
      optimum: clairvoyant
      devices: {count: 5}
      server: {}
      uplink: {blocks: 5}
      model: {}
      downlink: {}
      """,
      """
      clairvoyant-downlink.yaml:3:10: error: optimum: 'clairvoyant' knows no downlink; leave one of the two out
      """),
    BadScenario(
      "clairvoyant-link",
      """
      schema: 1
      name: bad
      optimum: clairvoyant
      devices: {count: 5}
      server: {}
      uplink: {blocks: 5, link: {mcs: {table: 64qam}}}
      model: {}
      """,
      """
      clairvoyant-link.yaml:3:10: error: optimum: 'clairvoyant' knows Shannon's rate only; leave uplink.link and uplink.interference out
      """),
    BadScenario(
      "clairvoyant-queue",
      """
      schema: 1
      name: bad
      optimum: clairvoyant
      devices: {count: 5}
      server: {accelerators: 2}
      uplink: {blocks: 5}
      model: {}
      """,
      """
      clairvoyant-queue.yaml:3:10: error: optimum: 'clairvoyant' knows no queue at the server; leave server.accelerators out, or give each block one
      """),
    BadScenario(
      "clairvoyant-labels",
      """
      schema: 1
      name: bad
      optimum: clairvoyant
      devices: {count: 5}
      server: {}
      uplink: {blocks: 5}
      model: {}
      training: {labels: device}
      """,
      """
      clairvoyant-labels.yaml:3:10: error: optimum: 'clairvoyant' knows one upload per step; leave training.labels out
      """),
    BadScenario(
      "clairvoyant-carried",
      """
      schema: 1
      name: bad
      optimum: clairvoyant
      devices: {count: 5}
      server: {}
      uplink: {blocks: 5}
      model: {}
      aggregation: {mode: quorum, size: 2, rest: carried}
      """,
      """
      clairvoyant-carried.yaml:3:10: error: optimum: 'clairvoyant' knows rounds that begin together, and under this aggregation \
      work is carried over from one to the next; leave optimum out, or use a synchronous aggregation or 'rest: withdrawn'
      """),
    BadScenario(
      "clairvoyant-kept",
      """
      schema: 1
      name: bad
      optimum: clairvoyant
      devices: {count: 5}
      server: {}
      uplink: {blocks: 5}
      model: {}
      training: {embedding: frozen}
      """,
      """
      clairvoyant-kept.yaml:3:10: error: optimum: 'clairvoyant' knows no activations that the server keeps; train the embedding
      """),
  ]
}
