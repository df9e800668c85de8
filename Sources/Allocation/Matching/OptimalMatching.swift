import Units
import Wireless

/// The optimum of Eq. (22) over the options that a restriction leaves open.
///
/// U(t) is a sum over participants and nothing couples devices but the blocks (22e, f), so with the best option of every
/// pair as its weight, one maximum-weight matching with optional participation is the optimum, for both kinds of
/// Eq. (21). (It would not be for a ratio of sums, or with a server whose speed depends on who takes part.)
public enum OptimalMatching {
  /// The participants of an optimal allocation, devices ascending.
  public static func solve(_ problem: Problem, restriction: Restriction = Restriction()) -> [Assignment] {
    let pairs = PairValuation(EdgeValuation(problem, restriction: restriction))
    return LazyMatching(pairs, pool: DevicePool(pairs)).assignments
  }

  /// The same, faster from the second round of one cell on: for gain sources that share their bounds over rounds.
  public static func solve(
    _ problem: Problem, restriction: Restriction, cache: BoundOrderCache
  ) -> [Assignment] {
    guard let key = BoundOrderCache.Key(problem, restriction) else { return solve(problem, restriction: restriction) }
    let pairs = PairValuation(EdgeValuation(problem, restriction: restriction))
    let matching = LazyMatching(pairs, pool: DevicePool(pairs, order: cache.take(key)))
    cache.keep(matching.pool.order, for: key)
    return matching.assignments
  }

  /// The same by valuing every pair and matching on the whole matrix: the check of ``solve(_:restriction:)``.
  public static func solveDense(_ problem: Problem, restriction: Restriction = Restriction()) -> [Assignment] {
    let valuation = EdgeValuation(problem, restriction: restriction)
    let (devices, blocks) = (problem.devices.count, problem.blockCount)
    var weights: [Double] = []
    weights.reserveCapacity(devices * blocks)
    for device in 0..<devices {
      for gain in problem.gains.row(device: device) {
        weights.append(valuation.best(device: device, gain: gain)?.value ?? 0)
      }
    }
    let blockOfDevice = DenseAssignment.maximumWeight(rows: devices, columns: blocks, weights: weights)
    return price(
      valuation,
      blockOfDevice: blockOfDevice.enumerated().compactMap { pair in
        pair.element.map { (device: pair.offset, block: $0) }
      })
  }

  /// The assignments of matched pairs, each by its best option.
  private static func price(
    _ valuation: EdgeValuation, blockOfDevice: [(device: Int, block: Int)]
  ) -> [Assignment] {
    blockOfDevice.compactMap { device, block in
      let gain = valuation.problem.gains.gain(device: device, block: block)
      guard let choice = valuation.best(device: device, gain: gain) else { return nil }
      return valuation.assignment(device: device, block: block, gain: gain, choice: choice)
    }
  }
}
