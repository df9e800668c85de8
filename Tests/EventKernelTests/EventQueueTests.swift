import TestSupport
import Testing

@testable import EventKernel

@Suite("The event queue")
struct EventQueueTests {
  /// Takes all events out.
  private func drain(_ queue: inout EventQueue<Kind>) -> [Event<Kind>] {
    var events: [Event<Kind>] = []
    while let event = queue.popFirst() { events.append(event) }
    return events
  }

  @Test("gives events back in the order of their keys, whatever the order they came in")
  func allPermutations() {
    let inOrder = [
      Event(Kind.first, 1, 0, ns: 10), Event(Kind.first, 1, 1, ns: 10), Event(Kind.first, 2, 0, ns: 10),
      Event(Kind.second, 0, 0, ns: 10), Event(Kind.first, 0, 0, ns: 11), Event(Kind.last, 0, 0, ns: 11),
      Event(Kind.last, 0, 0, ns: 12),
    ]
    for order in permutations(of: inOrder) {
      var queue = EventQueue<Kind>()
      for event in order { queue.insert(event) }
      #expect(drain(&queue) == inOrder, "inserted as \(order)")
    }
  }

  @Test("agrees with a sorted array under random insertions and removals", arguments: 0..<60 as Range<UInt64>)
  func againstSortedArray(seed: UInt64) {
    var random = SplitMix(state: seed)
    var queue = EventQueue<Kind>()
    var sorted: [Event<Kind>] = []
    // Times from a small range make ties common; more insertions than removals at first, fewer later.
    for operation in 0..<400 {
      if Int.random(in: 0..<400, using: &random) > operation / 2 + 50 {
        let event = Event(
          Kind.third, .random(in: 0..<3, using: &random), .random(in: 0..<2, using: &random),
          ns: .random(in: 0..<40, using: &random))
        queue.insert(event)
        sorted.insert(event, at: sorted.firstIndex { event < $0 } ?? sorted.endIndex)
      } else {
        let expected = sorted.isEmpty ? nil : sorted.removeFirst()
        let event = queue.popFirst()
        #expect(event == expected, "seed \(seed), operation \(operation)")
      }
      let count = queue.count
      let isEmpty = queue.isEmpty
      let broken = queue.brokenInvariant()
      #expect(count == sorted.count, "seed \(seed), operation \(operation)")
      #expect(isEmpty == sorted.isEmpty, "seed \(seed), operation \(operation)")
      #expect(broken == nil, "seed \(seed), operation \(operation)")
    }
    #expect(drain(&queue) == sorted, "seed \(seed)")
  }

  @Test(
    "an insertion after a removal takes the root's place, early or late", arguments: [0, 1, 2, 3, 4, 5, 6, 22, 100])
  func replaceTop(others: Int) {
    for time: UInt64 in 0...UInt64(2 * others + 4) {
      var queue = EventQueue<Kind>()
      queue.insert(Event(.first, 0, 0, ns: 0))
      var expected = (0..<others).map { Event(Kind.second, $0, 0, ns: 2 * UInt64($0) + 1) }
      for event in expected.reversed() { queue.insert(event) }
      _ = queue.popFirst()
      let event = Event(Kind.first, 9, 9, ns: time)
      queue.insert(event)
      expected.append(event)
      let broken = queue.brokenInvariant()
      #expect(broken == nil)
      #expect(drain(&queue) == expected.sorted(), "\(others) others, inserted at \(time)")
    }
  }

  @Test("does not give out what is after the limit, and keeps it")
  func limit() {
    var queue = EventQueue<Kind>()
    for time: UInt64 in [30, 10, 20] { queue.insert(Event(.first, 0, 0, ns: time)) }
    #expect(queue.popFirst(through: SimTime(nanoseconds: 9)) == nil)
    #expect(queue.popFirst(through: SimTime(nanoseconds: 10))?.time == SimTime(nanoseconds: 10))
    #expect(queue.popFirst(through: SimTime(nanoseconds: 19)) == nil)
    #expect(drain(&queue).map(\.time.nanoseconds) == [20, 30])
  }

  @Test("the greatest key of all is an event like any other")
  func greatestKey() {
    let greatest = Event(Kind.last, entity: 0xFFFF_FFFF, tag: 0xFF_FFFF, at: .distantFuture)
    #expect(greatest.key == .max)
    for count in 1...12 {
      var queue = EventQueue<Kind>()
      for _ in 0..<count { queue.insert(greatest) }
      queue.insert(Event(.first, 0, 0, ns: 1))
      #expect(drain(&queue) == [Event(.first, 0, 0, ns: 1)] + Array(repeating: greatest, count: count))
    }
  }

  @Test("grows without losing an event, at no more than 24 bytes each from six on")
  func growth() {
    var queue = EventQueue<Kind>()
    var random = SplitMix(state: 1)
    for count in 1...300_000 {
      queue.insert(Event(.first, count, 0, ns: .random(in: 0...1_000_000, using: &random)))
      let bytes = queue.storageBytes
      if count >= 6, bytes > 24 * count { Issue.record("\(bytes) bytes for \(count) events") }
    }
    let broken = queue.brokenInvariant()
    #expect(broken == nil)
    let events = drain(&queue)
    #expect(events.count == 300_000)
    #expect(zip(events, events.dropFirst()).allSatisfy { $0 <= $1 })
    #expect(Set(events.map(\.entity)).count == 300_000)
  }

  @Test("room asked for is there from the start")
  func reservation() {
    for count in [0, 1, 2, 5, 6, 1_000, 300_000] {
      var queue = EventQueue<Kind>(minimumCapacity: count)
      let bytes = queue.storageBytes
      #expect(bytes >= 16 * count)
      // The system's allocator may hand out a free block that is a little larger than what was asked for.
      #expect(bytes < 16 * count + 4_096)
      for entity in 0..<min(count, 1_000) { queue.insert(Event(.first, entity, 0, ns: 0)) }
      let after = queue.storageBytes
      #expect(after == bytes)
    }
  }

  /// When the n-th event of a big queue happens.
  enum Pattern: String, CaseIterable {
    case ascending, descending, together, fewTimes, mostlyTogether, scattered, spreading

    func time(_ index: Int, _ random: inout SplitMix) -> UInt64 {
      switch self {
      case .ascending: UInt64(index)
      case .descending: UInt64(1_000_000 - index)
      case .together: 5
      case .fewTimes: UInt64(index % 3)
      case .mostlyTogether: index % 100 == 0 ? UInt64(index) : 5
      case .scattered: random.next() >> 20
      case .spreading: random.next() >> (random.next() % 64)
      }
    }
  }

  @Test("a queue too big for one heap gives its events back in order all the same", arguments: Pattern.allCases)
  func big(pattern: Pattern) {
    var random = SplitMix(state: 3)
    var queue = EventQueue<Kind>()
    var events: [Event<Kind>] = []
    for index in 0..<200_000 {
      let event = Event(Kind.first, index, 0, ns: pattern.time(index, &random))
      events.append(event)
      queue.insert(event)
    }
    let (count, broken) = (queue.count, queue.brokenInvariant())
    #expect(count == events.count)
    #expect(broken == nil)
    #expect(drain(&queue) == events.sorted())
  }

  @Test("a big queue that takes new events while it gives others out loses none and keeps the order")
  func bigHold() {
    var random = SplitMix(state: 4)
    var queue = EventQueue<Kind>()
    var events: [Event<Kind>] = []
    func event(after time: UInt64) -> Event<Kind> {
      // Mostly far ahead, at times so near that it stays before the horizon.
      let event = Event(
        Kind.second, events.count, 0, ns: time + 1 + random.next() >> (random.next() % 2 == 0 ? 34 : 54))
      events.append(event)
      return event
    }
    for _ in 0..<150_000 { queue.insert(event(after: 0)) }
    var given: [Event<Kind>] = []
    for step in 0..<150_000 {
      guard let next = queue.popFirst() else { break }
      given.append(next)
      // None, one or two successors.
      for _ in 0..<step % 3 { queue.insert(event(after: next.time.nanoseconds)) }
      if step % 30_000 == 0 {
        let broken = queue.brokenInvariant()
        #expect(broken == nil, "step \(step)")
      }
    }
    #expect(given + drain(&queue) == events.sorted())
  }
}
