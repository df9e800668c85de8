import Allocation
import Training
import Units

/// The keys `policy` and `policies`.
extension ScenarioReader {
  /// The policy's name; returns the settings given next to it.
  static func policy(_ root: Section, _ name: inout String) -> Section {
    let key = "policy"
    let summary = "decides who takes part, on which block, power and bits; exact for sflam, fixed for the others"
    defer { root.note(key, .scalar(.text(name))) }
    let given = root.declare(key, summary, default: name)
    guard let given, case .map = given.content else {
      if let given { name = checked(given, key, root) ?? name }
      return Section([], path: key, position: given?.position ?? root.position, reading: root.reading)
    }
    let inner = root.section(key, given)
    guard let value = inner.declare("name", "", default: nil) else {
      root.fail(key, given, "'name' is required with settings; write '{name: bcd, tolerance: 1e-6}'")
      return inner
    }
    if let known = checked(value, "name", inner) {
      name = known
      if let entry = PolicyRegistry.entry(named: name) {
        for option in entry.options { _ = inner.declare(option.key, "", default: nil) }
        inner.finish()
      }
    }
    return inner
  }

  private static func checked(_ value: YAMLValue, _ key: String, _ section: Section) -> String? {
    if let name = value.text, policyNames.contains(name) { return name }
    section.failWord(key, value, of: policyNames)
    return nil
  }

  /// - Parameter inline: Settings given next to the policy's name.
  static func policies(_ root: Section, _ scenario: inout Scenario, inline: Section) {
    root.section("policies", "settings of the policies, by name; those beside 'policy' win") { section in
      for entry in PolicyRegistry.all {
        let isChosen = entry.name == scenario.policy
        let table = section.section(entry.name, entry.summary)
        var own: [String: PolicySettings.Value] = [:]
        for option in entry.options {
          let kind = scenario.kind(of: option)
          var value = scenario.policySettings[entry.name]?[option.key] ?? kind.defaultValue
          setting(option, kind, table: table, inline: isChosen ? inline : nil, &value)
          if value != kind.defaultValue { own[option.key] = value }
          table.note(option.key, value.resolved)
        }
        table.finish()
        scenario.policySettings[entry.name] = own.isEmpty ? nil : own
        if !entry.options.isEmpty { section.note(entry.name, table.resolved) }
        section.omit(entry.name, if: !isChosen && !entry.isResolvedUnused && own.isEmpty)
      }
      external(section, &scenario, at: root)
    }
  }

  /// The bits of a policy that has no choice of them must be among those that its framework sends.
  static func checkBits(of scenario: Scenario, _ root: Section) {
    let (name, framework, quantizer) = (scenario.policy, scenario.framework, scenario.quantizer)
    guard framework.traits.hasStepOnAir, !root.reading.log.hasErrors else { return }
    var wanted: Int?
    if name == FixedPolicy.entry.name {
      wanted = FixedPolicy.bits
    } else if case .integer(let bits)? = scenario.settings(of: name)?["bits"] {
      wanted = bits
    }
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

  /// The policy that is a program of its own, where the scenario names one, and what it may break.
  private static func external(_ policies: Section, _ scenario: inout Scenario, at root: Section) {
    let key = Scenario.externalPolicyName
    let given = policies.declare(key, "a policy that is a program of its own, in any language", default: nil)
    guard given != nil || scenario.externalPolicy != nil else {
      let section = policies.section(key, nil)
      section.documentExternalCommand(timeout: externalTimeout)
      violationRule(section, &scenario.externalPolicyRule)
      if scenario.policy == key, let chosen = root.value(of: "policy") {
        root.fail(
          "policy", chosen, "there is no program; write 'policy: {external: {command: [python3, policy.py]}}'")
      }
      return
    }
    policies.whole(key, policies.section(key, given)) { section in
      section.externalCommand(timeout: externalTimeout, &scenario.externalPolicy)
      violationRule(section, &scenario.externalPolicyRule)
    }
  }

  private static func violationRule(_ section: Section, _ rule: inout ViolationRule) {
    section.choice(
      "on_violation", "an answer that breaks (22): ends the run, loses the assignments that do, or loses the round",
      &rule)
  }

  private static let externalTimeout = Seconds(5)

  /// The value of one option: given beside `policy`, else in the policy's table.
  private static func setting(
    _ option: PolicyOption, _ kind: PolicyOption.Kind, table: Section, inline: Section?,
    _ value: inout PolicySettings.Value
  ) {
    let tabled = table.declare(
      option.key, option.summary, default: kind.defaultValue.resolved.flowText, allowed: kind.allowed)
    let (holder, given) =
      inline?.has(option.key) == true
      ? (inline, inline?.declare(option.key, "", default: nil)) : (table, tabled)
    if let given { value = holder?.setting(option.key, given, kind) ?? value }
  }
}

extension Scenario {
  /// Settings of every registered policy, complete, by name.
  public var policies: [String: PolicySettings] {
    PolicyRegistry.all.reduce(into: [:]) { $0[$1.name] = settings(of: $1.name) }
  }

  /// The settings of a policy, complete; `nil` where the registry has none of this name. A default that is a number of bits lies
  /// within the quantizer's, and some follow another policy's setting.
  public func settings(of policy: String) -> PolicySettings? {
    guard let entry = PolicyRegistry.entry(named: policy) else { return nil }
    var values = policySettings[policy] ?? [:]
    for option in entry.options where values[option.key] == nil { values[option.key] = kind(of: option).defaultValue }
    return PolicySettings(options: entry.options, given: values)
  }

  /// What an option may be here.
  fileprivate func kind(of option: PolicyOption) -> PolicyOption.Kind {
    // No quantizer of a checked scenario is empty.
    let bits = quantizer.bitsMin...max(quantizer.bitsMin, quantizer.bitsMax)
    let cuts = models.map(\.cut.description)
    return option.kind(bits: bits, cuts: cuts, following: option.follows.flatMap { settings(of: $0)?[option.key] })
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
    case .word:
      guard let word = given.text, !given.isNull else {
        fail(key, given, "\(given.shown) is not a word")
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
  /// The option's kind in a scenario that quantises with `bits` and cuts its model at one of `cuts`: an option called as these
  /// stays within them. The default of an option that follows another policy's is that one's value, `leader`.
  fileprivate func kind(bits: ClosedRange<Int>, cuts: [String], following leader: PolicySettings.Value?) -> Kind {
    switch (kind, leader) {
    case (.word, _) where key == "cut": return .choice(default: cuts.first ?? "", of: cuts)
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
