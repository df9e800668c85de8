import Datasets
import Randomness
import Scenario
import SplitViT
import Training

extension TrainerSettings {
  /// The model of `scenario` on `images`, all in one place: without devices, partition or cut.
  ///
  /// - Throws: ``CommandError`` where it is no Vision Transformer.
  init(of scenario: Scenario, images: ImageSet.Split, plan: DatasetPlan) throws {
    guard let architecture = scenario.model.architecture else {
      throw CommandError.badInput(
        "model: '\(scenario.model.name)' is known by its profile only; this command trains Vision Transformers")
    }
    self.init(
      architecture: architecture, recipe: TrainingRecipe(batch: scenario.training.batch), rounds: scenario.rounds,
      seed: Seed(scenario.seed), images: images, normalization: plan.normalization, partition: Partition(samples: []))
    weights = scenario.weights?.path
    head = scenario.head
  }
}

extension Overrides {
  /// The scenario at `path`, whose weights need not exist: `--set model.weights=…` alone says what to begin from.
  func readWithoutWeights(_ path: String) throws -> Scenario {
    let noWeights = ScenarioOverride(path: "model.weights", value: "null", label: "model.weights")
    let reading = try read(path, with: [noWeights])
    for warning in reading.warnings { StandardStreams.note("\(warning)") }
    return reading.scenario
  }
}

extension Scenario {
  /// The data set, which these commands cannot do without.
  func requiredDataset(_ command: String) throws -> DatasetPlan {
    guard let plan = training.dataset else {
      throw CommandError.badInput(
        "the scenario has no training.dataset, and \(command) needs images; write 'dataset: {name: fashion-mnist}'")
    }
    return plan
  }
}
