import Foundation
import Synchronization

/// An order among tasks that run side by side: a task's turn comes when all before it have ended theirs. Who waits helps.
///
/// It cannot lock up where those that wait for their turns are taken in ascending order: the least one under way never waits for one
/// that nobody has begun.
final class OrderedBarrier: @unchecked Sendable {
  private let count: Int
  private let helpers: Helpers
  /// Whose turn it is.
  private let next = Atomic<Int>(0)
  /// What others have left to be done in their turns, under `lock`.
  private var bodies: [Int: () -> Void] = [:]
  private let lock = NSLock()

  init(count: Int, helpers: Helpers) {
    self.count = count
    self.helpers = helpers
  }

  /// Does `body` behind the turns of all tasks before `task`; every task takes its turn once, or leaves it.
  func take(_ task: Int, _ body: () -> Void) {
    wait(for: task)
    body()
    pass(behind: task)
  }

  /// Has `body` done in the task's turn, now or by whoever ends the turn before it, and waits for nobody.
  func leave(_ task: Int, _ body: @escaping () -> Void) {
    let isTurn = lock.withLock {
      let isTurn = next.load(ordering: .acquiring) == task
      if !isTurn { bodies[task] = body }
      return isTurn
    }
    guard isTurn else { return }
    body()
    pass(behind: task)
  }

  /// Waits for the end of the last turn.
  func waitForAll() { wait(for: count) }

  private func wait(for task: Int) { helpers.help { next.load(ordering: .sequentiallyConsistent) == task } }

  private func pass(behind task: Int) {
    var task = task
    while true {
      let body = lock.withLock {
        next.store(task + 1, ordering: .sequentiallyConsistent)
        return bodies.removeValue(forKey: task + 1)
      }
      helpers.wake()
      guard let body else { return }
      body()
      task += 1
    }
  }
}
