import Scenario
import Simulation
import Training

/// The scenario of these tests: small enough for a debug build, with devices of every fate.
enum Fixture {
  static let text = """
    schema: 1
    name: fixture
    seed: 7
    rounds: 3
    policy: exact
    deadline: 5 s
    devices:
      count: 20
      distance: {uniform: [50 m, 1000 m]}
      clock: {uniform: [1.0 GHz, 1.5 GHz]}
      cores: {choice: [4, 5, 6]}
      power_max: {uniform: [0.5 W, 2 W]}
      samples: {integer: [400, 500]}
    server: {clock: 3 GHz, cores: {integer: [2560, 5120]}, flops_per_cycle: {choice: [1, 2]}}
    uplink:
      blocks: 4
      block_bandwidth: 20 MHz
      noise_density: -174 dBm/Hz
      path_loss: {model: 3gpp-macro}
      fading: rayleigh
    model: {name: vit_base_patch32_224, classes: 10}
    training: {trainer: none, batch: 64, local_epochs: 2}
    """

  /// The fixture with settings laid over it, `"deadline=4 s"`.
  static func scenario(_ settings: String...) throws -> Scenario { try scenario(settings) }

  static func scenario(_ settings: [String]) throws -> Scenario {
    let overrides = try settings.map(ScenarioOverride.init(setting:))
    return try ScenarioReader.read(text: text, file: "fixture.yaml", overrides: overrides).scenario
  }

  /// Every round of a run, with the run at its end.
  static func results(
    _ scenario: Scenario, trainer: (any Trainer)? = nil, options: Run.Options = Run.Options(),
    eachRound: (borrowing Run, RoundReport) throws -> Void = { _, _ in }
  ) throws -> (results: [RoundReport], summary: RunSummary, fingerprint: String) {
    var run = try Run(World(scenario), policy: ResolvedPolicy(scenario).policy, trainer: trainer, options: options)
    var results: [RoundReport] = []
    while let result = try run.nextRound() {
      results.append(result)
      try eachRound(run, result)
    }
    return (results, run.summary, "\(run.fingerprint)")
  }
}
