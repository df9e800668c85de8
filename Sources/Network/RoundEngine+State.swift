import EventKernel

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
        $0.itinerary == $1.itinerary && (0...$0.itinerary.steps).contains($0.steps)
      }
      && ledgers.count == fresh.ledgers.count && (0...slots.count).contains(running)
      && meter.isPossible(at: now, most: slots.count)
      && queue.isPossible(like: fresh.queue) && sharing.isPossible(like: fresh.sharing, at: now)
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
