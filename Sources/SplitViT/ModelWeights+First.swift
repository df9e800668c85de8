import Datasets
import Randomness
import Training

extension ModelWeights {
  /// A tensor of weights under timm's name.
  public struct Tensor: Sendable {
    /// timm's name.
    public let name: String
    /// Sizes, row-major.
    public let shape: [Int]
    /// As many numbers as the shape says.
    public let values: [Float]
  }

  /// The weights that a run begins with: drawn from the seed, and loaded from the file `path` where one is named.
  ///
  /// - Returns: All tensors in the order of the forward pass, what loading came to, a sentence each, and what the model's norms add to a
  ///   variance.
  /// - Throws: ``WeightsError`` where the file does not fit the model, `TrainingError` where the model does not fit this
  ///   machine.
  public static func first(
    of architecture: VisionTransformer, seed: Seed, path: String?, head: HeadRule,
    normalization: DatasetPlan.Normalization? = nil
  ) throws -> (tensors: [Tensor], notes: [String], normEpsilon: Double) {
    let bytes = 8 * Double(architecture.parameters)
    let inReach = MemoryInReach.now(addresses: bytes)
    guard bytes <= min(inReach.memory.bytes, inReach.addresses.bytes) else {
      throw TrainingError(
        "two copies of the model's \(architecture.parameters) weights do not fit into the memory that is left here")
    }
    let layout = ParameterLayout(architecture)
    var notes: [String] = []
    var values = [Float](repeating: 0, count: layout.count)
    try values.withUnsafeMutableBufferPointer { values in
      notes = try begin(values, layout: layout, seed: seed, path: path, head: head, normalization: normalization)
    }
    let tensors = layout.tensors.map { Tensor(name: $0.name, shape: $0.shape, values: Array(values[$0.range])) }
    return (tensors, notes, try path.map { try WeightsFolder(reading: $0).normEpsilon } ?? 1e-6)
  }

  /// Draws weights into `parameters`, and loads them from the file `path` where one is named.
  ///
  /// - Returns: What loading came to, a sentence each.
  /// - Throws: What loading throws.
  static func begin(
    _ parameters: UnsafeMutableBufferPointer<Float>, layout: ParameterLayout, seed: Seed, path: String?, head: HeadRule,
    normalization: DatasetPlan.Normalization?
  ) throws -> [String] {
    guard let path else {
      initialize(parameters, layout: layout, seed: seed)
      return []
    }
    // Loading fills all that stands before adapters and head, or throws.
    initialize(parameters, layout: layout, seed: seed, from: layout.adapterIndex)
    return try load(path: path, into: parameters, layout: layout, head: head, normalization: normalization)
  }
}
