import Training
import Units

/// A model of any kind, known by what it weighs: the key `model.profile`.
extension ScenarioReader {
  static let profileKey = "profile"
  /// In place of figures: they are the trainer's to tell.
  private static let askedProfile = "external"

  private static let profileSummary = "a model of any kind, by the figures of one cut"
  private static let count = NumberKind.whole(in: 0...1_000_000_000_000)
  private static let work = NumberKind.quantity(Flop.self, in: 0...1e21)
  private static let memory = NumberKind.quantity(Bit.self, in: 0...1e16)

  /// Declares the keys of a profile where the scenario has none.
  static func documentProfile(_ model: Section) {
    _ = model.declare(profileKey, profileSummary, default: nil)
    _ = figures(Section([], path: model.path(profileKey), position: model.position, reading: model.reading), nil)
  }

  /// The model whose figures the scenario gives.
  static func profiledModel(_ section: Section, _ root: Section) -> Model {
    let name = section.text("name", "its name, timm's where timm has it")?.text ?? "model"
    section.note("name", .scalar(.text(name)))
    for (key, summary, _) in shapeKeys {
      section.refuse(key, summary, default: nil, "a model with a profile has no shape")
    }
    let classes = section.integer("classes", "output classes", in: 1...1_000_000, default: 10)
    section.refuse("weights", "", default: nil, "the weights of a model with a profile are its trainer's")
    section.refuse("head", "", default: nil, "the head of a model with a profile is its trainer's")
    let cut = cut(section)
    var figures = unknownFigures
    if let given = section.declare(profileKey, profileSummary, default: nil) {
      if given.text == askedProfile {
        section.fail(
          profileKey, given,
          "the figures are the trainer's to tell; 'airsplit profile \(section.reading.source) --allow-external' asks it "
            + "and prints what to write here")
      } else if case .map = given.content {
        let inner = section.section(profileKey, given)
        figures = self.figures(inner, given) ?? figures
        section.note(profileKey, inner.resolved)
      } else {
        section.fail(
          profileKey, given, "\(given.shown) is no profile; give payload, work and memory, or '\(askedProfile)'")
      }
    }
    section.finish()
    root.note("model", section.resolved)
    return Model(
      profile: ModelProfile(name: name, classes: classes, cut: cut, figures: figures), weights: nil, head: .keep)
  }

  /// What stands in for figures that could not be read.
  private static let unknownFigures = ModelCosts(
    sampleElements: 1, activationElements: 1, deviceWeights: 0, parameters: 0, deviceForwardWork: .zero,
    deviceBackwardWork: .zero, forwardWork: .zero)

  /// The figures of a profile; `nil`, with errors unless there is no `given` profile, where one is missing.
  private static func figures(_ profile: Section, _ given: YAMLValue?) -> ModelCosts? {
    let isGiven = given != nil
    func part(_ key: String, _ summary: String) -> Section { profile.section(key, summary) }
    func number(_ section: Section, _ key: String, _ summary: String, _ kind: NumberKind) -> Double? {
      guard let value = section.declare(key, summary, default: nil) else {
        if isGiven {
          section.reading.log.error(at: section.position, path: section.path(key), "this key is required in a profile")
        }
        return nil
      }
      guard let number = section.number(key, value, kind) else { return nil }
      section.note(key, kind.print(number))
      return number
    }

    let payload = part("payload", "what goes over the air, of one sample but for the weights")
    let sample = number(payload, "sample", "elements of a raw sample, 32 bits each", count)
    let activations = number(
      payload, "activations", "activations at the cut, which are quantised", .whole(in: 1...1_000_000_000_000))
    let deviceWeights = number(payload, "device_weights", "weights before the cut, 32 bits each", count)
    let parameters = number(payload, "parameters", "parameters of the whole model", count)
    let head = payload.optionalNumber("head_parameters", "parameters of the head; with trainable: head", count)
    payload.finish()
    profile.note("payload", payload.resolved)

    let works = part("work", "work on one sample")
    let deviceForward = number(works, "device_forward", "forward pass before the cut", work)
    let deviceBackward = number(works, "device_backward", "backward pass before the cut, where it is trained", work)
    let forward = number(works, "forward", "forward pass of the whole model", work)
    let headForward = works.optionalNumber("head_forward", "forward pass of the head; with trainable: head", work)
    works.finish()
    profile.note("work", works.resolved)

    let memories = part("memory", "what a sample's forward pass keeps for the backward pass")
    let device = memories.optionalNumber("device", "before the cut", memory)
    let whole = memories.optionalNumber("whole", "in the whole model", memory)
    memories.finish()
    profile.note("memory", memories.resolved)
    profile.finish()

    guard let sample, let activations, let deviceWeights, let parameters, let deviceForward, let deviceBackward,
      let forward
    else { return nil }
    if deviceWeights > parameters, let value = payload.value(of: "device_weights") {
      payload.fail("device_weights", value, "\(value.shown) are more than the parameters of the whole model")
    }
    if deviceForward > forward, let value = works.value(of: "device_forward") {
      works.fail("device_forward", value, "\(value.shown) is more than the forward pass of the whole model")
    }
    return ModelCosts(
      sampleElements: Int(sample), activationElements: Int(activations), deviceWeights: Int(deviceWeights),
      parameters: Int(parameters), headParameters: head.map { Int($0) }, deviceForwardWork: Flops(deviceForward),
      deviceBackwardWork: Flops(deviceBackward), forwardWork: Flops(forward),
      headForwardWork: headForward.map { Flops($0) },
      deviceMemory: device.map { Bits($0) }, memory: whole.map { Bits($0) })
  }
}
