import EventKernel
import Units

/// Activities whose end is not in the itinerary.
extension RoundEngine {
  /// Begins a transmission: its end is found at once, and one event is scheduled for it. Only a deadline ends it earlier.
  mutating func transmit(
    _ activity: Itinerary.Activity, _ transmission: Transmission, over air: any Air, _ slot: Int,
    in simulator: inout Simulator<RoundEvent>
  ) throws(OutlastingActivity) {
    let place = slots[slot]
    // From the sum of doubles, as the ledger has it, rather than from the tick that it was rounded to.
    let start = Seconds(place.start.seconds) + place.elapsed
    let limit = Seconds(((place.deadline ?? .distantFuture) - place.start).seconds) - place.elapsed + Seconds(2e-9)
    let delivery = air.delivery(
      of: transmission, kind: activity.kind, device: place.device, block: ledgers[slot].itinerary.block,
      step: place.step, from: start, within: limit)
    var played = activity
    switch delivery {
    case .after(let time): played.time = time
    case .lost(let time): (played.kind, played.time) = (.linkLost, time)
    case .beyondLimit: played.time = limit
    }
    played.energy = transmission.drawnPower * played.time
    slots[slot].played = played
    if delivery == .beyondLimit, place.deadline != nil {
      slots[slot].elapsed += played.time
      slots[slot].due = .distantFuture
    } else {
      try scheduleEnd(of: played, slot, in: &simulator)
    }
  }

  /// Begins to compute, faster or slower than planned; `false` where the activity is another, or the plan holds.
  mutating func compute(
    _ activity: Itinerary.Activity, over air: any Air, _ slot: Int, in simulator: inout Simulator<RoundEvent>
  ) throws(OutlastingActivity) -> Bool {
    guard activity.kind == .forward || activity.kind == .backward, ledgers[slot].itinerary.hasJitter else {
      return false
    }
    let slowness = air.slowness(
      device: slots[slot].device, step: slots[slot].step, version: ledgers[slot].itinerary.version)
    var played = activity
    (played.time, played.energy) = (activity.time * slowness, activity.energy * slowness)
    slots[slot].played = played
    try scheduleEnd(of: played, slot, in: &simulator)
    return true
  }
}
