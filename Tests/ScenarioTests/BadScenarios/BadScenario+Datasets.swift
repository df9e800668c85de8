extension BadScenario {
  /// Data sets and how they are parted.
  static let datasets: [BadScenario] = [
    BadScenario(
      "dataset-channels",
      """
      schema: 1
      name: bad
      devices: {}
      server: {}
      uplink: {}
      model: {image: 28, channels: 1, patch: 7, dim: 96, depth: 4, heads: 3}
      training:
        dataset: {name: cifar10, path: cifar}
      """,
      """
      dataset-channels.yaml:8:19: error: training.dataset.name: images of cifar10 have 3 channels, the model takes 1; \
      only grey images are repeated, so write 'channels: 3' in model
      """),
    BadScenario(
      "dataset-cifar-path",
      """
      \(defaults)
      training:
        dataset: {name: cifar10}
      """,
      """
      dataset-cifar-path.yaml:8:12: error: training.dataset.path: 'cifar10' has no usual place; write 'path: FOLDER', \
      where the files of cifar-10-binary.tar.gz are
      """),
    BadScenario(
      "dataset-class-range",
      """
      \(defaults)
      training:
        dataset: {name: fashion-mnist, classes: [0, 10]}
      """,
      """
      dataset-class-range.yaml:8:47: error: training.dataset.classes.1: '10' is out of range; it may be from 0 to 9
      """),
    BadScenario(
      "dataset-class-twice",
      """
      \(defaults)
      training:
        dataset: {name: fashion-mnist, classes: [3, 1, 3]}
      """,
      """
      dataset-class-twice.yaml:8:43: error: training.dataset.classes: class 3 stands twice
      """),
    BadScenario(
      "dataset-classes",
      """
      schema: 1
      name: bad
      devices: {}
      server: {}
      uplink: {}
      model: {classes: 5}
      training:
        dataset: {name: fashion-mnist}
      """,
      """
      dataset-classes.yaml:8:19: error: training.dataset.name: 10 classes of fashion-mnist are used, but the model has \
      5 outputs; set model.classes, or name fewer in 'classes'
      """),
    BadScenario(
      "dataset-classes-chosen",
      """
      schema: 1
      name: bad
      devices: {}
      server: {}
      uplink: {}
      model: {classes: 2}
      training:
        dataset: {name: fashion-mnist, classes: [0, 1, 2]}
      """,
      """
      dataset-classes-chosen.yaml:8:43: error: training.dataset.classes: 3 classes of fashion-mnist are used, but the \
      model has 2 outputs; set model.classes, or name fewer in 'classes'
      """),
    BadScenario(
      "dataset-is-word",
      """
      \(defaults)
      training:
        dataset: fashion-mnist
      """,
      """
      dataset-is-word.yaml:8:12: error: training.dataset: 'fashion-mnist' is not a mapping; write 'key: value' lines \
      below it, or '{}' for the defaults
      """),
    BadScenario(
      "dataset-normalize",
      """
      \(defaults)
      training:
        dataset: {name: fashion-mnist, normalize: imagenet}
      """,
      """
      dataset-normalize.yaml:8:45: error: training.dataset.normalize: 'imagenet' is not one of dataset, timm, {mean: \
      [..], std: [..]}
      """),
    BadScenario(
      "dataset-normalize-count",
      """
      \(defaults)
      training:
        dataset: {name: cifar10, path: x, normalize: {mean: [0.5, 0.5], std: [0.5]}}
      """,
      """
      dataset-normalize-count.yaml:8:48: error: training.dataset.normalize: 2 means and 1 deviation; give as many of \
      both, one or one per channel of the model, 3
      """),
    BadScenario(
      "dataset-normalize-zero",
      """
      \(defaults)
      training:
        dataset: {name: fashion-mnist, normalize: {mean: [0.5], std: [0]}}
      """,
      """
      dataset-normalize-zero.yaml:8:65: error: training.dataset.normalize.std.0: '0' is out of range; it may be from \
      1e-06 to 1000000
      """),
    BadScenario(
      "dataset-synthetic-path",
      """
      \(defaults)
      training:
        dataset: {name: synthetic, path: somewhere}
      """,
      """
      dataset-synthetic-path.yaml:8:36: error: training.dataset.path: 'synthetic' is made from the seed and has no files
      """),
    BadScenario(
      "dataset-unknown",
      """
      \(defaults)
      training:
        dataset: {name: mnist-fashion}
      """,
      """
      dataset-unknown.yaml:8:19: error: training.dataset.name: 'mnist-fashion' is not one of fashion-mnist, cifar10, \
      cifar100, synthetic, own
      """),
    BadScenario(
      "dataset-without-name",
      """
      \(defaults)
      training:
        dataset: {train_limit: 100}
      """,
      """
      dataset-without-name.yaml:8:12: error: training.dataset.name: this key is required; it is one of fashion-mnist, \
      cifar10, cifar100, synthetic, own
      """),
    BadScenario(
      "dataset-own-normalize",
      """
      \(defaults)
      training:
        dataset: {name: own, path: images.npz, normalize: dataset}
      """,
      """
      dataset-own-normalize.yaml:8:53: error: training.dataset.normalize: nothing is known of the pixels of 'own' images; \
      write timm (0.5 and 0.5), or {mean: [..], std: [..]}
      """),
    BadScenario(
      "dataset-own-path",
      """
      \(defaults)
      training:
        dataset: {name: own}
      """,
      """
      dataset-own-path.yaml:8:12: error: training.dataset.path: 'own' images have a place; write 'path: FILE.npz', or \
      'path: FOLDER' with .npy or IDX files
      """),
    BadScenario(
      "partition-alpha",
      """
      \(defaults)
      training:
        dataset: {name: fashion-mnist}
        partition: {kind: iid, alpha: 0.3, min_samples: 5}
      """,
      """
      partition-alpha.yaml:9:33: error: training.partition.alpha: this key goes with 'kind: dirichlet' only
      partition-alpha.yaml:9:51: error: training.partition.min_samples: this key goes with 'kind: dirichlet' only
      """),
    BadScenario(
      "partition-classes",
      """
      \(defaults)
      training:
        dataset: {name: fashion-mnist}
        partition: {kind: dirichlet, classes: 2}
      """,
      """
      partition-classes.yaml:9:41: error: training.partition.classes: this key goes with 'kind: shards' only
      """),
    BadScenario(
      "partition-equal",
      """
      \(defaults)
      training:
        dataset: {name: fashion-mnist}
        partition: {kind: shards, samples: equal}
      """,
      """
      partition-equal.yaml:9:38: error: training.partition.samples: this key goes with 'kind: dirichlet' only
      """),
    BadScenario(
      "partition-file-missing",
      """
      \(defaults)
      training:
        dataset: {name: fashion-mnist}
        partition: {kind: file}
      """,
      """
      partition-file-missing.yaml:9:14: error: training.partition.file: 'kind: file' needs one; write 'file: partition.csv'
      """),
    BadScenario(
      "partition-file-kind",
      """
      \(defaults)
      training:
        dataset: {name: fashion-mnist}
        partition: {file: partition.csv}
      """,
      """
      partition-file-kind.yaml:9:21: error: training.partition.file: this key goes with 'kind: file' only
      """),
    BadScenario(
      "partition-group-samples",
      """
      schema: 1
      name: bad
      devices: {groups: [{count: 2}, {count: 3, samples: 450}]}
      server: {}
      uplink: {}
      model: {}
      training:
        dataset: {name: fashion-mnist}
        partition: {kind: shards}
      """,
      """
      partition-group-samples.yaml:3:52: error: devices.groups.1.samples: the partition says how many samples a device \
      has; leave this key out, or choose the kind iid or contiguous
      """),
    BadScenario(
      "partition-samples",
      """
      schema: 1
      name: bad
      devices: {samples: 450}
      server: {}
      uplink: {}
      model: {}
      training:
        dataset: {name: fashion-mnist}
      """,
      """
      partition-samples.yaml:3:20: error: devices.samples: the partition says how many samples a device has; leave \
      this key out, or choose the kind iid or contiguous
      """),
    BadScenario(
      "partition-shards",
      """
      \(defaults)
      training:
        dataset: {name: fashion-mnist, classes: [0, 1]}
        partition: {kind: shards, classes: 3}
      """,
      """
      partition-shards.yaml:9:38: error: training.partition.classes: 3 classes per device, but only 2 are used of \
      fashion-mnist
      """),
    BadScenario(
      "partition-sizes",
      """
      \(defaults)
      training:
        dataset: {name: fashion-mnist}
        partition: {samples: equals}
      """,
      """
      partition-sizes.yaml:9:24: error: training.partition.samples: 'equals' is not one of drawn, equal; did you mean \
      'equal'?
      """),
    BadScenario(
      "partition-unknown",
      """
      \(defaults)
      training:
        dataset: {name: fashion-mnist}
        partition: {kind: non-iid}
      """,
      """
      partition-unknown.yaml:9:21: error: training.partition.kind: 'non-iid' is not one of dirichlet, iid, shards, \
      contiguous, file
      """),
  ]
}
