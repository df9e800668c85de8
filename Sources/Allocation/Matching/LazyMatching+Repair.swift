extension LazyMatching {
  /// A search from a free block, the mirror of ``DeviceSearch``: block prices fall, device prices rise.
  private struct BlockSearch {
    enum Ending {
      /// At a device that has no block.
      case device(Int32)
      /// At a block whose price has fallen to 0: it may stay free.
      case block(Int32)
    }

    var ending: Ending
    var radius: Double
    var blocks: [(block: Int32, distance: Double)] = []
    /// Candidates in reach, with the distance and the block that they are reached from.
    var distances: [Double]
    var predecessors: [Int32]
    var isSettled: [Bool]
    var settled: [Int] = []
  }

  /// Finds a device for a block that is free at a price above 0, or lowers prices until some block may stay free.
  mutating func repair(from start: Int32) {
    let count = candidates.count
    var search = BlockSearch(
      ending: .block(start), radius: prices[Int(start)], distances: [Double](repeating: .infinity, count: count),
      predecessors: [Int32](repeating: -1, count: count), isSettled: [Bool](repeating: false, count: count))
    settle(start, at: 0, &search)
    while let nearest = nearest(in: search) {
      search.isSettled[nearest] = true
      search.settled.append(nearest)
      settle(candidates[nearest].block, at: search.distances[nearest], &search)
    }
    for (block, distance) in search.blocks {
      prices[Int(block)] = max(0, prices[Int(block)] - max(0, search.radius - distance))
    }
    for index in search.settled { candidates[index].price += max(0, search.radius - search.distances[index]) }
    leastPrice = prices.min() ?? 0
    turnOver(search, start)
  }

  /// The nearest candidate that is in reach and not settled; all of them have a block, as the others end the search.
  private func nearest(in search: BlockSearch) -> Int? {
    var nearest: Int?
    var distance = search.radius
    for index in search.distances.indices where search.distances[index] < distance && !search.isSettled[index] {
      nearest = index
      distance = search.distances[index]
    }
    return nearest
  }

  private mutating func settle(_ block: Int32, at distance: Double, _ search: inout BlockSearch) {
    search.blocks.append((block, distance))
    if distance + prices[Int(block)] < search.radius {
      search.radius = distance + prices[Int(block)]
      search.ending = .block(block)
    }
    // Backwards, as devices without a block are mostly the last candidates, and one in reach shortens the search.
    for index in candidates.indices.reversed() where !search.isSettled[index] {
      relax(index, block, at: distance, &search)
    }
    // Devices that never were candidates ask for nothing yet: price 0.
    while let bound = pool.bound, distance + prices[Int(block)] - bound < search.radius {
      guard let entry = pool.takeNext(), let index = addCandidate(entry) else { continue }
      search.distances.append(.infinity)
      search.predecessors.append(-1)
      search.isSettled.append(false)
      for (block, distance) in search.blocks { relax(index, block, at: distance, &search) }
    }
  }

  private mutating func relax(_ index: Int, _ block: Int32, at distance: Double, _ search: inout BlockSearch) {
    let candidate = candidates[index]
    let reach = distance + prices[Int(block)] + candidate.price
    let limit = min(search.radius, search.distances[index])
    guard reach - candidate.largest < limit, candidate.block != block else { return }
    let list = entries[candidate.start..<candidate.start + candidate.valued]
    var value = list.first { $0.block == block }?.key
    if value == nil, reach - candidate.bound < limit { value = self.value(index, block) }
    guard let value else { return }
    let length = max(distance, reach - value)
    guard length < limit else { return }
    search.distances[index] = length
    search.predecessors[index] = block
    if candidate.block < 0 {
      search.radius = length
      search.ending = .device(Int32(truncatingIfNeeded: index))
    }
  }

  /// The value of a pair beyond the candidate's list.
  private func value(_ index: Int, _ block: Int32) -> Double {
    let terms = candidates[index].terms
    let gain = pairs.edges.problem.gains.gain(device: terms.device, block: Int(block))
    return growth.withUnsafeBufferPointer { growth in
      guard let base = growth.baseAddress else { return 0 }
      return pairs.value(
        terms, growth: base + index * pairs.levelCount, count: candidates[index].levels, gain: gain, from: nil
      ).value
    }
  }

  /// Gives every candidate on the path the block that reached it.
  private mutating func turnOver(_ search: BlockSearch, _ start: Int32) {
    var candidate: Int32
    switch search.ending {
    case .device(let free):
      candidate = free
    case .block(let block):
      prices[Int(block)] = 0
      candidate = owners[Int(block)]
      owners[Int(block)] = -1
    }
    while candidate >= 0 {
      let block = search.predecessors[Int(candidate)]
      candidates[Int(candidate)].block = block
      swap(&owners[Int(block)], &candidate)
    }
  }
}
