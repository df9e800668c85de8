/// The pending events, the earliest first: an implicit 4-ary heap.
///
/// A node's four children are four keys of 16 bytes that share one aligned cache line of 64 bytes, so that a level of
/// the heap costs one line. The root lives outside the lines, in the queue itself. Unused places of the last line hold
/// the greatest key, and a line is always compared as a whole.
///
/// ``popFirst(through:)`` takes the root away and leaves the tree below as it is. An insertion that follows drops its
/// event in from the top, one pass instead of the two of a removal and an insertion. Only when the next event is asked
/// for while the root is still missing does the last leaf replace it. A handler that schedules one successor therefore
/// gets the replace-top of the textbooks without asking for it.
///
/// From 2^17 events on, the later ones wait outside the heap in a list (see `EventQueue+Horizon.swift`).
///
/// An event costs 16 bytes, and at most 24 with the room to grow (from six events on; a queue that shrinks keeps its
/// room). For heaps with d children see D. B. Johnson, "Priority queues with updates and finding minimum spanning
/// trees", Information Processing Letters 4 (1975); for their alignment A. LaMarca and R. Ladner, "The influence of caches
/// on the performance of heaps", ACM Journal of Experimental Algorithmics 1 (1996).
public struct EventQueue<Kind: EventKind>: ~Copyable {
  /// The earliest event, where `hasRoot`.
  @usableFromInline var root: Event<Kind>
  @usableFromInline var hasRoot = false

  /// The rest of the heap. With the root as node 0, node i stands at `nodes[i - 1]`, its children at
  /// `nodes[4 * i ..< 4 * i + 4]`.
  @usableFromInline var nodes: UnsafeMutablePointer<Event<Kind>>
  /// How many places of `nodes` are taken.
  @usableFromInline var taken = 0
  /// How many places `nodes` has, a multiple of four.
  @usableFromInline var capacity: Int

  /// The events after the horizon, in no order.
  @usableFromInline var later: [Event<Kind>] = []
  /// No event of the heap is later, all that are set aside are.
  @usableFromInline var horizon = SimTime.distantFuture

  /// An empty queue with room for a number of events.
  @inlinable
  public init(minimumCapacity: Int = 0) {
    root = Self.vacant
    capacity = Self.places(for: min(minimumCapacity, Self.mostInOneHeap))
    nodes = Self.allocate(capacity)
    later.reserveCapacity(max(0, minimumCapacity - capacity))
  }

  deinit {
    nodes.deallocate()
  }

  /// The number of pending events.
  @inlinable
  public var count: Int { taken + later.count + (hasRoot ? 1 : 0) }

  /// Whether nothing is pending.
  @inlinable
  public var isEmpty: Bool { count == 0 }

  /// The bytes that hold the events, with the room for more.
  @inlinable
  public var storageBytes: Int { (1 + capacity + later.capacity) * MemoryLayout<Event<Kind>>.stride }

  /// Adds an event.
  @inlinable
  public mutating func insert(_ event: Event<Kind>) {
    if event.time > horizon {
      setAside(event)
    } else if !hasRoot {
      hasRoot = true
      sinkFromRoot(event)
    } else if taken == capacity {
      makeRoom()
      insert(event)
    } else {
      if taken & 3 == 0 { (nodes + taken).update(repeating: Self.vacant, count: 4) }
      taken += 1
      rise(event, from: taken - 1)
    }
  }

  /// Removes the earliest event and returns it; nil when none is pending up to a time.
  @inlinable
  public mutating func popFirst(through limit: SimTime = .distantFuture) -> Event<Kind>? {
    if !hasRoot {
      if taken > 0 {
        taken -= 1
        let last = nodes[taken]
        nodes[taken] = Self.vacant
        hasRoot = true
        sinkFromRoot(last)
      } else {
        guard !later.isEmpty else { return nil }
        raiseHorizon()
      }
    }
    guard root.time <= limit else { return nil }
    hasRoot = false
    return root
  }

  /// Puts an event at the root's place, or below in exchange for earlier ones that rise by a level each.
  @inlinable
  mutating func sinkFromRoot(_ event: Event<Kind>) {
    let nodes = nodes
    let taken = taken
    guard taken > 0 else {
      root = event
      return
    }
    var child = Self.earliest(ofLineAt: 0, in: nodes)
    guard nodes[child] < event else {
      root = event
      return
    }
    root = nodes[child]
    var place = child
    while true {
      let line = 4 &* (place &+ 1)
      guard line < taken else { break }
      child = Self.earliest(ofLineAt: line, in: nodes)
      guard nodes[child] < event else { break }
      nodes[place] = nodes[child]
      place = child
    }
    nodes[place] = event
  }

  /// Puts an event at a free place, or above in exchange for later ones that sink by a level each.
  @inlinable
  mutating func rise(_ event: Event<Kind>, from free: Int) {
    let nodes = nodes
    var place = free
    while place >= 4 {
      let parent = place &>> 2 &- 1
      guard event < nodes[parent] else { break }
      nodes[place] = nodes[parent]
      place = parent
    }
    if place < 4, event < root {
      nodes[place] = root
      root = event
    } else {
      nodes[place] = event
    }
  }

  /// The place of the earliest of a line's four events, found without branches that depend on their order.
  @inlinable @inline(__always)
  static func earliest(ofLineAt line: Int, in nodes: UnsafeMutablePointer<Event<Kind>>) -> Int {
    let left = line &+ (nodes[line &+ 1] < nodes[line] ? 1 : 0)
    let right = line &+ (nodes[line &+ 3] < nodes[line &+ 2] ? 3 : 2)
    return nodes[right] < nodes[left] ? right : left
  }

  /// What stands in the unused places of the last line: no event is later.
  @inlinable
  static var vacant: Event<Kind> { Event(key: .max) }
}
