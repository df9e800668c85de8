import Units

extension Framework.Traits.Part {
  /// Forward and backward work over forward work: 2 for the embedding, whose input needs no gradient; 3 for what lies
  /// behind it and for the whole model. The paper gives no factor; these are ours.
  public var forwardBackwardFactor: Double {
    switch self {
    case .embedding: 2
    case .rest, .whole: 3
    case .nothing: 1
    }
  }
}

extension ModelProfile {
  /// Work of one mini-batch step on a part, forward and backward: W_n of Eq. (9), W_s of Eq. (11).
  public func stepWork(of part: Framework.Traits.Part, batch: Int) -> Flops {
    let forward: Flops =
      switch part {
      case .embedding: deviceForwardWork
      case .rest: forwardWork - deviceForwardWork
      case .whole: forwardWork
      case .nothing: .zero
      }
    return forward * (part.forwardBackwardFactor * Double(batch))
  }

  /// W_n: work of one step on the device's embedding, 2 × forward.
  public func deviceStepWork(batch: Int) -> Flops { stepWork(of: .embedding, batch: batch) }

  /// W_s: work of one step on the server's rest, 3 × forward.
  public func serverStepWork(batch: Int) -> Flops { stepWork(of: .rest, batch: batch) }

  /// W_full: work of one step on the whole model, 3 × forward.
  public func wholeStepWork(batch: Int) -> Flops { stepWork(of: .whole, batch: batch) }

  /// d of Eq. (8) and (13): activations of a mini-batch at the cut; `Int.max` where the product has no room.
  public func activationElements(batch: Int) -> Int {
    let (product, overflow) = activationElements.multipliedReportingOverflow(by: batch)
    return overflow ? .max : product
  }

  /// The device-side model as it goes up at a round's end: 32 bits a weight.
  public var deviceModelBits: Bits { Bits(32 * Double(deviceWeights)) }

  /// The whole model as `fl` uploads it: 32 bits a parameter.
  public var modelBits: Bits { Bits(32 * Double(parameters)) }

  /// One raw sample as `cl` uploads it: 32 bits an input element.
  public var sampleBits: Bits { Bits(32 * Double(inputElements)) }
}
