extension BCDPolicy {
  /// The registry's line of `bcd`: the paper's.
  public static let entry = entry(
    "bcd", "the paper's block coordinate descent, Alg. 1-3: blocks by least energy", [.method], matching: .energy)

  /// The registry's line of `bcd-value`: what the paper's choice of objective for the matching costs it.
  public static let valueEntry = entry(
    "bcd-value", "bcd with blocks matched by value instead of energy", [.method], matching: .value)

  /// The registry's line of `bcd-ep`.
  public static let equalPowerEntry = entry(
    "bcd-ep", "bcd with the fixed power of ep in place of P1", [.fixedPower(follows: "ep")], matching: .energy)

  /// The registry's line of `bcd-nq`.
  public static let unquantizedEntry = entry(
    "bcd-nq", "bcd with the fixed bits of nq in place of P2", [.method, .fixedBits(32, follows: "nq")],
    matching: .energy)

  /// The registry's line of `bcd-rb`.
  public static let randomBlocksEntry = entry(
    "bcd-rb", "bcd with the random devices of rb on the blocks in place of P3", [.method], matching: .random)

  private static func entry(
    _ name: String, _ summary: String, _ options: [PolicyOption], matching: MatchingCriterion
  ) -> PolicyEntry {
    PolicyEntry(name: name, summary: summary, options: options + PolicyOption.passes) { settings in
      var method = PowerMethod.sca
      if case .word(let word) = settings["power"] { method = PowerMethod(rawValue: word) ?? method }
      return BCDPolicy(
        power: method, restriction: Restriction(settings), matching: matching,
        tolerance: settings.number("tolerance"), maxIterations: settings.integer("max_iterations"),
        restarts: settings.integer("restarts"), name: name)
    }
  }
}

extension PolicyOption {
  /// The setting `power` where P1 is solved.
  fileprivate static let method = PolicyOption(
    "power",
    .choice(default: BCDPolicy.PowerMethod.sca.rawValue, of: BCDPolicy.PowerMethod.allCases.map(\.rawValue)),
    "how P1 is solved: the paper's iteration or its closed form")

  /// What all descents share.
  fileprivate static let passes = [
    PolicyOption("tolerance", .positive(default: 1e-6), "relative change of the objective at which it ends"),
    PolicyOption("max_iterations", .integer(default: 50, range: 1...1_000_000), "passes at most"),
    PolicyOption(
      "restarts", .integer(default: 1, range: 1...1_000_000),
      "starts, each from other reference blocks; the best counts"),
  ]
}
