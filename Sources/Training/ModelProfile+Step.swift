import Units

extension ModelProfile {
  /// Forward work of a part on one sample.
  public func forwardWork(of part: Framework.Traits.Part) -> Flops {
    switch part {
    case .embedding: deviceForwardWork
    case .rest: forwardWork - deviceForwardWork
    case .whole: forwardWork
    case .nothing: .zero
    }
  }

  /// Forward work of a part on one sample as a recipe trains it: with adapters, A and then B beside each matrix that has them.
  public func forwardWork(of part: Framework.Traits.Part, under recipe: TrainingRecipe) -> Flops {
    forwardWork(of: part) + (recipe.adapters.map { adapterForwardWork(of: part, $0) } ?? .zero)
  }

  /// Backward work of a part on one sample: twice the forward work of what is trained, but for the device's part, which
  /// has a figure of its own. The paper gives no factor; this one is ours.
  ///
  /// - Parameter recipe: With ``Trainable/head`` no gradient goes beyond the last product; where its work is not known, all
  ///   of the part counts. With a frozen device's part none comes back over the cut; a model that stands whole on one side
  ///   knows no cut and does not ask for it. With adapters frozen matrices have no weight gradient: blocks count once, from the
  ///   first one with adapters on, which counts whole; adapters and the head count twice.
  public func backwardWork(of part: Framework.Traits.Part, under recipe: TrainingRecipe) -> Flops {
    switch (part, recipe.trainable) {
    case (.nothing, _): .zero
    case (.embedding, _) where recipe.freezesDevicePart: .zero
    case (_, .all) where recipe.adapters != nil: recipe.adapters.map { adaptedBackwardWork(of: part, $0) } ?? .zero
    case (.embedding, _): figures.deviceBackwardWork
    case (.rest, .head), (.whole, .head): 2 * (figures.headForwardWork ?? forwardWork(of: part))
    case (.rest, .all), (.whole, .all): 2 * forwardWork(of: part)
    }
  }

  /// Work of one mini-batch step on a part, forward and backward: W_n of Eq. (9), W_s of Eq. (11).
  public func stepWork(of part: Framework.Traits.Part, under recipe: TrainingRecipe) -> Flops {
    (forwardWork(of: part, under: recipe) + backwardWork(of: part, under: recipe)) * Double(recipe.batch)
  }

  /// Work of one step on the head alone, 3 × forward: what a device that has the labels does beside its part of the model, and
  /// the server then does not; nothing where the head is not known.
  public func headStepWork(batch: Int) -> Flops { 3 * (figures.headForwardWork ?? .zero) * Double(batch) }

  /// Work of one step on the auxiliary head, 3 × forward; nothing where it is not known.
  public func auxiliaryStepWork(batch: Int) -> Flops {
    3 * (figures.auxiliaryForwardWork ?? .zero) * Double(batch)
  }

  /// W_n: work of one step on the device's part of a split model, 2 × forward where it is the patch projection.
  public func deviceStepWork(batch: Int) -> Flops { stepWork(of: .embedding, under: TrainingRecipe(batch: batch)) }

  /// W_s: work of one step on the server's rest, 3 × forward.
  public func serverStepWork(batch: Int) -> Flops { stepWork(of: .rest, under: TrainingRecipe(batch: batch)) }

  /// W_full: work of one step on the whole model, 3 × forward.
  public func wholeStepWork(batch: Int) -> Flops { stepWork(of: .whole, under: TrainingRecipe(batch: batch)) }

  /// d of Eq. (8) and (13): activations of a mini-batch at the cut; `Int.max` where the product has no room.
  public func activationElements(batch: Int) -> Int { Self.product(activationElements, batch) }

  /// Activations of a mini-batch that the head reads; `Int.max` where the product has no room, 0 where the head is not known.
  public func headActivations(batch: Int) -> Int { Self.product(figures.headActivations ?? 0, batch) }

  private static func product(_ elements: Int, _ batch: Int) -> Int {
    let (product, overflow) = elements.multipliedReportingOverflow(by: batch)
    return overflow ? .max : product
  }

  /// The device-side model as it goes up at a round's end: 32 bits a weight.
  public var deviceModelBits: Bits { Bits(32 * Double(deviceWeights)) }

  /// The whole model as `fl` uploads it: 32 bits a parameter.
  public var modelBits: Bits { Bits(32 * Double(parameters)) }

  /// What goes up of a part that was trained, 32 bits a parameter, with what else the whole model has that was: of the device's part
  /// its weights or, with adapters, these alone; of the whole model also the head. Nothing of what is frozen, which the server has.
  public func uploadBits(of part: Framework.Traits.Part, under recipe: TrainingRecipe) -> Bits {
    let adapters = recipe.adapters.map { Bits(32 * Double(adapterParameters(of: part, $0))) }
    switch part {
    case .embedding: return recipe.freezesDevicePart ? .zero : adapters ?? deviceModelBits
    case .whole: return recipe.trainable == .head ? headBits : adapters.map { $0 + headBits } ?? modelBits
    case .rest, .nothing: return .zero
    }
  }

  /// The classification head alone, as it goes up where nothing else of a device is trained, or with the rest of what is: 32
  /// bits a parameter; all of the model where the head is not known.
  public var headBits: Bits { Bits(32 * Double(figures.headParameters ?? parameters)) }

  /// The auxiliary head as it goes up with the device-side model: 32 bits a parameter.
  public var auxiliaryBits: Bits { Bits(32 * Double(figures.auxiliaryParameters ?? 0)) }

  /// One raw sample as `cl` uploads it: 32 bits an input element.
  public var sampleBits: Bits { Bits(32 * Double(inputElements)) }
}
