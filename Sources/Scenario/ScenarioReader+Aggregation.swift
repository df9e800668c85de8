import Training
import Units
import Wireless

/// The keys of `aggregation`.
extension ScenarioReader {
  /// When models merge, and how; a scenario in which all merge together resolves without it.
  static func aggregation(_ root: Section, _ rule: inout AggregationRule) {
    let key = "aggregation"
    let summary = "when the devices' models merge, and how; without it, or with null, when all participants are done"
    let given = root.declare(key, summary, default: nil)
    if given?.isNull == true { rule = AggregationRule() }
    let isGiven = given.map { !$0.isNull } ?? false
    var values = rule
    root.whole(key, root.section(key, isGiven ? given : nil)) { section in
      section.choice(
        "mode",
        "when they merge: synchronous, when all participants are done; deadline, a time after the last merge; quorum, when so many "
          + "participants are done; buffered, when so many devices are done while others begin and go on; asynchronous, at each "
          + "device's end", &values.mode)
      when(section, &values)
      weights(section, &values)
    }
    rule = values
    if rule.mode == .synchronous, root.reading.purpose != .documenting {
      rule = AggregationRule()
      root.hide(key)
    }
  }

  private static func when(_ section: Section, _ rule: inout AggregationRule) {
    let mode = rule.mode
    let after = "how long after the last merge, unless all participants are done before"
    if section.isOpen("after", after, default: "30 s", Condition("mode: deadline", mode == .deadline)) {
      section.quantity("after", after, in: 1e-6...1e9, &rule.after, as: "30 s")
    }
    section.integer(
      "size", "how many devices merge", in: 1...1_000_000, &rule.size,
      only: Condition("mode: quorum' or 'mode: buffered", mode == .quorum || mode == .buffered))
    section.choice(
      "rest", "what becomes of devices at work when others merge: withdrawn, or carried over to a later merge",
      &rule.rest,
      only: Condition("mode: deadline' or 'mode: quorum", mode == .deadline || mode == .quorum))
    section.choice(
      "start", "when devices begin: anytime, as soon as a block is free, or together, after a merge", &rule.start,
      only: Condition("mode: buffered", mode == .buffered))
    let overlaps = Condition("mode: buffered' or 'mode: asynchronous", mode == .buffered || mode == .asynchronous)
    let summary = "devices at work at once at most, on the first so many blocks; null: as many as there are blocks"
    if section.isOpen("concurrency", summary, default: "null", overlaps) {
      section.optionalInteger("concurrency", summary, in: 1...1_000_000, &rule.concurrency)
      section.omit("concurrency", if: rule.concurrency == nil)
    }
  }

  private static func weights(_ section: Section, _ rule: inout AggregationRule) {
    let carries = Condition("mode: buffered', 'mode: asynchronous' or 'rest: carried", rule.carries)
    let isMixed = rule.mode == .asynchronous
    section.number(
      "server_rate", "how much of the merged change the server takes, η_g", .quantity(One.self, in: 1e-6...1e3),
      &rule.serverRate, only: Condition("mode: buffered' or 'rest: carried", rule.carries && !isMixed))
    section.number(
      "mixing", "weight α of a device's model beside the server's", .quantity(One.self, in: 1e-6...1), &rule.mixing,
      only: Condition("mode: asynchronous", isMixed))
    staleness(section, &rule.staleness, only: carries)
    let summary = "versions that a device may be behind and still merge; null: any number"
    if section.isOpen("max_staleness", summary, default: "null", carries) {
      section.optionalInteger("max_staleness", summary, in: 0...1_000_000, &rule.maximumStaleness)
      section.omit("max_staleness", if: rule.maximumStaleness == nil)
    }
    section.choice(
      "weights", "what devices that merge together count among each other: data, by their samples, or equal",
      &rule.weights,
      only: Condition("mode: buffered' or 'rest: carried", rule.carries && !isMixed))
  }

  private static func staleness(
    _ section: Section, _ staleness: inout AggregationRule.Staleness, only condition: Condition
  ) {
    let key = "staleness"
    let summary =
      "what a device counts that is τ versions behind: constant, {polynomial: a}: (1 + τ)^-a, or {hinge: {a, b}}: 1 up to b, then "
      + "1 / (a (τ - b) + 1)"
    guard section.isOpen(key, summary, default: "{polynomial: 0.5}", condition),
      let (kind, given, inner) = section.kind(
        key, summary, of: ["constant", "polynomial", "hinge"], standard: staleness.kind)
    else { return }
    switch kind {
    case "polynomial":
      var exponent = 0.5
      if case .polynomial(let own) = staleness { exponent = own }
      inner.number("polynomial", "the exponent a", .quantity(One.self, in: 0...100), &exponent)
      staleness = .polynomial(exponent)
      section.note(key, inner.resolved)
    case "hinge":
      var (a, b) = (10.0, 4)
      if case .hinge(let ownA, let ownB) = staleness { (a, b) = (ownA, ownB) }
      inner.section("hinge", "") {
        $0.number("a", "how fast it falls behind b", .quantity(One.self, in: 0...1e6), &a)
        $0.integer("b", "versions behind that cost nothing", in: 0...1_000_000, &b)
      }
      staleness = .hinge(a: a, b: b)
      section.note(key, inner.resolved)
    default:
      if let pair = inner.pairs.first, let given {
        section.fail(key, given, "'\(pair.key)' has no settings; write 'staleness: \(pair.key)'")
      }
      staleness = .constant
      section.note(key, .scalar(.text(kind)))
    }
  }

  /// What merging before all are done asks of a scenario.
  static func checkAggregation(of scenario: Scenario, _ root: Section) {
    let rule = scenario.aggregation
    let key = "aggregation"
    guard rule.mode != .synchronous, let value = root.value(of: key) else { return }
    let blocks = scenario.uplink.blocks
    let traits = scenario.framework.traits
    let places = min(blocks, rule.concurrency ?? blocks)
    if traits.style != .averaged && traits.style != .sharedServer {
      root.fail(
        key, value,
        "framework \(scenario.framework.rawValue) has nothing that could merge before all are done; use sflam, sfl, sfl-v2 or fl"
      )
    } else if traits.style == .sharedServer, rule.carries {
      root.fail(
        key, value,
        "framework sfl-v2 has one server model that takes all steps in turn, of which no device has an old version; use "
          + "mode deadline or quorum with 'rest: withdrawn'")
    } else if let concurrency = rule.concurrency, concurrency > blocks {
      root.fail(
        key, value, "concurrency is \(concurrency), and there are \(blocks) blocks, one for each device at work")
    } else if let count = rule.count, count > places {
      root.fail(key, value, "size is \(count), and at most \(places) devices are at work at once")
    } else if rule.carries, scenario.training.recipe.optimizer.state == .averaged {
      root.fail(
        key, value,
        "devices that merge with different versions have no optimizer's state in common; set training.optimizer.state to reset or "
          + "kept")
    }
  }
}

extension AggregationRule.Staleness {
  /// The word of a scenario.
  fileprivate var kind: String {
    switch self {
    case .constant: "constant"
    case .polynomial: "polynomial"
    case .hinge: "hinge"
    }
  }
}
