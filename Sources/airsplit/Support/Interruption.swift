import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Ctrl-C and the signals by which cluster managers announce an end ask a run to end after its round. Ctrl-C or TERM once
/// more, at least a second later, ends the process at once: managers send the same signal twice in a row.
enum Interruption {
  private static let requested = Atomic<Bool>(false)
  /// When SIGINT and SIGTERM came first, in nanoseconds of the system's clock; 0 before.
  private static let firstInterrupt = Atomic<UInt64>(0)
  private static let firstTermination = Atomic<UInt64>(0)

  /// Whether the run should end.
  static var isRequested: Bool { requested.load(ordering: .relaxed) }

  /// Listens to signals from now on, except to those that the caller has ignored, as `nohup` and background jobs of scripts
  /// do. A launcher may hand them down blocked, which nobody means.
  static func listen() {
    // The first use, so that the handler finds all of it made.
    requested.store(false, ordering: .relaxed)
    firstInterrupt.store(0, ordering: .relaxed)
    firstTermination.store(0, ordering: .relaxed)
    var numbers = sigset_t()
    sigemptyset(&numbers)
    for number in [SIGINT, SIGTERM, SIGHUP, SIGUSR1, SIGUSR2] {
      sigaddset(&numbers, number)
      var action = sigaction()
      guard sigaction(number, nil, &action) == 0, !action.isIgnored else { continue }
      signal(number) { Interruption.take($0) }
    }
    sigprocmask(SIG_UNBLOCK, &numbers, nil)
  }

  /// Calls only what a handler of signals may.
  private static func take(_ number: Int32) {
    requested.store(true, ordering: .relaxed)
    if number == SIGINT && isInsistent(firstInterrupt) || number == SIGTERM && isInsistent(firstTermination) {
      signal(number, SIG_DFL)
      raise(number)
    }
  }

  /// Whether a signal comes a second or more after it first came, which is noted.
  private static func isInsistent(_ first: borrowing Atomic<UInt64>) -> Bool {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    let now = UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    let came = first.load(ordering: .relaxed)
    guard came != 0 else {
      first.store(now, ordering: .relaxed)
      return false
    }
    return now - came >= 1_000_000_000
  }
}

extension sigaction {
  fileprivate var isIgnored: Bool {
    #if canImport(Glibc)
      let handler = __sigaction_handler.sa_handler
    #else
      let handler = __sigaction_u.__sa_handler
    #endif
    return unsafeBitCast(handler, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
  }
}
