import Units
import Wireless

/// The fewest joules for so many participants: the least sum of E_n, Eq. (18), over allocations within the deadline that have at
/// least that many. Exact: with the cheapest option of each pair, the cheapest matching of that size. Ours; the paper maximises U.
public struct LeastEnergyPolicy: Policy {
  /// Participants at least; as many as can take part within the deadline where this is 0 or more than these.
  public var atLeast: Int

  /// A policy of so many participants; 0: as many as can take part.
  public init(atLeast: Int = 0) { self.atLeast = atLeast }

  /// The round's allocation.
  ///
  /// - Complexity: O(M N K) for M participants.
  /// - Throws: ``PolicyError`` where there are too many pairs to look at all.
  public func allocate(_ problem: Problem, in context: RoundContext) throws -> Allocation {
    try problem.checkPairs(for: "least-energy")
    var cheap = problem
    // Worth nothing but what it does not cost.
    cheap.objective = .difference(weight: .zero)
    let edges = EdgeValuation(cheap)
    let (devices, blocks) = (problem.devices.count, problem.blockCount)
    var costs: [Double] = []
    costs.reserveCapacity(devices * blocks)
    for device in 0..<devices {
      for gain in problem.gains.row(device: device) {
        costs.append(edges.best(device: device, gain: gain)?.energy.value ?? .infinity)
      }
    }
    let size = atLeast > 0 ? atLeast : min(devices, blocks)
    let pairs = CheapestMatchingOfSize.match(rows: devices, columns: blocks, costs: costs, size: size)
    return EdgeValuation(problem).allocation(pairs) { edges.best(device: $0, gain: $1) }
  }

  /// The registry's line.
  public static let entry = PolicyEntry(
    name: "least-energy", summary: "the fewest joules for so many participants", options: [.atLeast],
    isResolvedUnused: false, make: { LeastEnergyPolicy(atLeast: $0.integer("at_least")) })
}
