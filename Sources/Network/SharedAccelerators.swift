import EventKernel
import Units

/// A number of accelerators whose jobs all advance at once: each at the speed of one accelerator while there are enough of
/// them, and at an equal part of all of them from then on.
///
/// Every job gains the same amount of service per second, so one clock of service (``gained``) does for all, and the job that
/// ends first is the one whose end on that clock is the least.
///
/// - Complexity: O(log n) per job among n, and no allocation once as many have been here.
struct SharedAccelerators: Sendable, Codable {
  let accelerators: Int
  /// What a job that was here from the start has been served, in seconds of one accelerator.
  private var gained = 0.0
  private(set) var since = SimTime.zero
  /// Arrivals that found too few accelerators, or made them so: a job that came after the last of them was never slowed.
  private(set) var slowings = 0
  private(set) var arrivals = 0
  /// Jobs that are here.
  private(set) var count = 0

  /// What is known of a job that is here.
  struct Stay: Sendable, Codable {
    /// 0 where it is not here.
    var arrival = 0
    var begin = 0.0
    var end = 0.0
    var slowings = 0
  }

  private(set) var ends: JobHeap
  private(set) var stays: [Stay]

  init(accelerators: Int, jobs: Int) {
    self.accelerators = accelerators
    stays = Array(repeating: Stay(), count: jobs)
    ends = JobHeap(capacity: jobs)
  }

  /// How many accelerators work.
  var serving: Int { min(count, accelerators) }

  /// The jobs that are here beyond one per accelerator.
  var waiting: Int { count - serving }

  /// The job that ends next if none comes or goes before, and when.
  var next: (job: Int, time: SimTime)? {
    mutating get {
      while let first = ends.first {
        guard stays[first.job].arrival == first.arrival else {
          ends.removeFirst()
          continue
        }
        let left = max(0, first.key - gained) / speed
        let span = SimTime(checking: left) ?? .distantFuture
        return (first.job, since + span)
      }
      return nil
    }
  }

  /// Takes in a job that one accelerator would serve in `service`.
  mutating func submit(_ job: Int, service: Seconds, at time: SimTime) {
    advance(to: time)
    count += 1
    if count > accelerators { slowings += 1 }
    arrivals += 1
    let end = gained + service.value
    stays[job] = Stay(
      arrival: arrivals, begin: gained, end: end, slowings: count > accelerators ? slowings - 1 : slowings)
    ends.insert(JobHeap.Place(key: end, arrival: arrivals, job: job))
  }

  /// Ends the job that ends next; whether it ever got less than an accelerator.
  mutating func finishNext(at time: SimTime) -> Bool {
    advance(to: time)
    guard let first = ends.first else { return false }
    ends.removeFirst()
    // The event lies on a tick: the clock of service stands where the job ends.
    gained = first.key
    let wasSlowed = stays[first.job].slowings != slowings
    leave(first.job)
    return wasSlowed
  }

  /// Takes a job away that has not ended; the service that it was given.
  mutating func withdraw(_ job: Int, at time: SimTime) -> Seconds {
    advance(to: time)
    let served = Seconds(min(gained, stays[job].end) - stays[job].begin)
    leave(job)
    return served
  }

  private mutating func leave(_ job: Int) {
    stays[job].arrival = 0
    count -= 1
    // Differences keep their precision.
    if count == 0 {
      gained = 0
      ends.removeAll()
    }
  }

  /// Seconds of service per second.
  private var speed: Double { count > accelerators ? Double(accelerators) / Double(count) : 1 }

  private mutating func advance(to time: SimTime) {
    if count > 0 { gained += (time - since).seconds * speed }
    since = time
  }
}
