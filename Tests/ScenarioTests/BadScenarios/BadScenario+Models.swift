extension BadScenario {
  /// Models, their cuts and profiles.
  static let models: [BadScenario] = [
    BadScenario(
      "head-with-embedding",
      """
      \(defaults)
      training:
        trainable: head
        embedding: trained
      """,
      """
      head-with-embedding.yaml:9:14: error: training.embedding: with 'trainable: head' the device's part is not \
      trained; leave this key out
      """),
    BadScenario(
      "model-cut",
      """
      schema: 1
      name: bad
      devices: {}
      server: {}
      uplink: {}
      model: {cut: after-block-0}
      """,
      """
      model-cut.yaml:6:14: error: model.cut: 'after-block-0' is not one of embedding, after-embedding, after-block-K; \
      did you mean 'after-block-K'?
      """),
    BadScenario(
      "model-cut-deep",
      """
      schema: 1
      name: bad
      devices: {}
      server: {}
      uplink: {}
      model: {name: vit_tiny_patch16_224, cut: after-block-13}
      """,
      """
      model-cut-deep.yaml:6:42: error: model.cut: 'after-block-13' lies after the last block; K may be from 1 to 12
      """),
    BadScenario(
      "model-image",
      """
      schema: 1
      name: bad
      devices: {}
      server: {}
      uplink: {}
      model: {name: vit_base_patch32_224, image: 230}
      """,
      """
      model-image.yaml:6:44: error: model.image: '230' is no multiple of the patch of 'vit_base_patch32_224', 32
      """),
    BadScenario(
      "model-name-and-shape",
      """
      schema: 1
      name: bad
      devices: {}
      server: {}
      uplink: {}
      model: {name: vit_tiny_patch16_224, patch: 8, dim: 96}
      """,
      """
      model-name-and-shape.yaml:6:44: error: model.patch: 'vit_tiny_patch16_224' has a shape of its own; only a model \
      without 'name' is given one
      model-name-and-shape.yaml:6:52: error: model.dim: 'vit_tiny_patch16_224' has a shape of its own; only a model \
      without 'name' is given one
      """),
    BadScenario(
      "model-shape-heads",
      """
      schema: 1
      name: bad
      devices: {}
      server: {}
      uplink: {}
      model: {image: 28, channels: 1, patch: 7, dim: 96, depth: 4, heads: 5}
      """,
      """
      model-shape-heads.yaml:6:69: error: model.heads: heads 5 do not divide width 96
      """),
    BadScenario(
      "model-shape-incomplete",
      """
      schema: 1
      name: bad
      devices: {}
      server: {}
      uplink: {}
      model: {image: 28, dim: 96}
      """,
      """
      model-shape-incomplete.yaml:6:8: error: model: a model without 'name' needs image, channels, patch, dim, depth, \
      heads; here is no channels, patch, depth, heads
      """),
    BadScenario(
      "model-shape-patch",
      """
      schema: 1
      name: bad
      devices: {}
      server: {}
      uplink: {}
      model: {image: 28, channels: 1, patch: 5, dim: 96, depth: 4, heads: 3}
      """,
      """
      model-shape-patch.yaml:6:40: error: model.patch: patch 5 does not divide image 28
      """),
    BadScenario(
      "model-unknown",
      """
      schema: 1
      name: bad
      devices: {}
      server: {}
      uplink: {}
      model: {name: vit_base_patch32_225}
      """,
      """
      model-unknown.yaml:6:15: error: model.name: 'vit_base_patch32_225' is not one of vit_tiny_patch16_224, \
      vit_small_patch16_224, vit_base_patch32_224, vit_base_patch16_224, vit_large_patch32_224, vit_large_patch16_224; \
      did you mean 'vit_base_patch32_224'?
      """),
    BadScenario(
      "model-weights-missing",
      """
      schema: 1
      name: bad
      devices: {}
      server: {}
      uplink: {}
      model: {weights: fleets.safetensors}
      """,
      """
      model-weights-missing.yaml:6:18: error: the file 'fleets.safetensors' does not exist
      """),
    BadScenario(
      "profile-asked",
      """
      schema: 1
      name: bad
      devices: {}
      server: {}
      uplink: {}
      model: {name: bert, profile: external}
      """,
      """
      profile-asked.yaml:6:30: error: model.profile: the figures are the trainer's to tell; 'airsplit profile \
      profile-asked.yaml --allow-external' asks it and prints what to write here
      """),
    BadScenario(
      "profile-empty",
      """
      schema: 1
      name: bad
      devices: {}
      server: {}
      uplink: {}
      model: {name: bert, profile: {}}
      """,
      """
      profile-empty.yaml:6:30: error: model.profile.payload.sample: this key is required in a profile
      profile-empty.yaml:6:30: error: model.profile.payload.activations: this key is required in a profile
      profile-empty.yaml:6:30: error: model.profile.payload.device_weights: this key is required in a profile
      profile-empty.yaml:6:30: error: model.profile.payload.parameters: this key is required in a profile
      profile-empty.yaml:6:30: error: model.profile.work.device_forward: this key is required in a profile
      profile-empty.yaml:6:30: error: model.profile.work.device_backward: this key is required in a profile
      profile-empty.yaml:6:30: error: model.profile.work.forward: this key is required in a profile
      """),
    BadScenario(
      "profile-head",
      """
      schema: 1
      name: bad
      devices: {}
      server: {}
      uplink: {}
      model:
        profile:
          payload: {sample: 1, activations: 1, device_weights: 3, parameters: 5}
          work: {device_forward: 1 GFLOP, device_backward: 2 GFLOP, forward: 1 GFLOP}
      training: {trainable: head}
      """,
      """
      profile-head.yaml:10:23: error: training.trainable: with 'head' the profile needs payload.head_parameters and \
      work.head_forward
      """),
    BadScenario(
      "profile-labels",
      """
      schema: 1
      name: bad
      devices: {}
      server: {}
      uplink: {}
      model:
        profile:
          payload: {sample: 1, activations: 1, device_weights: 3, parameters: 5, head_parameters: 1}
          work: {device_forward: 1 GFLOP, device_backward: 2 GFLOP, forward: 1 GFLOP, head_forward: 1 FLOP}
      training: {labels: device}
      """,
      """
      profile-labels.yaml:10:20: error: training.labels: with 'device' the profile needs payload.head_parameters, \
      payload.head_activations and work.head_forward
      """),
    BadScenario(
      "profile-gradient",
      """
      schema: 1
      name: bad
      devices: {}
      server: {}
      uplink: {}
      model:
        profile:
          payload: {sample: 1, activations: 1, device_weights: 3, parameters: 5, auxiliary_parameters: 1}
          work: {device_forward: 1 GFLOP, device_backward: 2 GFLOP, forward: 1 GFLOP}
      training: {gradient: local-loss}
      """,
      """
      profile-gradient.yaml:10:22: error: training.gradient: with 'local-loss' the profile needs payload.auxiliary_parameters \
      and work.auxiliary_forward
      """),
    BadScenario(
      "profile-shape",
      """
      schema: 1
      name: bad
      devices: {}
      server: {}
      uplink: {}
      model:
        name: bert
        dim: 64
        weights: a.safetensors
        profile:
          payload: {sample: 1, activations: 1.5, device_weights: 7, parameters: 5}
          work: {device_forward: 2 GFLOP, device_backward: 2 s, forward: 1 GFLOP}
      """,
      """
      profile-shape.yaml:8:8: error: model.dim: a model with a profile has no shape
      profile-shape.yaml:9:12: error: model.weights: the weights of a model with a profile are its trainer's
      profile-shape.yaml:11:39: error: model.profile.payload.activations: '1.5' is not a whole number; it may be from \
      1 to 1000000000000
      profile-shape.yaml:12:54: error: model.profile.work.device_backward: '2 s' has the unit 's'; use FLOP, MFLOP, \
      GFLOP, TFLOP
      """),
    BadScenario(
      "profile-sums",
      """
      schema: 1
      name: bad
      devices: {}
      server: {}
      uplink: {}
      model:
        profile:
          payload: {sample: 1, activations: 1, device_weights: 7, parameters: 5}
          work: {device_forward: 2 GFLOP, device_backward: 2 GFLOP, forward: 1 GFLOP}
      """,
      """
      profile-sums.yaml:8:58: error: model.profile.payload.device_weights: '7' are more than the parameters of the \
      whole model
      profile-sums.yaml:9:28: error: model.profile.work.device_forward: '2 GFLOP' is more than the forward pass of the \
      whole model
      """),
    BadScenario(
      "profile-trained",
      """
      schema: 1
      name: bad
      devices: {}
      server: {}
      uplink: {}
      model:
        profile:
          payload: {sample: 1, activations: 1, device_weights: 3, parameters: 5}
          work: {device_forward: 1 GFLOP, device_backward: 2 GFLOP, forward: 1 GFLOP}
      training: {trainer: vit, dataset: {name: synthetic}}
      """,
      """
      profile-trained.yaml:10:21: error: training.trainer: 'vit' trains Vision Transformers; a model with a profile \
      takes '{external: {command: [..]}}'
      """),
    BadScenario(
      "profile-word",
      """
      schema: 1
      name: bad
      devices: {}
      server: {}
      uplink: {}
      model: {name: bert, profile: extern}
      """,
      """
      profile-word.yaml:6:30: error: model.profile: 'extern' is no profile; give payload, work and memory, or 'external'
      """),
  ]
}
