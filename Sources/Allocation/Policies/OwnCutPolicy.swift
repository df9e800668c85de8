import Wireless

/// Each device first takes the cut that is best for it on its mean gain, whoever gets which block; then power, bits, clock and
/// blocks are optimal for these cuts. What papers do that choose cut and resources one after the other.
public struct OwnCutPolicy: Policy {
  /// A policy.
  public init() {}

  /// The round's allocation.
  ///
  /// - Complexity: O(N K) and one matching.
  public func allocate(_ problem: Problem, in context: RoundContext) -> Allocation {
    let all = EdgeValuation(problem)
    let ofCut = problem.cuts.map { EdgeValuation(problem, restriction: Restriction(cut: $0.name)) }
    let cuts = problem.devices.indices.map { device -> Int? in
      let row = problem.gains.row(device: device)
      let mean = row.reduce(0, +) / Double(max(1, row.count))
      return all.best(device: device, gain: mean).map { problem.levels[$0.level].cut }
        ?? problem.openCuts(of: device).first
    }
    func choice(_ device: Int, _ gain: Double) -> EdgeValuation.Choice? {
      cuts[device].flatMap { ofCut[$0].best(device: device, gain: gain) }
    }
    return all.matched(weight: { choice($0, $1)?.value ?? 0 }, choosing: choice)
  }

  /// The registry's line.
  public static let entry = PolicyEntry(
    name: "own-cut", summary: "each device the cut that is best on its mean gain; the rest optimal for these cuts",
    options: [], isResolvedUnused: false, make: { _ in OwnCutPolicy() })
}
