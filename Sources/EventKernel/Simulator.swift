/// A discrete-event simulation: a clock, the pending events, and a loop that hands them to a handler in their order.
///
/// ```swift
/// enum Traffic: UInt8, EventKind { case arrival, departure }
///
/// var simulator = Simulator<Traffic>()
/// simulator.schedule(.arrival, entity: 0, at: .zero)
/// simulator.run(until: SimTime(seconds: 60)) { event, simulator in
///   switch event.kind {
///   case .arrival: simulator.schedule(.departure, entity: event.entity, after: SimTime(seconds: 5))
///   case .departure: break
///   }
/// }
/// ```
///
/// The clock stands at the time of the event being handled and never goes back. What the handler schedules at that very
/// time still happens, after the event being handled, whatever its kind; only among pending events does the key decide.
public struct Simulator<Kind: EventKind>: ~Copyable {
  @usableFromInline var clock = SimTime.zero
  @usableFromInline var history = Fingerprint()
  @usableFromInline var queue: EventQueue<Kind>
  @usableFromInline var isStopped = false

  /// A simulation at time zero with nothing pending and room for a number of events.
  @inlinable
  public init(minimumCapacity: Int = 0) {
    queue = EventQueue(minimumCapacity: minimumCapacity)
  }

  /// The simulated time: that of the event being handled, or of the last one.
  @inlinable
  public var now: SimTime { clock }

  /// The hash of all events that happened so far, in their order.
  @inlinable
  public var fingerprint: Fingerprint { history }

  /// How many events happened so far.
  @inlinable
  public var eventCount: UInt64 { history.count }

  /// How many events are yet to happen.
  @inlinable
  public var pendingCount: Int { queue.count }

  /// The bytes that hold the pending events, with the room for more.
  @inlinable
  public var storageBytes: Int { queue.storageBytes }

  /// Schedules an event at a time.
  ///
  /// - Precondition: the time is not before ``now``; `entity` and `tag` fit an ``Event``.
  @inlinable
  public mutating func schedule(_ kind: Kind, entity: Int, tag: Int = 0, at time: SimTime) {
    let event = Event(kind, entity: entity, tag: tag, at: time)
    if time < clock { Self.refuse(event, now: now) }
    queue.insert(event)
  }

  /// Schedules an event after a span from ``now``, at the latest at the end of time.
  ///
  /// - Precondition: `entity` and `tag` fit an ``Event``.
  @inlinable
  public mutating func schedule(_ kind: Kind, entity: Int, tag: Int = 0, after span: SimTime) {
    queue.insert(Event(kind, entity: entity, tag: tag, at: clock + span))
  }

  /// Ends the run after the event being handled; what is pending stays and a further run goes on with it.
  @inlinable
  public mutating func stop() {
    isStopped = true
  }

  /// Hands the pending events to the handler, the earliest first, until none is left.
  ///
  /// The clock then stands at the last event. An error of the handler ends the run at once; the event it was thrown
  /// for counts as happened.
  @inlinable
  public mutating func run<Failure: Error>(
    _ handle: (_ event: Event<Kind>, _ simulator: inout Simulator) throws(Failure) -> Void
  ) throws(Failure) {
    try handleEvents(through: .distantFuture, handle)
  }

  /// Hands the pending events up to and including a time to the handler, the earliest first.
  ///
  /// The clock then stands at that time, unless ``stop()`` or an error ended the run before.
  @inlinable
  public mutating func run<Failure: Error>(
    until limit: SimTime,
    _ handle: (_ event: Event<Kind>, _ simulator: inout Simulator) throws(Failure) -> Void
  ) throws(Failure) {
    try handleEvents(through: limit, handle)
    if !isStopped { clock = max(clock, limit) }
  }

  @inlinable @inline(__always)
  mutating func handleEvents<Failure: Error>(
    through limit: SimTime,
    _ handle: (_ event: Event<Kind>, _ simulator: inout Simulator) throws(Failure) -> Void
  ) throws(Failure) {
    isStopped = false
    while !isStopped, let event = queue.popFirst(through: limit) {
      clock = event.time
      history.absorb(event.key)
      try handle(event, &self)
    }
  }

  @usableFromInline @inline(never)
  static func refuse(_ event: Event<Kind>, now: SimTime) -> Never {
    preconditionFailure("cannot schedule into the past: \(event), but the clock already stands at \(now)")
  }
}
