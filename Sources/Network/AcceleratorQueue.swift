/// A number of accelerators, each of which serves one job at a time to its end, and a line of jobs that wait for one.
///
/// The line is ordered by urgency and then by arrival: with equal urgencies, first in, first out. Jobs are small numbers (``RoundEngine`` has places of devices); each is here at most once.
///
/// - Complexity: O(log n) per job with n in line, and no allocation once as many have waited.
struct AcceleratorQueue: Sendable, Codable {
  let accelerators: Int
  private(set) var serving = 0
  private(set) var waiting = 0

  private(set) var line: JobHeap
  /// The arrival by which each job stands in line, 0 where it does not: a place with another one was given up.
  private(set) var standing: [Int]
  private(set) var arrivals = 0

  init(accelerators: Int, jobs: Int) {
    self.accelerators = accelerators
    standing = Array(repeating: 0, count: jobs)
    line = JobHeap(capacity: jobs)
  }

  /// Whether a job waits.
  func isWaiting(_ job: Int) -> Bool { standing[job] != 0 }

  /// Takes a job in: `true` where it is served at once, `false` where it waits. The least urgency is served first.
  mutating func submit(_ job: Int, urgency: Double) -> Bool {
    guard serving == accelerators else {
      serving += 1
      return true
    }
    arrivals += 1
    waiting += 1
    standing[job] = arrivals
    line.insert(JobHeap.Place(key: urgency, arrival: arrivals, job: job))
    return false
  }

  /// Ends the service of a job; the job that is served next, if any waits.
  mutating func release() -> Int? {
    while let first = line.first {
      line.removeFirst()
      guard standing[first.job] == first.arrival else { continue }
      standing[first.job] = 0
      waiting -= 1
      return first.job
    }
    serving -= 1
    return nil
  }

  /// Takes a job that waits out of the line.
  mutating func withdraw(_ job: Int) {
    standing[job] = 0
    waiting -= 1
  }
}
