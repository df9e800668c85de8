/// The nearest first: what a shortest-path search looks at next.
struct EventHeap {
  /// A block that is reached at `distance`, or a candidate whose next blocks are not nearer than that.
  struct Event {
    var distance: Double
    /// A block, or the complement of a candidate.
    var target: Int32
  }

  private var events: [Event] = []

  mutating func removeAll() { events.removeAll(keepingCapacity: true) }

  mutating func push(_ event: Event) {
    events.append(event)
    events.withUnsafeMutableBufferPointer { events in
      var hole = events.count - 1
      while hole > 0, event.distance < events[(hole - 1) / 2].distance {
        events[hole] = events[(hole - 1) / 2]
        hole = (hole - 1) / 2
      }
      events[hole] = event
    }
  }

  mutating func pop() -> Event? {
    guard let nearest = events.first else { return nil }
    let last = events.removeLast()
    events.withUnsafeMutableBufferPointer { events in
      guard !events.isEmpty else { return }
      var hole = 0
      while true {
        var child = 2 * hole + 1
        guard child < events.count else { break }
        if child + 1 < events.count, events[child + 1].distance < events[child].distance { child += 1 }
        guard events[child].distance < last.distance else { break }
        events[hole] = events[child]
        hole = child
      }
      events[hole] = last
    }
    return nearest
  }
}
