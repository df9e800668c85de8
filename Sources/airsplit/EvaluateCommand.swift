import ArgumentParser
import Datasets
import JSON
import Randomness
import Scenario
import SplitViT
import Training

/// `airsplit evaluate`.
struct EvaluateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evaluate",
    abstract: "Prints the loss and accuracy of weights on a scenario's test images.",
    discussion: """
      The weights are a safetensors file with timm's names for the scenario's model, as 'airsplit pretrain', 'airsplit \
      run --save-weights' and timm write them.

        airsplit evaluate scenarios/train-quickstart.yaml --weights w.safetensors
        airsplit evaluate scenarios/train-quickstart.yaml --weights w.safetensors --set training.dataset.test_limit=500
      """)

  @Argument(
    help: ArgumentHelp("A scenario file.", valueName: "scenario"), completion: .file(extensions: ["yaml", "yml"]))
  var path: String

  @Option(
    help: ArgumentHelp("File of the weights.", valueName: "file"), completion: .file(extensions: ["safetensors"]))
  var weights: String

  @OptionGroup var overrides: Overrides

  @OptionGroup var threads: Threads

  @Option(help: "How to print.")
  var format = OutputFormat.table

  func run() throws {
    let scenario = try overrides.readWithoutWeights(path)
    let plan = try scenario.requiredDataset("evaluate")
    let images = try plan.load(seed: Seed(scenario.seed))
    guard images.test.count > 0 else {
      throw CommandError(status: .notEnoughData, messages: ["training.dataset: there are no test images"])
    }
    var settings = try TrainerSettings(of: scenario, images: images, plan: plan)
    settings.weights = weights
    settings.head = .keep
    let trainer = try rejectingInput { try CentralTrainer(settings, threads: threads.count) }
    for note in trainer.notes { StandardStreams.note("note: \(note)") }
    let result = trainer.evaluate()
    guard result.loss.isFinite else {
      throw CommandError.failure(
        "\(weights): the loss on the test images is no finite number; the weights hold values beyond what the model can "
          + "count with")
    }
    guard format == .table else {
      return try StandardStreams.write([
        "samples": .integer(result.samples), "loss": .number(result.loss), "accuracy": .number(result.accuracy),
      ])
    }
    var table = TextTable([.words(""), .numbers("")])
    table.append(["samples", "\(result.samples)"])
    table.append(["loss", TextTable.cell(result.loss)])
    table.append(["accuracy", TextTable.cell(result.accuracy)])
    try StandardStreams.write(table.text)
  }
}
