import Training
import Units

/// The keys that give devices a choice of cuts: a list under `model.cut`, and `model.profile.cuts`.
extension ScenarioReader {
  /// Reads where the model is cut: a word, or a list of words among which each device has a choice, the first before the others.
  static func cut(_ section: Section, _ cut: inout Cut, _ others: inout [Cut]) {
    let key = "cut"
    let summary =
      "what lies before it stands on the device; a list gives each device a choice, within its memory"
    if let value = section.declare(key, summary, default: cut.description) {
      if case .list(let items) = value.content {
        let cuts = self.cuts(items, value, in: section)
        if let first = cuts.first { (cut, others) = (first, Array(cuts.dropFirst())) }
      } else if let given = read(value, key, in: section) {
        (cut, others) = (given, [])
      }
    }
    let all = ([cut] + others).map { ResolvedNode.scalar(.text($0.description)) }
    section.note(key, all.count == 1 ? all[0] : .list(all))
  }

  private static func read(_ value: YAMLValue, _ key: String, in section: Section) -> Cut? {
    if let cut = value.isNull ? nil : value.text.flatMap(Cut.init) { return cut }
    section.failWord(key, value, of: [Cut.embedding, .afterEmbedding].map(\.description) + ["after-block-K"])
    return nil
  }

  private static func cuts(_ items: [YAMLValue], _ list: YAMLValue, in section: Section) -> [Cut] {
    let key = "cut"
    guard !items.isEmpty, items.count <= largestChoice else {
      section.fail(key, list, "a list of \(items.count) cuts; from 1 to \(largestChoice) are possible")
      return []
    }
    var cuts: [Cut] = []
    for (index, item) in items.enumerated() {
      guard let cut = read(item, "\(key).\(index)", in: section) else { continue }
      if cuts.contains(cut) { section.fail("\(key).\(index)", item, "'\(cut)' stands in the list already") }
      cuts.append(cut)
    }
    return cuts
  }

  /// Cuts that a device may have a choice of.
  private static let largestChoice = 64

  /// The figures of a profile's other cuts, `known` where there are any: what differs from those of the first cut.
  static func figures(
    of others: [Cut], in profile: Section, isGiven: Bool, first: ModelCosts, known: [Cut: ModelCosts]
  ) -> [Cut: ModelCosts] {
    let key = "cuts"
    let summary = "the figures of each other cut in the list under 'cut'"
    guard !others.isEmpty else {
      profile.refuse(key, summary, default: nil, "there is one cut; list several under model.cut")
      return [:]
    }
    var figures: [Cut: ModelCosts] = [:]
    profile.section(key, summary) { list in
      for cut in others {
        list.section(cut.description, summary) { section in
          func number(_ key: String, _ summary: String, _ kind: NumberKind, _ known: Double?) -> Double? {
            let missing = isGiven ? "this key is required for each cut of the list" : nil
            return figure(section, key, summary, kind, known, missing: missing)
          }
          let own = known[cut]
          let activations = number(
            "activations", "activations at the cut", .whole(in: 1...1_000_000_000_000),
            own.map { Double($0.activationElements) })
          let weights = number(
            "device_weights", "weights before the cut", count, own.map { Double($0.deviceWeights) })
          let forward = number("device_forward", "forward pass before the cut", work, own?.deviceForwardWork.value)
          let backward = number("device_backward", "backward pass before the cut", work, own?.deviceBackwardWork.value)
          var memory = own?.deviceMemory
          section.optionalQuantity(
            "memory", "what a sample's forward pass before the cut keeps for the backward pass", in: self.memory,
            &memory)
          guard let activations, let weights, let forward, let backward else { return }
          var costs = first
          (costs.activationElements, costs.deviceWeights) = (Int(activations), Int(weights))
          (costs.deviceForwardWork, costs.deviceBackwardWork) = (Flops(forward), Flops(backward))
          costs.deviceMemory = memory
          check(costs, section, section)
          figures[cut] = costs
        }
      }
    }
    return figures
  }

  /// A limit needs to know what training takes, and somebody who keeps to it.
  private static func checkMemory(of scenario: Scenario, _ root: Section) {
    guard scenario.limitsMemory else { return }
    let value = root.value(of: "devices").flatMap { $0.item("memory") ?? $0.item("groups") ?? $0.item("file") }
    func fail(_ message: String) {
      root.reading.log.error(at: value?.position ?? root.position, path: "devices.memory", message)
    }
    let traits = scenario.framework.traits(under: scenario.training.recipe)
    if traits.upload == .nothing {
      fail(
        "framework \(scenario.framework.rawValue) chooses nobody: each device trains, whatever its memory; leave this key out"
      )
    }
    let unknown = scenario.models.first {
      $0.deviceTrainingMemory(of: traits.device, under: scenario.training.recipe) == nil
    }
    if let unknown {
      fail(
        "what training takes before the cut '\(unknown.cut)' is not known; the profile needs "
          + (traits.device == .whole
            ? "memory.whole" : unknown == scenario.model ? "memory.device" : "cuts.\(unknown.cut).memory"))
    }
  }

  /// What limits of memory and a choice of cuts go with.
  static func checkCuts(of scenario: Scenario, _ root: Section) {
    checkMemory(of: scenario, root)
    guard !scenario.otherCuts.isEmpty, let value = root.value(of: "model")?.item("cut") else { return }
    let plan = scenario.training
    func fail(_ message: String) { root.fail("model.cut", value, message) }
    if ![.sflam, .sfl].contains(scenario.framework) {
      fail(
        "framework \(scenario.framework.rawValue) cuts all devices' models alike or none; a choice of cuts is for sflam and sfl, "
          + "whose devices have whole models of their own")
    }
    if scenario.model.stepWork(of: .embedding, under: plan.recipe) == .zero {
      fail(
        "the first cut leaves devices nothing to compute, and others are measured against it; begin with another one")
    }
    if plan.adapters != nil { fail("adapters stand before or behind one cut; a choice of cuts goes without them") }
    if plan.recipe.freezesDevicePart {
      fail("where the device's part is frozen, the cut would say what is trained; take 'embedding: trained'")
    }
    if plan.gradient == .localLoss {
      fail("an auxiliary head belongs to one cut; a choice goes with 'gradient: returned'")
    }
    if case .external = plan.trainer {
      fail("the protocol for external trainers knows one cut; take trainer vit or none")
    }
    if scenario.downlink?.model == .broadcast {
      fail("a broadcast carries one model, and devices' parts differ; take 'downlink: {model: unicast}', or none")
    }
    if scenario.optimum == .clairvoyant { fail("'optimum: clairvoyant' knows one cut") }
    if scenario.serverForecast == .mva {
      fail("'forecast: {server: mva}' takes all steps to serve for one time; take mean or none")
    }
  }
}
