import Datasets
import JSON
import Randomness
import Training

/// What an external trainer is told of a run: values, whatever file they came from.
public struct ExternalTrainerSettings: Sendable {
  /// Root of all that is drawn.
  public var seed: Seed
  /// The resolved scenario, for the program to read.
  public var scenario: JSONValue
  /// The model and its cut.
  public var model: ModelProfile
  /// How devices and server share the training.
  public var framework: Framework
  /// How the model is trained.
  public var recipe: TrainingRecipe
  /// Rounds of the run.
  public var rounds: Int
  /// Whether a sample is mirrored half of the time.
  public var flips: Bool
  /// Who holds which training samples.
  public var partition: Partition
  /// How bytes of images become inputs; `nil` where there are none.
  public var normalization: DatasetPlan.Normalization?
  /// What the norms of a transformer add to a variance: what its weights were made with.
  public var normEpsilon = 1e-6
  /// Threads that the program may use.
  public var threads: Int
  /// Whether devices merge that began with different versions of the model, which takes protocol 2.
  public var mergesVersions = false

  /// Settings of a run.
  public init(
    seed: Seed, scenario: JSONValue, model: ModelProfile, framework: Framework, recipe: TrainingRecipe, rounds: Int,
    flips: Bool, partition: Partition, normalization: DatasetPlan.Normalization?, threads: Int
  ) {
    self.seed = seed
    self.scenario = scenario
    self.model = model
    self.framework = framework
    self.recipe = recipe
    self.rounds = rounds
    self.flips = flips
    self.partition = partition
    self.normalization = normalization
    self.threads = threads
  }
}

// MARK: - Messages

extension ExternalTrainerSettings {
  /// The hello but for its tensors.
  var hello: [JSONValue.Member] {
    let traits = framework.traits(under: recipe)
    let keeps = recipe.keepsActivations(traits, isAugmented: flips)
    let training = JSONValue(omittingNil: [
      "framework": .string(framework.rawValue), "aggregation": .string(traits.style.rawValue),
      "quantized": .bool(traits.quantized), "rounds": .integer(rounds), "batch": .integer(recipe.batch),
      "local_epochs": .integer(recipe.localEpochs), "trainable": .string(recipe.trainable.rawValue),
      "embedding": .string(recipe.embedding.rawValue), "keeps_activations": .bool(keeps),
      "evaluate_local": .bool(recipe.evaluatesLocal && traits.style == .averaged), "optimizer": recipe.optimizer.json,
      "normalize": normalization.map { ["mean": .numbers($0.mean), "std": .numbers($0.std)] } ?? .null,
      "threads": .integer(threads), "labels": traits.labels == .device ? .string(traits.labels.rawValue) : nil,
    ])
    var shape = model.json.members ?? []
    if model.architecture != nil { shape.append(.init("norm_epsilon", .number(normEpsilon))) }
    return [
      .init("type", "hello"), .init("protocol", .integer(protocolVersion)),
      .init("seed", JSONValue(seed.value)), .init("repetition", .integer(Int(seed.repetition))),
      .init("model", .object(shape)), .init("training", training), .init("scenario", scenario),
    ]
  }

  /// The version of the protocol that the run takes.
  var protocolVersion: Int { mergesVersions ? ExternalTrainer.protocolOfVersions : ExternalTrainer.protocolVersion }

  /// The partition: how many samples each device has, and their numbers one device after another.
  var partitionTensors: [Tensor] {
    let samples = partition.samples.flatMap(\.self)
    return [
      Tensor("partition.sizes", [partition.samples.count], .integers(partition.sizes.map { Int32(clamping: $0) })),
      Tensor("partition.samples", [samples.count], .integers(samples)),
    ]
  }

  /// A round's work. Where devices merge that began with different versions, each has the learning rate and the mini-batches of the
  /// round with whose version it began.
  func message(of work: RoundWork) -> ([JSONValue.Member], [Tensor]) {
    let present = work.participants.filter { !$0.isLate && !partition.samples[$0.device].isEmpty }
    let shares = (work.merge?.rule ?? AggregationRule()).coefficients(
      staleness: present.map { work.merge == nil ? 0 : work.round - $0.version },
      samples: present.map { partition.samples[$0.device].count })
    let places = Dictionary(uniqueKeysWithValues: present.enumerated().map { ($1.device, $0) })
    func rate(_ round: Int) -> JSONValue { .number(recipe.optimizer.learningRate(round: round, of: rounds)) }
    let participants = work.participants.map { participant -> JSONValue in
      let place = places[participant.device]
      var members: [JSONValue.Member] = [
        .init("device", .integer(participant.device)), .init("bits", .integer(participant.bits)),
        .init("steps", .integer(participant.steps)), .init("fresh_steps", .integer(participant.freshSteps)),
        .init("late", .bool(participant.isLate)), .init("weight", .number(place.map { shares.own[$0] } ?? 0)),
      ]
      if work.merge != nil {
        members += [
          .init("version", .integer(participant.version)), .init("learning_rate", rate(participant.version)),
          .init("begun_weight", .number(place.map { shares.begun[$0] } ?? 0)),
        ]
      }
      return .object(members)
    }
    var members: [JSONValue.Member] = [
      .init("type", "train"), .init("round", .integer(work.round)), .init("last", .bool(work.isLast)),
      .init("evaluate", .bool(work.isEvaluated(every: recipe.evaluateEvery))),
      .init("participants", .array(participants)),
    ]
    if let merge = work.merge {
      members += [
        .init("base_weight", .number(present.isEmpty ? 1 : shares.base)),
        .init("versions_in_use", .array(merge.versionsInUse.map(JSONValue.integer))),
      ]
    } else {
      let order = work.serverOrder.filter(work.participants.indices.contains).map { work.participants[$0].device }
      members += [
        .init("learning_rate", rate(work.round)), .init("server_order", .array(order.map(JSONValue.integer))),
      ]
    }
    return (members, batchTensors(of: work, present.map(\.device)))
  }

  /// The mini-batches of each participant, late or not, or of all together where their samples lie in one place: a row a
  /// step, −1 behind the last sample; beside them which are mirrored, where any may be.
  private func batchTensors(of work: RoundWork, _ present: [Int]) -> [Tensor] {
    guard framework.traits.style == .pooled else {
      return work.participants.flatMap {
        tensors(
          of: partition.samples[$0.device], round: work.merge == nil ? work.round : $0.version, device: $0.device,
          name: "\($0.device)")
      }
    }
    guard let first = present.first else { return [] }
    return tensors(
      of: present.flatMap { partition.samples[$0] }, round: work.round, device: first, name: "pool")
  }

  private func tensors(of samples: [Int32], round: Int, device: Int, name: String) -> [Tensor] {
    let rule = MiniBatches.Rule(
      batch: recipe.batch, epochs: recipe.localEpochs, shuffles: recipe.shuffles, flips: flips)
    var passing = MiniBatches(samples, rule: rule, seed: seed, round: round, device: device)
    let width = min(recipe.batch, samples.count)
    let shape = [passing.steps, width]
    var numbers = [Int32](repeating: -1, count: passing.steps * width)
    var mirrored = [UInt8](repeating: 0, count: flips ? numbers.count : 0)
    for step in 0..<passing.steps {
      _ = passing.next { row, visit in
        numbers[step * width + row] = Int32(visit.sample)
        if visit.isFlipped { mirrored[step * width + row] = 1 }
      }
    }
    let tensor = Tensor("batches.\(name)", shape, .integers(numbers))
    return flips ? [tensor, Tensor("flips.\(name)", shape, .bytes(mirrored))] : [tensor]
  }
}

extension ModelProfile {
  /// Name, cut and classes, and the shape of a Vision Transformer.
  var json: JSONValue {
    var members: [JSONValue.Member] = [
      .init("name", .string(name)), .init("cut", .string(cut.description)), .init("classes", .integer(classes)),
    ]
    if let shape = architecture {
      members += [
        .init("image", .integer(shape.image)), .init("channels", .integer(shape.channels)),
        .init("patch", .integer(shape.patch)), .init("dim", .integer(shape.width)),
        .init("depth", .integer(shape.depth)), .init("heads", .integer(shape.heads)),
      ]
    }
    return .object(members)
  }
}

extension OptimizerRule {
  fileprivate var json: JSONValue {
    [
      "name": .string(kind.rawValue), "momentum": .number(momentum), "weight_decay": .number(weightDecay),
      "beta1": .number(beta1), "beta2": .number(beta2), "epsilon": .number(epsilon),
      "gradient_clip": gradientClip.map(JSONValue.number) ?? .null, "state": .string(state.rawValue),
    ]
  }
}
