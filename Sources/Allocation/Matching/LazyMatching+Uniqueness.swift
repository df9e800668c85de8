extension LazyMatching {
  /// Whether every other matching weighs less, by `margin` at least.
  ///
  /// By the prices another matching loses the slack u + w − v of each pair that is new in it, u of each device and w of each block
  /// that it leaves out. It differs in cycles and paths over devices that take each other's blocks. So where no step of less than
  /// the margin closes a cycle, or leads from a block that may be left to a device that may be left or to a free block, there is
  /// no other.
  mutating func isUnique(by margin: Double) -> Bool {
    leastPrice = prices.min() ?? 0
    while let bound = pool.bound, bound > leastPrice - margin {
      guard let entry = pool.takeNext() else { break }
      addCandidate(entry)
    }
    // Where each device could go for less than the margin, and where a chain of such steps may begin and end.
    var starts: [Int] = []
    var steps: [[Int32]] = []
    var mayEnd: [Bool] = []
    steps.reserveCapacity(candidates.count)
    mayEnd.reserveCapacity(candidates.count)
    for index in candidates.indices {
      let holders = nearBlocks(index, margin).map { owners[Int($0)] }
      let isMatched = candidates[index].block >= 0
      if isMatched ? prices[Int(candidates[index].block)] < margin : !holders.isEmpty { starts.append(index) }
      mayEnd.append((isMatched && candidates[index].price < margin) || holders.contains(-1))
      steps.append(holders.filter { $0 >= 0 })
    }
    // Depth first, from the starts and then from everywhere: 1 on the way, 2 done.
    var marks = [UInt8](repeating: 0, count: candidates.count)
    var way: [(index: Int, next: Int)] = []
    for (place, start) in (starts + Array(candidates.indices)).enumerated() where marks[start] == 0 {
      let isChain = place < starts.count
      marks[start] = 1
      if isChain, mayEnd[start] { return false }
      way.append((start, 0))
      while let (index, next) = way.last {
        guard next < steps[index].count else {
          marks[index] = 2
          way.removeLast()
          continue
        }
        way[way.count - 1].next += 1
        let following = Int(steps[index][next])
        if marks[following] == 1 || (isChain && mayEnd[following]) { return false }
        guard marks[following] == 0 else { continue }
        marks[following] = 1
        way.append((following, 0))
      }
    }
    return true
  }

  /// The blocks but its own that a candidate could take for less than the margin.
  private mutating func nearBlocks(_ index: Int, _ margin: Double) -> [Int32] {
    var near: [Int32] = []
    var position = 0
    while true {
      let candidate = candidates[index]
      while position < candidate.valued {
        let entry = entries[candidate.start + position]
        let most = candidate.price - margin
        if entry.key <= most + leastPrice { return near }
        if entry.key > most + prices[Int(entry.block)], entry.block != candidate.block { near.append(entry.block) }
        position += 1
      }
      guard candidate.bound > candidate.price - margin + leastPrice, valueMore(index) else { return near }
    }
  }
}
