import EventKernel

/// What a server did over time: integrals of how many it served and how many waited, exact to the tick.
struct ServerMeter: Sendable, Codable {
  /// The time in which it served anybody.
  private(set) var busy = SimTime.zero
  /// The sum of the times in which it served each.
  private(set) var served = SimTime.zero
  /// The sum of the times in which each waited.
  private(set) var waited = SimTime.zero

  private(set) var serving = 0
  private(set) var waiting = 0
  private(set) var since = SimTime.zero

  /// From now on, so many are served and so many wait.
  @inline(__always)
  mutating func change(serving: Int, waiting: Int = 0, at time: SimTime) {
    let span = time - since
    if self.serving > 0 {
      busy += span
      served += span * self.serving
    }
    if self.waiting > 0 { waited += span * self.waiting }
    (self.serving, self.waiting, since) = (serving, waiting, time)
  }

  /// Counts up to now.
  mutating func settle(at time: SimTime) { change(serving: serving, waiting: waiting, at: time) }

  /// Counts from now on.
  mutating func restart(at time: SimTime) {
    settle(at: time)
    (busy, served, waited) = (.zero, .zero, .zero)
  }
}

extension SimTime {
  /// At the latest the end of time, as sums are.
  fileprivate static func * (span: SimTime, count: Int) -> SimTime {
    let (product, overflows) = span.nanoseconds.multipliedReportingOverflow(by: UInt64(count))
    return overflows ? .distantFuture : SimTime(nanoseconds: product)
  }
}
