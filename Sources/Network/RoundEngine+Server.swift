import EventKernel
import Units

/// What devices do at the server: come, wait or share, and go.
extension RoundEngine {
  /// The time in which the server served anybody.
  public var serverBusy: SimTime { meter.busy }

  /// The sum over devices of the times in which the server served them: what its accelerators worked.
  public var serverServed: SimTime { meter.served }

  /// The sum over devices of the times in which they waited at the server.
  public var serverWaited: SimTime { meter.waited }

  /// Lets a device come to the server; `true` where its service begins and its end is known.
  mutating func enterServer(
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
  mutating func leaveServer(
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
  mutating func withdraw(
    _ slot: Int, in simulator: inout Simulator<RoundEvent>
  ) throws(OutlastingActivity) -> Double {
    let now = simulator.now
    let stay = Seconds((now - slots[slot].arrival).seconds)
    switch service {
    case .everybody:
      meter.change(serving: meter.serving - 1, at: now)
      return shareDone(slot, at: now)
    case .queue where queue.isWaiting(slot):
      queue.withdraw(slot)
      meter.change(serving: queue.serving, waiting: queue.waiting, at: now)
      wait(slot, stay)
      return 0
    case .queue:
      let share = shareDone(slot, at: now)
      try releaseAccelerator(in: &simulator)
      return share
    case .sharing:
      let service = activities[slots[slot].next].time
      let served = sharing.withdraw(slot, at: now)
      wait(slot, max(.zero, stay - served))
      try scheduleNextOfShared(in: &simulator)
      return service > .zero ? min(served / service, 1) : 1
    }
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
}
