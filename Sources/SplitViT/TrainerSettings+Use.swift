import Datasets
import Training

extension TrainerSettings {
  /// Refuses settings whose parts do not fit together.
  ///
  /// - Throws: `TrainingError`, in a sentence for the person who trains; also where the kernels that the environment names are none.
  func check() throws(TrainingError) {
    try Kernels.check()
    guard recipe.batch >= 1, recipe.localEpochs >= 1 else {
      throw TrainingError(
        "batch is \(recipe.batch) and local_epochs is \(recipe.localEpochs); both are at least 1")
    }
    guard cut.deviceBlocks <= architecture.depth else {
      throw TrainingError("the cut \(cut) lies after the last of \(architecture.depth) blocks")
    }
    if let adapters = recipe.adapters, adapters.blocks(cut: cut, depth: architecture.depth).isEmpty {
      throw TrainingError(
        "adapters of part \(adapters.part.rawValue) have no block there: the model is cut \(cut), and has \(architecture.depth) blocks"
      )
    }
    if !adapterRanks.isEmpty {
      guard let adapters = recipe.adapters, adapterRanks.count == partition.samples.count,
        adapterRanks.allSatisfy((1...adapters.rank).contains), framework.traits.style == .averaged,
        recipe.optimizer.state != .averaged
      else {
        throw TrainingError(
          "ranks of devices' adapters are from 1 to that of the model's, one a device, and go with sflam, sfl and fl "
            + "and an optimizer's state that is not averaged")
      }
    }
    if let aggregation = recipe.adapters?.aggregation, aggregation != .apart {
      guard framework.traits.style == .averaged, recipe.optimizer.state == .reset else {
        throw TrainingError(
          "aggregation \(aggregation.rawValue) goes with sflam, sfl and fl and an optimizer's state that is reset")
      }
      guard aggregation != .stacked || versions == 0 else {
        throw TrainingError(
          "aggregation stacked changes the model that all read; no work can be carried over its rounds")
      }
    }
    let classes = max(images.train.classes, images.test.classes)
    guard classes <= architecture.classes else {
      throw TrainingError("the images have \(classes) classes, and the model's head only \(architecture.classes)")
    }
    let count = images.train.count
    guard partition.samples.allSatisfy({ $0.allSatisfy { $0 >= 0 && Int($0) < count } }) else {
      throw TrainingError("the partition names samples that the training set of \(count) images does not have")
    }
  }

  /// Samples of the largest mini-batch that any step takes: b, or all that a device has, or that lie in one place.
  var capacity: Int {
    let sizes = partition.samples.map(\.count)
    let isPooled = sizes.isEmpty || framework.traits.style == .pooled
    return max(1, min(recipe.batch, isPooled ? images.train.count : sizes.max() ?? 1))
  }

  /// Workers that side by side train up to `models` models, or judge the test set.
  func replicas(threads: Int, models: Int) -> Int {
    min(max(1, threads), max(1, models, Replica.chunks(of: images.test)))
  }

  /// Whether devices may be trained ahead of their merge on idle threads: where work is carried over, and nothing that a device begins
  /// with is known at its merge alone.
  func trainsEarly(threads: Int) -> Bool {
    threads > 1 && versions > 0 && framework.traits.style == .averaged && recipe.optimizer.state != .averaged
  }

  /// Refuses what certainly cannot be had: memory for `replicas` models with gradients, activations of ``capacity``
  /// samples and an optimizer's state, for `copies` more of the weights, all but one of them of the trained ones, and where products
  /// of adapters are averaged for those of `merged` models.
  ///
  /// - Throws: `TrainingError` with what is needed, what there is and what to change.
  func checkMemory(
    replicas: Int, copies: Int, merged: Int = 0, inReach: MemoryInReach? = nil
  ) throws(TrainingError) {
    let weights = 4 * Double(architecture.parameters)
    let trained = 4 * TransformerNetwork.trained(architecture, cut: cut, recipe.adapters)
    let states = Double(recipe.optimizer.statesPerParameter)
    let network = TransformerNetwork.bytes(
      architecture, cut: deepestCut, capacity: capacity, hasAuxiliaryHead: trainsByLocalLoss,
      adapters: recipe.adapters)
    let replica = network + states * trained
    let products = AdapterProducts.bytes(layout, models: merged, threads: replicas)
    let shared = weights + Double(copies - 1) * trained + products
    let needed = Double(replicas) * replica + shared
    let inReach = inReach ?? .now(addresses: needed)
    let (kind, limit) =
      needed > inReach.memory.bytes
      ? ("memory", inReach.memory) : ("address space", inReach.addresses)
    guard needed > limit.bytes else { return }
    func words(_ bytes: Double) -> String {
      bytes < 1e9 ? "\(Int((bytes / 1e6).rounded(.up))) MB" : "\((bytes / 1e8).rounded() / 10) GB"
    }
    throw TrainingError(
      "training needs \(words(needed)) of \(kind): \(words((needed - shared) / Double(replicas))) for "
        + "each of \(replicas) threads in mini-batches of \(capacity), and \(recipe.adapters == nil ? "\(copies) more copies of the weights" : "the weights once")\(products == 0 ? "" : ", \(words(products)) for the products of \(merged) devices' adapters"); "
        + "\(limit.name) leaves \(words(max(0, limit.bytes))). Take fewer threads (--threads), a smaller training.batch, "
        + "fewer images (train_limit, test_limit) or a smaller model")
  }

  /// Draws the first weights, and loads them from the file where there is one.
  ///
  /// - Returns: What loading came to, a sentence each.
  /// - Throws: What loading throws.
  func firstWeights(
    into parameters: UnsafeMutableBufferPointer<Float>, layout: ParameterLayout
  ) throws -> [String] {
    let notes = try ModelWeights.begin(
      parameters, layout: layout, seed: seed, path: weights, head: head, normalization: normalization)
    guard let folder = recipe.adapters?.weights, layout.adapters != nil else { return notes }
    return try notes + AdapterFolder.load(folder, into: parameters, layout: layout, head: head)
  }

  /// Takes over what the norms of the weights add to a variance, where a file of them is named.
  ///
  /// - Throws: ``WeightsError`` where it is none.
  mutating func takeNormEpsilon() throws(WeightsError) {
    if let weights { normEpsilon = try WeightsFolder(reading: weights).normEpsilon }
  }

  /// The framework's choices under the recipe.
  var traits: Framework.Traits { framework.traits(under: recipe) }

  /// Whether an auxiliary head trains the device's part.
  var trainsByLocalLoss: Bool { traits.gradient == .localLoss }

  /// Where weights lie, those of the auxiliary head too where there is one.
  var layout: ParameterLayout {
    ParameterLayout(architecture, hasAuxiliaryHead: trainsByLocalLoss, adapters: recipe.adapters, cut: cut)
  }

  /// Whether the server keeps each sample's activations from a device's first round on, since nothing changes them.
  var cachesActivations: Bool {
    recipe.keepsActivations(traits, isAugmented: augmentation != .none)
  }

  /// The run of the flat buffer that training changes.
  func trainedRange(_ layout: ParameterLayout) -> Range<Int> {
    if recipe.adapters != nil { return layout.ownRange }
    return switch recipe.trainable {
    case .head: layout.headRange
    case .all: recipe.freezesDevicePart ? layout.serverRange(cut) : 0..<layout.count
    }
  }
}
