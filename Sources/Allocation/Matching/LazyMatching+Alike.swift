import Wireless

/// Prices to start with where all devices order the blocks alike: gains that are a product of one factor for the device and one
/// for the block, as path loss without fading gives on blocks of unequal loss.
///
/// From one price for all, everybody would bid for the same block, and each search for room would pass all others. So an auction
/// with a least raise of prices goes before, in a few rounds of ever smaller raises (D. Bertsekas, "The auction algorithm: a
/// distributed relaxation method for the assignment problem", 1988; the raises are ours). It leaves nothing but its prices, from
/// which two raises are taken back after each round. They are where to start: the steps that follow make any prices optimal.
extension LazyMatching {
  /// The candidates that bid: all of them, unless there are prices that leave nothing to some.
  mutating func bidders() -> [Int32] {
    guard let order = commonOrder() else { return candidates.indices.map { Int32(truncatingIfNeeded: $0) } }
    // At low prices others may bid, too.
    while let entry = pool.takeNext() { addCandidate(entry) }
    let places = Array(stride(from: 0, to: blockCount, by: max(1, blockCount / 48)))
    let grid = Grid(
      order: order, places: places,
      values: candidates.indices.map { index in places.map { value(index, order[$0]) } })
    for block in prices.indices { prices[block] = 0 }
    leastPrice = 0
    var raise = candidates.reduce(0) { max($0, $1.largest) } / 20
    for _ in 0..<5 {
      var waiting = bidders(on: grid)
      while !waiting.isEmpty {
        waiting = bid(waiting, raise: raise)
        leastPrice = prices.min() ?? 0
      }
      for index in candidates.indices { (candidates[index].block, candidates[index].price) = (-1, 0) }
      for block in prices.indices { (owners[block], prices[block]) = (-1, max(0, prices[block] - 2 * raise)) }
      leastPrice = prices.min() ?? 0
      raise /= 10
    }
    return bidders(on: grid)
  }

  /// All blocks by falling gain, some places of that order, and what each candidate's value is at these.
  private struct Grid {
    let order: [Int]
    let places: [Int]
    let values: [[Double]]
  }

  /// The candidates that may find a block worth more than its price: from one place of the grid to the next nothing is worth more
  /// than at the first. Their lists become whole.
  private mutating func bidders(on grid: Grid) -> [Int32] {
    let ends = grid.places.dropFirst() + [blockCount]
    let floors = zip(grid.places, ends).map { start, end in
      grid.order[start..<end].reduce(Double.infinity) { min($0, prices[$1]) }
    }
    return candidates.indices.filter { index in
      zip(grid.values[index], floors).contains { $0 > $1 }
    }.map { index in
      if !candidates[index].isComplete { list(index, about: blockCount) }
      return Int32(truncatingIfNeeded: index)
    }
  }

  /// The blocks by falling gain, where all candidates seem to have them in one order and there are not too many more devices.
  private mutating func commonOrder() -> [Int]? {
    guard candidates.count > 1, blockCount > 1, pool.count <= 8 * blockCount else { return nil }
    let first = candidates[0]
    for candidate in candidates.dropFirst() {
      for place in 0..<min(first.count, candidate.count)
      where entries[first.start + place].block != entries[candidate.start + place].block { return nil }
    }
    list(0, about: blockCount)
    let whole = entries[candidates[0].start..<candidates[0].start + blockCount]
    guard let most = whole.first?.key, let least = whole.last?.key, most > least else { return nil }
    return whole.map { Int($0.block) }
  }

  /// Whether the first devices are all heard best on the same block: hardly by chance where there are more than a few.
  static func seemAlike(_ gains: any GainSource) -> Bool {
    withUnsafeTemporaryAllocation(of: Double.self, capacity: gains.blockCount) { row in
      var first: Int?
      for device in 0..<min(8, gains.deviceCount) {
        gains.copyRow(device: device, into: row)
        let best = row.indices.max { row[$0] < row[$1] }
        if first != nil, best != first { return false }
        first = best
      }
      return true
    }
  }
}
