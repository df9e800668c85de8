import Datasets
import Training
import Units

extension ModelWeights {
  /// Loads the weights of the file `path`, which has the names of timm, of Hugging Face's ViT or DeiT, or of torchvision, or of
  /// the files that an index there names.
  ///
  /// Positions of another image size are interpolated as timm does it; so is a patch projection of other channels
  /// adapted: summed up for one channel, else repeated and scaled. A head of other classes, or none in the file, leaves the
  /// one in `parameters` as it is, which should be fresh; so it does with adapters and an auxiliary head.
  ///
  /// - Parameter normalization: How pixels are prepared for the model, to be compared with what the weights were trained on
  ///   where they name themselves.
  /// - Returns: Sentences on what was adapted, and on what looks wrong.
  /// - Throws: ``WeightsError`` with all tensors that are missing, too many or of a wrong shape.
  public static func load(
    path: String, into parameters: UnsafeMutableBufferPointer<Float>, layout: ParameterLayout, head: HeadRule = .keep,
    normalization: DatasetPlan.Normalization? = nil
  ) throws(WeightsError) -> [String] {
    let file = try WeightsFolder(reading: path)
    var loading = Loading(file: file, layout: layout)
    for tensor in layout.modelTensors {
      let values = UnsafeMutableBufferPointer(rebasing: parameters[tensor.range])
      if tensor.name.hasPrefix("head.") {
        try loading.loadHead(tensor, into: values, rule: head)
      } else {
        try loading.load(tensor, into: values)
      }
    }
    try loading.finish()
    return [normalization.flatMap { WeightsOrigin.warning(file, $0) }].compactMap(\.self) + loading.notes
  }
}

/// One file on its way into one model.
private struct Loading {
  let file: WeightsFolder
  let layout: ParameterLayout
  private(set) var notes: [String] = []
  private var problems: [String] = []

  /// Most patches along a side, and most channels, that are adapted: what a file claims may be beyond Int or memory.
  private static let largestSide = 1024

  init(file: WeightsFolder, layout: ParameterLayout) {
    self.file = file
    self.layout = layout
  }

  mutating func load(_ tensor: ParameterLayout.Tensor, into values: UnsafeMutableBufferPointer<Float>)
    throws(WeightsError)
  {
    guard let entry = file[tensor.name] else { return missing(tensor) }
    if entry.shape == tensor.shape { return try file.read(entry, into: values) }
    switch tensor.name {
    case "pos_embed": try loadPositions(entry, tensor, into: values)
    case "patch_embed.proj.weight": try loadProjection(entry, tensor, into: values)
    default: misshaped(entry, tensor)
    }
  }

  mutating func loadHead(
    _ tensor: ParameterLayout.Tensor, into values: UnsafeMutableBufferPointer<Float>, rule: HeadRule
  ) throws(WeightsError) {
    let isWeight = tensor.name == "head.weight"
    let classes = layout.architecture.classes
    if rule == .fresh {
      if isWeight { notes.append("the head of \(classes) classes is fresh") }
      return
    }
    guard let weight = file["head.weight"], let bias = file["head.bias"] else {
      let isHalf = file["head.weight"] != nil || file["head.bias"] != nil
      if isHalf {
        if file[tensor.name] == nil { missing(tensor) }
      } else if isWeight {
        notes.append("'\(file.path)' has no head: the one of \(classes) classes is fresh")
      }
      return
    }
    guard weight.shape.count == 2, weight.shape[1] == layout.architecture.width, bias.shape == [weight.shape[0]] else {
      if let entry = file[tensor.name] { misshaped(entry, tensor) }
      return
    }
    guard weight.shape[0] == classes else {
      if isWeight {
        notes.append(
          "the head of '\(file.path)' has \(weight.shape[0]) classes: a fresh one of \(classes) takes its place")
      }
      return
    }
    try file.read(isWeight ? weight : bias, into: values)
  }

  /// - Throws: What does not fit, all of it.
  mutating func finish() throws(WeightsError) {
    let known = layout.modelTensors.flatMap { file.names.sources(of: $0.name) }
    let set = Set(known)
    for entry in file.entries where !set.contains(entry.name) && !file.names.isBeside(entry.name) {
      let name = entry.name.count > 80 ? "\(entry.name.prefix(80))…" : entry.name
      let near = problems.count < 20 ? Spelling.nearest(to: entry.name, among: known) : nil
      problems.append(
        "'\(name)' \(shown(entry.shape)) is not in the model" + (near.map { "; did you mean '\($0)'?" } ?? ""))
    }
    guard problems.count > 0 else { return }
    if let origin = WeightsOrigin.explanation(
      of: file.entries.map(\.name), known: known, isKnown: file.names != .timm)
    {
      throw WeightsError("'\(file.path)' \(origin)")
    }
    let shape = layout.architecture
    let rest = problems.count > 8 ? "\n  and \(problems.count - 8) more" : ""
    throw WeightsError(
      "'\(file.path)' does not fit the model (image \(shape.image), channels \(shape.channels), patch \(shape.patch), dim "
        + "\(shape.width), depth \(shape.depth), heads \(shape.heads)):\n  "
        + problems.prefix(8).joined(separator: "\n  ") + rest)
  }

  private mutating func loadPositions(
    _ entry: WeightsFolder.Source, _ tensor: ParameterLayout.Tensor, into values: UnsafeMutableBufferPointer<Float>
  ) throws(WeightsError) {
    let width = layout.architecture.width
    let new = layout.architecture.image / layout.architecture.patch
    let old = Int(Double(max(0, entry.shape.count == 3 ? entry.shape[1] - 1 : 0)).squareRoot().rounded())
    guard (1...Self.largestSide).contains(old), entry.shape == [1, old * old + 1, width] else {
      return misshaped(entry, tensor)
    }
    let given = try read(entry)
    let positions = PositionInterpolation(from: old, to: new)
    for place in 0..<width { values[place] = given[place] }
    defer { given.deallocate() }
    positions.apply(
      to: UnsafeBufferPointer(rebasing: given[width...]), width: width,
      into: UnsafeMutableBufferPointer(rebasing: values[width...]))
    notes.append("the positions of '\(file.path)' are interpolated from \(old) x \(old) patches to \(new) x \(new)")
  }

  private mutating func loadProjection(
    _ entry: WeightsFolder.Source, _ tensor: ParameterLayout.Tensor, into values: UnsafeMutableBufferPointer<Float>
  ) throws(WeightsError) {
    guard entry.shape.count == 4, entry.shape[0] == tensor.shape[0], entry.shape[2...] == tensor.shape[2...],
      (1...Self.largestSide).contains(entry.shape[1])
    else { return misshaped(entry, tensor) }
    let given = try read(entry)
    defer { given.deallocate() }
    let (old, new) = (entry.shape[1], tensor.shape[1])
    let pixels = tensor.shape[2] * tensor.shape[3]
    for output in 0..<tensor.shape[0] {
      for channel in 0..<new {
        for pixel in 0..<pixels {
          let place = (output * new + channel) * pixels + pixel
          if new == 1 {
            values[place] = (0..<old).reduce(0) { $0 + given[(output * old + $1) * pixels + pixel] }
          } else {
            values[place] = given[(output * old + channel % old) * pixels + pixel] * (Float(old) / Float(new))
          }
        }
      }
    }
    notes.append("the patch projection of '\(file.path)' is adapted from \(old) channels to \(new)")
  }

  /// All values of an entry; the caller frees them.
  private func read(_ entry: WeightsFolder.Source) throws(WeightsError) -> UnsafeMutableBufferPointer<Float> {
    let values = UnsafeMutableBufferPointer<Float>.allocate(capacity: entry.count)
    values.initialize(repeating: 0)
    do throws(WeightsError) {
      try file.read(entry, into: values)
    } catch {
      values.deallocate()
      throw error
    }
    return values
  }

  private mutating func misshaped(_ entry: WeightsFolder.Source, _ tensor: ParameterLayout.Tensor) {
    problems.append("'\(inFile(tensor))' is \(shown(entry.shape)), and the model's is \(shown(tensor.shape))")
  }

  private mutating func missing(_ tensor: ParameterLayout.Tensor) {
    problems.append("'\(inFile(tensor))' \(shown(tensor.shape)) is missing")
  }

  /// A tensor as the file calls it.
  private func inFile(_ tensor: ParameterLayout.Tensor) -> String {
    file.names.sources(of: tensor.name).joined(separator: "', '")
  }

  private func shown(_ shape: [Int]) -> String {
    "[\(shape.prefix(8).map(String.init).joined(separator: ", "))\(shape.count > 8 ? ", …" : "")]"
  }
}
