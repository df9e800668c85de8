import Training

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

extension TrainerSettings {
  /// Refuses settings whose parts do not fit together.
  ///
  /// - Throws: `TrainingError`, in a sentence for the person who trains.
  func check() throws(TrainingError) {
    guard batch >= 1, localEpochs >= 1 else {
      throw TrainingError("batch is \(batch) and local_epochs is \(localEpochs); both are at least 1")
    }
    guard cut.deviceBlocks <= architecture.depth else {
      throw TrainingError("the cut \(cut) lies behind the last of \(architecture.depth) blocks")
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
    return max(1, min(batch, isPooled ? images.train.count : sizes.max() ?? 1))
  }

  /// Refuses what would not fit into the machine's memory: `replicas` models with gradients, activations of ``capacity``
  /// samples and an optimizer's state, and `copies` more of the weights.
  ///
  /// - Throws: `TrainingError` with what is needed and what there is.
  func checkMemory(replicas: Int, copies: Int, machine: Double = Self.machineMemory) throws(TrainingError) {
    let weights = 4 * Double(architecture.parameters)
    let states = optimizer.kind == .adamw ? 2.0 : optimizer.momentum > 0 ? 1 : 0
    let replica = TransformerNetwork.bytes(architecture, cut: cut, capacity: capacity) + states * weights
    let needed = Double(replicas) * replica + Double(copies) * weights
    guard needed > machine else { return }
    func gigabytes(_ bytes: Double) -> String { "\((bytes / 1e8).rounded() / 10) GB" }
    throw TrainingError(
      "training needs about \(gigabytes(needed)) of memory: \(gigabytes(replica)) for each of \(replicas) threads in "
        + "mini-batches of \(capacity), and \(copies) more copies of the weights; this machine has \(gigabytes(machine)). "
        + "Take fewer threads, a smaller batch or a smaller model")
  }

  /// The machine's memory, bytes; infinite where the system does not say.
  static var machineMemory: Double {
    let pages = sysconf(Int32(_SC_PHYS_PAGES))
    let size = sysconf(Int32(_SC_PAGESIZE))
    return pages > 0 && size > 0 ? Double(pages) * Double(size) : .infinity
  }

  /// Draws the first weights, and loads them from the file where there is one.
  ///
  /// - Returns: What loading came to, a sentence each.
  /// - Throws: What loading throws.
  func firstWeights(
    into parameters: UnsafeMutableBufferPointer<Float>, layout: ParameterLayout
  ) throws -> [String] {
    try ModelWeights.begin(
      parameters, layout: layout, seed: seed, path: weights, head: head, normalization: normalization)
  }

  /// Whether the server keeps each sample's activations from a device's first round on, since nothing changes them.
  var cachesActivations: Bool {
    framework.traits.keepsActivations(isFrozen: embedding == .frozen, isAugmented: augmentation != .none)
  }

  /// The run of the flat buffer that training changes.
  func trainedRange(_ layout: ParameterLayout) -> Range<Int> {
    switch (trainable, embedding) {
    case (.head, _): layout.headRange
    case (.all, .frozen): layout.serverRange(cut)
    case (.all, .trained): 0..<layout.count
    }
  }
}
