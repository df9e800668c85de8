import CAirSplit
import Environments
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// What is open, by handle: a number that was closed, or never given, is found out.
enum OpenHandles {
  private struct Table {
    var last: Int64 = 0
    var batches: [Int64: OpenBatch] = [:]
  }

  private static let table = Mutex(Table())
  /// The process that used the library first, 0 before that.
  private static let process = Atomic<Int32>(0)

  /// Keeps a batch, and says by which handle.
  static func add(_ batch: EnvironmentBatch) -> Int64 {
    table.withLock { table in
      table.last += 1
      table.batches[table.last] = OpenBatch(batch)
      return table.last
    }
  }

  /// Forgets a handle.
  static func remove(_ handle: Int64) throws {
    guard table.withLock({ $0.batches.removeValue(forKey: handle) }) != nil else { throw notOpen(handle) }
  }

  /// Calls `body` with what a handle is, which nobody else may be using.
  static func use(_ handle: Int64, _ body: (EnvironmentBatch) throws -> Void) throws {
    guard let open = table.withLock({ $0.batches[handle] }) else { throw notOpen(handle) }
    guard !open.isInUse.exchange(true, ordering: .acquiring) else {
      throw EnvironmentError("another thread is using handle \(handle)")
    }
    defer { open.isInUse.store(false, ordering: .releasing) }
    try body(open.batch)
  }

  /// A process that was forked has none of the threads of its parent, and may find its locks held for ever.
  static func checkProcess() throws {
    let caller = getpid()
    let (isFirst, first) = process.compareExchange(expected: 0, desired: caller, ordering: .relaxed)
    guard isFirst || first == caller else {
      throw EnvironmentError(
        "process \(caller) was forked from one that had used AirSplit's library; start it by 'spawn' or 'exec', or open "
          + "what it needs there and nowhere before")
    }
  }

  private static func notOpen(_ handle: Int64) -> EnvironmentError {
    EnvironmentError("handle \(handle) is not open; it was closed, or airsplit_open never gave it")
  }
}

/// Worlds and whether somebody is playing them.
private final class OpenBatch: Sendable {
  nonisolated(unsafe) let batch: EnvironmentBatch
  let isInUse = Atomic(false)

  init(_ batch: EnvironmentBatch) { self.batch = batch }
}
