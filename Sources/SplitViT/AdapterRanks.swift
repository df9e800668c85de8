import Training

/// Devices whose adapters have a smaller rank than the model's: of these adapters they have the first rows of A and the first columns
/// of B, and the rest is zero.
///
/// What is zero stays so without being told: A's rows get their gradient through B's columns and these through A's rows, so
/// neither has one, and no optimizer moves a zero that never had a gradient.
struct AdapterRanks {
  /// The rank of each device; empty where all have that of the model.
  let ranks: [Int]
  /// Where those of the buffer end that may be smaller.
  let end: Int
  private let rank: Int
  private let pairs: [AdapterPair]

  /// - Parameter settings: Which adapters stand on a device: with the whole model all of them, else those before the cut.
  init(_ settings: TrainerSettings) {
    let layout = settings.layout
    ranks = settings.adapterRanks
    rank = layout.adapters?.rank ?? 0
    let isWhole = settings.traits.device == .whole
    let end = isWhole ? layout.ownRange.upperBound : layout.adapterEnd(before: settings.cut.deviceBlocks)
    self.end = end
    pairs = layout.adapterPairs.filter { layout.ownRange.lowerBound + $0.b.upperBound <= end }
  }

  /// How many rows of A a device has.
  func rank(of device: Int) -> Int { ranks.isEmpty ? rank : ranks[device] }

  /// Whether a device has fewer than all of the adapters' rows and columns.
  func isSmaller(_ device: Int) -> Bool { !ranks.isEmpty && ranks[device] < rank }

  /// Leaves of what is trained, `values`, what `device` has.
  func cut(_ values: UnsafeMutableBufferPointer<Float>, to device: Int) {
    guard isSmaller(device) else { return }
    let own = ranks[device]
    for pair in pairs {
      values.run(pair.a).dropFirst(own * pair.inputs).update(repeating: 0)
      for row in 0..<pair.outputs {
        let first = pair.b.lowerBound + row * rank
        values.run(first + own..<first + rank).update(repeating: 0)
      }
    }
  }
}

/// Where A and B of one matrix lie in what is trained.
struct AdapterPair {
  /// A, rank × inputs.
  let a: Range<Int>
  /// B, outputs × rank.
  let b: Range<Int>
  let inputs: Int
  let outputs: Int
  /// Where the matrix itself lies in the model's buffer.
  let matrix: Range<Int>
}

extension ParameterLayout {
  /// All adapters, by their places in ``ownRange``.
  var adapterPairs: [AdapterPair] {
    let tensors = Array(adapterTensors)
    func own(_ tensor: Tensor) -> Range<Int> {
      tensor.offset - ownRange.lowerBound..<tensor.range.upperBound - ownRange.lowerBound
    }
    return stride(from: 0, to: tensors.count, by: 2).map { index in
      let (a, b) = (tensors[index], tensors[index + 1])
      return AdapterPair(
        a: own(a), b: own(b), inputs: a.shape[1], outputs: b.shape[0], matrix: matrix(ofAdapter: index / 2).range)
    }
  }

  /// Where the adapter of this number stands.
  func place(ofAdapter number: Int) -> (block: Int, target: LowRankAdapters.Target) {
    let targets = adapters?.orderedTargets ?? []
    return (adaptedBlocks.lowerBound + number / targets.count, targets[number % targets.count])
  }

  /// The matrix beside which it stands.
  func matrix(ofAdapter number: Int) -> Tensor {
    let (block, target) = place(ofAdapter: number)
    return tensors[TensorPlace.block(block, target.place).index(in: self)]
  }
}
