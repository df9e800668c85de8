import Training

/// The keys of `model`.
extension ScenarioReader {
  /// Makes a model of so many classes, cut there; `nil` where its shape cannot be, which has been reported then.
  private typealias Maker = (_ classes: Int, _ cut: Cut) -> ModelProfile?

  static func model(_ root: Section, _ scenario: inout Scenario) {
    let section = modelSection(root)
    defer {
      section.finish()
      root.note("model", section.resolved)
    }
    let isNamed = section.has("name")
    let isShaped = !isNamed && shapeKeys.contains { section.has($0.key) }
    let standard = scenario.model
    guard !section.has(profileKey), isNamed || isShaped || standard.architecture != nil else {
      (scenario.model, scenario.otherCuts) = profiledModel(section, standard, scenario.otherCuts)
      (scenario.weights, scenario.head) = (nil, .keep)
      return
    }
    documentProfile(section)
    let make =
      isShaped || !isNamed && !standard.isListed
      ? freeModel(section, isShaped ? nil : standard.architecture) : namedModel(section, standard)
    var (classes, cut, others) = (standard.classes, standard.cut, scenario.otherCuts.map(\.cut))
    section.integer("classes", "output classes", in: 1...1_000_000, &classes)
    weights(section, &scenario.weights)
    section.choice(
      "head", "the head of loaded weights: keep it where its size is right, or always begin with a fresh one",
      &scenario.head)
    self.cut(section, &cut, &others)

    let whole = make(classes, .embedding)
    if let depth = whole?.architecture?.depth, let given = section.value(of: "cut"),
      let beyond = ([cut] + others).first(where: { $0.deviceBlocks > depth })
    {
      section.fail("cut", given, "'\(beyond)' lies after the last block; K may be from 1 to \(depth)")
    }
    scenario.model = make(classes, cut) ?? whole ?? standard
    scenario.otherCuts = others.compactMap { make(classes, $0) }
  }

  /// The mapping under `model`; a word there is the name.
  private static func modelSection(_ root: Section) -> Section {
    let key = "model"
    let given = root.value(of: key)
    guard let given, given.text != nil, !given.isNull else {
      return root.section(key, modelSummary, isRequired: true)
    }
    _ = root.declare(key, modelSummary, default: nil)
    return root.section(key, given.named)
  }

  private static let modelSummary = "the network that is trained; a name, or a mapping"

  // MARK: - Shape

  /// The numbers of the free form, of which a named model takes the first.
  static let shapeKeys: [(key: String, summary: String, range: ClosedRange<Int>)] = [
    ("image", "side of an image, a multiple of the patch", 1...16_384),
    ("channels", "channels of an image; of a model without a name", 1...1024),
    ("patch", "side of a square patch; of a model without a name", 1...16_384),
    ("dim", "width of a token; of a model without a name", 1...65_536),
    ("depth", "transformer blocks; of a model without a name", 1...1024),
    ("heads", "attention heads, a divisor of dim; of a model without a name", 1...65_536),
  ]

  private static func namedModel(_ section: Section, _ standard: ModelProfile) -> Maker {
    var name = standard.isListed ? standard.name : ModelProfile.paperModel
    section.word("name", "its name, timm's where timm has it", of: ModelProfile.names, &name)
    let (key, summary, range) = shapeKeys[0]
    var image = standard.architecture?.image ?? ModelProfile.standardImage
    section.integer(key, summary, in: range, &image)
    for (key, summary, _) in shapeKeys.dropFirst() {
      section.refuse(
        key, summary, default: nil, "'\(name)' has a shape of its own; only a model without 'name' is given one")
    }
    if ModelProfile.named(name, classes: 10, image: image) == nil, let given = section.value(of: key) {
      let patch = ModelProfile.named(name, classes: 10)?.architecture?.patch ?? 1
      section.fail(key, given, "\(given.shown) is no multiple of the patch of '\(name)', \(patch)")
    }
    return { [name, image] in ModelProfile.named(name, classes: $0, image: image, cut: $1) }
  }

  /// - Parameter standard: The shape where the file gives none.
  private static func freeModel(_ section: Section, _ standard: VisionTransformer?) -> Maker {
    _ = section.declare("name", "", default: nil)
    let missing = shapeKeys.map(\.key).filter { !section.has($0) }
    if !missing.isEmpty {
      let all = shapeKeys.map(\.key).joined(separator: ", ")
      section.reading.log.error(
        at: section.position, path: section.path,
        "a model without 'name' needs \(all); here is no \(missing.joined(separator: ", "))")
    }
    let own = standard.map { [$0.image, $0.channels, $0.patch, $0.width, $0.depth, $0.heads] }
    let numbers = shapeKeys.enumerated().map { index, row -> Int? in
      var number = own?[index]
      if let given = section.declare(row.key, row.summary, default: nil) {
        number = section.number(row.key, given, .whole(in: row.range)).map { Int($0) }
      }
      if let number { section.note(row.key, .scalar(.integer(number))) }
      return number
    }
    guard let image = numbers[0], let channels = numbers[1], let patch = numbers[2], let width = numbers[3],
      let depth = numbers[4], let heads = numbers[5]
    else { return { _, _ in nil } }
    func shape(classes: Int) throws(VisionTransformer.ShapeError) -> VisionTransformer {
      try VisionTransformer(
        image: image, channels: channels, patch: patch, width: width, depth: depth, heads: heads, classes: classes)
    }
    do {
      _ = try shape(classes: 10)
    } catch {
      let key = error.description.hasPrefix("patch") ? "patch" : "heads"
      section.reading.log.error(
        at: section.value(of: key)?.position ?? section.position, path: section.path(key), error.description)
    }
    return { classes, cut in
      guard let shape = try? shape(classes: classes), cut.deviceBlocks <= depth else { return nil }
      return ModelProfile(name: "vit_patch\(patch)_\(image)_\(width)x\(depth)", architecture: shape, cut: cut)
    }
  }

  // MARK: - Weights and cut

  private static func weights(_ section: Section, _ weights: inout Scenario.WeightsSource?) {
    let key = "weights"
    let summary =
      "safetensors file, or index of several, of timm, Hugging Face or torchvision to begin from; null: weights are drawn"
    defer { section.note(key, weights.map { .scalar(.text($0.path)) } ?? .scalar(.null)) }
    guard let given = section.declare(key, summary, default: "null"), !given.isNull,
      let (text, value) = section.text(key, summary)
    else { return }
    let path = section.reading.file(text, at: value.position)
    weights = Scenario.WeightsSource(path: path)
    do {
      guard WeightsIndex.isNamed(path) else {
        return try InputFile.check(path, kind: "a safetensors file", from: value.position)
      }
      let index = try WeightsIndex(
        parsing: InputFile.bytes(path, limit: WeightsIndex.largest, kind: "an index of weights", from: value.position))
      weights?.files = index.files
      for file in weights?.parts ?? [] {
        try InputFile.check(file.path, kind: "a safetensors file", from: value.position)
      }
    } catch let refusal as WeightsIndex.Refusal {
      section.fail(key, value, "\(value.shown) \(refusal.reason)")
    } catch let errors as ScenarioErrors {
      section.reading.log.add(errors)
    } catch {
      section.fail(key, value, "\(error)")
    }
  }
}

extension ModelProfile {
  /// The paper's model.
  static let paper: ModelProfile = {
    guard let profile = named(paperModel, classes: 10) else { preconditionFailure("every listed model has a profile") }
    return profile
  }()

  /// Whether it is what its name and the side of its images say.
  fileprivate var isListed: Bool {
    guard let architecture else { return false }
    return self == ModelProfile.named(name, classes: classes, image: architecture.image, cut: cut)
  }
}
