extension LazyMatching {
  /// Makes a candidate of a device, with its best blocks listed and none valued; nil where it has no time to transmit.
  @discardableResult
  mutating func addCandidate(_ entry: DescendingOrder.Entry) -> Int? {
    guard let terms = pairs.terms(device: Int(entry.device)) else { return nil }
    let index = candidates.count
    candidates.append(Candidate(largest: entry.bound, bound: entry.bound))
    self.terms.append(terms)
    list(index, about: 10)
    growth.append(contentsOf: repeatElement(0, count: pairs.levelCount))
    let gain = entries[candidates[index].start].key
    let pairs = pairs
    let levels = growth.withUnsafeMutableBufferPointer { growth in
      growth.baseAddress.map { pairs.fill($0 + index * pairs.levelCount, terms, gain: gain) } ?? 0
    }
    candidates[index].levels = levels
    return index
  }

  /// Values four more blocks of a candidate; false where none is left.
  mutating func valueMore(_ index: Int) -> Bool {
    if candidates[index].valued == candidates[index].count {
      guard !candidates[index].isComplete else {
        candidates[index].bound = -.infinity
        return false
      }
      list(index, about: 3 * candidates[index].count)
    }
    let candidate = candidates[index]
    let terms = terms[index]
    let first = candidate.start + candidate.valued
    let end = min(first + 4, candidate.start + candidate.count)
    var position = first
    growth.withUnsafeBufferPointer { growth in
      guard let base = growth.baseAddress else { return }
      var level = candidate.valued > 0 ? entries[first - 1].level : nil
      while position < end {
        let found = pairs.value(
          terms, growth: base + index * pairs.levelCount, count: candidate.levels,
          gain: entries[position].key, from: level)
        guard found.value > 0 else { break }
        entries[position].key = found.value
        entries[position].level = found.level
        level = found.level
        position += 1
      }
    }
    candidates[index].valued = position - candidate.start
    if position < end {
      // This block is worth nothing, and so are all after it.
      candidates[index].count = candidates[index].valued
      candidates[index].isComplete = true
    }
    let isExhausted = candidates[index].isComplete && candidates[index].valued == candidates[index].count
    candidates[index].bound = isExhausted ? -.infinity : entries[position - 1].key
    return position > first
  }

  /// Lists about `wanted` of a candidate's best blocks, the ones it has valued first, at the end of the entries.
  private mutating func list(_ index: Int, about wanted: Int) {
    let candidate = candidates[index]
    var chosen = selector.largest(wanted, device: terms[index].device)
    if chosen.count <= candidate.count { chosen = selector.largest(blockCount, device: terms[index].device) }
    let start = entries.count
    entries.append(contentsOf: chosen)
    for offset in 0..<candidate.valued { entries[start + offset] = entries[candidate.start + offset] }
    candidates[index].start = start
    candidates[index].count = chosen.count
    candidates[index].isComplete = chosen.count == blockCount
  }
}
