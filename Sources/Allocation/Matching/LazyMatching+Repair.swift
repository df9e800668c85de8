import Wireless

extension LazyMatching {
  /// A search from a free block, the mirror of ``DeviceSearch``: block prices fall, device prices rise.
  private struct BlockSearch {
    enum Ending {
      /// At a device that has no block.
      case device(Int)
      /// At a block whose price has fallen to 0: it may stay free.
      case block(Int)
    }

    var ending: Ending
    /// The length of the shortest path known to an ending.
    var radius: Double
    var blocks: [(block: Int, distance: Double)] = []
    var settled: [Int] = []
    // For each candidate: its distance, the block that it is reached from, whether it is settled, and the block whose
    // search last knew its value from its list.
    var distances: [Double]
    var predecessors: [Int]
    var isSettled: [Bool]
    var listedBy: [Int]

    init(from block: Int, price: Double, candidates: Int) {
      ending = .block(block)
      radius = price
      distances = [Double](repeating: .infinity, count: candidates)
      predecessors = [Int](repeating: -1, count: candidates)
      isSettled = [Bool](repeating: false, count: candidates)
      listedBy = predecessors
    }

    mutating func addCandidate() {
      distances.append(.infinity)
      predecessors.append(-1)
      isSettled.append(false)
      listedBy.append(-1)
    }
  }

  /// Who has valued a block: the lists of all candidates, by block.
  private struct Columns {
    private var starts: [Int]
    private var values: [(candidate: Int, value: Double)] = []

    init(_ matching: borrowing LazyMatching) {
      starts = [Int](repeating: 0, count: matching.blockCount + 1)
      matching.forEachValue { _, entry in starts[Int(entry.block) + 1] += 1 }
      for block in 0..<matching.blockCount { starts[block + 1] += starts[block] }
      var ends = starts
      values = Array(repeating: (0, 0), count: starts[matching.blockCount])
      matching.forEachValue { candidate, entry in
        values[ends[Int(entry.block)]] = (candidate, entry.key)
        ends[Int(entry.block)] += 1
      }
    }

    subscript(block: Int) -> ArraySlice<(candidate: Int, value: Double)> { values[starts[block]..<starts[block + 1]] }
  }

  private borrowing func forEachValue(_ body: (Int, RowSelector.Entry) -> Void) {
    for index in candidates.indices {
      let candidate = candidates[index]
      for position in candidate.start..<candidate.start + candidate.valued { body(index, entries[position]) }
    }
  }

  /// Finds devices for the blocks that are free at a price above 0, or lowers prices until a block may stay free.
  mutating func repair() {
    let free = owners.indices.filter { owners[$0] < 0 && prices[$0] > 0 }
    guard !free.isEmpty else { return }
    // Lists stay as they are from here on.
    let columns = Columns(self)
    for block in free { repair(from: block, columns) }
  }

  private mutating func repair(from start: Int, _ columns: Columns) {
    var search = BlockSearch(from: start, price: prices[start], candidates: candidates.count)
    settle(start, at: 0, &search, columns)
    while let nearest = nearest(in: search) {
      search.isSettled[nearest] = true
      search.settled.append(nearest)
      settle(Int(candidates[nearest].block), at: search.distances[nearest], &search, columns)
    }
    for (block, distance) in search.blocks {
      prices[block] = max(0, prices[block] - max(0, search.radius - distance))
    }
    for index in search.settled { candidates[index].price += max(0, search.radius - search.distances[index]) }
    turnOver(search)
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

  private mutating func settle(_ block: Int, at distance: Double, _ search: inout BlockSearch, _ columns: Columns) {
    search.blocks.append((block, distance))
    let price = distance + prices[block]
    if price < search.radius {
      search.radius = price
      search.ending = .block(block)
    }
    for (index, value) in columns[block] {
      search.listedBy[index] = block
      relax(index, block, at: distance, value: value, &search)
    }
    // Backwards, as devices without a block are mostly the last candidates, and one in reach shortens the search.
    for index in candidates.indices.reversed() {
      let least = price + candidates[index].price - candidates[index].bound
      guard least < search.radius, least < search.distances[index], search.listedBy[index] != block else { continue }
      relax(index, block, at: distance, value: value(index, block), &search)
    }
    // Devices that never were candidates ask for nothing yet: price 0.
    while let bound = pool.bound, price - bound < search.radius {
      guard let entry = pool.takeNext(), let index = addCandidate(entry) else { continue }
      search.addCandidate()
      for (block, distance) in search.blocks {
        relax(index, block, at: distance, value: value(index, block), &search)
      }
    }
  }

  private func relax(_ index: Int, _ block: Int, at distance: Double, value: Double, _ search: inout BlockSearch) {
    let length = max(distance, distance + prices[block] + candidates[index].price - value)
    guard length < search.radius, length < search.distances[index], !search.isSettled[index],
      candidates[index].block != Int32(truncatingIfNeeded: block)
    else { return }
    search.distances[index] = length
    search.predecessors[index] = block
    if candidates[index].block < 0 {
      search.radius = length
      search.ending = .device(index)
    }
  }

  /// Gives every candidate on the path the block that reached it.
  private mutating func turnOver(_ search: BlockSearch) {
    var candidate: Int32
    switch search.ending {
    case .device(let free):
      candidate = Int32(truncatingIfNeeded: free)
    case .block(let block):
      prices[block] = 0
      candidate = owners[block]
      owners[block] = -1
    }
    while candidate >= 0 {
      let block = search.predecessors[Int(candidate)]
      candidates[Int(candidate)].block = Int32(truncatingIfNeeded: block)
      swap(&owners[block], &candidate)
    }
  }
}
