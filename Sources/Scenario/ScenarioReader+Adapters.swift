import Training
import Units

/// The key `training.adapters`.
extension ScenarioReader {
  /// What is trained beside a frozen model; a scenario that trains the model itself resolves without it.
  static func adapters(_ training: Section, _ plan: inout Scenario.TrainingPlan, model: ModelProfile) {
    let key = "adapters"
    let summary =
      "small matrices that are trained beside a frozen model, with its head, {lora: {rank: 8}}; without it, or with null, the "
      + "model is trained itself"
    let given = training.declare(key, summary, default: nil)
    let isThere = given.map { !$0.isNull } ?? (plan.adapters != nil)
    var values = plan.adapters ?? LowRankAdapters()
    training.whole(key, training.section(key, isThere ? given : nil)) { section in
      if isThere, section.pairs.isEmpty, let given, case .map = given.content {
        section.reading.log.error(
          at: given.position, path: section.path, "there is no kind of adapter; write 'adapters: {lora: {}}'")
      }
      section.section("lora", "low-rank adapters: W acts as W + s B A") { lora(&values, $0) }
    }
    if !isThere { training.hide(key) }
    plan.adapters = isThere ? values : nil
    if let adapters = plan.adapters, training.reading.purpose != .documenting {
      if let given { check(adapters, plan, model, at: given, in: training) }
      if adapters.freezesDevicePart(cut: model.cut) { plan.embedding = .frozen }
    }
  }

  private static func lora(_ adapters: inout LowRankAdapters, _ section: Section) {
    section.integer("rank", "r, columns of B and rows of A", in: 1...4096, &adapters.rank)
    section.number(
      "alpha", "what s is times the rank, or its root", .quantity(One.self, in: 1e-6...1e6), &adapters.alpha)
    targets(section, &adapters.targets)
    section.number(
      "dropout", "share of what A takes that a step leaves out at random", .quantity(One.self, in: 0...0.999999),
      &adapters.dropout)
    section.choice("part", "the blocks that have adapters: before the cut, behind it, or both", &adapters.part)
    section.choice(
      "scaling", "s: standard, alpha / rank, or rank-stabilized, alpha / √rank, as rsLoRA has it", &adapters.scaling)
    section.choice(
      "aggregation",
      "what models become: A and B averaged apart; svd, the mean product cut off to the rank; or stacked, the mean product added to "
        + "the matrices",
      &adapters.aggregation)
    section.omit("aggregation", if: adapters.aggregation == .apart)
    weights(section, &adapters.weights)
    section.omit("weights", if: adapters.weights == nil)
  }

  private static func weights(_ section: Section, _ weights: inout String?) {
    let key = "weights"
    let summary =
      "folder with peft's adapter_config.json and adapter_model.safetensors to begin from; null: adapters are drawn"
    defer { section.note(key, weights.map { .scalar(.text($0)) } ?? .scalar(.null)) }
    guard let given = section.declare(key, summary, default: "null") else { return }
    weights = nil
    guard !given.isNull, let (text, value) = section.text(key, summary) else { return }
    let path = section.reading.file(text, at: value.position)
    weights = path
    do {
      for file in ["adapter_config.json", "adapter_model.safetensors"] {
        try InputFile.check("\(path)/\(file)", kind: "a file of peft", from: value.position)
      }
    } catch let errors as ScenarioErrors {
      section.reading.log.add(errors)
    } catch {
      section.fail(key, value, "\(error)")
    }
  }

  private static func targets(_ section: Section, _ targets: inout Set<LowRankAdapters.Target>) {
    let key = "targets"
    let all = LowRankAdapters.Target.allCases.map(\.rawValue)
    let shown = "[\(all.joined(separator: ", "))]"
    if let given = section.declare(
      key, "the matrices of a block that have one, by timm's names", default: shown,
      allowed: "a list of \(all.joined(separator: ", "))")
    {
      guard case .list(let items) = given.content, !items.isEmpty else {
        return section.fail(key, given, "\(given.shown) is no list of matrices; write some of \(shown)")
      }
      var own: Set<LowRankAdapters.Target> = []
      for item in items {
        guard let target = item.text.flatMap(LowRankAdapters.Target.init(rawValue:)) else {
          section.failWord(key, item, of: all)
          continue
        }
        if !own.insert(target).inserted { section.fail(key, item, "\(item.shown) stands twice") }
      }
      if !own.isEmpty { targets = own }
    }
    section.note(
      key, .list(LowRankAdapters.Target.allCases.filter(targets.contains).map { .scalar(.text($0.rawValue)) }))
  }

  /// What adapters ask of the rest of the scenario.
  private static func check(
    _ adapters: LowRankAdapters, _ plan: Scenario.TrainingPlan, _ model: ModelProfile, at given: YAMLValue,
    in training: Section
  ) {
    let key = "adapters"
    guard let shape = model.architecture else {
      return training.fail(
        key, given,
        "adapters stand beside the matrices of a Vision Transformer, and this model is known by its profile only")
    }
    if case .external = plan.trainer {
      training.fail(key, given, "the protocol for external trainers knows no adapters; take trainer vit or none")
    }
    if plan.trainable == .head {
      training.fail(key, given, "with 'trainable: head' the head alone is trained; leave one of the two keys out")
    }
    if adapters.blocks(cut: model.cut, depth: shape.depth).isEmpty {
      training.fail(
        key, given,
        "'part: \(adapters.part.rawValue)' has no block: the cut is \(model.cut), and the model has \(shape.depth) of them"
      )
    }
  }
}
