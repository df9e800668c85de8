import Allocation
import Training
import Units

/// A policy as the key `policy` names it, with the settings given there.
struct ChosenPolicy {
  /// The registry's name; `nil` for the framework's default.
  var name: String?
  /// Settings given beside the name.
  var settings: Section
}

/// The keys `policy` and `policies`.
extension ScenarioReader {
  static func policy(_ root: Section, framework: Framework) -> ChosenPolicy {
    let key = "policy"
    let summary = "decides who takes part, on which block, power and bits; exact for sflam, fixed for the others"
    guard let given = root.declare(key, summary, default: framework.defaultPolicy) else {
      root.note(key, .scalar(.text(framework.defaultPolicy)))
      return ChosenPolicy(
        name: nil, settings: Section([], path: key, position: root.position, reading: root.reading))
    }
    guard case .map = given.content else {
      let name = checked(given, key, root)
      root.note(key, .scalar(.text(name ?? framework.defaultPolicy)))
      return ChosenPolicy(
        name: name, settings: Section([], path: key, position: given.position, reading: root.reading))
    }
    let inner = root.section(key, given)
    var name: String?
    if let value = inner.declare("name", "", default: nil) {
      name = checked(value, "name", inner)
    } else {
      root.fail(key, given, "'name' is required with settings; write '{name: bcd, tolerance: 1e-6}'")
    }
    if let entry = name.flatMap(PolicyRegistry.entry) {
      for option in entry.options { _ = inner.declare(option.key, "", default: nil) }
      inner.finish()
    }
    root.note(key, .scalar(.text(name ?? framework.defaultPolicy)))
    return ChosenPolicy(name: name, settings: inner)
  }

  private static func checked(_ value: YAMLValue, _ key: String, _ section: Section) -> String? {
    if let name = value.text, policyNames.contains(name) { return name }
    section.failWord(key, value, of: policyNames)
    return nil
  }

  static func policies(
    _ root: Section, chosen: ChosenPolicy, quantizer: Scenario.Quantizer
  ) -> (settings: [String: PolicySettings], external: (ExternalCommand?, ViolationRule)) {
    let section = root.section("policies", "settings of the policies, by name; those beside 'policy' win")
    var settings: [String: PolicySettings] = [:]
    for entry in PolicyRegistry.all {
      let table = section.section(entry.name, entry.summary)
      let inline = entry.name == chosen.name ? chosen.settings : nil
      var given: [String: PolicySettings.Value] = [:]
      for option in entry.options {
        let leader = option.follows.flatMap { settings[$0]?[option.key] }
        let kind = option.kind(bits: quantizer.bitsMin...quantizer.bitsMax, following: leader)
        let value = setting(option, kind, table: table, inline: inline)
        given[option.key] = value
        table.note(option.key, value.resolved)
      }
      table.finish()
      settings[entry.name] = PolicySettings(options: entry.options, given: given)
      let isUsed = entry.name == chosen.name || section.has(entry.name) || entry.isResolvedUnused
      if isUsed, !entry.options.isEmpty { section.note(entry.name, table.resolved) }
    }
    let external = external(section, isChosen: chosen.name == Scenario.externalPolicyName, at: root)
    section.finish()
    root.note("policies", section.resolved)
    return (settings, external)
  }

  /// The bits of a policy that has no choice of them must be among those that its framework sends.
  static func checkBits(
    of chosen: ChosenPolicy, _ settings: [String: PolicySettings], _ framework: Framework,
    _ quantizer: Scenario.Quantizer, _ root: Section
  ) {
    let name = chosen.name ?? framework.defaultPolicy
    guard framework.traits.hasStepOnAir, !root.reading.log.hasErrors else { return }
    var wanted: Int?
    if name == FixedPolicy.entry.name { wanted = FixedPolicy.bits }
    if case .integer(let bits) = settings[name]?["bits"] { wanted = bits }
    let open = framework.traits.quantized ? quantizer.bitsMin...quantizer.bitsMax : 32...32
    guard let wanted, !open.contains(wanted) else { return }
    let places = root.reading.places
    let key = ["policy.bits", "policies.\(name).bits", "policy", "framework"].first { places[$0] != nil } ?? "policy"
    root.reading.log.error(
      at: places[key] ?? root.position, path: key,
      "policy \(name) takes \(wanted) bits, and "
        + (framework.traits.quantized
          ? "there are \(open.lowerBound) to \(open.upperBound); set quantizer.bits_max to \(wanted)"
          : "framework \(framework.rawValue) sends 32, unquantised; take 32 bits, or another policy or framework"))
  }

  /// The policy that is a program of its own, `nil` where the scenario names none, and what it may break.
  private static func external(
    _ policies: Section, isChosen: Bool, at root: Section
  ) -> (ExternalCommand?, ViolationRule) {
    let key = Scenario.externalPolicyName
    let summary = "a policy that is a program of its own, in any language"
    guard let given = policies.declare(key, summary, default: nil) else {
      let section = Section([], path: policies.path(key), position: policies.position, reading: policies.reading)
      section.documentExternalCommand(timeout: externalTimeout)
      _ = violationRule(section)
      if isChosen, let chosen = root.value(of: "policy") {
        root.fail(
          "policy", chosen, "there is no program; write 'policy: {external: {command: [python3, policy.py]}}'")
      }
      return (nil, .error)
    }
    let section = policies.section(key, given)
    defer {
      section.finish()
      policies.note(key, section.resolved)
    }
    return (section.externalCommand(timeout: externalTimeout), violationRule(section))
  }

  private static func violationRule(_ section: Section) -> ViolationRule {
    section.choice(
      "on_violation", "an answer that breaks (22): ends the run, loses the assignments that do, or loses the round",
      default: .error)
  }

  private static let externalTimeout = Seconds(5)

  /// The value of one option: given beside `policy`, else in the policy's table, else its default.
  private static func setting(
    _ option: PolicyOption, _ kind: PolicyOption.Kind, table: Section, inline: Section?
  ) -> PolicySettings.Value {
    let tabled = table.declare(option.key, option.summary, default: kind.defaultValue.resolved.flowText)
    let (holder, given) =
      inline?.has(option.key) == true
      ? (inline, inline?.declare(option.key, "", default: nil)) : (table, tabled)
    guard let holder, let given else { return kind.defaultValue }
    return holder.setting(option.key, given, kind) ?? kind.defaultValue
  }
}

extension Section {
  /// The value of a policy's setting; nil, with an error, where it is not of its kind.
  fileprivate func setting(_ key: String, _ given: YAMLValue, _ kind: PolicyOption.Kind) -> PolicySettings.Value? {
    switch kind {
    case .power:
      return number(key, given, .quantity(Watt.self, in: DeviceLimits.power)).map { .power(Watts($0)) }
    case .integer(_, let range): return number(key, given, .whole(in: range)).map { .integer(Int($0)) }
    case .positive:
      return number(key, given, .quantity(One.self, in: .leastNormalMagnitude...1e300)).map { .number($0) }
    case .share: return number(key, given, .quantity(Share.self, in: 0...1)).map { .number($0) }
    case .energy:
      return number(key, given, .quantity(Joule.self, in: 1e-12...1e12)).map { .energy(Joules($0)) }
    case .choice(_, let words):
      guard let word = given.text, words.contains(word) else {
        failWord(key, given, of: words)
        return nil
      }
      return .word(word)
    case .optimal(let other):
      guard let word = given.text, word.first?.isLetter == true else { return setting(key, given, other) }
      if word == PolicyOption.Kind.optimal { return .word(word) }
      fail(
        key, given,
        "\(given.shown) is not \(kind.allowed)\(NearestName.advice(word, among: [PolicyOption.Kind.optimal]))")
      return nil
    }
  }
}

extension Framework {
  /// The policy of scenarios that name none: the optimum for the paper's framework, no allocation for the others.
  public var defaultPolicy: String { self == .sflam ? "exact" : "fixed" }
}

extension PolicyOption {
  /// The option's kind in a scenario that quantises with `bits`: an option called `bits` stays within them. The default
  /// of an option that follows another policy's is that one's value, `leader`.
  fileprivate func kind(bits: ClosedRange<Int>, following leader: PolicySettings.Value?) -> Kind {
    switch (kind, leader) {
    case (.power, .power(let power)): return .power(default: power)
    case (.integer(let standard, let range), _) where key == "bits":
      var wanted = standard
      if case .integer(let led) = leader { wanted = led }
      let both = range.clamped(to: bits)
      return .integer(default: min(max(wanted, both.lowerBound), both.upperBound), range: both)
    case (.optimal(.integer(let standard, let range)), _) where key == "bits":
      return .optimal(or: .integer(default: standard, range: range.clamped(to: bits)))
    default: return kind
    }
  }
}

extension PolicySettings.Value {
  /// The value as a scenario writes it.
  fileprivate var resolved: ResolvedNode {
    switch self {
    case .power(let power): .scalar(.text(power.description))
    case .integer(let integer): .scalar(.integer(integer))
    case .number(let number): .scalar(.number(number))
    case .energy(let energy): .scalar(.text(energy.description))
    case .word(let word): .scalar(.text(word))
    }
  }
}
