import CTensor
import Randomness
import Trace
import Training

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The weights of a whole model: fresh, from a file, to a file.
public enum ModelWeights {
  /// Fresh weights as timm draws them: matrices, positions and head normal with deviation 0.02, the class token with
  /// 1e-6, biases 0, norms 1; the patch projection uniform on ±1 / sqrt(inputs of a patch), bias too, as PyTorch's
  /// convolutions begin.
  ///
  /// Each tensor has a stream of its own, so a deeper model begins as a shallower one does, and one with adapters as one without.
  /// A's of adapters are uniform on ±1 / sqrt(inputs), as peft draws them, and their B's 0.
  public static func initialize(
    _ parameters: UnsafeMutableBufferPointer<Float>, layout: ParameterLayout, seed: Seed
  ) {
    initialize(parameters, layout: layout, seed: seed, from: 0)
  }

  /// Draws the tensors from number `first` on.
  static func initialize(
    _ parameters: UnsafeMutableBufferPointer<Float>, layout: ParameterLayout, seed: Seed, from first: Int
  ) {
    for index in layout.tensors.indices[first...] { initialize(index, of: parameters, layout: layout, seed: seed) }
  }

  private static func initialize(
    _ index: Int, of parameters: UnsafeMutableBufferPointer<Float>, layout: ParameterLayout, seed: Seed
  ) {
    let tensor = layout.tensors[index]
    let values = UnsafeMutableBufferPointer(rebasing: parameters[tensor.range])
    if tensor.name.contains(".lora_") {
      return initialize(adapter: index - layout.adapterIndex, values, layout: layout, seed: seed)
    }
    var stream = seed.stream(
      .weights, index < layout.headIndex ? index : index - layout.headIndex + layout.adapterIndex)
    if tensor.name.hasPrefix("patch_embed") {
      let shape = layout.architecture
      let bound = 1 / Double(shape.channels * shape.patch * shape.patch).squareRoot()
      for place in values.indices { values[place] = Float(stream.uniform(low: -bound, high: bound)) }
    } else if tensor.name.hasSuffix("bias") {
      values.update(repeating: 0)
    } else if tensor.name.contains("norm") {
      values.update(repeating: 1)
    } else {
      let deviation = tensor.name == "cls_token" ? 1e-6 : 0.02
      for place in values.indices { values[place] = Float(stream.gaussian(standardDeviation: deviation)) }
    }
  }

  /// Adapters that begin anew behind round `round`, in what is trained, `values`: A is drawn, B zero.
  static func beginAdapters(
    _ values: UnsafeMutableBufferPointer<Float>, layout: ParameterLayout, seed: Seed, after round: Int
  ) {
    for (number, tensor) in layout.adapterTensors.enumerated() {
      let first = tensor.offset - layout.ownRange.lowerBound
      initialize(
        adapter: number, values.run(first..<first + tensor.count), layout: layout, seed: seed, round: round)
    }
  }

  /// The first values of the adapter tensor of this number, A before B; the draws are those of its block and target, and of the round
  /// behind which it begins, 0 at first.
  private static func initialize(
    adapter number: Int, _ values: UnsafeMutableBufferPointer<Float>, layout: ParameterLayout, seed: Seed,
    round: Int = 0
  ) {
    guard number % 2 == 0 else { return values.update(repeating: 0) }
    let (block, target) = layout.place(ofAdapter: number / 2)
    var stream = seed.stream(
      .adapters, round * layout.architecture.depth + block, Int(target.place.rawValue))
    let bound = 1 / Double(target.widths.inputs * layout.architecture.width).squareRoot()
    for place in values.indices { values[place] = Float(stream.uniform(low: -bound, high: bound)) }
  }

  /// Adds adapters to their matrices, W + s B A: the numbers that a network with adapters computes with.
  static func merge(_ parameters: UnsafeMutableBufferPointer<Float>, layout: ParameterLayout) {
    guard let adapters = layout.adapters, let base = parameters.baseAddress else { return }
    for (number, place) in stride(from: layout.adapterIndex, to: layout.headIndex, by: 2).enumerated() {
      let weight = layout.matrix(ofAdapter: number)
      Kernels.best.add_low_rank(
        base + weight.offset, base + layout.tensors[place].offset, base + layout.tensors[place + 1].offset,
        weight.shape[0], weight.shape[1], adapters.rank, Float(adapters.scale), base + weight.offset)
    }
  }

  /// Writes weights to the file `path` in the safetensors format, under timm's names, adapters added to their matrices.
  ///
  /// - Parameter normEpsilon: What the model's norms add to a variance; it stands beside the tensors where it is not timm's.
  /// - Throws: `TraceError` where the file cannot be written.
  public static func save(
    _ parameters: UnsafeBufferPointer<Float>, layout: ParameterLayout, normEpsilon: Double = 1e-6, to path: String
  ) throws(TraceError) {
    let merged = merged(parameters, layout)
    defer { withExtendedLifetime(merged) {} }
    try WeightsFile.write(
      tensors(of: merged.map { .init($0.values) } ?? parameters, layout), metadata: metadata(normEpsilon: normEpsilon),
      to: path)
  }

  /// Writes weights into a new file as ``save(_:layout:normEpsilon:to:)`` does.
  ///
  /// - Throws: `TraceError` where the file takes no more.
  static func save(
    _ parameters: UnsafeBufferPointer<Float>, layout: ParameterLayout, normEpsilon: Double, to file: OutputFile
  ) throws(TraceError) {
    let merged = merged(parameters, layout)
    defer { withExtendedLifetime(merged) {} }
    try WeightsFile.write(
      tensors(of: merged.map { .init($0.values) } ?? parameters, layout), metadata: metadata(normEpsilon: normEpsilon),
      to: file)
  }

  /// The weights with adapters added; `nil` where there are none.
  private static func merged(_ parameters: UnsafeBufferPointer<Float>, _ layout: ParameterLayout) -> FloatBuffer? {
    guard layout.adapters != nil else { return nil }
    let buffer = FloatBuffer(count: layout.count)
    _ = buffer.values.update(fromContentsOf: parameters[..<layout.count])
    merge(buffer.values, layout: layout)
    return buffer
  }

  /// What stands beside tensors in a file: that they are as PyTorch's, and what norms add to a variance where it is not timm's.
  package static func metadata(normEpsilon: Double) -> [(key: String, value: String)] {
    [(key: "format", value: "pt")]
      + (normEpsilon == 1e-6 ? [] : [(key: WeightsFolder.epsilonKey, value: "\(normEpsilon)")])
  }

  private static func tensors(
    of parameters: UnsafeBufferPointer<Float>, _ layout: ParameterLayout
  ) -> [WeightsFile.Tensor] {
    layout.modelTensors.map { ($0.name, $0.shape, UnsafeBufferPointer(rebasing: parameters[$0.range])) }
  }
}
