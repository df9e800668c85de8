import Dispatch
import Foundation
import Synchronization

/// How many threads of this process have a core or wait for one, counted now and then by a thread of its own, which does not count.
final class ThreadCensus: Sendable {
  private let tally = Mutex((counts: 0, runnable: 0, isOver: false))
  private let over = DispatchSemaphore(value: 0)

  /// A count that begins now.
  init() {
    Thread.detachNewThread { [self] in
      while !tally.withLock(\.isOver) {
        let count = Self.runnable()
        tally.withLock { ($0.counts, $0.runnable) = ($0.counts + 1, $0.runnable + count) }
        Thread.sleep(forTimeInterval: 0.005)
      }
      over.signal()
    }
  }

  /// Ends it: the mean; 0 where the system does not tell.
  func end() -> Double {
    tally.withLock { $0.isOver = true }
    over.wait()
    return tally.withLock { Double($0.runnable) / Double(max(1, $0.counts)) }
  }

  /// Threads in state R, but for the one that asks.
  private static func runnable() -> Int {
    let folder = "/proc/self/task"
    let threads = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    let states = threads.compactMap { thread in
      // The state stands behind the name, which is in parentheses.
      (try? String(contentsOfFile: "\(folder)/\(thread)/stat", encoding: .utf8))?.split(separator: ")").last?
        .dropFirst().first
    }
    return max(0, states.count { $0 == "R" } - 1)
  }
}
