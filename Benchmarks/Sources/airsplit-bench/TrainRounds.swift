import ArgumentParser
import Scenario
import Simulation
import SplitViT
import Training

extension Framework: @retroactive ExpressibleByArgument {}

/// Whole rounds of a framework, on one thread and on several.
struct TrainRounds {
  var framework: Framework
  /// Of the Dirichlet distribution that says how uneven the devices' data is; `nil`: alike.
  var alpha: Double?
  var devices: Int
  var model: TrainingModel
  var threads: Int
  var repetitions: Int

  private var stepsPerRound: Int { devices * model.steps }

  /// Seconds per step on one thread and on all, and the median of their ratios, round by round.
  struct Answer {
    var one: Double
    var all: Double
    var ratio: Double
  }

  /// Runs of one thread and of all take turns round by round; stops where their losses differ in a bit.
  func measure() throws -> Answer {
    var one = try run(threads: 1)
    var all = try run(threads: threads)
    var times = [[Double]](repeating: [], count: 2)
    for repetition in 0...repetitions {
      note(repetition == 0 ? "warm-up" : "repetition \(repetition) of \(repetitions)")
      var losses = [Double?](repeating: nil, count: 2)
      for index in repetition % 2 == 0 ? [0, 1] : [1, 0] {
        let start = ContinuousClock.now
        let report = index == 0 ? try one.nextRound() : try all.nextRound()
        losses[index] = report?.learning?.trainLoss
        let seconds = (ContinuousClock.now - start) / .seconds(1)
        if repetition > 0 { times[index].append(seconds / Double(stepsPerRound)) }
      }
      guard losses[0] != nil, losses[0] == losses[1] else {
        throw Kernel.Failure(description: "the losses on 1 and \(threads) threads are \(losses)")
      }
    }
    return Answer(
      one: median(times[0]), all: median(times[1]), ratio: median(zip(times[0], times[1]).map { $0 / $1 }))
  }

  private func run(threads: Int) throws -> Run {
    let shape = try model.architecture
    let scenario = try ScenarioReader.read(
      text: """
        schema: 1
        name: rounds
        rounds: \(repetitions + 2)
        framework: \(framework.rawValue)
        devices: {count: \(devices)}
        server: {}
        uplink: {blocks: \(devices)}
        model: {image: \(shape.image), channels: \(shape.channels), patch: \(shape.patch), dim: \(shape.width), depth: \(shape.depth),
          heads: \(shape.heads), classes: \(shape.classes)}
        training:
          trainer: vit
          batch: \(model.batch)
          local_epochs: 1
          evaluate_every: \(repetitions + 2)
          evaluate_local: false
          dataset: {name: synthetic, train_limit: \(stepsPerRound * model.batch), test_limit: 16}
          partition: \(alpha.map { "{kind: dirichlet, alpha: \($0)}" } ?? "{kind: iid}")
        """, file: "rounds.yaml"
    ).scenario
    let world = try World(scenario)
    return try Run(world, policy: ResolvedPolicy(scenario).policy, trainer: world.makeTrainer(threads: threads))
  }
}
