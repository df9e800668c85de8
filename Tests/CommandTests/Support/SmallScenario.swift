extension TemporaryFolder {
  /// A folder with `small.yaml`: a scenario that runs in milliseconds.
  static func withSmallScenario() throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    try folder.write(smallScenario, to: "small.yaml")
    return folder
  }
}

/// Twelve devices, some too slow for 5 s, on three blocks.
let smallScenario = """
  # Twelve devices on three blocks.
  schema: 1
  name: small
  seed: 7
  rounds: 4
  devices:
    count: 12
    distance: {uniform: [50 m, 1000 m]}
    clock: {uniform: [1.0 GHz, 1.5 GHz]}
    cores: {choice: [4, 5, 6]}
    power_min: 0.1 W
    power_max: {uniform: [0.5 W, 2 W]}
    samples: {integer: [100, 200]}
  server: {clock: 3 GHz, cores: 4000}
  uplink: {blocks: 3, block_bandwidth: 20 MHz}
  model: {name: vit_base_patch32_224, classes: 10}
  training: {local_epochs: 1}

  """
