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
  /// Each tensor has a stream of its own, so a deeper model begins as a shallower one does.
  public static func initialize(
    _ parameters: UnsafeMutableBufferPointer<Float>, layout: ParameterLayout, seed: Seed
  ) {
    for index in layout.tensors.indices { initialize(index, of: parameters, layout: layout, seed: seed) }
  }

  private static func initialize(
    _ index: Int, of parameters: UnsafeMutableBufferPointer<Float>, layout: ParameterLayout, seed: Seed
  ) {
    let tensor = layout.tensors[index]
    let values = UnsafeMutableBufferPointer(rebasing: parameters[tensor.range])
    var stream = seed.stream(.weights, index)
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

  /// Writes weights to the file `path` in the safetensors format, under timm's names.
  ///
  /// - Throws: `TraceError` where the file cannot be written.
  public static func save(
    _ parameters: UnsafeBufferPointer<Float>, layout: ParameterLayout, to path: String
  ) throws(TraceError) {
    try WeightsFile.write(tensors(of: parameters, layout), metadata: metadata, to: path)
  }

  /// Writes weights into a new file as ``save(_:layout:to:)`` does.
  ///
  /// - Throws: `TraceError` where the file takes no more.
  static func save(
    _ parameters: UnsafeBufferPointer<Float>, layout: ParameterLayout, to file: OutputFile
  ) throws(TraceError) {
    try WeightsFile.write(tensors(of: parameters, layout), metadata: metadata, to: file)
  }

  private static let metadata = [(key: "format", value: "pt")]

  private static func tensors(
    of parameters: UnsafeBufferPointer<Float>, _ layout: ParameterLayout
  ) -> [WeightsFile.Tensor] {
    layout.tensors.map { ($0.name, $0.shape, UnsafeBufferPointer(rebasing: parameters[$0.range])) }
  }
}
