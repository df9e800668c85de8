import Datasets
import Training
import Units

/// The keys of `training` but for those of its data set.
extension ScenarioReader {
  static func training(_ root: Section, model: ModelProfile, devices: Scenario.Population) -> Scenario.TrainingPlan {
    let section = root.section("training", "how the model is trained")
    var plan = Scenario.TrainingPlan()
    plan.trainer = trainer(section)
    plan.batch = section.integer("batch", "samples of a mini-batch step b", in: 1...1_000_000, default: plan.batch)
    plan.localEpochs = section.integer(
      "local_epochs", "local epochs of a round E", in: 1...1_000_000, default: plan.localEpochs)
    plan.dataset = dataset(section, model: model)
    plan.partition = partition(section, dataset: plan.dataset)
    plan.optimizer = optimizer(section)
    plan.trainable = section.choice("trainable", "which parameters training changes", default: plan.trainable)
    plan.embedding = embedding(section, trainable: plan.trainable)
    plan.shuffles = section.boolean(
      "shuffle", "whether each epoch visits a device's samples in a new order", default: plan.shuffles)
    let augmentation: DatasetPlan.Augmentation = section.choice(
      "augment", "what a training sample may become: itself, or its mirror image half of the time", default: .none)
    plan.dataset?.augmentation = augmentation
    plan.evaluateEvery = section.integer(
      "evaluate_every", "rounds from one evaluation to the next; the last is always evaluated", in: 1...10_000_000,
      default: plan.evaluateEvery)
    plan.evaluatesLocal = section.boolean(
      "evaluate_local", "whether each participant's own model is evaluated too, before aggregation",
      default: plan.evaluatesLocal)
    plan.stopAtAccuracy = section.optionalNumber(
      "stop_at_accuracy", "test accuracy at which the run ends", .quantity(One.self, in: 0...1))
    plan.pretraining = pretraining(section, dataset: plan.dataset, model: model)
    section.finish()
    checkSize(plan, model, in: section)
    if plan.trainable == .head, model.figures.headParameters == nil || model.figures.headForwardWork == nil,
      let given = section.value(of: "trainable")
    {
      section.fail("trainable", given, "with 'head' the profile needs payload.head_parameters and work.head_forward")
    }
    plan.takesDeviceSamples = takesDeviceSamples(plan, devices, in: root)

    // Without a trainer and without images, what would be learned how is beside the point unless the file says it.
    let core = ["trainer", "batch", "local_epochs", "dataset"]
    let isBare = plan.trainer == .none && plan.dataset == nil
    root.note(
      "training", .map(section.entries.filter { !isBare || core.contains($0.key) || section.has($0.key) }))
    return plan
  }

  /// The value of `trainer`: a word, or `{external: …}`.
  private static func trainer(_ training: Section) -> Scenario.TrainingPlan.Trainer {
    let key = "trainer"
    let summary =
      "what computes the training: nothing, so that there are times and joules only, a transformer, or a program"
    let name = Scenario.externalTrainerName
    let about = "a trainer that is a program of its own, in any language"
    let noProgram = "there is no program; write 'trainer: {external: {command: [python3, trainer.py]}}'"
    let given = training.declare(key, summary, default: "none")
    guard let given, case .map(let pairs) = given.content else {
      let inner = Section([], path: training.path(key), position: training.position, reading: training.reading)
      inner.section(name, about).documentExternalCommand(timeout: trainerTimeout)
      let word = given.map { $0.text ?? "" } ?? "none"
      training.note(key, .scalar(.text(word)))
      if let given, word == name { training.fail(key, given, noProgram) }
      if let given, !["none", "vit", name].contains(word) { training.failWord(key, given, of: ["none", "vit", name]) }
      return word == "vit" ? .vit : .none
    }
    let inner = training.section(key, given)
    let program = inner.declare(name, about, default: nil)
    inner.finish()
    guard let program else {
      if pairs.isEmpty { training.fail(key, given, noProgram) }
      return .none
    }
    let section = inner.section(name, program)
    let command = section.externalCommand(timeout: trainerTimeout)
    section.finish()
    training.note(key, .map([ResolvedNode.Entry(name, section.resolved)]))
    return command.map { .external($0) } ?? .none
  }

  /// A round of training takes its time.
  private static let trainerTimeout = Seconds(3600)

  private static func partition(_ training: Section, dataset: DatasetPlan?) -> PartitionRule {
    let section = training.section("partition", "who holds which training samples")
    let kind = section.word(
      "kind", "how samples are dealt to devices", of: ["dirichlet", "iid", "shards", "contiguous"], default: "dirichlet"
    )
    let isDirichlet = Condition("kind: dirichlet", kind == "dirichlet")
    let alpha = section.number(
      "alpha", "concentration: small ones give each device few classes; dirichlet", .quantity(One.self, in: 1e-3...1e6),
      default: 0.3, only: isDirichlet)
    let sizes: PartitionRule.Sizes = section.choice(
      "samples", "how many samples devices have: as many as fall to them, or equally many; dirichlet", default: .drawn,
      only: isDirichlet)
    let minimum = section.number(
      "min_samples", "samples that every device gets at least; dirichlet", .whole(in: 1...1_000_000), default: 10,
      only: isDirichlet)
    let classes = section.number(
      "classes", "classes that each device holds; shards", .whole(in: 1...100), default: 2,
      only: Condition("kind: shards", kind == "shards"))
    section.finish()
    training.note("partition", section.resolved)
    switch kind {
    case "dirichlet": return .dirichlet(alpha: alpha, minimumSamples: Int(minimum), sizes: sizes)
    case "iid": return .iid
    case "contiguous": return .contiguous
    default:
      if let dataset, Int(classes) > dataset.classCount {
        section.reading.log.error(
          at: section.value(of: "classes")?.position ?? section.position, path: section.path("classes"),
          "\(counted(Int(classes), "class", plural: "classes")) per device, but only \(dataset.classCount) are used of \(dataset.name.rawValue)"
        )
      }
      return .shards(classes: Int(classes))
    }
  }

  static func optimizer(_ outer: Section) -> OptimizerRule {
    let section = outer.section("optimizer", "how weights follow gradients")
    let kind: OptimizerRule.Kind = section.choice("name", "the family of the update", default: .sgd)
    var rule = OptimizerRule(kind: kind, learningRate: kind == .sgd ? 0.01 : 0.001)
    let isSGD = Condition("name: sgd", kind == .sgd)
    let isAdam = Condition("name: adamw", kind == .adamw)
    func number(
      _ key: String, _ summary: String, in range: ClosedRange<Double>, _ path: WritableKeyPath<OptimizerRule, Double>,
      only condition: Condition? = nil
    ) {
      rule[keyPath: path] = section.number(
        key, summary, .quantity(One.self, in: range), default: rule[keyPath: path], only: condition)
    }
    number("learning_rate", "the learning rate before its schedule", in: 0...1000, \.learningRate)
    number("momentum", "momentum; sgd", in: 0...1, \.momentum, only: isSGD)
    number(
      "weight_decay", "weight decay: added to the gradient by sgd, decoupled in adamw", in: 0...1000, \.weightDecay)
    number("beta1", "decay of the first moment; adamw", in: 0...0.999999, \.beta1, only: isAdam)
    number("beta2", "decay of the second moment; adamw", in: 0...0.999999, \.beta2, only: isAdam)
    number("epsilon", "term in the denominator; adamw", in: 1e-30...1, \.epsilon, only: isAdam)
    rule.gradientClip = section.optionalNumber(
      "gradient_clip", "largest Euclidean norm of all gradients together", .quantity(One.self, in: 1e-12...1e12))
    rule.schedule = schedule(section)
    rule.state = section.choice(
      "state", "momentum and moments at aggregation: begun anew, kept by each device, or averaged as weights are",
      default: rule.state)
    section.finish()
    outer.note("optimizer", section.resolved)
    return rule
  }

  private static func schedule(_ optimizer: Section) -> LearningRateSchedule {
    let section = optimizer.section("schedule", "how the learning rate changes over rounds")
    var schedule = LearningRateSchedule()
    schedule.kind = section.choice("kind", "the course after the warm-up", default: schedule.kind)
    schedule.warmupRounds = section.integer(
      "warmup_rounds", "rounds over which the rate rises to its full value", in: 0...10_000_000,
      default: schedule.warmupRounds)
    schedule.floor = section.number(
      "floor", "share of the full rate at which a cosine ends", .quantity(One.self, in: 0...1), default: schedule.floor,
      only: Condition("kind: cosine", schedule.kind == .cosine))
    section.finish()
    optimizer.note("schedule", section.resolved)
    return schedule
  }

  /// Where the head alone is trained, no gradient reaches the device.
  private static func embedding(_ section: Section, trainable: Trainable) -> EmbeddingRule {
    let rule: EmbeddingRule = section.choice(
      "embedding", "whether the device's part of a split model is trained",
      default: trainable == .head ? .frozen : .trained)
    if trainable == .head, rule == .trained, let given = section.value(of: "embedding") {
      section.fail("embedding", given, "with 'trainable: head' the device's part is not trained; leave this key out")
    }
    return rule
  }

  private static func pretraining(
    _ training: Section, dataset: DatasetPlan?, model: ModelProfile
  ) -> Scenario.PretrainingPlan {
    let section = training.section("pretrain", "what airsplit pretrain trains on: a public part of the data set")
    var plan = Scenario.PretrainingPlan()
    plan.trainOffset = section.optionalInteger(
      "train_offset", "training samples to pass over; null: those that the devices may hold", in: 0...1_000_000_000)
    plan.trainLimit = section.optionalInteger(
      "train_limit", "training samples to use; null: all that are left", in: 1...1_000_000_000)
    plan.classes = classes(section, of: dataset?.name, "classes to use, as labels 0, 1, ...; null: those of dataset")
    plan.epochs = section.integer("epochs", "passes over the samples", in: 1...1_000_000, default: plan.epochs)
    plan.batch = section.integer("batch", "samples of a mini-batch step", in: 1...1_000_000, default: plan.batch)
    plan.optimizer = optimizer(section)
    section.finish()
    training.note("pretrain", section.resolved)
    if let dataset { checkPretraining(plan, dataset, model, in: section) }
    return plan
  }
}
