import Wireless

/// Maximum-weight matching of devices and blocks with optional participation that values almost no pair.
///
/// It rests on one fact: for one device the value of a block never falls as its gain grows. So a device is worth at most
/// its value at its largest gain, and a list of its blocks by falling gain is a list by falling value, of which only the
/// front need be valued; whatever follows is worth no more than the last one valued.
///
/// Exactness is linear-programming duality. Prices u of devices and w of blocks keep u, w ≥ 0 and u + w ≥ v for every
/// pair, valued or not; matched pairs are tight, u + w = v; in the end whoever is unmatched has price 0. Then the matching
/// weighs exactly the sum of all prices, and no matching can weigh more. The steps:
///
/// 1. Candidates: devices worth more than a base price at their largest gain; all blocks start at that price. Any base is
///    exact, one slightly under the K-th best device makes the rest short. Where all devices order the blocks alike,
///    blocks start at prices of their own (`LazyMatching+Alike.swift`).
/// 2. Bidding: each takes its best block and raises the price to what its second best leaves (D. Bertsekas' auction
///    without epsilon, or Jonker and Volgenant's row reduction). A few passes place most devices.
/// 3. Shortest augmenting paths for the rest (`LazyMatching+Augmenting.swift`).
/// 4. Blocks left free above price 0 look for a device in turn (`LazyMatching+Repair.swift`), also among those that never
///    were candidates.
struct LazyMatching {
  /// A device that may be matched.
  struct Candidate {
    /// Value at the device's largest gain.
    let largest: Double
    /// u.
    var price = 0.0
    /// No block that is not valued yet is worth more; −∞ once there is none.
    var bound: Double
    /// Its block, −1 without one.
    var block: Int32 = -1
    /// Its list: a run of ``LazyMatching/entries``, by falling gain, of which the first `valued` are valued.
    var start = 0
    var count = 0
    var valued = 0
    /// Whether the list holds all blocks.
    var isComplete = false
    /// Its modes: the first so many of its places in ``LazyMatching/terms``.
    var modes = 0
    /// How far the last search that reached it went.
    var distance = 0.0
  }

  let pairs: PairValuation
  let selector: RowSelector
  let blockCount: Int
  var pool: DevicePool

  var candidates: [Candidate] = []
  /// What each candidate's values are computed from, `modeCount` each.
  var terms: [PairValuation.Terms] = []
  var entries: [RowSelector.Entry] = []
  /// a(q) of every candidate, `modeCount` times `levelCount` each.
  var growth: [Double] = []

  /// w.
  var prices: [Double]
  /// No price is below it.
  var leastPrice: Double
  /// The candidate on each block, −1 without one.
  var owners: [Int32]

  // What one search from a device knows of blocks: valid where a block's stamp is the search's.
  var stamp: Int32 = 0
  var stamps: [Int32]
  var distances: [Double]
  var predecessors: [Int32]
  var events = EventHeap()

  /// Matches the devices of `pool` optimally.
  init(_ pairs: PairValuation, pool: DevicePool) {
    self.pairs = pairs
    self.pool = pool
    selector = RowSelector(pairs.edges.problem.gains)
    blockCount = pairs.edges.problem.blockCount
    let first = self.pool.takeBest(blockCount)
    leastPrice = first.base
    prices = [Double](repeating: first.base, count: blockCount)
    owners = [Int32](repeating: -1, count: blockCount)
    stamps = owners
    predecessors = owners
    distances = prices
    guard blockCount > 0 else { return }

    candidates.reserveCapacity(first.devices.count)
    terms.reserveCapacity(first.devices.count * pairs.modeCount)
    growth.reserveCapacity(first.devices.count * pairs.levelCount * pairs.modeCount)
    entries.reserveCapacity(16 * first.devices.count)
    for entry in first.devices { addCandidate(entry) }
    var waiting = bidders()
    var passes = 0
    while !waiting.isEmpty, passes < 8 {
      waiting = bid(waiting)
      leastPrice = prices.min() ?? 0
      passes += 1
    }
    for candidate in waiting { augment(from: candidate) }
    repair()
  }

  /// The device that is a candidate.
  func device(_ index: Int) -> Int { terms[index * pairs.modeCount].device }

  /// The largest value of a pair.
  var largestValue: Double { candidates.reduce(0) { max($0, $1.largest) } }

  /// The matched pairs, devices ascending.
  var matchedPairs: [(device: Int, block: Int)] {
    candidates.indices.lazy.filter { candidates[$0].block >= 0 }.map { (device($0), Int(candidates[$0].block)) }
      .sorted { $0.0 < $1.0 }
  }

  /// The assignments, devices ascending.
  var assignments: [Assignment] {
    var candidateOfDevice: [(device: Int, index: Int)] = []
    candidateOfDevice.reserveCapacity(blockCount)
    for index in candidates.indices where candidates[index].block >= 0 {
      candidateOfDevice.append((device(index), index))
    }
    candidateOfDevice.sort { $0.device < $1.device }
    return candidateOfDevice.compactMap { _, index in
      let candidate = candidates[index]
      let entry = entries[candidate.start..<candidate.start + candidate.valued].first { $0.block == candidate.block }
      return pairs.assignment(terms[index * pairs.modeCount], block: Int(candidate.block), level: entry?.level)
    }
  }

  /// Lets each of `bidders` take its best block; returns those that are left without or lost theirs.
  ///
  /// - Parameter raise: What a bid raises a price by beside the difference to the second best. Pairs are tight if it is 0.
  mutating func bid(_ bidders: [Int32], raise: Double = 0) -> [Int32] {
    var waiting: [Int32] = []
    for candidate in bidders {
      let index = Int(candidate)
      let offer = bestOffer(index)
      guard offer.surplus > 0 else {
        candidates[index].price = 0
        continue
      }
      let difference = offer.surplus - offer.next + raise
      let owner = owners[offer.block]
      if owner >= 0 {
        waiting.append(difference > 0 ? owner : candidate)
        guard difference > 0 else { continue }
        candidates[Int(owner)].block = -1
      }
      owners[offer.block] = candidate
      prices[offer.block] += difference
      candidates[index].block = Int32(truncatingIfNeeded: offer.block)
      candidates[index].price = offer.next
    }
    return waiting
  }

  /// The block with the largest v − w, a free one if several tie, and the second largest v − w (0 if that is larger).
  private mutating func bestOffer(_ index: Int) -> Offer {
    var offer = Offer()
    var seen = 0
    while true {
      let valued = candidates[index].valued
      compare(index, seen..<valued, &offer)
      seen = valued
      guard candidates[index].bound - leastPrice > offer.next, valueMore(index) else { return offer }
    }
  }

  private struct Offer {
    var block = 0
    var surplus = -Double.infinity
    /// The second largest.
    var next = 0.0
  }

  /// Takes the blocks at some positions of a candidate's list into account.
  private func compare(_ index: Int, _ positions: Range<Int>, _ offer: inout Offer) {
    let start = candidates[index].start
    entries.withUnsafeBufferPointer { entries in
      prices.withUnsafeBufferPointer { prices in
        for position in positions {
          let entry = entries[start &+ position]
          let block = Int(entry.block)
          let surplus = entry.key - prices[block]
          guard surplus >= offer.next else { continue }
          if surplus > offer.surplus || (surplus == offer.surplus && owners[block] < 0 && owners[offer.block] >= 0) {
            offer.next = max(offer.next, offer.surplus)
            (offer.block, offer.surplus) = (block, surplus)
          } else {
            offer.next = surplus
          }
        }
      }
    }
  }
}
