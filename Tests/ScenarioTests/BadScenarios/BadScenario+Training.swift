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
      gradient-frozen.yaml:7:41: error: training.gradient: the device's part is not trained (embedding: frozen or trainable: \
      head), so no gradient comes back; leave this key out
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
