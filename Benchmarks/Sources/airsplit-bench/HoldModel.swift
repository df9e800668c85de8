import EventKernel

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The hold model: from a number of pending events, take the earliest and schedule another Exp(1) seconds later.
///
/// It is the standard load for event queues (D. W. Jones, "An empirical comparison of priority-queue and event-set
/// implementations", CACM 29, 1986). The increments are a table that is walked in a circle, so that drawing them costs
/// next to nothing; all peers walk the same table, and end at the same simulated nanosecond.
struct HoldModel {
  /// What one run gave.
  struct Result {
    var pending: Int
    var eventsPerSecond: Double
    var bytesPerEvent: Double
    /// The simulated time of the last event: equal for all who did the same work.
    var end: SimTime
  }

  enum Kind: UInt8, EventKind {
    case arrival
    case departure
  }

  let pending: Int
  let events: Int

  /// Events before the clock runs, so that the queue has the shape it keeps: one a pending event.
  var warmUp: Int { min(pending, events) }

  /// Runs it through the simulator: typed events, a handler, the fingerprint.
  func runSimulator() -> Result {
    Self.increments.withUnsafeBufferPointer { increments in
      var simulator = Simulator<Kind>()
      for entity in 0..<pending {
        simulator.schedule(.departure, entity: entity, at: Self.start(of: entity, increments))
      }
      var cursor = pending
      Self.hold(&simulator, for: warmUp, &cursor, increments)
      let elapsed = processorTime { Self.hold(&simulator, for: events, &cursor, increments) }
      return Result(
        pending: pending, eventsPerSecond: Double(events) / elapsed,
        bytesPerEvent: Double(simulator.storageBytes) / Double(simulator.pendingCount), end: simulator.now)
    }
  }

  private static func hold(
    _ simulator: inout Simulator<Kind>, for events: Int, _ cursor: inout Int,
    _ increments: UnsafeBufferPointer<UInt64>
  ) {
    let goal = simulator.eventCount + UInt64(events)
    simulator.run { event, simulator in
      switch event.kind {
      case .arrival:
        break
      case .departure:
        let span = SimTime(nanoseconds: increments[cursor & mask])
        cursor &+= 1
        simulator.schedule(.departure, entity: event.entity, after: span)
      }
      if simulator.eventCount == goal { simulator.stop() }
    }
  }

  /// Runs it on the event queue alone: no simulator, no handler, no fingerprint.
  func runQueue() -> Result {
    Self.increments.withUnsafeBufferPointer { increments in
      var queue = EventQueue<Kind>()
      for entity in 0..<pending {
        queue.insert(Event(.departure, entity: entity, at: Self.start(of: entity, increments)))
      }
      var cursor = pending
      var end = Self.hold(&queue, for: warmUp, &cursor, increments)
      let elapsed = processorTime { end = Self.hold(&queue, for: events, &cursor, increments) }
      return Result(
        pending: pending, eventsPerSecond: Double(events) / elapsed,
        bytesPerEvent: Double(queue.storageBytes) / Double(queue.count), end: end)
    }
  }

  private static func hold(
    _ queue: inout EventQueue<Kind>, for events: Int, _ cursor: inout Int, _ increments: UnsafeBufferPointer<UInt64>
  ) -> SimTime {
    var now = SimTime.zero
    for _ in 0..<events {
      guard let event = queue.popFirst() else { break }
      now = event.time
      let span = SimTime(nanoseconds: increments[cursor & mask])
      cursor &+= 1
      queue.insert(Event(.departure, entity: event.entity, at: now + span))
    }
    return now
  }

  static let mask = 8191

  /// The quantiles of Exp(1) at 8192 evenly spaced probabilities in ns, shuffled.
  static let increments: [UInt64] = {
    var table = (0...mask).map { UInt64(((-log(1 - (Double($0) + 0.5) / Double(mask + 1))) * 1e9).rounded()) }
    var state: UInt64 = 88_172_645_463_325_252
    for last in stride(from: mask, to: 0, by: -1) {
      state ^= state << 13
      state ^= state >> 7
      state ^= state << 17
      table.swapAt(last, Int(state % UInt64(last + 1)))
    }
    return table
  }()

  /// When an entity's first event happens: an increment, and a nanosecond an entity so that few start together.
  private static func start(of entity: Int, _ increments: UnsafeBufferPointer<UInt64>) -> SimTime {
    SimTime(nanoseconds: increments[entity & mask] + UInt64(entity))
  }

  /// The seconds of processor time that work takes: as long as by the wall clock on an idle machine, since one thread does
  /// it, and less disturbed by others on a busy one.
  private func processorTime(_ work: () -> Void) -> Double {
    let start = clock()
    work()
    return Double(clock() - start) / Double(CLOCKS_PER_SEC)
  }
}
