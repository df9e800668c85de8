import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Ctrl-C asks a run to end after its round; a second one ends the process at once.
enum Interruption {
  private static let requested = Atomic<Bool>(false)

  /// Whether the run should end.
  static var isRequested: Bool { requested.load(ordering: .relaxed) }

  /// Listens to SIGINT and SIGTERM from now on, except where the caller has them ignored, as `nohup` and background jobs
  /// of scripts do. A launcher may hand down both blocked, which nobody means.
  static func listen() {
    // The first use, so that the handler finds the flag made.
    requested.store(false, ordering: .relaxed)
    var numbers = sigset_t()
    sigemptyset(&numbers)
    for number in [SIGINT, SIGTERM] {
      sigaddset(&numbers, number)
      var action = sigaction()
      guard sigaction(number, nil, &action) == 0, !action.isIgnored else { continue }
      signal(number) { number in
        Interruption.requested.store(true, ordering: .relaxed)
        signal(number, SIG_DFL)
      }
    }
    sigprocmask(SIG_UNBLOCK, &numbers, nil)
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
