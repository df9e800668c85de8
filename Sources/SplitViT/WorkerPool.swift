import Dispatch
import Synchronization

/// Replicas that work side by side, one a thread.
///
/// Tasks are taken in ascending order, so a task may wait for those before it, see ``OrderedBarrier``. Which worker takes which
/// task leaves no trace in any result.
///
/// A replica is with one thread at a time: with a task of ``forEach(_:prepare:_:)``, or with what ``takeIdle()`` gave it for, which
/// gets none while tasks wait.
final class WorkerPool: @unchecked Sendable {
  /// The most threads that work at once.
  let threads: Int
  /// Made by the thread that hands out tasks, which alone makes more.
  private(set) var replicas: [Replica] = []
  /// Called where a replica is left idle, by whatever thread leaves it.
  var whenIdle: (() -> Void)?
  private let make: () -> Replica
  private let desk = Mutex(Desk())

  /// Which replicas nobody has, and who waits for one.
  private struct Desk: @unchecked Sendable {
    var idle: [Replica] = []
    var waiting: [Waiter] = []
  }

  private final class Waiter: @unchecked Sendable {
    let arrival = DispatchSemaphore(value: 0)
    var replica: Replica?
  }

  /// A pool of up to `threads` replicas, each made when it is first needed.
  init(threads: Int, make: @escaping () -> Replica) {
    self.threads = max(1, threads)
    self.make = make
  }

  /// The worker for what goes one step after another.
  var first: Replica {
    grow(to: 1)
    return replicas[0]
  }

  /// Does the tasks 0 ..< `count`, each on one replica that has been through `prepare`.
  func forEach(_ count: Int, prepare: (Replica) -> Void = { _ in }, _ body: (Replica, Int) -> Void) {
    let workers = min(threads, count)
    grow(to: workers)
    guard workers > 0 else { return }
    // A replica is with one thread, and tasks share nothing but what `body` takes turns on.
    nonisolated(unsafe) let (prepare, body) = (prepare, body)
    let next = Atomic<Int>(0)
    @Sendable func work() {
      withReplica { replica in
        prepare(replica)
        while true {
          let task = next.add(1, ordering: .relaxed).oldValue
          guard task < count else { return }
          body(replica, task)
        }
      }
    }
    guard workers > 1 else { return work() }
    DispatchQueue.concurrentPerform(iterations: workers) { _ in work() }
  }

  /// Does `body` for each replica that there is; none may be at work.
  func forEachReplica(_ body: (Replica) -> Void) { replicas.forEach(body) }

  /// Makes as many replicas as `count` tasks side by side need.
  func grow(to count: Int) {
    while replicas.count < min(threads, count) {
      let replica = make()
      replicas.append(replica)
      giveBack(replica)
    }
  }

  /// A replica that nobody has or waits for, until it is given back.
  func takeIdle() -> Replica? { desk.withLock { $0.waiting.isEmpty ? $0.idle.popLast() : nil } }

  /// Hands a replica to who has waited longest, or leaves it idle.
  func giveBack(_ replica: Replica) {
    let next: Waiter? = desk.withLock { desk in
      guard !desk.waiting.isEmpty else {
        desk.idle.append(replica)
        return nil
      }
      return desk.waiting.removeFirst()
    }
    guard let next else {
      whenIdle?()
      return
    }
    next.replica = replica
    next.arrival.signal()
  }

  private func withReplica(_ body: (Replica) -> Void) {
    let waiter = Waiter()
    let idle: Replica? = desk.withLock { desk in
      if desk.idle.isEmpty { desk.waiting.append(waiter) }
      return desk.idle.popLast()
    }
    if idle == nil { waiter.arrival.wait() }
    guard let replica = idle ?? waiter.replica else { return }
    body(replica)
    giveBack(replica)
  }
}
