extension BadScenario {
  /// Trainers, optimizers and pretraining.
  static let training: [BadScenario] = [
    BadScenario(
      "optimizer-beta",
      """
      \(defaults)
      training:
        optimizer: {name: sgd, beta1: 0.9, beta2: 0.99, epsilon: 1e-8}
      """,
      """
      optimizer-beta.yaml:8:33: error: training.optimizer.beta1: this key goes with 'name: adamw' only
      optimizer-beta.yaml:8:45: error: training.optimizer.beta2: this key goes with 'name: adamw' only
      optimizer-beta.yaml:8:60: error: training.optimizer.epsilon: this key goes with 'name: adamw' only
      """),
    BadScenario(
      "optimizer-beta-one",
      """
      \(defaults)
      training:
        optimizer: {name: adamw, beta1: 1}
      """,
      """
      optimizer-beta-one.yaml:8:35: error: training.optimizer.beta1: '1' is out of range; it may be from 0 to 0.999999
      """),
    BadScenario(
      "optimizer-floor",
      """
      \(defaults)
      training:
        optimizer: {schedule: {kind: constant, floor: 0.1}}
      """,
      """
      optimizer-floor.yaml:8:49: error: training.optimizer.schedule.floor: this key goes with 'kind: cosine' only
      """),
    BadScenario(
      "optimizer-momentum",
      """
      \(defaults)
      training:
        optimizer: {name: adamw, momentum: 0.9}
      """,
      """
      optimizer-momentum.yaml:8:38: error: training.optimizer.momentum: this key goes with 'name: sgd' only
      """),
    BadScenario(
      "optimizer-unknown",
      """
      \(defaults)
      training:
        optimizer: {name: adam}
      """,
      """
      optimizer-unknown.yaml:8:21: error: training.optimizer.name: 'adam' is not one of sgd, adamw; did you mean \
      'adamw'?
      """),
    BadScenario(
      "pretrain-classes",
      """
      schema: 1
      name: bad
      devices: {}
      server: {}
      uplink: {}
      model: {classes: 2}
      training:
        dataset: {name: fashion-mnist, classes: [0, 1]}
        pretrain: {classes: [2, 3, 4]}
      """,
      """
      pretrain-classes.yaml:9:23: error: training.pretrain.classes: 3 classes, but the model has 2 outputs
      """),
    BadScenario(
      "pretrain-classes-mixed",
      """
      \(defaults)
      training:
        dataset: {name: fashion-mnist, classes: [0, 1]}
        pretrain: {classes: [1, 2]}
      """,
      """
      pretrain-classes-mixed.yaml:9:23: error: training.pretrain.classes: the devices hold some of these classes and \
      some not, so which samples are left is not known; choose all or none of theirs, or give train_offset
      """),
    BadScenario(
      "shuffle-word",
      """
      \(defaults)
      training:
        shuffle: maybe
      """,
      """
      shuffle-word.yaml:8:12: error: training.shuffle: 'maybe' is neither true nor false
      """),
    BadScenario(
      "stop-at-accuracy",
      """
      \(defaults)
      training:
        stop_at_accuracy: 90
      """,
      """
      stop-at-accuracy.yaml:8:21: error: training.stop_at_accuracy: '90' is out of range; it may be from 0 to 1
      """),
    BadScenario(
      "trainer-command",
      """
      \(defaults)
      training: {trainer: {external: {command: python3 trainer.py, timeout: 0 s}}}
      """,
      """
      trainer-command.yaml:7:42: error: training.trainer.external.command: 'python3 trainer.py' is not a list of \
      words; write 'command: [python3, program.py]'
      trainer-command.yaml:7:71: error: training.trainer.external.timeout: '0 s' is out of range; it may be from 0.001 \
      s to 1000000 s
      """),
    BadScenario(
      "trainer-empty",
      """
      \(defaults)
      training: {trainer: {}}
      """,
      """
      trainer-empty.yaml:7:21: error: training.trainer: there is no program; write 'trainer: {external: {command: \
      [python3, trainer.py]}}'
      """),
    BadScenario(
      "trainer-key",
      """
      \(defaults)
      training: {trainer: {externl: {command: [a]}}}
      """,
      """
      trainer-key.yaml:7:22: error: training.trainer.externl: there is no such key; the keys here are external; did \
      you mean 'external'?
      """),
    BadScenario(
      "trainer-too-large",
      """
      schema: 1
      name: bad
      devices: {}
      server: {}
      uplink: {}
      model: {image: 8192, channels: 1, patch: 1, dim: 96, depth: 4, heads: 3}
      training:
        trainer: vit
        dataset: {name: fashion-mnist}
      """,
      """
      trainer-too-large.yaml:8:12: error: training.trainer: a copy of this model takes 13835164089 GB to train in \
      batches of 64; at most 1000 GB are allowed
      """),
    BadScenario(
      "trainer-unknown",
      """
      \(defaults)
      training: {trainer: vti}
      """,
      """
      trainer-unknown.yaml:7:21: error: training.trainer: 'vti' is not one of none, vit, external; did you mean 'vit'?
      """),
    BadScenario(
      "trainer-without-dataset",
      """
      \(defaults)
      training:
        trainer: vit
      """,
      """
      trainer-without-dataset.yaml:8:12: error: training.trainer: 'vit' trains on images; name them, 'dataset: {name: \
      fashion-mnist}'
      """),
    BadScenario(
      "labels-whole",
      """
      \(defaults)
      framework: fl
      training: {labels: device}
      """,
      """
      labels-whole.yaml:8:20: error: training.labels: framework fl cuts no model, and so has no head to leave on the device; \
      'device' is for sflam, sfl, sl
      """),
    BadScenario(
      "labels-shared",
      """
      \(defaults)
      framework: sfl-v2
      training: {labels: device}
      """,
      """
      labels-shared.yaml:8:20: error: training.labels: with 'device' a step comes to the server twice, and under framework sfl-v2 \
      other devices change the server's part in between; take sflam, sfl, sl
      """),
    BadScenario(
      "labels-word",
      """
      \(defaults)
      training: {labels: devices}
      """,
      """
      labels-word.yaml:7:20: error: training.labels: 'devices' is not one of server, device; did you mean 'device'?
      """),
    BadScenario(
      "gradient-whole",
      """
      \(defaults)
      framework: ll
      training: {gradient: local-loss}
      """,
      """
      gradient-whole.yaml:8:22: error: training.gradient: framework ll cuts no model; 'local-loss' is for sflam, sfl, sfl-v2, sl
      """),
    BadScenario(
      "gradient-frozen",
      """
      \(defaults)
      training: {embedding: frozen, gradient: local-loss}
      """,
      """
      gradient-frozen.yaml:7:41: error: training.gradient: the device's part is not trained (embedding: frozen, \
      trainable: head, or no adapters before the cut), so no gradient comes back; leave this key out
      """),
    BadScenario(
      "gradient-external",
      """
      \(defaults)
      training: {trainer: {external: {command: [python3, t.py]}}, gradient: local-loss}
      """,
      """
      gradient-external.yaml:7:71: error: training.gradient: the protocol for external trainers knows no auxiliary head; take \
      trainer vit or none
      """),
    BadScenario(
      "adapters-keys",
      """
      \(defaults)
      training:
        adapters:
          lora: {r: 8, alpha: 0, targets: [qkv, key, fc1, fc1], dropout: 1.1, part: servers, scaling: rslora}
      """,
      """
      adapters-keys.yaml:9:12: error: training.adapters.lora.r: there is no such key; the keys here are rank, alpha, targets, \
      dropout, part, scaling, aggregation, weights; did you mean 'training.adapters.lora.rank'?
      adapters-keys.yaml:9:25: error: training.adapters.lora.alpha: '0' is out of range; it may be from 1e-06 to 1000000
      adapters-keys.yaml:9:43: error: training.adapters.lora.targets: 'key' is not one of qkv, proj, fc1, fc2
      adapters-keys.yaml:9:53: error: training.adapters.lora.targets: 'fc1' stands twice
      adapters-keys.yaml:9:68: error: training.adapters.lora.dropout: '1.1' is out of range; it may be from 0 to 0.999999
      adapters-keys.yaml:9:79: error: training.adapters.lora.part: 'servers' is not one of both, device, server; did you mean \
      'server'?
      adapters-keys.yaml:9:97: error: training.adapters.lora.scaling: 'rslora' is not one of standard, rank-stabilized
      """),
    BadScenario(
      "adapters-weights",
      """
      \(defaults)
      training: {adapters: {lora: {weights: nowhere}}}
      """,
      """
      adapters-weights.yaml:7:39: error: the file 'nowhere/adapter_config.json' does not exist
      """),
    BadScenario(
      "adapters-kind",
      """
      \(defaults)
      training: {adapters: {dora: {}}}
      """,
      """
      adapters-kind.yaml:7:23: error: training.adapters.dora: there is no such key; the keys here are lora; did you mean 'lora'?
      """),
    BadScenario(
      "adapters-empty",
      """
      \(defaults)
      training: {adapters: {}}
      """,
      """
      adapters-empty.yaml:7:22: error: training.adapters: there is no kind of adapter; write 'adapters: {lora: {}}'
      """),
    BadScenario(
      "adapters-part",
      """
      \(defaults)
      training: {adapters: {lora: {part: device}}}
      """,
      """
      adapters-part.yaml:7:22: error: training.adapters: 'part: device' has no block: the cut is embedding, and the model has \
      12 of them
      """),
    BadScenario(
      "adapters-embedding",
      """
      \(defaults)
      training: {adapters: {lora: {}}, embedding: trained}
      """,
      """
      adapters-embedding.yaml:7:45: error: training.embedding: with adapters, these alone say what is trained on the device: \
      'part: both' and the cut embedding; leave this key out
      """),
    BadScenario(
      "adapters-others",
      """
      \(defaults)
      training: {trainer: {external: {command: [python3, t.py]}}, trainable: head, adapters: {lora: {}}}
      """,
      """
      adapters-others.yaml:7:88: error: training.adapters: the protocol for external trainers knows no adapters; take trainer \
      vit or none
      adapters-others.yaml:7:88: error: training.adapters: with 'trainable: head' the head alone is trained; leave one of the \
      two keys out
      """),
    BadScenario(
      "trainer-without-program",
      """
      \(defaults)
      training: {trainer: external}
      """,
      """
      trainer-without-program.yaml:7:21: error: training.trainer: there is no program; write 'trainer: {external: \
      {command: [python3, trainer.py]}}'
      """),
  ]
}
