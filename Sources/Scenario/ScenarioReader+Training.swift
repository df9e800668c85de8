import Datasets
import Training
import Units

/// The keys of `training` but for those of its data set.
extension ScenarioReader {
  static func training(
    _ root: Section, _ plan: inout Scenario.TrainingPlan, model: ModelProfile, devices: Scenario.Population,
    framework: Framework
  ) {
    let section = root.section("training", "how the model is trained")
    trainer(section, &plan.trainer)
    section.integer("batch", "samples of a mini-batch step b", in: 1...1_000_000, &plan.batch)
    section.integer("local_epochs", "local epochs of a round E", in: 1...1_000_000, &plan.localEpochs)
    dataset(section, &plan.dataset, model: model)
    partition(section, &plan.partition, dataset: plan.dataset, deviceCount: devices.count)
    optimizer(section, &plan.optimizer)
    section.choice("trainable", "which parameters training changes", &plan.trainable)
    if plan.trainable == .head { plan.embedding = .frozen }
    adapters(section, &plan, model: model)
    embedding(section, &plan, model: model)
    labels(section, &plan.labels, framework: framework, model: model)
    gradient(section, &plan, framework: framework, model: model)
    section.boolean("shuffle", "whether each epoch visits a device's samples in a new order", &plan.shuffles)
    var augmentation = plan.dataset?.augmentation ?? .none
    section.choice(
      "augment", "what a training sample may become: itself, or its mirror image half of the time", &augmentation)
    plan.dataset?.augmentation = augmentation
    section.integer(
      "evaluate_every", "rounds from one evaluation to the next; the last is always evaluated", in: 1...10_000_000,
      &plan.evaluateEvery)
    section.boolean(
      "evaluate_local", "whether each participant's own model is evaluated too, before aggregation",
      &plan.evaluatesLocal)
    section.optionalNumber(
      "stop_at_accuracy", "test accuracy at which the run ends", .quantity(One.self, in: 0...1), &plan.stopAtAccuracy)
    pretraining(section, &plan.pretraining, dataset: plan.dataset, model: model)
    section.finish()
    checkSize(plan, model, in: section)
    if plan.trainable == .head, model.figures.headParameters == nil || model.figures.headForwardWork == nil,
      let given = section.value(of: "trainable")
    {
      section.fail("trainable", given, "with 'head' the profile needs payload.head_parameters and work.head_forward")
    }
    if root.reading.purpose == .reading { plan.takesDeviceSamples = takesDeviceSamples(plan, devices, in: root) }
    // Without a trainer and without images, what would be learned how is beside the point unless something is said of it.
    if root.reading.purpose == .printing, plan.trainer == .none, plan.dataset == nil {
      section.omit("embedding", if: plan.trainable == .head)
      for entry in section.entries where !["trainer", "batch", "local_epochs", "dataset"].contains(entry.key) {
        section.omit(entry.key, if: standardTraining.contains(entry))
      }
    }
    root.note("training", section.resolved)
  }

  /// The keys of training that nothing is said of.
  private static let standardTraining: [ResolvedNode.Entry] = {
    var plan = Scenario.TrainingPlan(trainer: .vit)
    let root = Section([], path: "", position: Diagnostic.Position(""), reading: Reading(.printing, source: ""))
    training(root, &plan, model: .paper, devices: Scenario.Population(), framework: .sflam)
    guard case .map(let entries)? = root.resolved[["training"]] else { return [] }
    return entries
  }()

  /// The value of `trainer`: a word, or `{external: …}`.
  private static func trainer(_ training: Section, _ trainer: inout Scenario.TrainingPlan.Trainer) {
    let key = "trainer"
    let summary =
      "what computes the training: nothing, so that there are times and joules only, a transformer, or a program"
    let name = Scenario.externalTrainerName
    let about = "a trainer that is a program of its own, in any language"
    let noProgram = "there is no program; write 'trainer: {external: {command: [python3, trainer.py]}}'"
    let given = training.declare(key, summary, default: "none")
    if given == nil, case .external(let known) = trainer {
      var command: ExternalCommand? = known
      let section = training.section(key, nil).section(name, nil)
      section.externalCommand(timeout: trainerTimeout, &command)
      training.note(key, .map([ResolvedNode.Entry(name, section.resolved)]))
      return
    }
    guard let given, case .map(let pairs) = given.content else {
      training.section(key, nil).section(name, about).documentExternalCommand(timeout: trainerTimeout)
      training.note(key, .scalar(.text(trainer == .vit ? "vit" : "none")))
      guard let given else { return }
      let word = given.text ?? ""
      if word == name { training.fail(key, given, noProgram) }
      if !["none", "vit", name].contains(word) { training.failWord(key, given, of: ["none", "vit", name]) }
      trainer = word == "vit" ? .vit : .none
      return
    }
    let inner = training.section(key, given)
    let program = inner.declare(name, about, default: nil)
    inner.finish()
    guard let program else {
      if pairs.isEmpty { training.fail(key, given, noProgram) }
      return
    }
    var command: ExternalCommand?
    let section = inner.section(name, program)
    section.externalCommand(timeout: trainerTimeout, &command)
    section.finish()
    trainer = command.map { .external($0) } ?? .none
  }

  /// A round of training takes its time.
  private static let trainerTimeout = Seconds(3600)

  private static func partition(
    _ training: Section, _ rule: inout PartitionRule, dataset: DatasetPlan?, deviceCount: Int
  ) {
    training.section("partition", "who holds which training samples") { section in
      var (kind, alpha, minimum, sizes, classes) = ("dirichlet", 0.3, 10, PartitionRule.Sizes.drawn, 2)
      switch rule {
      case .dirichlet(let own, let least, let how): (alpha, minimum, sizes) = (own, least, how)
      case .iid: kind = "iid"
      case .contiguous: kind = "contiguous"
      case .shards(let own): (kind, classes) = ("shards", own)
      case .file: kind = "file"
      }
      section.word(
        "kind", "how samples are dealt to devices", of: ["dirichlet", "iid", "shards", "contiguous", "file"], &kind)
      let isDirichlet = Condition("kind: dirichlet", kind == "dirichlet")
      section.number(
        "alpha", "concentration: small ones give each device few classes; dirichlet",
        .quantity(One.self, in: 1e-3...1e6), &alpha, only: isDirichlet)
      section.choice(
        "samples", "how many samples devices have: as many as fall to them, or equally many; dirichlet", &sizes,
        only: isDirichlet)
      section.integer(
        "min_samples", "samples that every device gets at least; dirichlet", in: 1...1_000_000, &minimum,
        only: isDirichlet)
      section.integer(
        "classes", "classes that each device holds; shards", in: 1...100, &classes,
        only: Condition("kind: shards", kind == "shards"))
      partitionFile(section, &rule, deviceCount: deviceCount, only: Condition("kind: file", kind == "file"))
      switch kind {
      case "file": break
      case "dirichlet": rule = .dirichlet(alpha: alpha, minimumSamples: minimum, sizes: sizes)
      case "iid": rule = .iid
      case "contiguous": rule = .contiguous
      default: rule = .shards(classes: classes)
      }
      guard case .shards = rule, let dataset, classes > dataset.classCount else { return }
      section.reading.log.error(
        at: section.value(of: "classes")?.position ?? section.position, path: section.path("classes"),
        "\(counted(classes, "class", plural: "classes")) per device, but only \(dataset.classCount) are used of \(dataset.name.rawValue)"
      )
    }
  }

  private static func partitionFile(
    _ section: Section, _ rule: inout PartitionRule, deviceCount: Int, only condition: Condition
  ) {
    let key = "file"
    let summary = "CSV file (device, sample); file"
    guard section.isOpen(key, summary, default: "none", condition) else { return }
    defer { if case .file(let path, _) = rule { section.note(key, .scalar(.text(path))) } }
    guard let (text, value) = section.text(key, summary) else {
      if case .file = rule { return }
      if !section.has(key), section.reading.purpose == .reading {
        section.reading.log.error(
          at: section.position, path: section.path(key), "'kind: file' needs one; write 'file: partition.csv'")
      }
      return
    }
    let path = section.reading.file(text, at: value.position)
    guard deviceCount > 0, !section.reading.log.hasErrors else { return }
    do {
      rule = .file(
        path: path, try PartitionFile.partition(path, deviceCount: deviceCount, from: value.position))
    } catch let errors as ScenarioErrors {
      section.reading.log.add(errors)
    } catch {
      section.fail(key, value, "\(error)")
    }
  }

  static func optimizer(_ outer: Section, _ rule: inout OptimizerRule) {
    outer.section("optimizer", "how weights follow gradients") { section in
      let standard = rule.kind
      section.choice("name", "the family of the update", &rule.kind)
      if rule.kind != standard { rule.learningRate = rule.kind == .sgd ? 0.01 : 0.001 }
      let isSGD = Condition("name: sgd", rule.kind == .sgd)
      let isAdam = Condition("name: adamw", rule.kind == .adamw)
      func number(
        _ key: String, _ summary: String, in range: ClosedRange<Double>, _ value: inout Double,
        only condition: Condition? = nil
      ) {
        section.number(key, summary, .quantity(One.self, in: range), &value, only: condition)
      }
      number("learning_rate", "the learning rate before its schedule", in: 0...1000, &rule.learningRate)
      number("momentum", "momentum; sgd", in: 0...1, &rule.momentum, only: isSGD)
      number(
        "weight_decay", "weight decay: added to the gradient by sgd, decoupled in adamw", in: 0...1000,
        &rule.weightDecay)
      number("beta1", "decay of the first moment; adamw", in: 0...0.999999, &rule.beta1, only: isAdam)
      number("beta2", "decay of the second moment; adamw", in: 0...0.999999, &rule.beta2, only: isAdam)
      number("epsilon", "term in the denominator; adamw", in: 1e-30...1, &rule.epsilon, only: isAdam)
      section.optionalNumber(
        "gradient_clip", "largest Euclidean norm of all gradients together", .quantity(One.self, in: 1e-12...1e12),
        &rule.gradientClip)
      schedule(section, &rule.schedule)
      section.choice(
        "state", "momentum and moments at aggregation: begun anew, kept by each device, or averaged as weights are",
        &rule.state)
    }
  }

  private static func schedule(_ optimizer: Section, _ schedule: inout LearningRateSchedule) {
    optimizer.section("schedule", "how the learning rate changes over rounds") { section in
      section.choice("kind", "the course after the warm-up", &schedule.kind)
      section.integer(
        "warmup_rounds", "rounds over which the rate rises to its full value", in: 0...10_000_000,
        &schedule.warmupRounds)
      section.number(
        "floor", "share of the full rate at which a cosine ends", .quantity(One.self, in: 0...1), &schedule.floor,
        only: Condition("kind: cosine", schedule.kind == .cosine))
    }
  }

  /// Where the head alone is trained, or no adapter stands before the cut, no gradient reaches the device.
  private static func embedding(_ section: Section, _ plan: inout Scenario.TrainingPlan, model: ModelProfile) {
    let key = "embedding"
    section.choice(key, "whether the device's part of a split model is trained", &plan.embedding)
    guard let given = section.value(of: key) else { return }
    if plan.trainable == .head, plan.embedding == .trained {
      section.fail(key, given, "with 'trainable: head' the device's part is not trained; leave this key out")
    } else if let adapters = plan.adapters, adapters.freezesDevicePart(cut: model.cut) != (plan.embedding == .frozen) {
      section.fail(
        key, given,
        "with adapters, these alone say what is trained on the device: 'part: \(adapters.part.rawValue)' and the cut \(model.cut); "
          + "leave this key out")
    }
  }

  /// Whether the device keeps labels and head.
  private static func labels(_ section: Section, _ labels: inout Labels, framework: Framework, model: ModelProfile) {
    let key = "labels"
    section.choice(
      key, "where the labels of a split model are, with its head and the loss: at the server, or on the device", &labels
    )
    section.omit(key, if: labels == .server)
    guard labels == .device, let given = section.value(of: key) else { return }
    let names = Framework.allCases.filter(\.traits.mayKeepLabels).map(\.rawValue)
    if !framework.traits.mayKeepLabels {
      section.fail(
        key, given,
        framework.traits.sharesServer
          ? "with 'device' a step comes to the server twice, and under framework \(framework.rawValue) other devices change the "
            + "server's part in between; take \(names.joined(separator: ", "))"
          : "framework \(framework.rawValue) cuts no model, and so has no head to leave on the device; 'device' is for "
            + names.joined(separator: ", "))
    }
    let figures = model.figures
    if figures.headParameters == nil || figures.headActivations == nil || figures.headForwardWork == nil {
      section.fail(
        key, given,
        "with 'device' the profile needs payload.head_parameters, payload.head_activations and work.head_forward")
    }
  }

  /// Whether a gradient comes back over the cut.
  private static func gradient(
    _ section: Section, _ plan: inout Scenario.TrainingPlan, framework: Framework, model: ModelProfile
  ) {
    let key = "gradient"
    section.choice(
      key, "what trains the device's part: the gradient that the server returns, or a loss behind an auxiliary head",
      &plan.gradient)
    section.omit(key, if: plan.gradient == .returned)
    guard plan.gradient == .localLoss, let given = section.value(of: key) else { return }
    if !framework.traits.mayTrainLocally {
      let names = Framework.allCases.filter(\.traits.mayTrainLocally).map(\.rawValue)
      section.fail(
        key, given,
        "framework \(framework.rawValue) cuts no model; 'local-loss' is for \(names.joined(separator: ", "))")
    } else if plan.recipe.freezesDevicePart {
      section.fail(
        key, given,
        "the device's part is not trained (embedding: frozen, trainable: head, or no adapters before the cut), so no gradient comes back; leave this key out"
      )
    } else if case .external = plan.trainer {
      section.fail(key, given, "the protocol for external trainers knows no auxiliary head; take trainer vit or none")
    }
    if model.figures.auxiliaryParameters == nil || model.figures.auxiliaryForwardWork == nil {
      section.fail(
        key, given, "with 'local-loss' the profile needs payload.auxiliary_parameters and work.auxiliary_forward")
    }
  }

  private static func pretraining(
    _ training: Section, _ plan: inout Scenario.PretrainingPlan, dataset: DatasetPlan?, model: ModelProfile
  ) {
    training.section("pretrain", "what airsplit pretrain trains on: a public part of the data set") { section in
      section.optionalInteger(
        "train_offset", "training samples to pass over; null: those that the devices may hold", in: 0...1_000_000_000,
        &plan.trainOffset)
      section.optionalInteger(
        "train_limit", "training samples to use; null: all that are left", in: 1...1_000_000_000, &plan.trainLimit)
      classes(section, of: dataset?.name, "classes to use, as labels 0, 1, ...; null: those of dataset", &plan.classes)
      section.integer("epochs", "passes over the samples", in: 1...1_000_000, &plan.epochs)
      section.integer("batch", "samples of a mini-batch step", in: 1...1_000_000, &plan.batch)
      optimizer(section, &plan.optimizer)
      if let dataset { checkPretraining(plan, dataset, model, in: section) }
    }
  }
}
