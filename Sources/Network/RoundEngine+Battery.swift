import EventKernel
import Units

/// Batteries of devices at work.
extension RoundEngine {
  /// The batteries at `now` of devices that are at work, or done and not merged; where work is carried over.
  public func batteriesUnderWay(at now: SimTime, over air: (any Air)?) -> [(device: Int, battery: Battery)] {
    var known = zip(slots, ledgers).filter(\.0.isActive).map { (ledger: $0.1, load: $0.0.load) }
    known += (merger.arrivals + merger.failures).map { (ledger: $0, load: .zero) }
    return known.compactMap { ledger, load in
      guard var battery = ledger.battery else { return nil }
      battery.advance(to: Seconds(now.seconds), drawing: load, charger: Self.charger(of: ledger.device, air))
      return (ledger.device, battery)
    }
  }

  /// Draws from a battery what its device's work has taken until now.
  mutating func settleBattery(_ slot: Int, at now: SimTime, _ air: (any Air)?) {
    ledgers[slot].battery?.advance(
      to: Seconds(now.seconds), drawing: slots[slot].load, charger: Self.charger(of: slots[slot].device, air))
  }

  /// Notes what the activity under way draws, and when to look whether anything is left.
  mutating func watchBattery(_ slot: Int, in simulator: inout Simulator<RoundEvent>, _ air: (any Air)?) {
    let activity = slots[slot].played ?? activities[slots[slot].next]
    slots[slot].load = activity.time > .zero ? activity.energy / activity.time : .zero
    scheduleBatteryLook(slot, in: &simulator, air)
  }

  /// Looks at a battery that may be empty by now: its device leaves the round if so.
  mutating func lookAtBattery(
    _ slot: Int, at time: SimTime, in simulator: inout Simulator<RoundEvent>, _ air: (any Air)?
  ) throws(OutlastingActivity) {
    guard slots[slot].batteryLook == time else { return }
    settleBattery(slot, at: time, air)
    if ledgers[slot].battery?.charge == .zero {
      ledgers[slot].isEmpty = true
      return try leave(slot, because: .empty, at: time, in: &simulator, air)
    }
    scheduleBatteryLook(slot, in: &simulator, air)
  }

  private mutating func scheduleBatteryLook(
    _ slot: Int, in simulator: inout Simulator<RoundEvent>, _ air: (any Air)?
  ) {
    slots[slot].batteryLook = nil
    let look = ledgers[slot].battery?.nextLook(
      drawing: slots[slot].load, charger: Self.charger(of: slots[slot].device, air))
    guard let look, look.isFinite, let time = SimTime(checking: look.value) else { return }
    // A tick later, so that rounding leaves nothing in a battery that is to be empty.
    let due = max(time, simulator.now) + .tick
    guard due < .distantFuture else { return }
    slots[slot].batteryLook = due
    simulator.schedule(.empty, entity: slots[slot].device, tag: slots[slot].step, at: due)
  }

  private static func charger(of device: Int, _ air: (any Air)?) -> (Seconds) -> Presence {
    { air?.charger(of: device, at: $0) ?? .never }
  }
}
