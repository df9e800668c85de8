import ArgumentParser
import Datasets
import JSON
import Randomness
import Scenario
import SplitViT
import Training

/// `airsplit pretrain`.
struct PretrainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "pretrain",
    abstract: "Trains a scenario's model centrally, for devices to fine-tune.",
    discussion: """
      Trains on the public part of the scenario's data set, training.pretrain, and writes the weights as safetensors \
      with timm's names. It begins with drawn weights, even where the scenario has model.weights; \
      --set model.weights=FILE begins with those of a file.

        airsplit pretrain scenarios/train-quickstart.yaml --out w.safetensors
        airsplit run scenarios/train-quickstart.yaml --set model.weights=w.safetensors
      """)

  @Argument(
    help: ArgumentHelp("A scenario file.", valueName: "scenario"), completion: .file(extensions: ["yaml", "yml"]))
  var path: String

  @Option(help: ArgumentHelp("File of the weights.", valueName: "file"), completion: .file(extensions: ["safetensors"]))
  var out: String

  @OptionGroup var overrides: Overrides

  @OptionGroup var threads: Threads

  @Option(help: "How to print what came of it.")
  var format = OutputFormat.table

  @Flag(help: "Show no progress.")
  var quiet = false

  func run() throws {
    let file = try ResultFile.path(out, option: "--out")
    let scenario = try overrides.readWithoutWeights(path)
    _ = try scenario.requiredDataset("pretrain")
    let rules = scenario.training.pretraining
    guard let plan = scenario.training.pretrainingDataset else {
      throw CommandError.badInput(
        "the devices may hold all of the data set, and nothing is left to pretrain on; give them less with "
          + "training.dataset.train_limit, or name other classes in training.pretrain.classes")
    }
    let images = try plan.load(seed: Seed(scenario.seed))
    guard images.train.count > 0 else {
      throw CommandError(status: .notEnoughData, messages: ["training.pretrain: there are no images to train on"])
    }
    var settings = try TrainerSettings(of: scenario, images: images, plan: plan)
    settings.batch = rules.batch
    settings.localEpochs = rules.epochs
    settings.optimizer = rules.optimizer
    settings.augmentation = plan.augmentation
    let trainer = try rejectingInput { try CentralTrainer(settings, threads: threads.count) }
    for note in trainer.notes { StandardStreams.note("note: \(note)") }

    var last: CentralTrainer.Epoch?
    let clock = ContinuousClock()
    let began = clock.now
    try trainer.train { epoch in
      last = epoch
      guard !quiet else { return }
      let elapsed = began.duration(to: clock.now) / .seconds(1)
      let left = elapsed * Double(rules.epochs - epoch.number) / Double(epoch.number)
      let time =
        epoch.number == rules.epochs ? "\(ProgressReport.time(elapsed)) taken" : "\(ProgressReport.time(left)) left"
      StandardStreams.note(
        "epoch \(epoch.number) of \(rules.epochs), \(time), training loss \(TextTable.cell(epoch.trainLoss)), "
          + "test accuracy \(TextTable.cell(epoch.test?.accuracy))")
    }
    try trainer.writeWeights(to: file)
    try show(last, samples: images.train.count)
  }

  private func show(_ epoch: CentralTrainer.Epoch?, samples: Int) throws {
    let test = epoch?.test
    guard format == .table else {
      return try StandardStreams.write([
        "weights": .string(out), "samples": .integer(samples), "train_loss": .number(epoch?.trainLoss ?? .nan),
        "test_samples": .integer(test?.samples ?? 0), "loss": test.map { .number($0.loss) } ?? .null,
        "accuracy": test.map { .number($0.accuracy) } ?? .null,
      ])
    }
    var table = TextTable([.words(""), .numbers("")])
    table.append(["training samples", "\(samples)"])
    table.append(["training loss, last epoch", TextTable.cell(epoch?.trainLoss)])
    table.append(["test samples", "\(test?.samples ?? 0)"])
    table.append(["test loss", TextTable.cell(test?.loss)])
    table.append(["test accuracy", TextTable.cell(test?.accuracy)])
    try StandardStreams.write(table.text + "\nThe weights are in \(out).\n")
  }
}
