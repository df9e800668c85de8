import Dispatch
import Synchronization

extension Range<Int> {
  /// One of `count` runs that the range falls into, as alike in length as can be.
  package func share(_ index: Int, of count: Int) -> Range<Int> {
    lowerBound + self.count * index / count..<lowerBound + self.count * (index + 1) / count
  }

  /// What `body` makes of each of `count` shares, in their order, on as many threads as there are.
  package func concurrentShares<Part: Sendable>(of count: Int, _ body: @Sendable (Range<Int>) -> Part) -> [Part] {
    let parts = Mutex([Part?](repeating: nil, count: count))
    DispatchQueue.concurrentPerform(iterations: count) { index in
      let part = body(share(index, of: count))
      parts.withLock { $0[index] = part }
    }
    return parts.withLock { $0.compactMap(\.self) }
  }
}
