import Units

/// Low-rank adapters beside frozen matrices, LoRA: a matrix W of outputs × inputs acts as W + s B A, with A of rank × inputs and B
/// of outputs × rank.
///
/// Trained are A, B and the classification head; all else stays as it was loaded. A is drawn uniformly on ±1 / √inputs, as peft
/// does (Kaiming with a = √5), and B begins as zero, so that training begins with the loaded model. Hu et al., "LoRA: Low-Rank
/// Adaptation of Large Language Models", arXiv 2106.09685.
public struct LowRankAdapters: Sendable, Hashable {
  /// A matrix of each block, by timm's name.
  public enum Target: String, Sendable, Hashable, CaseIterable {
    /// Queries, keys and values in one: 3 d × d.
    case qkv
    /// Behind attention: d × d.
    case proj
    /// The MLP's first: 4 d × d.
    case fc1
    /// The MLP's second: d × 4 d.
    case fc2

    /// Inputs and outputs, in widths of a token.
    public var widths: (inputs: Int, outputs: Int) {
      switch self {
      case .qkv: (1, 3)
      case .proj: (1, 1)
      case .fc1: (1, 4)
      case .fc2: (4, 1)
      }
    }
  }

  /// Which blocks have adapters.
  public enum Part: String, Sendable, Hashable, CaseIterable {
    /// Those before the cut and those behind it.
    case both
    /// Those before the cut.
    case device
    /// Those behind the cut.
    case server
  }

  /// How s follows from alpha and rank.
  public enum Scaling: String, Sendable, Hashable, CaseIterable {
    /// s = alpha / rank.
    case standard
    /// s = alpha / √rank, rsLoRA: Kalajdzievski, arXiv 2312.03732.
    case rankStabilized = "rank-stabilized"
  }

  /// What becomes of the participants' adapters at a round's end.
  public enum Aggregation: String, Sendable, Hashable, CaseIterable {
    /// A and B averaged each by itself, Eq. (6); the product of the means is not the mean of the products.
    case apart
    /// The mean of the products s B A, cut off to the rank by its singular values: exact where the rank suffices. FlexLoRA: Bai et
    /// al., arXiv 2402.11505; how the values are shared out between A and B is ours.
    case svd
    /// The mean of the products s B A is added to the frozen matrices themselves, for everybody, and the next round begins with B = 0
    /// and another A: exact at any rank. FLoRA: Wang et al., arXiv 2409.05976; that all begin with the same A is ours.
    case stacked
  }

  /// r.
  public var rank: Int
  /// What s is, times the rank or its root.
  public var alpha: Double
  /// Which matrices of a block, without doubles.
  public var targets: Set<Target>
  /// The share of what A takes that a step leaves out at random, in [0, 1); the rest is divided by 1 less this share, so that the mean
  /// is what it is without. Nothing is left out in judging.
  public var dropout: Double
  /// Which blocks.
  public var part: Part
  /// How s follows.
  public var scaling: Scaling
  /// How models become one.
  public var aggregation: Aggregation
  /// A folder, as peft writes it, whose A, B and head training begins with; `nil`: they are drawn.
  public var weights: String?

  /// Adapters; the defaults are those of a scenario.
  public init(
    rank: Int = 8, alpha: Double = 16, targets: Set<Target> = Set(Target.allCases), dropout: Double = 0,
    part: Part = .both,
    scaling: Scaling = .standard, aggregation: Aggregation = .apart, weights: String? = nil
  ) {
    self.rank = rank
    self.alpha = alpha
    self.targets = targets
    self.dropout = dropout
    self.part = part
    self.scaling = scaling
    self.aggregation = aggregation
    self.weights = weights
  }

  /// s.
  public var scale: Double {
    switch scaling {
    case .standard: alpha / Double(rank)
    case .rankStabilized: alpha / Double(rank).squareRoot()
    }
  }

  /// Those of a block that have adapters, in the order of the forward pass.
  public var orderedTargets: [Target] { Target.allCases.filter(targets.contains) }

  /// The blocks that have adapters in a model that is cut there, counted from 0; none where ``part`` lies on a side without blocks.
  public func blocks(cut: Cut, depth: Int) -> Range<Int> {
    switch part {
    case .both: 0..<depth
    case .device: 0..<cut.deviceBlocks
    case .server: cut.deviceBlocks..<depth
    }
  }

  /// Whether nothing before the cut is trained: the device's part is frozen, no gradient comes back, and no adapter goes up.
  public func freezesDevicePart(cut: Cut) -> Bool { part == .server || cut.deviceBlocks == 0 }

  /// Parameters of A and B of one block: r times inputs and outputs of each target, (4 + 2 + 5 + 5) r d where all four have one.
  public func parameters(width: Int) -> Int {
    orderedTargets.reduce(0) { $0 + rank * width * ($1.widths.inputs + $1.widths.outputs) }
  }
}

extension LowRankAdapters: CustomStringConvertible {
  /// What they are in words, `lora, rank 8, alpha 16.0, targets qkv proj, part both, scaling standard`.
  public var description: String {
    "lora, rank \(rank), alpha \(alpha), targets \(orderedTargets.map(\.rawValue).joined(separator: " ")), part "
      + "\(part.rawValue), scaling \(scaling.rawValue)"
      + (aggregation == .apart ? "" : ", aggregation \(aggregation.rawValue)")
      + (dropout == 0 ? "" : ", dropout \(dropout)")
  }
}

extension ModelProfile {
  /// Blocks of a part that have adapters, and blocks of it that a gradient passes through: those from the first one with adapters
  /// of the whole model on. Nothing where the model has no known shape.
  private func blocks(
    of part: Framework.Traits.Part, _ adapters: LowRankAdapters
  ) -> (adapted: Int, passed: Int, shape: VisionTransformer)? {
    guard let shape = architecture else { return nil }
    let all =
      switch part {
      case .embedding: 0..<cut.deviceBlocks
      case .rest: cut.deviceBlocks..<shape.depth
      case .whole: 0..<shape.depth
      case .nothing: 0..<0
      }
    let adapted = adapters.blocks(cut: cut, depth: shape.depth)
    let passed = adapted.isEmpty ? 0..<0 : adapted.lowerBound..<shape.depth
    return (all.clamped(to: adapted).count, all.clamped(to: passed).count, shape)
  }

  /// Parameters of a part's adapters; none without a known shape.
  public func adapterParameters(of part: Framework.Traits.Part, _ adapters: LowRankAdapters) -> Int {
    blocks(of: part, adapters).map { $0.adapted * adapters.parameters(width: $0.shape.width) } ?? 0
  }

  /// Forward work of a part's adapters on one sample: A and then B on each token, 2 FLOP a multiply-add.
  public func adapterForwardWork(of part: Framework.Traits.Part, _ adapters: LowRankAdapters) -> Flops {
    guard let shape = architecture else { return .zero }
    return Flops(
      WorkRule.multiplyAdd * Double(shape.tokens) * Double(adapterParameters(of: part, adapters)))
  }

  /// Backward work of a part with adapters on one sample: each block that the gradient passes through counts once its forward work,
  /// since frozen matrices have no weight gradient; adapters, and at the model's end the head, count twice. The first block with
  /// adapters counts whole. The rule is ours, by that of ``backwardWork(of:under:)``.
  func adaptedBackwardWork(of part: Framework.Traits.Part, _ adapters: LowRankAdapters) -> Flops {
    guard let (_, passed, shape) = blocks(of: part, adapters) else { return 2 * forwardWork(of: part) }
    let head = part == .rest || part == .whole ? 2 * shape.headWork : .zero
    return Double(passed) * shape.blockWork + 2 * adapterForwardWork(of: part, adapters) + head
  }
}
