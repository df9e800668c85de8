extension BadScenario {
  /// Ranks of devices' adapters, and what adapters become.
  static let adapterRanks: [BadScenario] = [
    BadScenario(
      "rank-alone",
      """
      schema: 1
      name: bad
      devices: {lora_rank: 2}
      server: {}
      uplink: {}
      model: {cut: after-block-2}
      """,
      """
      rank-alone.yaml:3:22: error: devices.lora_rank: there are no adapters; write 'training: {adapters: {lora: {rank: 8}}}', or \
      leave this key out
      """),
    BadScenario(
      "rank-above",
      """
      schema: 1
      name: bad
      devices:
        lora_rank: {choice: [2, 9]}
        groups: [{count: 2}, {count: 3, lora_rank: 16}, {count: 4, lora_rank: 8}, {count: 1}]
      server: {}
      uplink: {}
      model: {cut: after-block-2}
      training: {adapters: {lora: {rank: 8}}}
      """,
      """
      rank-above.yaml:4:14: error: devices.lora_rank: 9 is above training.adapters.lora.rank, 8, of which a device has all or some
      rank-above.yaml:5:46: error: devices.groups.1.lora_rank: 16 is above training.adapters.lora.rank, 8, of which a device has \
      all or some
      """),
    BadScenario(
      "rank-zero",
      """
      schema: 1
      name: bad
      devices: {lora_rank: {choice: [0, 2.5]}}
      server: {}
      uplink: {}
      model: {cut: after-block-2}
      training: {adapters: {lora: {rank: 8}}}
      """,
      """
      rank-zero.yaml:3:32: error: devices.lora_rank.choice.0: '0' is out of range; it may be from 1 to 4096
      rank-zero.yaml:3:35: error: devices.lora_rank.choice.1: '2.5' is not a whole number; it may be from 1 to 4096
      """),
    BadScenario(
      "rank-embedding",
      """
      schema: 1
      name: bad
      devices: {lora_rank: 2}
      server: {}
      uplink: {}
      model: {}
      training: {adapters: {lora: {}}, optimizer: {state: averaged}}
      """,
      """
      rank-embedding.yaml:3:22: error: devices.lora_rank: no adapters stand on devices: part is both, and the cut embedding; cut \
      behind a block, or leave this key out
      rank-embedding.yaml:3:22: error: devices.lora_rank: an averaged state moves what a device does not have; take 'optimizer: \
      {state: reset}', or kept
      """),
    BadScenario(
      "rank-alone-framework",
      """
      schema: 1
      name: bad
      framework: sl
      devices: {lora_rank: 2}
      server: {}
      uplink: {}
      model: {cut: after-block-2}
      training: {adapters: {lora: {aggregation: svd}}}
      """,
      """
      rank-alone-framework.yaml:4:22: error: devices.lora_rank: framework sl averages no whole models; ranks are for sflam, sfl \
      and fl
      rank-alone-framework.yaml:8:43: error: training.adapters.lora.aggregation: framework sl averages no whole models; 'svd' is \
      for sflam, sfl and fl
      """),
    BadScenario(
      "adapters-stacked",
      """
      schema: 1
      name: bad
      devices: {}
      server: {}
      uplink: {}
      downlink: {}
      aggregation: {mode: asynchronous}
      model: {}
      training: {adapters: {lora: {aggregation: stacked}}, optimizer: {state: kept}}
      """,
      """
      adapters-stacked.yaml:9:43: error: training.adapters.lora.aggregation: after stacked the rows of A and the columns of B are \
      others, and an optimizer's state is of those before; take 'optimizer: {state: reset}'
      adapters-stacked.yaml:9:43: error: training.adapters.lora.aggregation: 'stacked' changes the matrices that devices still at \
      work have begun with; take svd, or 'mode: synchronous'
      adapters-stacked.yaml:9:43: error: training.adapters.lora.aggregation: what comes down are the products of all rounds that a \
      device has missed, which no plan prices; take svd, or 'downlink: {model: none}'
      """),
    BadScenario(
      "adapters-svd-state",
      """
      schema: 1
      name: bad
      devices: {}
      server: {}
      uplink: {}
      model: {}
      training: {adapters: {lora: {aggregation: svd}}, optimizer: {state: kept}}
      """,
      """
      adapters-svd-state.yaml:7:43: error: training.adapters.lora.aggregation: after svd the rows of A and the columns of B are \
      others, and an optimizer's state is of those before; take 'optimizer: {state: reset}'
      """),
  ]
}
