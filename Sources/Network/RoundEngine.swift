import EventKernel
import Units
import Wireless

/// One round as a state machine over events: every device works through its itinerary, one activity after another.
///
/// Event times are integers. The end of an activity lies at its step's start + the rounded sum of the step's durations so
/// far, so that rounding does not add up within a step; the ledger adds the doubles themselves. All that an event touches
/// is flat: plain fields by slot, and the activities of all devices one after another, so that an event allocates nothing.
public struct RoundEngine: Sendable, Codable {
  /// An event that changed something: a row of `events.csv`.
  public struct LoggedEvent: Sendable, Hashable, Codable {
    /// When.
    public var time: SimTime
    /// What.
    public var kind: RoundEvent
    /// Whose it is; `nil` where it is nobody's.
    public var device: Int?
    /// The block that the device holds.
    public var block: Int?
    /// The step of the round, from 1; `nil` outside of steps.
    public var step: Int?
    /// What the part that ends here cost the device.
    public var energy: Joules
    /// What the device waited at the server in this part.
    public var wait = Seconds.zero
  }

  /// The deadline that events watch over.
  public enum DeadlineRule: Sendable, Hashable, Codable {
    /// Nobody is late.
    case none
    /// Who does not end a step within this time.
    case step(Seconds)
    /// Who does not end its round within this time.
    case round(Seconds)

    /// From the start of what is watched to the instant at which it is missed. The least power puts T_n exactly on T_max:
    /// this lies one tick behind T_max with its tolerance rounded up.
    fileprivate var span: SimTime? {
      switch self {
      case .none: nil
      case .step(let limit), .round(let limit):
        SimTime(checking: (limit.value * (1 + PowerControl.tolerance) * 1e9).rounded(.up) / 1e9).map { $0 + .tick }
      }
    }
  }

  /// What each device has done so far, in the order of the itineraries.
  public private(set) var ledgers: [DeviceLedger]
  /// What happened, where it is recorded.
  public private(set) var loggedEvents: [LoggedEvent] = []
  /// What the server did.
  private var meter = ServerMeter()
  /// Slots, one entry per activity of the server, in the order in which it ended them.
  private var served: [Int] = []

  /// Where each device stands, as ``ledgers`` has them.
  private var slots: [Slot]
  private let table: SlotTable
  /// Those of all devices.
  private let activities: [Itinerary.Activity]
  private var running: Int
  private var roundStart = SimTime.zero
  private let service: Service
  /// Those of a server whose accelerators are held one at a time.
  private var queue: AcceleratorQueue
  /// Those of a server that all share.
  private var sharing: SharedAccelerators
  private let isSequential: Bool
  private let watchesSteps: Bool
  private let watchesRounds: Bool
  private let span: SimTime?
  private let logsEvents: Bool
  private let recordsServerOrder: Bool

  /// How the server serves.
  private enum Service: Sendable, Codable {
    /// Everybody at once: an end is known before it begins.
    case everybody
    case queue(isUrgent: Bool)
    case sharing

    var isQueue: Bool { if case .queue = self { true } else { false } }
    var isSharing: Bool { if case .sharing = self { true } else { false } }
  }

  /// Where a device stands. Step 0 is what comes before the first one, `steps + 1` what comes after the last one.
  private struct Slot: Sendable, Codable {
    let device: Int
    let steps: Int
    let freshSteps: Int
    /// Of ``activities``: a fresh step, a cached one, what comes after the last one.
    let fresh: Range<Int>
    let cached: Range<Int>
    let after: Range<Int>

    var step = 0
    /// The activity under way, and where those of the step end.
    var next: Int
    var end: Int
    var start = SimTime.zero
    var elapsed = Seconds.zero
    var deadline: SimTime?
    /// When the activity under way ends, as far as that is foreseen.
    var due = SimTime.zero
    /// When it came to the server that it is at.
    var arrival = SimTime.zero
    /// What it waited there.
    var waited = Seconds.zero
    var isActive = false

    var isInStep: Bool { step >= 1 && step <= steps }

    mutating func beginNextStep(at time: SimTime) {
      step += 1
      let range = step > steps ? after : step > freshSteps ? cached : fresh
      (next, end, start, elapsed) = (range.lowerBound, range.upperBound, time, .zero)
    }
  }

  /// A round of `itineraries`, of different devices in ascending order.
  ///
  /// Where nobody can ever wait for the server, since it has an accelerator for each device or devices follow each other,
  /// the round is that of a server that serves everybody at once: all its ends are known beforehand.
  public init(
    _ itineraries: [Itinerary], isSequential: Bool, watch: DeadlineRule = .none,
    accelerators: Accelerators = .unlimited,
    logsEvents: Bool = false, recordsServerOrder: Bool = false
  ) {
    service =
      isSequential || accelerators.count >= itineraries.count
      ? .everybody
      : accelerators.discipline == .processorSharing
        ? .sharing : .queue(isUrgent: accelerators.discipline == .leastSlack)
    queue = AcceleratorQueue(accelerators: accelerators.count, jobs: service.isQueue ? itineraries.count : 0)
    sharing = SharedAccelerators(accelerators: accelerators.count, jobs: service.isSharing ? itineraries.count : 0)
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
    ledgers = itineraries.map { DeviceLedger($0) }
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
  }

  /// Lets the round begin now: all devices, or the first one where they follow each other.
  ///
  /// - Throws: ``OutlastingActivity`` where an activity takes longer than simulated time can count.
  public mutating func begin(in simulator: inout Simulator<RoundEvent>) throws(OutlastingActivity) {
    roundStart = simulator.now
    if running == 0 {
      simulator.schedule(.aggregated, entity: 0, at: simulator.now)
    }
    for slot in slots.indices.prefix(isSequential ? 1 : slots.count) {
      try beginDevice(slot, in: &simulator)
    }
  }

  /// Takes an event in; `true` when it ended the round.
  ///
  /// - Throws: ``OutlastingActivity`` where an activity takes longer than simulated time can count.
  public mutating func handle(
    _ event: Event<RoundEvent>, in simulator: inout Simulator<RoundEvent>
  ) throws(OutlastingActivity) -> Bool {
    let kind = event.kind
    if kind == .aggregated {
      record(.aggregated, at: event.time, slot: nil, energy: .zero)
      return true
    }
    guard let slot = table.slot(of: event.entity), slots[slot].isActive else { return false }
    if kind == .deadline {
      // The deadline of a step that was done in time finds a later deadline in force.
      guard slots[slot].deadline == event.time else { return false }
      try miss(slot, at: event.time, in: &simulator)
      return false
    }
    let next = slots[slot].next
    // What was cut off, in this round or one before, may still be pending: it ends nothing.
    guard next < slots[slot].end, slots[slot].due == event.time, activities[next].kind == kind,
      slots[slot].step == event.tag
    else { return false }
    if kind == .server {
      guard try leaveServer(slot, in: &simulator) else { return false }
      if recordsServerOrder { served.append(slot) }
    }
    ledgers[slot].enter(activities[next])
    record(kind, at: event.time, slot: slot, energy: activities[next].energy)
    slots[slot].next = next + 1
    try proceed(slot, in: &simulator)
    return false
  }

  /// The time in which the server served anybody.
  public var serverBusy: SimTime { meter.busy }

  /// The sum over devices of the times in which the server served them: what its accelerators worked.
  public var serverServed: SimTime { meter.served }

  /// The sum over devices of the times in which they waited at the server.
  public var serverWaited: SimTime { meter.waited }

  /// Places in ``ledgers``, one entry per completed step, in the order in which the server ended the steps.
  public var serverOrder: [Int] {
    var seen = Array(repeating: 0, count: ledgers.count)
    return served.filter { slot in
      seen[slot] += 1
      return seen[slot] <= ledgers[slot].steps
    }
  }

  // MARK: - One device

  private mutating func beginDevice(
    _ slot: Int, in simulator: inout Simulator<RoundEvent>
  ) throws(OutlastingActivity) {
    slots[slot].isActive = true
    slots[slot].start = simulator.now
    if watchesRounds { scheduleDeadline(slot, in: &simulator) }
    try proceed(slot, in: &simulator)
  }

  /// Schedules the end of the activity that comes next, over the seams between steps.
  private mutating func proceed(_ slot: Int, in simulator: inout Simulator<RoundEvent>) throws(OutlastingActivity) {
    while slots[slot].next == slots[slot].end {
      if slots[slot].isInStep { ledgers[slot].steps += 1 }
      guard slots[slot].step <= slots[slot].steps else { return try endDevice(slot, in: &simulator) }
      slots[slot].beginNextStep(at: simulator.now)
      if watchesSteps {
        slots[slot].deadline = nil
        if slots[slot].isInStep { scheduleDeadline(slot, in: &simulator) }
      }
    }
    if activities[slots[slot].next].kind == .server, try !enterServer(slot, in: &simulator) { return }
    try scheduleEnd(slot, in: &simulator)
  }

  /// Schedules the end of the activity that begins now.
  private mutating func scheduleEnd(_ slot: Int, in simulator: inout Simulator<RoundEvent>) throws(OutlastingActivity) {
    let activity = activities[slots[slot].next]
    slots[slot].elapsed += activity.time
    guard let span = SimTime(checking: slots[slot].elapsed.value), slots[slot].start + span < .distantFuture else {
      throw ledgers[slot].itinerary.outlasts(activity)
    }
    // A wait ends on a tick, and so may lie half a tick behind the sum of the doubles.
    let due = max(slots[slot].start + span, simulator.now)
    slots[slot].due = due
    simulator.schedule(activity.kind, entity: slots[slot].device, tag: slots[slot].step, at: due)
  }

  private mutating func endDevice(_ slot: Int, in simulator: inout Simulator<RoundEvent>) throws(OutlastingActivity) {
    slots[slot].isActive = false
    running -= 1
    if running == 0 {
      simulator.schedule(.aggregated, entity: 0, at: simulator.now)
    } else if isSequential {
      try beginDevice(slot + 1, in: &simulator)
    }
  }

  // MARK: - Deadline and server

  private mutating func scheduleDeadline(_ slot: Int, in simulator: inout Simulator<RoundEvent>) {
    guard let span else { return }
    let time = slots[slot].start + span
    guard time < .distantFuture else { return }
    slots[slot].deadline = time
    simulator.schedule(.deadline, entity: slots[slot].device, tag: slots[slot].step, at: time)
  }

  /// Lets a device leave the round: it has missed its deadline. What it has done of its activity counts, time and energy in
  /// proportion.
  private mutating func miss(
    _ slot: Int, at time: SimTime, in simulator: inout Simulator<RoundEvent>
  ) throws(OutlastingActivity) {
    var spent = Joules.zero
    if slots[slot].next < slots[slot].end {
      var activity = activities[slots[slot].next]
      if activity.kind != .server { slots[slot].waited = .zero }
      let share: Double
      if activity.kind == .server, case .everybody = service {
        meter.change(serving: meter.serving - 1, at: time)
        share = shareDone(slot, at: time)
      } else if activity.kind == .server {
        share = try withdraw(slot, in: &simulator)
      } else {
        share = shareDone(slot, at: time)
      }
      activity.time = activity.time * share
      activity.energy = activity.energy * share
      ledgers[slot].enter(activity)
      spent = activity.energy
    }
    record(.deadline, at: time, slot: slot, energy: spent)
    ledgers[slot].isLate = true
    try endDevice(slot, in: &simulator)
  }

  /// The part of the activity under way that is done, of one whose end was known when it began.
  private func shareDone(_ slot: Int, at time: SimTime) -> Double {
    let activity = activities[slots[slot].next]
    guard activity.time > .zero else { return 1 }
    let before = slots[slot].elapsed - activity.time
    return min(max((Seconds((time - slots[slot].start).seconds) - before) / activity.time, 0), 1)
  }

  // MARK: - At the server

  /// Lets a device come to the server; `true` where its service begins and its end is known.
  private mutating func enterServer(
    _ slot: Int, in simulator: inout Simulator<RoundEvent>
  ) throws(OutlastingActivity) -> Bool {
    let now = simulator.now
    switch service {
    case .everybody:
      meter.change(serving: meter.serving + 1, at: now)
      return true
    case .queue(let isUrgent):
      (slots[slot].arrival, slots[slot].waited) = (now, .zero)
      let begins = queue.submit(slot, urgency: isUrgent ? urgency(of: slot) : 0)
      meter.change(serving: queue.serving, waiting: queue.waiting, at: now)
      return begins
    case .sharing:
      (slots[slot].arrival, slots[slot].waited) = (now, .zero)
      sharing.submit(slot, service: activities[slots[slot].next].time, at: now)
      try scheduleNextOfShared(in: &simulator)
      return false
    }
  }

  /// Lets a device go whose service has ended; `false` where it has not, since others came after its end was foreseen.
  private mutating func leaveServer(
    _ slot: Int, in simulator: inout Simulator<RoundEvent>
  ) throws(OutlastingActivity) -> Bool {
    let now = simulator.now
    switch service {
    case .everybody:
      meter.change(serving: meter.serving - 1, at: now)
    case .queue:
      try releaseAccelerator(in: &simulator)
    case .sharing:
      guard let next = sharing.next, next.job == slot, next.time == now else { return false }
      let service = activities[slots[slot].next].time
      let wasSlowed = sharing.finishNext(at: now)
      let stay = Seconds((now - slots[slot].arrival).seconds)
      slots[slot].elapsed += service
      wait(slot, wasSlowed ? max(.zero, stay - service) : .zero)
      try scheduleNextOfShared(in: &simulator)
    }
    return true
  }

  /// Takes a device that missed its deadline away from the server; the part of its service that it had.
  private mutating func withdraw(
    _ slot: Int, in simulator: inout Simulator<RoundEvent>
  ) throws(OutlastingActivity) -> Double {
    let now = simulator.now
    let stay = Seconds((now - slots[slot].arrival).seconds)
    let service = activities[slots[slot].next].time
    if case .sharing = self.service {
      let served = sharing.withdraw(slot, at: now)
      wait(slot, max(.zero, stay - served))
      try scheduleNextOfShared(in: &simulator)
      return service > .zero ? min(served / service, 1) : 1
    }
    guard queue.isWaiting(slot) else {
      let share = shareDone(slot, at: now)
      try releaseAccelerator(in: &simulator)
      return share
    }
    queue.withdraw(slot)
    meter.change(serving: queue.serving, waiting: queue.waiting, at: now)
    wait(slot, stay)
    return 0
  }

  /// Gives an accelerator to who waits for it.
  private mutating func releaseAccelerator(in simulator: inout Simulator<RoundEvent>) throws(OutlastingActivity) {
    let next = queue.release()
    meter.change(serving: queue.serving, waiting: queue.waiting, at: simulator.now)
    guard let next else { return }
    wait(next, Seconds((simulator.now - slots[next].arrival).seconds))
    try scheduleEnd(next, in: &simulator)
  }

  private mutating func wait(_ slot: Int, _ time: Seconds) {
    slots[slot].elapsed += time
    slots[slot].waited = time
    ledgers[slot].wait(time)
  }

  /// Foresees the next end among those who share the server. One that was foreseen before and is no more finds another one.
  private mutating func scheduleNextOfShared(
    in simulator: inout Simulator<RoundEvent>
  ) throws(OutlastingActivity) {
    meter.change(serving: sharing.serving, waiting: sharing.waiting, at: simulator.now)
    guard let next = sharing.next else { return }
    guard next.time < .distantFuture else {
      throw ledgers[next.job].itinerary.outlasts(activities[slots[next.job].next])
    }
    slots[next.job].due = next.time
    simulator.schedule(.server, entity: slots[next.job].device, tag: slots[next.job].step, at: next.time)
  }

  /// By when its service must begin: the deadline less all that is left to do before it; without one, less all that is left to
  /// do in the round. The least is the most urgent.
  private func urgency(of slot: Int) -> Double {
    let place = slots[slot]
    func time(_ range: Range<Int>) -> Double { range.reduce(0) { $0 + activities[$1].time.value } }
    var left = time(place.next..<place.end)
    if !watchesSteps {
      let fresh = max(0, place.freshSteps - place.step)
      left += Double(fresh) * time(place.fresh)
      left += Double(max(0, place.steps - place.step - fresh)) * time(place.cached) + time(place.after)
    }
    // From the round's start, so that it does not depend on the rounds before.
    return (place.deadline.map { ($0 - roundStart).seconds } ?? 0) - left
  }

  private mutating func record(_ kind: RoundEvent, at time: SimTime, slot: Int?, energy: Joules) {
    guard logsEvents else { return }
    loggedEvents.append(
      LoggedEvent(
        time: time, kind: kind, device: slot.map { slots[$0].device },
        block: slot.flatMap { ledgers[$0].itinerary.block },
        step: slot.flatMap { slots[$0].isInStep ? slots[$0].step : nil }, energy: energy,
        wait: slot.map { kind == .server || kind == .deadline ? slots[$0].waited : .zero } ?? .zero))
  }
}
