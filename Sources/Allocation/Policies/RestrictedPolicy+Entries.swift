import Units

extension RestrictedPolicy {
  /// The registry's line of `ep`, the paper's benchmark EP.
  public static let equalPowerEntry = entry(
    "ep", "equal power for all; bits and blocks optimal for it", [.fixedPower(), .matching])

  /// The registry's line of `nq`, the paper's benchmark NQ.
  public static let unquantizedEntry = entry(
    "nq", "no quantisation: 32 bits for all; powers and blocks optimal for them", [.fixedBits(32), .matching])

  /// The registry's line of `rb`, the paper's benchmark RB.
  public static let randomBlocksEntry = entry(
    "rb", "random devices on the blocks; power and bits optimal for them",
    [
      PolicyOption(
        "among", .choice(default: "all", of: ["all", "feasible"]),
        "among which devices it draws: all, or those that meet the deadline on a free block")
    ])

  /// The registry's line of `fixed-bits`: ``unquantizedEntry`` with fewer bits.
  public static let fixedBitsEntry = entry(
    "fixed-bits", "the same bits for all; powers and blocks optimal for them", [.fixedBits(8), .matching])

  /// The registry's line of `fixed-cut`: what papers do that choose no cut.
  public static let fixedCutEntry = entry(
    "fixed-cut", "the same cut for all; powers, bits and blocks optimal for it",
    [
      PolicyOption("cut", .word(default: ""), "the cut of every participant, one of model.cut; the first unless given"),
      .matching,
    ], isResolvedUnused: false)

  /// The registry's line of `restricted`: any of the others, and what lies between them.
  public static let entry = entry(
    "restricted", "power, bits and blocks each optimal or given",
    [
      PolicyOption("power", .optimal(or: PolicyOption.fixedPower().kind), "the power of all, or the best of each"),
      PolicyOption("bits", .optimal(or: PolicyOption.fixedBits(32).kind), "the bits of all, or the best of each"),
      .matching,
    ])

  private static func entry(
    _ name: String, _ summary: String, _ options: [PolicyOption], isResolvedUnused: Bool = true
  ) -> PolicyEntry {
    PolicyEntry(
      name: name, summary: summary, options: options, isResolvedUnused: isResolvedUnused,
      make: { RestrictedPolicy(Restriction($0), matching: MatchingCriterion($0), name: name) })
  }
}

extension PolicyOption {
  /// The setting `power` of policies that fix it.
  static func fixedPower(follows leader: String? = nil) -> PolicyOption {
    PolicyOption(
      "power", .power(default: Watts(1)),
      "the power, clipped to each device's limits" + (leader.map { "; that of \($0) unless given" } ?? ""),
      follows: leader)
  }

  /// The setting `bits` of policies that fix them.
  static func fixedBits(_ standard: Int, follows leader: String? = nil) -> PolicyOption {
    PolicyOption(
      "bits", .integer(default: standard, range: 1...32),
      "the bits of every participant, within bits_min to bits_max"
        + (leader.map { "; those of \($0) unless given" } ?? ""),
      follows: leader)
  }

  /// The setting `matching`.
  static let matching = PolicyOption(
    "matching", .choice(default: "value", of: MatchingCriterion.allCases.map(\.rawValue)),
    "what devices are matched to blocks by")
}

extension Restriction {
  /// What the settings `power`, `bits` and `cut` fix: nothing where the first two are words or absent.
  init(_ settings: PolicySettings) {
    self.init()
    if case .power(let fixed) = settings["power"] { power = .fixed(fixed) }
    if case .integer(let fixed) = settings["bits"] { bits = fixed...fixed }
    if case .word(let fixed) = settings["cut"] { cut = fixed }
  }
}

extension MatchingCriterion {
  /// What the setting `matching`, or `among` of `rb`, asks for; by value without either.
  init(_ settings: PolicySettings) {
    if case .word(let among) = settings["among"] {
      self = among == "feasible" ? .randomFeasible : .random
    } else if case .word(let word) = settings["matching"], let criterion = MatchingCriterion(rawValue: word) {
      self = criterion
    } else {
      self = .value
    }
  }
}
