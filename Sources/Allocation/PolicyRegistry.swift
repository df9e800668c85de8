import Units

/// A policy by name: one line in ``PolicyRegistry/all``.
public struct PolicyEntry: Sendable {
  /// The word that scenarios and commands use.
  public var name: String
  /// One line for `airsplit list policies`.
  public var summary: String
  /// The settings it takes.
  public var options: [PolicyOption]
  /// Makes it from settings, complete and checked.
  public var make: @Sendable (PolicySettings) throws -> any Policy
  /// Whether a resolved scenario shows its settings though another policy decides. A policy that is added later says no,
  /// so that scenarios without it stay the same scenarios to the byte, and sweeps find their results again.
  public var isResolvedUnused = true

  /// A policy's line.
  public init(
    name: String, summary: String, options: [PolicyOption], isResolvedUnused: Bool = true,
    make: @escaping @Sendable (PolicySettings) throws -> any Policy
  ) {
    self.name = name
    self.summary = summary
    self.options = options
    self.isResolvedUnused = isResolvedUnused
    self.make = make
  }
}

/// One setting of a policy, as `policies: {bcd: {tolerance: 1e-6}}` gives it.
public struct PolicyOption: Sendable {
  /// What the setting's value may be, with its default.
  public enum Kind: Sendable, Hashable {
    /// A power with a unit.
    case power(default: Watts)
    /// A whole number in a range.
    case integer(default: Int, range: ClosedRange<Int>)
    /// A positive number.
    case positive(default: Double)
    /// A number from 0 to 1.
    case share(default: Double)
    /// An energy with a unit.
    case energy(default: Joules)
    /// One of a few words.
    case choice(default: String, of: [String])
    /// A word that the problem must know.
    case word(default: String)
    /// The word `optimal`, the default, or a value of another kind.
    indirect case optimal(or: Kind)
  }

  /// The key.
  public var key: String
  /// What it may be.
  public var kind: Kind
  /// One line on what it does.
  public var summary: String
  /// The policy, earlier in the registry, whose setting of the same key is this one's default in a scenario.
  public var follows: String?

  /// A setting.
  public init(_ key: String, _ kind: Kind, _ summary: String, follows: String? = nil) {
    self.key = key
    self.kind = kind
    self.summary = summary
    self.follows = follows
  }
}

/// The settings of one policy, every declared option present.
public struct PolicySettings: Sendable, Hashable {
  /// A setting's value, of its option's kind.
  public enum Value: Sendable, Hashable {
    /// A power.
    case power(Watts)
    /// A whole number.
    case integer(Int)
    /// A number.
    case number(Double)
    /// An energy.
    case energy(Joules)
    /// A word.
    case word(String)
  }

  private var values: [String: Value]

  /// The declared defaults of `options`, overridden by `given`.
  public init(options: [PolicyOption], given: [String: Value] = [:]) {
    values = [:]
    for option in options {
      values[option.key] = given[option.key] ?? option.kind.defaultValue
    }
  }

  /// The value of a declared option.
  public subscript(key: String) -> Value? { values[key] }

  /// The power under `key`, which must be declared as one.
  public func power(_ key: String) -> Watts {
    guard case .power(let value) = values[key] else { preconditionFailure("undeclared power '\(key)'") }
    return value
  }

  /// The whole number under `key`, which must be declared as one.
  public func integer(_ key: String) -> Int {
    guard case .integer(let value) = values[key] else { preconditionFailure("undeclared integer '\(key)'") }
    return value
  }

  /// The number under `key`, which must be declared as one.
  public func number(_ key: String) -> Double {
    guard case .number(let value) = values[key] else { preconditionFailure("undeclared number '\(key)'") }
    return value
  }

  /// The energy under `key`, which must be declared as one.
  public func energy(_ key: String) -> Joules {
    guard case .energy(let value) = values[key] else { preconditionFailure("undeclared energy '\(key)'") }
    return value
  }

  /// The word under `key`, which must be declared as one.
  public func word(_ key: String) -> String {
    guard case .word(let value) = values[key] else { preconditionFailure("undeclared word '\(key)'") }
    return value
  }
}

extension PolicyOption.Kind {
  /// The word of ``optimal(or:)``.
  public static let optimal = "optimal"

  /// The default as a value.
  public var defaultValue: PolicySettings.Value {
    switch self {
    case .power(let value): .power(value)
    case .integer(let value, _): .integer(value)
    case .positive(let value), .share(let value): .number(value)
    case .energy(let value): .energy(value)
    case .choice(let value, _), .word(let value): .word(value)
    case .optimal: .word(Self.optimal)
    }
  }
}

/// Every policy that a scenario may name.
public enum PolicyRegistry {
  /// The policies, in the order that `airsplit list policies` shows.
  public static let all: [PolicyEntry] = [
    ExactPolicy.entry,
    BCDPolicy.entry,
    BCDPolicy.valueEntry,
    RestrictedPolicy.equalPowerEntry,
    RestrictedPolicy.unquantizedEntry,
    RestrictedPolicy.randomBlocksEntry,
    BCDPolicy.equalPowerEntry,
    BCDPolicy.unquantizedEntry,
    BCDPolicy.randomBlocksEntry,
    RestrictedPolicy.fixedBitsEntry,
    RestrictedPolicy.entry,
    RestrictedPolicy.fixedCutEntry,
    OwnCutPolicy.entry,
    LeastLatencyPolicy.entry,
    LeastEnergyPolicy.entry,
    RoundRobinPolicy.entry,
    ProportionalFairPolicy.entry,
    MatchedPolicy.maxRateEntry,
    MatchedPolicy.fedCSEntry,
    VirtualQueuePolicy.entry,
    FixedPolicy.entry,
  ]

  /// The policy called `name`.
  public static func entry(named name: String) -> PolicyEntry? {
    all.first { $0.name == name }
  }
}
