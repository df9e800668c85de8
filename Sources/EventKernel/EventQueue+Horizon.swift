// A heap of a million events misses the caches at each of its lower levels, for every event. So a queue of more than
// `mostInOneHeap` events sets those after a horizon aside in a plain list, to which an insertion only appends. When the
// heap has run empty, the horizon rises and about a sixteenth of the list moves into the heap. An event is thus looked
// at some sixteen times in passing, which memory is fast at, and sifted in a heap that the caches hold. The order of the
// events is that of one heap: nothing in it is later than the horizon, everything set aside is.
// It is the idea of the ladder queue with a single rung: W. T. Tang, R. Goh and I. Thng, "Ladder queue: an O(1) priority
// queue structure for large-scale discrete event simulation", ACM TOMACS 15 (2005).

extension EventQueue {
  /// How many events a queue holds before it sets some aside.
  @inlinable static var mostInOneHeap: Int { 1 << 17 }
  /// How many events a heap holds anyway, beside a list.
  @inlinable static var fewInHeap: Int { 1 << 15 }

  /// Adds an event after the horizon.
  @inlinable @inline(never)
  mutating func setAside(_ event: Event<Kind>) {
    if later.count == later.capacity { later.reserveCapacity(later.count + max(1_024, later.count / 8)) }
    later.append(event)
  }

  /// Makes room in a full heap: enlarges it, or lowers the horizon where that helps.
  @inlinable @inline(never)
  mutating func makeRoom() {
    let most = later.isEmpty ? Self.mostInOneHeap : max(Self.fewInHeap, later.count / 8)
    if capacity < most || !lowerHorizon() { grow() }
  }

  /// Keeps about the earliest quarter of a full heap and sets the others aside; false, with nothing changed, if too many
  /// events are alike to tell a quarter from the rest.
  @inlinable @inline(never)
  mutating func lowerHorizon() -> Bool {
    let sample = Self.sortedSample(of: UnsafeBufferPointer(start: nodes, count: taken))
    let quarter = sample[sample.count / 4].time
    guard quarter < sample[sample.count / 4 * 3].time else { return false }
    horizon = quarter
    let (old, oldTaken, oldRoot) = (nodes, taken, root)
    capacity = Self.places(for: oldTaken / 4)
    nodes = Self.allocate(capacity)
    taken = 0
    hasRoot = false
    insert(oldRoot)
    for place in 0..<oldTaken { insert(old[place]) }
    old.deallocate()
    return true
  }

  /// Moves about the earliest sixteenth of the list, all of a short one, into the heap, which is empty.
  @inlinable @inline(never)
  mutating func raiseHorizon() {
    if later.count <= Self.fewInHeap {
      horizon = .distantFuture
    } else {
      let sample = later.withUnsafeBufferPointer(Self.sortedSample(of:))
      horizon = sample[sample.count / 16].time
    }
    var index = 0
    while index < later.count {
      let event = later[index]
      if event.time > horizon {
        index += 1
      } else {
        later[index] = later[later.count - 1]
        later.removeLast()
        insert(event)
      }
    }
    if later.isEmpty { horizon = .distantFuture }
  }

  /// 256 events from evenly spaced places of at least as many, in order.
  @inlinable
  static func sortedSample(of events: UnsafeBufferPointer<Event<Kind>>) -> [Event<Kind>] {
    let stride = events.count / 256
    return (0..<256).map { events[$0 * stride] }.sorted()
  }
}
