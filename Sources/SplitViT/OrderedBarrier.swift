import Dispatch
import Synchronization

/// An order among tasks that run side by side: a task's turn comes when all before it have ended theirs.
///
/// It cannot lock up where those that wait for their turns are taken in ascending order: the least one under way never waits for one
/// that nobody has begun.
final class OrderedBarrier: Sendable {
  private let ends: [DispatchSemaphore]
  private let line = Mutex(Line())

  /// Whose turn it is, and what others have left to be done in theirs.
  private struct Line: @unchecked Sendable {
    var next = 0
    var bodies: [Int: () -> Void] = [:]
  }

  init(count: Int) { ends = (0..<count).map { _ in DispatchSemaphore(value: 0) } }

  /// Does `body` behind the turns of all tasks before `task`; every task takes its turn once, or leaves it.
  func take(_ task: Int, _ body: () -> Void) {
    if task > 0 { ends[task - 1].wait() }
    body()
    pass(behind: task)
  }

  /// Has `body` done in the task's turn, now or by whoever ends the turn before it, and waits for nobody.
  func leave(_ task: Int, _ body: @escaping () -> Void) {
    nonisolated(unsafe) let body = body
    let isTurn = line.withLock { line in
      if line.next != task { line.bodies[task] = body }
      return line.next == task
    }
    guard isTurn else { return }
    body()
    pass(behind: task)
  }

  /// Waits for the end of the last turn; once, where there is one.
  func waitForAll() { ends.last?.wait() }

  private func pass(behind task: Int) {
    var task = task
    while true {
      let body = line.withLock { line in
        line.next = task + 1
        return line.bodies.removeValue(forKey: task + 1)
      }
      ends[task].signal()
      guard let body else { return }
      body()
      task += 1
    }
  }
}
