import Dispatch
import Synchronization

/// Replicas that work side by side, one a thread.
///
/// Tasks are taken in ascending order, so a task may wait for those before it, see ``OrderedBarrier``. Which worker takes which
/// task leaves no trace in any result.
final class WorkerPool {
  /// The most threads that work at once.
  let threads: Int
  private let make: () -> Replica
  private(set) var replicas: [Replica] = []

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

  /// Does the tasks 0 ..< `count`, each on one replica.
  func forEach(_ count: Int, _ body: (Replica, Int) -> Void) {
    let workers = min(threads, count)
    grow(to: workers)
    guard workers > 1 else {
      for task in 0..<max(0, count) { body(replicas[0], task) }
      return
    }
    // Each replica goes to one thread, and tasks share nothing but what `body` takes turns on.
    nonisolated(unsafe) let replicas = replicas
    nonisolated(unsafe) let body = body
    let next = Atomic<Int>(0)
    DispatchQueue.concurrentPerform(iterations: workers) { worker in
      while true {
        let task = next.add(1, ordering: .relaxed).oldValue
        guard task < count else { return }
        body(replicas[worker], task)
      }
    }
  }

  /// Does `body` once for each of the first `count` replicas.
  func prepare(_ count: Int, _ body: (Replica) -> Void) {
    grow(to: min(threads, count))
    for replica in replicas.prefix(count) { body(replica) }
  }

  /// Does `body` for each replica that there is.
  func forEachReplica(_ body: (Replica) -> Void) { replicas.forEach(body) }

  private func grow(to count: Int) {
    while replicas.count < count { replicas.append(make()) }
  }
}

/// An order among tasks that run side by side: a task's turn comes when all before it have ended theirs.
///
/// It cannot lock up where tasks are taken in ascending order: the least one under way never waits.
final class OrderedBarrier: Sendable {
  private let ends: [DispatchSemaphore]

  init(count: Int) { ends = (0..<count).map { _ in DispatchSemaphore(value: 0) } }

  /// Does `body` behind the turns of all tasks before `task`; every task takes its turn once.
  func take(_ task: Int, _ body: () -> Void) {
    if task > 0 { ends[task - 1].wait() }
    body()
    ends[task].signal()
  }
}
