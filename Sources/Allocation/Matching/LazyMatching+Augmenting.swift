extension LazyMatching {
  /// A search from a device over alternating paths, nearest first in the slacks u + w − v (Dijkstra).
  struct DeviceSearch {
    /// Where it may end.
    enum Ending {
      /// At a block that nobody holds.
      case block(Int32)
      /// At a candidate whose price has fallen to 0: it gives up its block, or its wish for one.
      case device(Int32)
    }

    var ending: Ending
    /// The length of the shortest path known to an ending.
    var radius = Double.infinity
    var devices: [Int32] = []
    var blocks: [Int32] = []
  }

  /// Finds room for an unmatched candidate, or finds that somebody on the way does better without a block.
  ///
  /// "Value four more blocks of this candidate" is an event like any other: it lies where the first of them could lie at
  /// the nearest, by the candidate's bound and the least price.
  mutating func augment(from start: Int32) {
    stamp += 1
    events.removeAll()
    var search = DeviceSearch(ending: .device(start))
    candidates[Int(start)].price = max(0, candidates[Int(start)].largest - leastPrice)
    reach(start, at: 0, &search)
    while let event = events.pop(), event.distance < search.radius {
      if event.target < 0 {
        let candidate = ~event.target
        let seen = candidates[Int(candidate)].valued
        if valueMore(Int(candidate)) { relax(candidate, from: seen, &search) }
      } else if event.distance <= distances[Int(event.target)] {
        search.blocks.append(event.target)
        reach(owners[Int(event.target)], at: event.distance, &search)
      }
    }
    for candidate in search.devices {
      let index = Int(candidate)
      candidates[index].price = max(0, candidates[index].price - max(0, search.radius - candidates[index].distance))
    }
    var raisesLeast = false
    for block in search.blocks {
      raisesLeast = raisesLeast || prices[Int(block)] == leastPrice
      prices[Int(block)] += max(0, search.radius - distances[Int(block)])
    }
    if raisesLeast { leastPrice = prices.min() ?? 0 }
    turnOver(search.ending, start)
  }

  private mutating func reach(_ candidate: Int32, at distance: Double, _ search: inout DeviceSearch) {
    search.devices.append(candidate)
    candidates[Int(candidate)].distance = distance
    let end = distance + candidates[Int(candidate)].price
    if end < search.radius {
      search.radius = end
      search.ending = .device(candidate)
    }
    relax(candidate, from: 0, &search)
  }

  /// Offers a candidate's valued blocks, from a position of its list on, to the search.
  private mutating func relax(_ candidate: Int32, from position: Int, _ search: inout DeviceSearch) {
    let values = candidates[Int(candidate)]
    let offer = values.distance + values.price
    for position in values.start + position..<values.start + values.valued {
      let entry = entries[position]
      // Values fall along the list.
      guard offer + leastPrice - entry.key < search.radius else { return }
      let block = Int(entry.block)
      let length = max(values.distance, offer + prices[block] - entry.key)
      guard length < search.radius, stamps[block] != stamp || length < distances[block] else { continue }
      stamps[block] = stamp
      distances[block] = length
      predecessors[block] = candidate
      if owners[block] < 0 {
        search.radius = length
        search.ending = .block(entry.block)
      } else {
        events.push(EventHeap.Event(distance: length, target: entry.block))
      }
    }
    let more = max(values.distance, offer + leastPrice - values.bound)
    if more < search.radius { events.push(EventHeap.Event(distance: more, target: ~candidate)) }
  }

  /// Gives every block on the path to the candidate that reached it.
  private mutating func turnOver(_ ending: DeviceSearch.Ending, _ start: Int32) {
    var block: Int32
    switch ending {
    case .block(let free):
      block = free
    case .device(let candidate):
      candidates[Int(candidate)].price = 0
      block = candidates[Int(candidate)].block
      candidates[Int(candidate)].block = -1
    }
    while block >= 0 {
      let candidate = predecessors[Int(block)]
      owners[Int(block)] = candidate
      swap(&candidates[Int(candidate)].block, &block)
    }
  }
}
