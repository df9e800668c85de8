import Units

extension ModelProfile {
  /// Bytes that a device needs to train its part with mini-batches of `batch`: its weights, in float32, and what its
  /// forward pass keeps for the backward pass; with adapters these too; with the labels on the device, the head and what it reads too, and with a local
  /// loss the auxiliary head and its mean. Gradients, the optimizer's state and scratch space are not counted. `nil` where the
  /// figures do not say.
  public func deviceMemory(
    batch: Int, labels: Labels = .server, gradient: CutGradient = .returned, adapters: LowRankAdapters? = nil
  ) -> Double? {
    guard var kept = figures.deviceMemory.map({ $0.value / 32 }) else { return nil }
    var weights = Double(deviceWeights) + Double(adapters.map { adapterParameters(of: .embedding, $0) } ?? 0)
    if labels == .device {
      guard let parameters = figures.headParameters, let read = figures.headActivations else { return nil }
      (weights, kept) = (weights + Double(parameters), kept + Double(read))
    }
    if gradient == .localLoss {
      guard let parameters = figures.auxiliaryParameters, let width = architecture?.width else { return nil }
      (weights, kept) = (weights + Double(parameters), kept + Double(width))
    }
    return 4 * weights + Double(batch) * (4 * kept)
  }

  /// Memory that training a device's part takes in all: in float32 the weights of the part, of what is trained also their
  /// gradients and the optimizer's state, what a mini-batch's forward pass keeps for the backward pass, and the gradients that this
  /// holds at once, of a block 9 d for each token of width d. Other scratch space and the program are not counted: a network of
  /// AirSplit's own is within 15 % of this, which a test holds. Ours: the paper counts no memory.
  ///
  /// - Parameters:
  ///   - part: The device's part of the model; nothing takes nothing.
  ///   - recipe: Its batch, adapters, optimizer, and what it leaves frozen.
  /// - Returns: `nil` where the figures do not say.
  public func deviceTrainingMemory(of part: Framework.Traits.Part, under recipe: TrainingRecipe) -> Bits? {
    let trained = uploadBits(of: part, under: recipe)
    let copies = 1 + Double(recipe.optimizer.statesPerParameter)
    let returning = Bits(32 * Double(recipe.batch) * returningElements(of: part, under: recipe))
    switch part {
    case .nothing: return .zero
    case .embedding:
      let kept = deviceMemory(
        batch: recipe.batch, labels: recipe.labels, gradient: recipe.gradient, adapters: recipe.adapters)
      let heads =
        (recipe.labels == .device ? headBits : .zero) + (recipe.gradient == .localLoss ? auxiliaryBits : .zero)
      return kept.map { Bits(8 * $0) + copies * (trained + heads) + returning }
    case .whole:
      let adapters = recipe.adapters.map { Bits(32 * Double(adapterParameters(of: .whole, $0))) } ?? .zero
      return figures.memory.map { modelBits + adapters + copies * trained + Double(recipe.batch) * $0 + returning }
    case .rest: return nil
    }
  }

  /// Elements of gradients of activations that a backward pass holds at once for one sample: of a block, a token of width d, those
  /// of what leaves it, of a norm's result, of queries, keys and values and of the MLP's inside, 9 d; of a part without blocks that of
  /// what leaves it. None where nothing of the part is trained, or the model's shape is not known. Ours.
  func returningElements(of part: Framework.Traits.Part, under recipe: TrainingRecipe) -> Double {
    guard let shape = architecture, recipe.trainable == .all else { return 0 }
    let block = 9 * Double(shape.tokens) * Double(shape.width)
    switch part {
    case .embedding where recipe.freezesDevicePart: return 0
    case .embedding: return cut.deviceBlocks > 0 ? block : Double(activationElements)
    case .whole: return block
    case .rest, .nothing: return 0
    }
  }

  /// Bytes that training the whole model takes by the same rule, with its gradients; with adapters those of these and the head.
  public func trainingMemory(batch: Int, adapters: LowRankAdapters? = nil) -> Double? {
    figures.memory.map {
      var weights = 8 * Double(parameters)
      if let adapters {
        let trained = adapterParameters(of: .whole, adapters) + (figures.headParameters ?? 0)
        weights = 4 * Double(parameters) + 8 * Double(trained)
      }
      return weights + Double(batch) * $0.value / 8
    }
  }
}
