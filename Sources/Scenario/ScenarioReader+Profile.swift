import Training
import Units

/// A model of any kind, known by what it weighs: the key `model.profile`.
extension ScenarioReader {
  static let profileKey = "profile"
  /// In place of figures: they are the trainer's to tell.
  private static let askedProfile = "external"

  private static let profileSummary = "a model of any kind, by the figures of one cut"
  static let count = NumberKind.whole(in: 0...1_000_000_000_000)
  static let work = NumberKind.quantity(Flop.self, in: 0...1e21)
  static let memory = 0...1e16

  /// Declares the keys of a profile where the scenario has none.
  static func documentProfile(_ model: Section) {
    guard model.reading.purpose != .printing else { return }
    _ = model.declare(profileKey, profileSummary, default: nil)
    _ = figures(model.section(profileKey, nil as YAMLValue?), isGiven: false, nil, others: [])
  }

  /// The model whose figures the scenario gives, and as it is with its other cuts.
  static func profiledModel(
    _ section: Section, _ standard: ModelProfile, _ standardOthers: [ModelProfile]
  ) -> (ModelProfile, [ModelProfile]) {
    let known = standard.architecture == nil ? standard : nil
    let name = section.text("name", "its name, timm's where timm has it")?.text ?? known?.name ?? "model"
    section.note("name", .scalar(.text(name)))
    for (key, summary, _) in shapeKeys {
      section.refuse(key, summary, default: nil, "a model with a profile has no shape")
    }
    var (classes, cut, others) = (standard.classes, standard.cut, standardOthers.map(\.cut))
    section.integer("classes", "output classes", in: 1...1_000_000, &classes)
    section.refuse("weights", "", default: nil, "the weights of a model with a profile are its trainer's")
    section.refuse("head", "", default: nil, "the head of a model with a profile is its trainer's")
    self.cut(section, &cut, &others)
    let given = section.declare(profileKey, profileSummary, default: nil)
    var figures: ModelCosts?
    var ofOthers: [Cut: ModelCosts] = [:]
    if let given, given.text == askedProfile {
      section.fail(
        profileKey, given,
        "the figures are the trainer's to tell; 'airsplit profile \(section.reading.source) --allow-external' asks it "
          + "and prints what to write here")
    } else if let given, given.text != nil || given.isList {
      section.fail(
        profileKey, given, "\(given.shown) is no profile; give payload, work and memory, or '\(askedProfile)'")
    } else {
      let inner = section.section(profileKey, given)
      let knownOthers = Dictionary(uniqueKeysWithValues: standardOthers.map { ($0.cut, $0.figures) })
      (figures, ofOthers) = self.figures(
        inner, isGiven: given != nil, given == nil ? known?.figures : nil, others: others,
        given == nil ? knownOthers : [:])
      section.note(profileKey, inner.resolved)
    }
    func profile(_ cut: Cut, _ figures: ModelCosts?) -> ModelProfile {
      ModelProfile(name: name, classes: classes, cut: cut, figures: figures ?? unknownFigures)
    }
    return (profile(cut, figures), others.map { profile($0, ofOthers[$0]) })
  }

  /// What stands in for figures that could not be read.
  private static let unknownFigures = ModelCosts(
    sampleElements: 1, activationElements: 1, deviceWeights: 0, parameters: 0, deviceForwardWork: .zero,
    deviceBackwardWork: .zero, forwardWork: .zero)

  /// The figures of a profile, `known` where there are any; `nil`, with errors if it `isGiven`, where one is missing.
  ///
  /// - Parameter others: The cuts beside the first one, whose figures are the second result.
  private static func figures(
    _ profile: Section, isGiven: Bool, _ known: ModelCosts?, others: [Cut], _ knownOthers: [Cut: ModelCosts] = [:]
  ) -> (ModelCosts?, [Cut: ModelCosts]) {
    func number(_ section: Section, _ key: String, _ summary: String, _ kind: NumberKind, _ known: Double?) -> Double? {
      figure(section, key, summary, kind, known, missing: isGiven ? "this key is required in a profile" : nil)
    }

    let payload = profile.section("payload", "what goes over the air, of one sample but for the weights")
    let sample = number(
      payload, "sample", "elements of a raw sample, 32 bits each", count, known.map { Double($0.sampleElements) })
    let activations = number(
      payload, "activations", "activations at the cut, which are quantised", .whole(in: 1...1_000_000_000_000),
      known.map { Double($0.activationElements) })
    let deviceWeights = number(
      payload, "device_weights", "weights before the cut, 32 bits each", count, known.map { Double($0.deviceWeights) })
    let parameters = number(
      payload, "parameters", "parameters of the whole model", count, known.map { Double($0.parameters) })
    var head = known?.headParameters.map { Double($0) }
    payload.optionalNumber(
      "head_parameters", "parameters of the head; with trainable: head or labels: device", count, &head)
    var headActivations = known?.headActivations.map { Double($0) }
    payload.optionalNumber(
      "head_activations", "activations that the head reads; with labels: device", .whole(in: 1...1_000_000_000_000),
      &headActivations)
    payload.omit("head_activations", if: headActivations == nil)
    var auxiliary = known?.auxiliaryParameters.map { Double($0) }
    payload.optionalNumber(
      "auxiliary_parameters", "parameters of the auxiliary head; with gradient: local-loss", count, &auxiliary)
    payload.omit("auxiliary_parameters", if: auxiliary == nil)
    payload.finish()
    profile.note("payload", payload.resolved)

    let works = profile.section("work", "work on one sample")
    let deviceForward = number(
      works, "device_forward", "forward pass before the cut", work, known?.deviceForwardWork.value)
    let deviceBackward = number(
      works, "device_backward", "backward pass before the cut, where it is trained", work,
      known?.deviceBackwardWork.value)
    let forward = number(works, "forward", "forward pass of the whole model", work, known?.forwardWork.value)
    var headForward = known?.headForwardWork
    works.optionalQuantity(
      "head_forward", "forward pass of the head; with trainable: head or labels: device", in: work.range, &headForward)
    var auxiliaryForward = known?.auxiliaryForwardWork
    works.optionalQuantity(
      "auxiliary_forward", "forward pass of the auxiliary head; with gradient: local-loss", in: work.range,
      &auxiliaryForward)
    works.omit("auxiliary_forward", if: auxiliaryForward == nil)
    works.finish()
    profile.note("work", works.resolved)

    var (device, whole) = (known?.deviceMemory, known?.memory)
    profile.section("memory", "what a sample's forward pass keeps for the backward pass") {
      $0.optionalQuantity("device", "before the cut", in: memory, &device)
      $0.optionalQuantity("whole", "in the whole model", in: memory, &whole)
    }
    var figures: ModelCosts?
    if let sample, let activations, let deviceWeights, let parameters, let deviceForward, let deviceBackward,
      let forward
    {
      figures = ModelCosts(
        sampleElements: Int(sample), activationElements: Int(activations), deviceWeights: Int(deviceWeights),
        parameters: Int(parameters), headParameters: head.map { Int($0) },
        headActivations: headActivations.map { Int($0) },
        deviceForwardWork: Flops(deviceForward), deviceBackwardWork: Flops(deviceBackward), forwardWork: Flops(forward),
        headForwardWork: headForward, auxiliaryParameters: auxiliary.map { Int($0) },
        auxiliaryForwardWork: auxiliaryForward, deviceMemory: device, memory: whole)
    }
    let ofOthers = self.figures(
      of: others, in: profile, isGiven: isGiven, first: figures ?? unknownFigures, known: knownOthers)
    profile.finish()

    if let figures { check(figures, payload, works) }
    return (figures, ofOthers)
  }

  /// The number under a key of a profile, `known` where the file has none; `nil` without either, with an error that says what is
  /// `missing`, unless nothing is.
  static func figure(
    _ section: Section, _ key: String, _ summary: String, _ kind: NumberKind, _ known: Double?, missing: String?
  ) -> Double? {
    var number = known
    if let value = section.declare(key, summary, default: nil) {
      number = section.number(key, value, kind)
    } else if let missing {
      section.reading.log.error(at: section.position, path: section.path(key), missing)
    }
    if let number { section.note(key, kind.print(number)) }
    return number
  }

  /// The part before a cut is no larger than the model, in weights, which stand in one section, nor in work, in the other.
  static func check(_ costs: ModelCosts, _ weights: Section, _ work: Section) {
    if costs.deviceWeights > costs.parameters, let value = weights.value(of: "device_weights") {
      weights.fail("device_weights", value, "\(value.shown) are more than the parameters of the whole model")
    }
    if costs.deviceForwardWork > costs.forwardWork, let value = work.value(of: "device_forward") {
      work.fail("device_forward", value, "\(value.shown) is more than the forward pass of the whole model")
    }
  }
}
