import EventKernel
import Units
import Wireless

/// One round as a state machine over events: every device works through its itinerary, one activity after another.
///
/// Event times are integers. The end of an activity lies at its step's start + the rounded sum of the step's durations so
/// far, so that rounding does not add up within a step; the ledger adds the doubles themselves. All that an event touches
/// is flat: plain fields by slot, and the activities of all devices one after another, so that an event allocates nothing.
public struct RoundEngine: Sendable, Codable {
  /// What each device has done so far, in the order of the itineraries.
  public internal(set) var ledgers: [DeviceLedger]
  /// What happened, where it is recorded.
  public internal(set) var loggedEvents: [LoggedEvent] = []
  /// What the server did.
  var meter = ServerMeter()
  /// Slots, one entry per activity of the server, in the order in which it ended them.
  private(set) var served: [Int] = []

  /// Where each device stands, as ``ledgers`` has them.
  var slots: [Slot]
  var table: SlotTable
  /// Those of all devices.
  var activities: [Itinerary.Activity]
  var running: Int
  /// When the devices that are done merge.
  public let merging: Merging
  /// Who is done, and not yet merged.
  var merger = Merger()
  var roundStart = SimTime.zero
  let service: Service
  /// Those of a server whose accelerators are held one at a time.
  var queue: AcceleratorQueue
  /// Those of a server that all share.
  var sharing: SharedAccelerators
  private let isSequential: Bool
  let watchesSteps: Bool
  private let watchesRounds: Bool
  private let span: SimTime?
  let logsEvents: Bool
  private let recordsServerOrder: Bool
  let emptyEnd: SimTime

  /// A round of `itineraries`, of different devices in ascending order.
  ///
  /// Where nobody can ever wait for the server, since it has an accelerator for each device or devices follow each other,
  /// the round is that of a server that serves everybody at once: all its ends are known beforehand.
  ///
  /// - Parameters:
  ///   - merging: When the round ends, and what becomes of those who are not done then. Where work is carried over, the devices
  ///     have places in this engine until they are done, and later rounds begin in it, see ``begin(round:with:in:over:emptyUntil:)``.
  ///   - places: Devices at work at once at most, where work is carried over.
  ///   - emptyEnd: When a round of nobody ends: it waits for somebody to come. One that ends where it began unless given.
  public init(
    _ itineraries: [Itinerary], isSequential: Bool, watch: DeadlineRule = .none,
    accelerators: Accelerators = .unlimited, merging: Merging = .everybody, places: Int = 0,
    logsEvents: Bool = false, recordsServerOrder: Bool = false, emptyUntil emptyEnd: SimTime = .zero
  ) {
    self.emptyEnd = emptyEnd
    self.merging = merging
    let jobs = max(itineraries.count, places)
    service =
      isSequential || accelerators.count >= jobs
      ? .everybody
      : accelerators.discipline == .processorSharing
        ? .sharing : .queue(isUrgent: accelerators.discipline == .leastSlack)
    queue = AcceleratorQueue(accelerators: accelerators.count, jobs: service.isQueue ? jobs : 0)
    sharing = SharedAccelerators(accelerators: accelerators.count, jobs: service.isSharing ? jobs : 0)
    self.isSequential = isSequential
    self.logsEvents = logsEvents
    self.recordsServerOrder = recordsServerOrder
    span = watch.span
    (watchesSteps, watchesRounds) =
      switch watch {
      case .none: (false, false)
      case .step: (true, false)
      case .round: (false, true)
      }
    ledgers = itineraries.map { itinerary in
      var ledger = DeviceLedger(itinerary)
      if itinerary.isPlayed { ledger.played = .init() }
      return ledger
    }
    table = SlotTable(itineraries.lazy.map(\.device))
    running = itineraries.count
    var activities: [Itinerary.Activity] = []
    func append(_ more: [Itinerary.Activity]) -> Range<Int> {
      activities += more
      return activities.count - more.count..<activities.count
    }
    slots = itineraries.map { itinerary in
      let before = append(itinerary.before)
      return Slot(
        device: itinerary.device, steps: itinerary.steps, freshSteps: itinerary.freshSteps,
        fresh: append(itinerary.step), cached: append(itinerary.cachedStep), after: append(itinerary.after),
        next: before.lowerBound, end: before.upperBound)
    }
    self.activities = activities
    if merging.carries { open(places: places) }
  }

  /// Lets the round begin now: all devices, or the first one where they follow each other.
  ///
  /// - Throws: ``OutlastingActivity`` where an activity takes longer than simulated time can count.
  public mutating func begin(
    in simulator: inout Simulator<RoundEvent>, over air: (any Air)? = nil
  ) throws(OutlastingActivity) {
    roundStart = simulator.now
    if running == 0 {
      scheduleMerge(at: max(emptyEnd, simulator.now), in: &simulator)
    } else {
      scheduleTimedMerge(in: &simulator)
    }
    for slot in slots.indices { scheduleDeparture(slot, in: &simulator) }
    for slot in slots.indices.prefix(isSequential ? 1 : slots.count) {
      try beginDevice(slot, in: &simulator, air)
    }
  }

  /// Takes an event in; `true` when it ended the round.
  ///
  /// - Throws: ``OutlastingActivity`` where an activity takes longer than simulated time can count.
  public mutating func handle(
    _ event: Event<RoundEvent>, in simulator: inout Simulator<RoundEvent>, over air: (any Air)? = nil
  ) throws(OutlastingActivity) -> Bool {
    let kind = event.kind
    if kind == .aggregated { return try merge(event, in: &simulator, air) }
    if kind == .decision {
      takeDecision(at: event.time)
      return false
    }
    guard let slot = table.slot(of: event.entity) else { return false }
    // Also one whose turn has not come yet.
    if kind == .left { slots[slot].hasLeft = true }
    guard slots[slot].isActive else { return false }
    if kind == .left {
      ledgers[slot].hasLeft = true
      try leave(slot, because: .left, at: event.time, in: &simulator, air)
      return false
    }
    if kind == .empty {
      try lookAtBattery(slot, at: event.time, in: &simulator, air)
      return false
    }
    if kind == .deadline {
      // The deadline of a step that was done in time finds a later deadline in force.
      guard slots[slot].deadline == event.time else { return false }
      try leave(slot, because: .deadline, at: event.time, in: &simulator, air)
      return false
    }
    let next = slots[slot].next
    // What was cut off, in this round or one before, may still be pending: it ends nothing.
    guard next < slots[slot].end, slots[slot].due == event.time, slots[slot].step == event.tag else { return false }
    if kind == .linkLost {
      guard slots[slot].losesLink else { return false }
      ledgers[slot].hasLostLink = true
      try leave(slot, because: .linkLost, at: event.time, in: &simulator, air)
      return false
    }
    guard activities[next].kind == kind, !slots[slot].losesLink else { return false }
    if kind == .server {
      guard try leaveServer(slot, in: &simulator) else { return false }
      if recordsServerOrder { served.append(slot) }
    }
    let activity = slots[slot].played ?? activities[next]
    enter(activity, slot)
    record(
      kind, at: event.time, slot: slot, energy: activity.energy, span: activity.time,
      wait: kind == .server ? slots[slot].waited : .zero)
    slots[slot].next = next + 1
    try goOn(slot, in: &simulator, air)
    return false
  }

  /// Places in ``ledgers``, one entry per completed step, in the order in which the server ended the steps.
  public var serverOrder: [Int] {
    var seen = Array(repeating: 0, count: ledgers.count)
    return served.filter { slot in
      seen[slot] += 1
      return seen[slot] <= ledgers[slot].steps
    }
  }

  /// Whether order, deadline and what is recorded are the same.
  func hasSameRules(as other: RoundEngine) -> Bool {
    isSequential == other.isSequential && watchesSteps == other.watchesSteps && watchesRounds == other.watchesRounds
      && span == other.span && logsEvents == other.logsEvents && recordsServerOrder == other.recordsServerOrder
  }

  // MARK: - One device

  mutating func beginDevice(
    _ slot: Int, in simulator: inout Simulator<RoundEvent>, _ air: (any Air)?
  ) throws(OutlastingActivity) {
    if slots[slot].hasLeft {
      (ledgers[slot].hasLeft, ledgers[slot].isLate) = (true, true)
      return try endDevice(slot, in: &simulator, air)
    }
    settleBattery(slot, at: simulator.now, air)
    if ledgers[slot].battery?.charge == .zero {
      (ledgers[slot].isEmpty, ledgers[slot].isLate) = (true, true)
      return try endDevice(slot, in: &simulator, air)
    }
    slots[slot].isActive = true
    slots[slot].start = simulator.now
    if watchesRounds { scheduleDeadline(slot, in: &simulator) }
    try goOn(slot, in: &simulator, air)
  }

  /// Lets a device go on to its next activity, of which its battery is told.
  private mutating func goOn(
    _ slot: Int, in simulator: inout Simulator<RoundEvent>, _ air: (any Air)?
  ) throws(OutlastingActivity) {
    settleBattery(slot, at: simulator.now, air)
    try proceed(slot, in: &simulator, air)
    if ledgers[slot].battery != nil, slots[slot].isActive { watchBattery(slot, in: &simulator, air) }
  }

  /// Schedules the end of the activity that comes next, over the seams between steps.
  private mutating func proceed(
    _ slot: Int, in simulator: inout Simulator<RoundEvent>, _ air: (any Air)?
  ) throws(OutlastingActivity) {
    while slots[slot].next == slots[slot].end {
      if slots[slot].isInStep { ledgers[slot].steps += 1 }
      guard slots[slot].step <= slots[slot].steps else { return try endDevice(slot, in: &simulator, air) }
      slots[slot].beginNextStep(at: simulator.now)
      if watchesSteps {
        slots[slot].deadline = nil
        if slots[slot].isInStep { scheduleDeadline(slot, in: &simulator) }
      }
    }
    slots[slot].played = nil
    let activity = activities[slots[slot].next]
    if let air, let transmission = activity.transmission {
      return try transmit(activity, transmission, over: air, slot, in: &simulator)
    }
    if let air, try compute(activity, over: air, slot, in: &simulator) { return }
    if activity.kind == .server, try !enterServer(slot, in: &simulator) { return }
    try scheduleEnd(slot, in: &simulator)
  }

  /// Schedules the end of the activity that begins now.
  mutating func scheduleEnd(_ slot: Int, in simulator: inout Simulator<RoundEvent>) throws(OutlastingActivity) {
    try scheduleEnd(of: activities[slots[slot].next], slot, in: &simulator)
  }

  /// Schedules the end of the activity that begins now, as long as it takes.
  mutating func scheduleEnd(
    of activity: Itinerary.Activity, _ slot: Int, in simulator: inout Simulator<RoundEvent>
  ) throws(OutlastingActivity) {
    slots[slot].elapsed += activity.time
    guard let span = SimTime(checking: slots[slot].elapsed.value), slots[slot].start + span < .distantFuture else {
      throw ledgers[slot].itinerary.outlasts(activity)
    }
    // A wait ends on a tick, and so may lie half a tick behind the sum of the doubles.
    let due = max(slots[slot].start + span, simulator.now)
    slots[slot].due = due
    simulator.schedule(activity.kind, entity: slots[slot].device, tag: slots[slot].step, at: due)
  }

  private mutating func endDevice(
    _ slot: Int, in simulator: inout Simulator<RoundEvent>, _ air: (any Air)?
  ) throws(OutlastingActivity) {
    settleBattery(slot, at: simulator.now, air)
    ledgers[slot].fallAsleep()
    slots[slot].isActive = false
    running -= 1
    noteEnd(slot, in: &simulator)
    if running > 0, isSequential { try beginDevice(slot + 1, in: &simulator, air) }
  }

  // MARK: - Deadline

  private mutating func scheduleDeadline(_ slot: Int, in simulator: inout Simulator<RoundEvent>) {
    guard let span else { return }
    let time = slots[slot].start + span
    guard time < .distantFuture else { return }
    slots[slot].deadline = time
    simulator.schedule(.deadline, entity: slots[slot].device, tag: slots[slot].step, at: time)
  }

  /// Lets a device leave the round: it has missed its deadline, lost its link, gone away, run empty or been withdrawn. What it has done of
  /// its activity counts, time and energy in proportion.
  mutating func leave(
    _ slot: Int, because kind: RoundEvent, at time: SimTime, in simulator: inout Simulator<RoundEvent>,
    _ air: (any Air)?
  ) throws(OutlastingActivity) {
    var (spent, span, wait) = (Joules.zero, Seconds.zero, Seconds.zero)
    if slots[slot].next < slots[slot].end {
      var activity = slots[slot].played ?? activities[slots[slot].next]
      activity.kind = activities[slots[slot].next].kind
      let isAtServer = activity.kind == .server
      let share = isAtServer ? try withdraw(slot, in: &simulator) : shareDone(slot, at: time)
      if isAtServer { wait = slots[slot].waited }
      activity.time = activity.time * share
      activity.energy = activity.energy * share
      enter(activity, slot)
      (spent, span) = (activity.energy, activity.time)
    }
    record(kind, at: time, slot: slot, energy: spent, span: span, wait: wait)
    ledgers[slot].isLate = true
    try endDevice(slot, in: &simulator, air)
  }

  private mutating func enter(_ activity: Itinerary.Activity, _ slot: Int) {
    ledgers[slot].enter(activity)
    if slots[slot].isInStep { ledgers[slot].played?.add(activity) }
  }

  /// The part of the activity under way that is done, of one whose end was known when it began.
  func shareDone(_ slot: Int, at time: SimTime) -> Double {
    let activity = slots[slot].played ?? activities[slots[slot].next]
    guard activity.time > .zero else { return 1 }
    let before = slots[slot].elapsed - activity.time
    return min(max((Seconds((time - slots[slot].start).seconds) - before) / activity.time, 0), 1)
  }

  mutating func record(
    _ kind: RoundEvent, at time: SimTime, slot: Int?, energy: Joules, span: Seconds = .zero, wait: Seconds = .zero
  ) {
    guard logsEvents else { return }
    if merging.carries, let slot { merger.lastRecords[slot] = time }
    loggedEvents.append(
      LoggedEvent(
        time: time, kind: kind, device: slot.map { slots[$0].device },
        block: slot.flatMap { ledgers[$0].itinerary.block },
        step: slot.flatMap { slots[$0].isInStep ? slots[$0].step : nil }, energy: energy, span: span, wait: wait))
  }
}
