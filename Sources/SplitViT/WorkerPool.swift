import Dispatch
import Foundation
import Synchronization

/// Replicas that work side by side, one a thread.
///
/// Tasks are taken in ascending order, so a task may wait for those before it, see ``OrderedBarrier``. Which worker takes which
/// task leaves no trace in any result. Threads for which there is no task, or none any more, help with those under way.
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
  /// Threads that wait.
  let helpers: Helpers
  private let make: (SharedWork) -> Replica
  /// Which replicas nobody has, and who waits for one, under ``lock``.
  private var idle: [Replica] = []
  private var waiting: [Waiter] = []
  private let lock = NSLock()

  private final class Waiter: @unchecked Sendable {
    let arrival = DispatchSemaphore(value: 0)
    var replica: Replica?
  }

  /// A pool of up to `threads` replicas, each made when it is first needed.
  ///
  /// - Parameter scratch: Elements that a helper needs to compute in.
  init(threads: Int, scratch: Int, make: @escaping (SharedWork) -> Replica) {
    self.threads = max(1, threads)
    self.make = make
    helpers = Helpers(threads: threads, scratch: scratch)
  }

  /// Does `body` on one replica, and all other threads help.
  func alone<Value>(_ body: (Replica) throws -> Value) throws -> Value {
    var result: Result<Value, any Error>?
    forEach(1) { replica, _ in result = Result { try body(replica) } }
    guard let result else { preconditionFailure("there is one task") }
    return try result.get()
  }

  /// Does the tasks 0 ..< `count`, each on one replica that has been through `prepare`.
  func forEach(_ count: Int, prepare: (Replica) -> Void = { _ in }, _ body: (Replica, Int) -> Void) {
    let workers = min(threads, count)
    grow(to: workers)
    guard workers > 0 else { return }
    // A replica is with one thread, and tasks share nothing but what `body` takes turns on.
    nonisolated(unsafe) let (prepare, body) = (prepare, body)
    let next = Atomic<Int>(0)
    let left = Atomic<Int>(count)
    @Sendable func work() {
      withReplica { replica in
        prepare(replica)
        while true {
          let task = next.add(1, ordering: .relaxed).oldValue
          guard task < count else { return }
          body(replica, task)
          if left.subtract(1, ordering: .sequentiallyConsistent).newValue == 0 { helpers.wake() }
        }
      }
    }
    // Where models are trained ahead of merges a replica that is left has better things to do.
    let helps = whenIdle == nil
    guard helps ? threads > 1 : workers > 1 else { return work() }
    DispatchQueue.concurrentPerform(iterations: helps ? threads : workers) { thread in
      if thread < workers { work() }
      if helps { helpers.help { left.load(ordering: .sequentiallyConsistent) == 0 } }
    }
  }

  /// Does `body` for each replica that there is; none may be at work.
  func forEachReplica(_ body: (Replica) -> Void) { replicas.forEach(body) }

  /// Makes as many replicas as `count` tasks side by side need.
  func grow(to count: Int) {
    while replicas.count < min(threads, count) {
      let replica = make(helpers.works[replicas.count])
      replicas.append(replica)
      giveBack(replica)
    }
  }

  /// A replica that nobody has or waits for, until it is given back.
  func takeIdle() -> Replica? { lock.withLock { waiting.isEmpty ? idle.popLast() : nil } }

  /// Hands a replica to who has waited longest, or leaves it idle.
  func giveBack(_ replica: Replica) {
    let next: Waiter? = lock.withLock {
      guard !waiting.isEmpty else {
        idle.append(replica)
        return nil
      }
      return waiting.removeFirst()
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
    let found: Replica? = lock.withLock {
      if idle.isEmpty { waiting.append(waiter) }
      return idle.popLast()
    }
    if found == nil { waiter.arrival.wait() }
    guard let replica = found ?? waiter.replica else { return }
    body(replica)
    giveBack(replica)
  }
}
