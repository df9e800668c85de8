import Training

extension TrainerSettings {
  /// Refuses settings whose parts do not fit together.
  ///
  /// - Throws: ``TrainingError``, in a sentence for the person who trains.
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

  /// Draws the first weights, and loads them from the file where there is one.
  ///
  /// - Returns: What loading came to, a sentence each.
  /// - Throws: What loading throws.
  func firstWeights(
    into parameters: UnsafeMutableBufferPointer<Float>, layout: ParameterLayout
  ) throws -> [String] {
    ModelWeights.initialize(parameters, layout: layout, seed: seed)
    guard let weights else { return [] }
    return try ModelWeights.load(path: weights, into: parameters, layout: layout, head: head)
  }

  /// Whether the server keeps each sample's activations from a device's first round on, since nothing changes them.
  var cachesActivations: Bool {
    framework.traits.upload == .activations && embedding == .frozen && augmentation == .none
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
