/// What a matching of devices to blocks optimises.
public enum MatchingCriterion: String, Sendable, Hashable, CaseIterable {
  /// The largest sum of values, Eq. (21); participation is optional.
  case value
  /// The least energy of a perfect matching, Eq. (30)–(32), as in the paper's P3.
  case energy

  /// The setting `matching`.
  static func option(default criterion: MatchingCriterion) -> PolicyOption {
    PolicyOption(
      "matching", .choice(default: criterion.rawValue, of: allCases.map(\.rawValue)),
      "what devices are matched to blocks by")
  }

  init(_ settings: PolicySettings) {
    self = MatchingCriterion(rawValue: settings.word("matching")) ?? .value
  }
}

extension MatchingCriterion {
  /// The best allocation by this criterion when every pair makes the most of what `restriction` leaves open.
  ///
  /// By energy, the matching is P3's over those choices: every block gets a device, pairs without a feasible option
  /// only where it must, and they do not take part.
  func solve(_ problem: Problem, restriction: Restriction) -> [Assignment] {
    switch self {
    case .value: return OptimalMatching.solve(problem, restriction: restriction)
    case .energy:
      let valuation = EdgeValuation(problem, restriction: restriction)
      let matched = CheapestMatching.match(problem.gains) { device, gain in
        valuation.best(device: device, gain: gain)?.energy.value ?? CheapestMatching.infeasible
      }
      return matched.compactMap { device, block in
        let gain = problem.gains.gain(device: device, block: block)
        return valuation.best(device: device, gain: gain).map {
          valuation.assignment(device: device, block: block, gain: gain, choice: $0)
        }
      }
    }
  }
}
