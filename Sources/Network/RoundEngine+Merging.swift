import EventKernel
import Units

/// When the devices of a round merge, what becomes of the others, and rounds that begin while devices are at work.
extension RoundEngine {
  /// When the devices that are done merge.
  public struct Merging: Sendable, Hashable, Codable {
    /// As soon as so many are done; `nil`: that does not matter.
    public var count: Int?
    /// So long after the round began; `nil`: that does not matter.
    public var span: Seconds?
    /// Whether those who are not done go on, and merge in a later round; where not, they are stopped.
    public var carries = false
    /// Whether others may begin within a round, as soon as a place is free.
    public var startsAnytime = false
    /// The most versions that a device may be behind; `nil`: any number.
    public var maximumStaleness: Int?

    /// When all are done, unless more is said.
    public init(
      count: Int? = nil, span: Seconds? = nil, carries: Bool = false, startsAnytime: Bool = false,
      maximumStaleness: Int? = nil
    ) {
      self.count = count
      self.span = span
      self.carries = carries
      self.startsAnytime = startsAnytime
      self.maximumStaleness = maximumStaleness
    }

    /// When all are done.
    public static let everybody = Merging()
  }

  /// What is known between two merges.
  struct Merger: Sendable, Codable {
    /// The round under way, from 1.
    var round = 0
    /// Slots that are done, in the order in which they were, where nobody's place is given away.
    var done: [Int] = []
    /// Those who are done and have given their places away, likewise.
    var arrivals: [DeviceLedger] = []
    /// Those who ended otherwise in this round, and have given their places away.
    var failures: [DeviceLedger] = []
    /// Whether an event is due that merges at once.
    var isMergeScheduled = false
    /// When time merges; `nil`: never in this round.
    var mergeDue: SimTime?
    /// Whether an event is due at which somebody else may begin.
    var isDecisionScheduled = false
    /// Whether that event has come, and nobody has answered yet.
    var isDecisionDue = false
    /// Whether the round is being merged.
    var isMerging = false
    /// When something was last recorded of who has each place, and for devices at work when the round began, what that was then.
    var lastRecords: [SimTime] = []
    var legStarts: [Int: SimTime] = [:]
    /// Those of this round that merge, and those who ended otherwise.
    var ended: [DeviceLedger] = []
  }

  /// Whether somebody may begin now: the caller answers by ``admit(_:in:over:emptyUntil:)``.
  public var isDecisionDue: Bool { merger.isDecisionDue }

  /// Devices that are at work, where work is carried over.
  public var devicesAtWork: [Int] { slots.filter(\.isActive).map(\.device) }

  /// Devices whose work of this round has ended, or waits for a merge, where work is carried over.
  public var devicesDone: [Int] { (merger.arrivals + merger.failures).map(\.device) }

  /// Who will merge if nothing comes between, where work is carried over: those who are done, in their order, and then those at work,
  /// the sooner the less their plans leave to do. How long they will wait for each other is not looked at.
  public var expectedToMerge: [Itinerary] {
    let left = ledgers.indices.filter { slots[$0].isActive }.map { slot in
      (slot, DeviceLedger(completing: ledgers[slot].itinerary).time - ledgers[slot].time)
    }
    let order = left.sorted { ($0.1, slots[$0.0].device) < ($1.1, slots[$1.0].device) }
    return merger.arrivals.map(\.itinerary) + order.map { ledgers[$0.0].itinerary }
  }

  /// Versions that somebody at work has begun with, or who waits for a merge; ascending.
  public var versionsInUse: [Int] {
    var versions = Set(merger.arrivals.map(\.itinerary.version))
    for (slot, ledger) in zip(slots, ledgers) where slot.isActive { versions.insert(ledger.itinerary.version) }
    return versions.sorted()
  }

  /// Joules that no round has told of yet, where work is carried over: what devices have spent that are at work, on activities that
  /// have ended, or that are done and wait for a merge.
  public var energyUnderWay: Joules {
    (ledgers + merger.arrivals + merger.failures).reduce(.zero) {
      $0 + $1.computeEnergy + $1.uplinkEnergy + $1.downlinkEnergy + $1.sleepEnergy
    }
  }

  /// The same with what activities under way have cost by `time`, in proportion to what is done of them; a radio's sleep counts from
  /// when it ends.
  public func energyUnderWay(at time: SimTime) -> Joules {
    slots.indices.reduce(energyUnderWay) { sum, slot in
      guard slots[slot].isActive, slots[slot].next < slots[slot].end else { return sum }
      let activity = slots[slot].played ?? activities[slots[slot].next]
      return activity.energy > .zero ? sum + activity.energy * shareDone(slot, at: time) : sum
    }
  }

  /// Who ended in the round that has just been merged, devices ascending: all of its devices, or where work is carried over those
  /// who merged and those who ended otherwise since the merge before.
  public var ended: [DeviceLedger] { merging.carries ? merger.ended : ledgers }

  /// When the activities began that were under way when the round began, by device, where events are kept.
  public var legsUnderWay: [Int: SimTime] { merger.legStarts }

  // MARK: - Rounds over devices at work

  /// Lets a round begin while others may be at work, where work is carried over.
  ///
  /// - Parameters:
  ///   - round: Its number, from 1, and that of the version that its devices begin with.
  ///   - emptyEnd: When it ends where nobody is at work or done.
  /// - Throws: ``OutlastingActivity`` where an activity takes longer than simulated time can count.
  public mutating func begin(
    round: Int, with itineraries: [Itinerary], in simulator: inout Simulator<RoundEvent>, over air: (any Air)? = nil,
    emptyUntil emptyEnd: SimTime = .zero
  ) throws(OutlastingActivity) {
    roundStart = simulator.now
    loggedEvents = []
    meter.restart(at: simulator.now)
    merger.round = round
    merger.legStarts = Dictionary(
      uniqueKeysWithValues: slots.indices.filter { slots[$0].isActive && logsEvents }.map {
        (slots[$0].device, merger.lastRecords[$0])
      })
    (merger.ended, merger.isMergeScheduled, merger.isDecisionScheduled) = ([], false, false)
    scheduleTimedMerge(in: &simulator)
    try admit(itineraries, in: &simulator, over: air, emptyUntil: emptyEnd)
  }

  /// Lets devices begin now that are not at work, on free places: the answer to a decision, also where it is nobody.
  ///
  /// - Throws: ``OutlastingActivity`` where an activity takes longer than simulated time can count.
  public mutating func admit(
    _ itineraries: [Itinerary], in simulator: inout Simulator<RoundEvent>, over air: (any Air)? = nil,
    emptyUntil emptyEnd: SimTime = .zero
  ) throws(OutlastingActivity) {
    merger.isDecisionDue = false
    let free = slots.indices.filter { !slots[$0].isActive }.prefix(itineraries.count)
    precondition(free.count == itineraries.count, "more devices than free places")
    for (slot, itinerary) in zip(free, itineraries) {
      place(itinerary, in: slot)
      merger.lastRecords[slot] = simulator.now
    }
    running += itineraries.count
    tabulate()
    for slot in free {
      scheduleDeparture(slot, in: &simulator)
      try beginDevice(slot, in: &simulator, air)
    }
    if let count = merging.count, merger.arrivals.count >= count {
      scheduleMerge(at: simulator.now, in: &simulator)
    } else if running == 0, !merger.isDecisionScheduled {
      scheduleMerge(
        at: merger.arrivals.isEmpty ? max(emptyEnd, simulator.now) : simulator.now, in: &simulator)
    }
  }

  /// Activities that a place has room for.
  static var roomOfPlace: Int { 16 }

  /// Makes places that nobody has.
  mutating func open(places: Int) {
    ledgers = Array(repeating: Self.nobody, count: places)
    activities = Array(
      repeating: .init(kind: .aggregated, time: .zero, energy: .zero), count: places * Self.roomOfPlace)
    slots = (0..<places).map(Self.emptyPlace)
    merger.lastRecords = Array(repeating: .zero, count: places)
    running = 0
  }

  static let nobody = DeviceLedger(Itinerary(device: 0, steps: 0, step: []))

  static func emptyPlace(_ slot: Int) -> Slot {
    let none = slot * roomOfPlace..<slot * roomOfPlace
    return Slot(
      device: 0, steps: 0, freshSteps: 0, fresh: none, cached: none, after: none, next: none.lowerBound,
      end: none.lowerBound)
  }

  /// Gives a place to a device that has done nothing yet.
  mutating func place(_ itinerary: Itinerary, in slot: Int) {
    var end = slot * Self.roomOfPlace
    func take(_ more: [Itinerary.Activity]) -> Range<Int> {
      for (index, activity) in more.enumerated() { activities[end + index] = activity }
      end += more.count
      return end - more.count..<end
    }
    let (before, fresh) = (take(itinerary.before), take(itinerary.step))
    slots[slot] = Slot(
      device: itinerary.device, steps: itinerary.steps, freshSteps: itinerary.freshSteps, fresh: fresh,
      cached: take(itinerary.cachedStep), after: take(itinerary.after), next: before.lowerBound, end: before.upperBound)
    ledgers[slot] = DeviceLedger(itinerary)
    if itinerary.isOverMovingAir { ledgers[slot].played = .init() }
    slots[slot].isActive = true
  }

  /// Writes down who has which place, also after a state was taken up whose own list is not to be trusted.
  public mutating func tabulate() {
    let pairs = slots.enumerated().filter(\.element.isActive).map { (slot: $0.offset, device: $0.element.device) }
    table = SlotTable(pairs, count: slots.count)
  }

  // MARK: - Merging

  /// What a device's end means for the others: the round may be over, or a place free.
  mutating func noteEnd(_ slot: Int, in simulator: inout Simulator<RoundEvent>) {
    guard !merger.isMerging else { return }
    if merging.carries {
      giveAway(slot)
    } else if merging.count != nil, !ledgers[slot].isLate {
      merger.done.append(slot)
    }
    let done = merging.carries ? merger.arrivals.count : merger.done.count
    if let count = merging.count, done >= count {
      scheduleMerge(at: simulator.now, in: &simulator)
    } else if running == 0, !merging.startsAnytime {
      scheduleMerge(at: simulator.now, in: &simulator)
    }
    if merging.startsAnytime, !merger.isDecisionScheduled {
      merger.isDecisionScheduled = true
      simulator.schedule(.decision, entity: 0, at: simulator.now)
    }
  }

  /// Notes what a device came to that is at work no more, so that somebody else can have its place.
  private mutating func giveAway(_ slot: Int) {
    if !ledgers[slot].isLate, let most = merging.maximumStaleness,
      merger.round - ledgers[slot].itinerary.version > most
    {
      (ledgers[slot].isStale, ledgers[slot].isLate) = (true, true)
    }
    if ledgers[slot].isLate {
      merger.failures.append(ledgers[slot])
    } else {
      merger.arrivals.append(ledgers[slot])
    }
    (slots[slot], ledgers[slot]) = (Self.emptyPlace(slot), Self.nobody)
  }

  mutating func scheduleMerge(at time: SimTime, in simulator: inout Simulator<RoundEvent>) {
    guard !merger.isMergeScheduled else { return }
    merger.isMergeScheduled = true
    simulator.schedule(.aggregated, entity: 0, at: time)
  }

  /// Lets time end the round, where it does.
  mutating func scheduleTimedMerge(in simulator: inout Simulator<RoundEvent>) {
    merger.mergeDue = nil
    guard let span = merging.span, let ticks = SimTime(checking: span.value) else { return }
    let due = simulator.now + max(ticks, .tick)
    guard due < .distantFuture else { return }
    merger.mergeDue = due
    simulator.schedule(.aggregated, entity: 0, tag: 1, at: due)
  }

  mutating func scheduleDeparture(_ slot: Int, in simulator: inout Simulator<RoundEvent>) {
    guard let departure = ledgers[slot].itinerary.departure, let time = SimTime(checking: departure.value),
      time < .distantFuture
    else { return }
    simulator.schedule(.left, entity: slots[slot].device, at: max(time, simulator.now))
  }

  mutating func takeDecision(at time: SimTime) {
    guard merger.isDecisionScheduled else { return }
    (merger.isDecisionScheduled, merger.isDecisionDue) = (false, true)
    record(.decision, at: time, slot: nil, energy: .zero)
  }

  /// Merges who is done; `false` where the event has no meaning any more.
  mutating func merge(
    _ event: Event<RoundEvent>, in simulator: inout Simulator<RoundEvent>, _ air: (any Air)?
  ) throws(OutlastingActivity) -> Bool {
    guard event.tag == 0 ? merger.isMergeScheduled : merger.mergeDue == event.time else { return false }
    if merging.carries {
      let count = min(merging.count ?? .max, merger.arrivals.count)
      merger.ended = (merger.arrivals.prefix(count) + merger.failures).sorted { $0.device < $1.device }
      merger.arrivals.removeFirst(count)
      merger.failures = []
      tabulate()
      meter.settle(at: event.time)
    } else if merging != .everybody {
      merger.isMerging = true
      try withdrawOthers(at: event.time, in: &simulator, air)
    }
    merger.mergeDue = nil
    record(.aggregated, at: event.time, slot: nil, energy: .zero)
    return true
  }

  /// Stops who is still at work; also who was done at the same instant as the last that merges, but comes after it.
  private mutating func withdrawOthers(
    at time: SimTime, in simulator: inout Simulator<RoundEvent>, _ air: (any Air)?
  ) throws(OutlastingActivity) {
    for slot in merger.done.dropFirst(merging.count ?? .max) {
      (ledgers[slot].isWithdrawn, ledgers[slot].isLate) = (true, true)
    }
    for slot in slots.indices where slots[slot].isActive {
      ledgers[slot].isWithdrawn = true
      try leave(slot, because: .withdrawn, at: time, in: &simulator, air)
    }
  }
}
