import Wireless

extension LazyMatching {
  /// Makes a candidate of a device, with its best blocks listed and none valued; nil where it has no time to transmit.
  @discardableResult
  mutating func addCandidate(_ entry: DescendingOrder.Entry) -> Int? {
    let pairs = pairs
    let index = candidates.count
    terms.append(
      contentsOf: repeatElement(PairValuation.Terms(device: Int(entry.device)), count: pairs.modeCount))
    let modes = terms.withUnsafeMutableBufferPointer { terms in
      terms.baseAddress.map { pairs.terms(device: Int(entry.device), into: $0 + index * pairs.modeCount) } ?? 0
    }
    guard modes > 0 else {
      terms.removeLast(pairs.modeCount)
      return nil
    }
    candidates.append(Candidate(largest: entry.bound, bound: entry.bound))
    candidates[index].modes = modes
    list(index, about: 10)
    growth.append(contentsOf: repeatElement(0, count: pairs.levelCount * pairs.modeCount))
    let gain = entries[candidates[index].start].key
    withModes(of: index) { modes, growth in pairs.fill(growth, modes, gain: gain) }
    return index
  }

  /// A candidate's modes and its part of ``growth``.
  private mutating func withModes<Result>(
    of index: Int, _ body: (UnsafeMutableBufferPointer<PairValuation.Terms>, UnsafeMutablePointer<Double>) -> Result
  ) -> Result? {
    let (count, stride, levels) = (candidates[index].modes, pairs.modeCount, pairs.levelCount)
    return terms.withUnsafeMutableBufferPointer { terms in
      growth.withUnsafeMutableBufferPointer { growth in
        guard let growth = growth.baseAddress else { return nil }
        return body(
          UnsafeMutableBufferPointer(rebasing: terms[index * stride..<index * stride + count]),
          growth + index * stride * levels)
      }
    }
  }

  /// The value of a pair that no list has.
  func value(_ index: Int, _ block: Int) -> Double {
    let gain = selector.gains.gain(device: device(index), block: block)
    let first = index * pairs.modeCount
    return terms.withUnsafeBufferPointer { terms in
      growth.withUnsafeBufferPointer { growth in
        guard let growth = growth.baseAddress else { return 0 }
        let modes = UnsafeBufferPointer(rebasing: terms[first..<first + candidates[index].modes])
        return pairs.value(modes, growth: growth + first * pairs.levelCount, gain: gain).value
      }
    }
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
    let pairs = pairs
    let first = candidate.start + candidate.valued
    let end = min(first + 4, candidate.start + candidate.count)
    var position = first
    while position < end {
      let gain = entries[position].key
      let found = withModes(of: index) { pairs.nextValue($0, growth: $1, gain: gain) }
      guard let found, found.value > 0 else { break }
      entries[position].key = found.value
      entries[position].level = found.level
      position += 1
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
  mutating func list(_ index: Int, about wanted: Int) {
    let candidate = candidates[index]
    var chosen = selector.largest(wanted, device: device(index))
    if chosen.count <= candidate.count { chosen = selector.largest(blockCount, device: device(index)) }
    let start = entries.count
    entries.append(contentsOf: chosen)
    for offset in 0..<candidate.valued { entries[start + offset] = entries[candidate.start + offset] }
    candidates[index].start = start
    candidates[index].count = chosen.count
    candidates[index].isComplete = chosen.count == blockCount
  }
}
