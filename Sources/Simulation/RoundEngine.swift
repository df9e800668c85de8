import Allocation
import EventKernel
import Units

/// One round as a state machine over events.
///
/// Event times are integers. The end of a leg lies at its step's start + the rounded sum of the step's durations so
/// far, so that rounding does not add up within a step; the ledger adds the doubles themselves.
struct RoundEngine {
  /// An event that changed something: a row of `events.csv`.
  struct Happening: Sendable, Hashable {
    var time: SimTime
    var kind: RoundEvent
    var device: Int?
    var block: Int?
    var step: Int?
    var energy: Joules
  }

  /// The deadline that events watch over.
  enum Watch: Sendable, Hashable {
    case nothing
    case step(Seconds)
    case round(Seconds)
  }

  private(set) var ledgers: [DeviceLedger]
  private(set) var happenings: [Happening] = []
  /// The time in which the server served anybody.
  private(set) var serverBusy = SimTime.zero
  /// Places in ``ledgers``, one entry a server leg, in the order in which the server ended them.
  private var served: [Int] = []

  private var progress: [Progress]
  private var slots: [Int: Int] = [:]
  private var running: Int
  private var serving = 0
  private var servingSince = SimTime.zero
  private let isSequential: Bool
  private let watch: Watch
  private let recordsHappenings: Bool

  /// Where a device stands: step 0 is its first upload, `plan.steps + 1` its last one.
  private struct Progress {
    var step = 0
    var leg = 0
    var start = SimTime.zero
    var elapsed = Seconds.zero
    var deadline: SimTime?
    var isActive = false
  }

  /// A round of `plans`, of different devices in ascending order.
  init(plans: [DevicePlan], isSequential: Bool, watch: Watch, recordsHappenings: Bool) {
    self.isSequential = isSequential
    self.watch = watch
    self.recordsHappenings = recordsHappenings
    ledgers = plans.map(DeviceLedger.init(plan:))
    progress = Array(repeating: Progress(), count: plans.count)
    running = plans.count
    for (slot, plan) in plans.enumerated() { slots[plan.device] = slot }
  }

  /// Lets the round begin now: all devices, or the first one where they follow each other.
  ///
  /// - Throws: ``SimulationError`` where a leg takes longer than simulated time can count.
  mutating func begin(in simulator: inout Simulator<RoundEvent>) throws(SimulationError) {
    if running == 0 {
      simulator.schedule(.aggregated, entity: 0, at: simulator.now)
    }
    for slot in ledgers.indices.prefix(isSequential ? 1 : ledgers.count) {
      try beginDevice(slot, in: &simulator)
    }
  }

  /// Takes an event in; `true` when it ended the round.
  ///
  /// - Throws: ``SimulationError`` where a leg takes longer than simulated time can count.
  mutating func handle(
    _ event: Event<RoundEvent>, in simulator: inout Simulator<RoundEvent>
  ) throws(SimulationError) -> Bool {
    if event.kind == .aggregated {
      record(.aggregated, at: event.time, slot: nil, energy: .zero)
      return true
    }
    guard let slot = slots[event.entity], progress[slot].isActive else { return false }
    if event.kind == .deadline {
      // The deadline of a step that was done in time finds a later deadline in force.
      guard progress[slot].deadline == event.time else { return false }
      leaveServer(slot, at: event.time)
      let spent = enterUnfinishedLeg(slot, at: event.time)
      record(.deadline, at: event.time, slot: slot, energy: spent)
      ledgers[slot].isLate = true
      try endDevice(slot, in: &simulator)
      return false
    }
    guard let leg = currentLeg(of: slot), leg.kind == event.kind, progress[slot].step == event.tag else { return false }
    leaveServer(slot, at: event.time)
    if leg.kind == .server { served.append(slot) }
    ledgers[slot].enter(leg)
    record(leg.kind, at: event.time, slot: slot, energy: leg.energy)
    progress[slot].leg += 1
    try proceed(slot, in: &simulator)
    return false
  }

  /// Places in ``ledgers``, one entry a completed step, in the order in which the server ended the steps.
  var serverOrder: [Int] {
    var seen = Array(repeating: 0, count: ledgers.count)
    return served.filter { slot in
      seen[slot] += 1
      return seen[slot] <= ledgers[slot].steps
    }
  }

  // MARK: - One device

  private mutating func beginDevice(
    _ slot: Int, in simulator: inout Simulator<RoundEvent>
  ) throws(SimulationError) {
    progress[slot].isActive = true
    progress[slot].start = simulator.now
    if case .round(let limit) = watch {
      try scheduleDeadline(slot, limit, in: &simulator)
    }
    try proceed(slot, in: &simulator)
  }

  /// Schedules the end of the leg that comes next, over the seams between steps.
  private mutating func proceed(_ slot: Int, in simulator: inout Simulator<RoundEvent>) throws(SimulationError) {
    let plan = ledgers[slot].plan
    while progress[slot].leg == legs(of: slot).count {
      if stepNumber(of: slot) != nil { ledgers[slot].steps += 1 }
      guard progress[slot].step <= plan.steps else { return try endDevice(slot, in: &simulator) }
      progress[slot].step += 1
      progress[slot].leg = 0
      progress[slot].start = simulator.now
      progress[slot].elapsed = .zero
      if case .step(let limit) = watch {
        progress[slot].deadline = nil
        if stepNumber(of: slot) != nil { try scheduleDeadline(slot, limit, in: &simulator) }
      }
    }
    guard let leg = currentLeg(of: slot) else { return }
    progress[slot].elapsed += leg.time
    let end = try time(of: slot, after: progress[slot].elapsed, leg)
    if leg.kind == .server { enterServer(at: simulator.now) }
    simulator.schedule(leg.kind, entity: plan.device, tag: progress[slot].step, at: end)
  }

  private mutating func endDevice(_ slot: Int, in simulator: inout Simulator<RoundEvent>) throws(SimulationError) {
    progress[slot].isActive = false
    running -= 1
    if running == 0 {
      simulator.schedule(.aggregated, entity: 0, at: simulator.now)
    } else if isSequential {
      try beginDevice(slot + 1, in: &simulator)
    }
  }

  private func legs(of slot: Int) -> [DevicePlan.Leg] {
    let plan = ledgers[slot].plan
    if let step = stepNumber(of: slot) { return plan.legs(ofStep: step) }
    let upload = progress[slot].step == 0 ? plan.firstUpload : plan.lastUpload
    return upload.map { [$0] } ?? []
  }

  private func currentLeg(of slot: Int) -> DevicePlan.Leg? {
    let all = legs(of: slot)
    return progress[slot].leg < all.count ? all[progress[slot].leg] : nil
  }

  private func time(
    of slot: Int, after elapsed: Seconds, _ leg: DevicePlan.Leg
  ) throws(SimulationError) -> SimTime {
    guard let span = SimTime(checking: elapsed.value), progress[slot].start + span < .distantFuture else {
      throw ledgers[slot].plan.outlasts(leg)
    }
    return progress[slot].start + span
  }

  // MARK: - Deadline and server

  /// The least power puts T_n exactly on T_max: the deadline lies one tick behind T_max with its tolerance rounded up.
  private mutating func scheduleDeadline(
    _ slot: Int, _ limit: Seconds, in simulator: inout Simulator<RoundEvent>
  ) throws(SimulationError) {
    let nanoseconds = (limit.value * (1 + Problem.tolerance) * 1e9).rounded(.up)
    guard let span = SimTime(checking: nanoseconds / 1e9) else { return }
    let time = progress[slot].start + span + .tick
    guard time < .distantFuture else { return }
    progress[slot].deadline = time
    simulator.schedule(.deadline, entity: ledgers[slot].device, tag: progress[slot].step, at: time)
  }

  private mutating func enterServer(at time: SimTime) {
    if serving == 0 { servingSince = time }
    serving += 1
  }

  private mutating func leaveServer(_ slot: Int, at time: SimTime) {
    guard currentLeg(of: slot)?.kind == .server else { return }
    serving -= 1
    if serving == 0 { serverBusy += time - servingSince }
  }

  /// Enters what a device has done of its leg when it leaves the round: time and energy in proportion.
  private mutating func enterUnfinishedLeg(_ slot: Int, at time: SimTime) -> Joules {
    guard var leg = currentLeg(of: slot), leg.time > .zero else { return .zero }
    let before = progress[slot].elapsed - leg.time
    let share = (Seconds((time - progress[slot].start).seconds) - before) / leg.time
    leg.time = leg.time * min(max(share, 0), 1)
    leg.energy = leg.energy * min(max(share, 0), 1)
    ledgers[slot].enter(leg)
    return leg.energy
  }

  private mutating func record(_ kind: RoundEvent, at time: SimTime, slot: Int?, energy: Joules) {
    guard recordsHappenings else { return }
    happenings.append(
      Happening(
        time: time, kind: kind, device: slot.map { ledgers[$0].device }, block: slot.flatMap { ledgers[$0].plan.block },
        step: slot.flatMap { stepNumber(of: $0) }, energy: energy))
  }

  /// The step that a device is in, `nil` during the uploads before the first and after the last one.
  private func stepNumber(of slot: Int) -> Int? {
    let step = progress[slot].step
    return step >= 1 && step <= ledgers[slot].plan.steps ? step : nil
  }
}
