import EventKernel
import Units

/// What keeps a damaged state from being taken for a round.
extension RoundEngine {
  /// Whether a round that began as `fresh` can stand here at `now`: the same devices with the same itineraries and the same
  /// server, each at some place of its own itinerary.
  public func canFollow(_ fresh: RoundEngine, at now: SimTime) -> Bool {
    let jobs = slots.indices
    return slots.count == fresh.slots.count && activities == fresh.activities && table == fresh.table
      && service == fresh.service && hasSameRules(as: fresh) && roundStart <= now && jobs.contains(all: served)
      && zip(slots, fresh.slots).allSatisfy { $0.canFollow($1, at: now) }
      && zip(ledgers, fresh.ledgers).allSatisfy {
        $0.itinerary == $1.itinerary && (0...$0.itinerary.steps).contains($0.steps) && $0.hasPossibleBattery(at: now)
      }
      && ledgers.count == fresh.ledgers.count && (0...slots.count).contains(running)
      && meter.isPossible(at: now, most: slots.count)
      && queue.isPossible(like: fresh.queue) && sharing.isPossible(like: fresh.sharing, at: now)
  }
}

/// The same where work is carried over, and a state is what rounds before have left.
extension RoundEngine {
  /// Whether devices at work can stand here at `now` in round `round`, or after it: in places like those of `fresh`, which has
  /// nobody in it, each at some place of its own itinerary; and others done.
  ///
  /// - Parameter devices: How many there are.
  public func canFollow(_ fresh: RoundEngine, at now: SimTime, round: Int, devices: Int) -> Bool {
    let known = ledgers.filter { $0 != Self.nobody } + merger.arrivals + merger.failures
    guard slots.count == fresh.slots.count, ledgers.count == slots.count, activities.count == fresh.activities.count,
      service == fresh.service, hasSameRules(as: fresh), merging == fresh.merging, roundStart <= now, served.isEmpty,
      running == slots.count(where: \.isActive), meter.isPossible(at: now, most: slots.count),
      queue.isPossible(like: fresh.queue), sharing.isPossible(like: fresh.sharing, at: now), merger.round == round,
      merger.done.isEmpty, merger.lastRecords.count == slots.count, Set(known.map(\.device)).count == known.count,
      known.allSatisfy({ $0.itinerary.isPossible(room: Self.roomOfPlace, devices: devices, round: round) }),
      known.allSatisfy({ (0...$0.itinerary.steps).contains($0.steps) && $0.hasPossibleBattery(at: now) })
    else { return false }
    var begun = fresh
    for slot in slots.indices where slots[slot].isActive { begun.place(ledgers[slot].itinerary, in: slot) }
    return slots.indices.allSatisfy { slot in
      guard slots[slot].isActive else { return slots[slot] == fresh.slots[slot] && ledgers[slot] == Self.nobody }
      let used = slot * Self.roomOfPlace..<begun.slots[slot].after.upperBound
      return slots[slot].canFollow(begun.slots[slot], at: now) && activities[used] == begun.activities[used]
    }
  }
}

extension Itinerary {
  fileprivate func isPossible(room: Int, devices: Int, round: Int) -> Bool {
    let activities = before + step + cachedStep + after
    return (0..<devices).contains(device) && activities.count <= room
      && (0..<Event<RoundEvent>.maximumTag).contains(steps) && (0...steps).contains(freshSteps)
      && (1...max(1, round)).contains(version)
      && activities.allSatisfy {
        $0.time.value >= 0 && $0.time.isFinite && $0.energy.isFinite && $0.kind.isOfDevice
      }
  }
}

extension DeviceLedger {
  fileprivate func hasPossibleBattery(at now: SimTime) -> Bool {
    guard let battery, let first = itinerary.battery else { return battery == nil && itinerary.battery == nil }
    return battery.canFollow(first, at: Seconds(now.seconds))
  }
}

extension RoundEvent {
  /// Whether it ends an activity.
  fileprivate var isOfDevice: Bool {
    switch self {
    case .downlink, .forward, .uplink, .server, .backward, .modelUpload: true
    case .deadline, .aggregated, .linkLost, .left, .decision, .withdrawn, .empty: false
    }
  }
}

extension Range<Int> {
  fileprivate func contains(all numbers: [Int]) -> Bool { numbers.allSatisfy(contains) }
}

extension RoundEngine.Slot {
  fileprivate func canFollow(_ fresh: RoundEngine.Slot, at now: SimTime) -> Bool {
    guard device == fresh.device, steps == fresh.steps, freshSteps == fresh.freshSteps, self.fresh == fresh.fresh,
      cached == fresh.cached, after == fresh.after, (0...steps + 1).contains(step), start <= now, arrival <= now
    else { return false }
    let place = step == 0 ? fresh.next..<fresh.end : step > steps ? after : step > freshSteps ? cached : self.fresh
    return end == place.upperBound && (place.lowerBound...place.upperBound).contains(next)
  }
}

extension ServerMeter {
  fileprivate func isPossible(at now: SimTime, most: Int) -> Bool {
    since <= now && (0...most).contains(serving) && (0...most).contains(waiting)
  }
}

extension AcceleratorQueue {
  fileprivate func isPossible(like fresh: AcceleratorQueue) -> Bool {
    accelerators == fresh.accelerators && standing.count == fresh.standing.count
      && (0...min(accelerators, standing.count)).contains(serving) && waiting == standing.count { $0 != 0 }
      && (0..<1 << 53).contains(arrivals) && line.isPossible(jobs: standing.indices)
  }
}

extension SharedAccelerators {
  fileprivate func isPossible(like fresh: SharedAccelerators, at now: SimTime) -> Bool {
    accelerators == fresh.accelerators && stays.count == fresh.stays.count && since <= now
      && count == stays.count { $0.arrival != 0 } && (0..<1 << 53).contains(arrivals)
      && (0..<1 << 53).contains(slowings) && ends.isPossible(jobs: stays.indices)
  }
}

extension JobHeap {
  fileprivate func isPossible(jobs: Range<Int>) -> Bool { places.allSatisfy { jobs.contains($0.job) } }
}
