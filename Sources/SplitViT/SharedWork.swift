import CTensor
import Foundation
import Synchronization
import Units

/// Threads of a pool that wait, and compute pieces of what others are at meanwhile.
///
/// Who computes which piece, and how many pieces there are, leaves no trace in any result: what is shared out gives the same bits in
/// pieces of any size.
final class Helpers: @unchecked Sendable {
  /// What each of the pool's threads may be at, one a replica.
  let works: [SharedWork]
  /// Elements of simple work that are worth a piece of their own: some microseconds. Our choice.
  var leastElements = 16_384
  /// How many threads are waiting.
  let waiting = Atomic<Int>(0)
  /// Pieces of all works that nobody has taken.
  fileprivate let untaken = Atomic<Int>(0)

  /// How many of them have stopped looking.
  let asleep = Atomic<Int>(0)
  /// Foundation's, not `Mutex`: ThreadSanitizer does not see the latter's futex on Linux and reports races that are none.
  private let alarm = NSCondition()
  private let scratch: Int

  /// How often somebody who waits looks for pieces before going to sleep: longer than a thread computes alone between two operators
  /// of a step. Our choice.
  private static let looks = 4000

  /// Helpers for up to `threads` threads, each with `scratch` elements to compute in.
  init(threads: Int, scratch: Int) {
    works = (0..<max(1, threads)).map { _ in SharedWork() }
    self.scratch = scratch
    for work in works { work.helpers = self }
  }

  /// Computes pieces of others' work until `isOver`, of which somebody tells by ``wake()`` after it has become so.
  func help(until isOver: () -> Bool) {
    if isOver() { return }
    var own: UnsafeMutableRawPointer?
    defer { own?.deallocate() }
    func memory() -> UnsafeMutablePointer<Float> {
      let memory =
        own ?? .allocate(byteCount: scratch * MemoryLayout<Float>.stride, alignment: NetworkMemory.line)
      own = memory
      return memory.bindMemory(to: Float.self, capacity: scratch)
    }
    waiting.add(1, ordering: .relaxed)
    defer { waiting.subtract(1, ordering: .relaxed) }
    while true {
      wait { isOver() || untaken.load(ordering: .sequentiallyConsistent) > 0 }
      if isOver() { return }
      for work in works { while work.takePiece(memory) {} }
    }
  }

  /// Looks for a while, and then sleeps, until `isOver`.
  fileprivate func wait(until isOver: () -> Bool) {
    for _ in 0..<Self.looks {
      if isOver() { return }
      tensor_pause()
    }
    alarm.lock()
    asleep.add(1, ordering: .sequentiallyConsistent)
    while !isOver() { alarm.wait() }
    asleep.subtract(1, ordering: .sequentiallyConsistent)
    alarm.unlock()
  }

  /// Wakes those who sleep: there is a piece again, or what they wait for.
  func wake() {
    guard asleep.load(ordering: .sequentiallyConsistent) > 0 else { return }
    alarm.lock()
    alarm.broadcast()
    alarm.unlock()
  }
}

/// What one thread computes operator by operator, and lets ``Helpers`` take pieces of.
final class SharedWork: @unchecked Sendable {
  fileprivate(set) unowned(unsafe) var helpers: Helpers?
  private let untaken = Atomic<Int>(0)
  private let unfinished = Atomic<Int>(0)
  /// Read only by who has taken a piece, and so not while it changes.
  private var body: ((Int, UnsafeMutablePointer<Float>?) -> Void)?

  /// Does `body` for runs of items that together are 0 ..< `count`, side by side where somebody helps with `work`.
  ///
  /// - Parameters:
  ///   - grain: What all runs but the last are a multiple of.
  ///   - each: What an item costs, in elements of simple work.
  ///   - body: What to do for a run; where a helper does it, with the memory that it brings to compute in.
  static func share(
    _ work: SharedWork?, _ count: Int, grain: Int, each: Int,
    _ body: (Range<Int>, _ brought: UnsafeMutablePointer<Float>?) -> Void
  ) {
    guard let work, let helpers = work.helpers else { return body(0..<count, nil) }
    let grains = (count + grain - 1) / grain
    let pieces = min(
      1 + helpers.waiting.load(ordering: .relaxed), grains, count * each / helpers.leastElements)
    guard pieces > 1 else { return body(0..<count, nil) }
    work.share(pieces, with: helpers) { piece, memory in
      let run = (0..<grains).share(piece, of: pieces)
      body(run.lowerBound * grain..<min(count, run.upperBound * grain), memory)
    }
  }

  /// Does `body` for all of `pieces`.
  private func share(_ pieces: Int, with helpers: Helpers, _ body: (Int, UnsafeMutablePointer<Float>?) -> Void) {
    withoutActuallyEscaping(body) { body in
      self.body = body
      unfinished.store(pieces, ordering: .relaxed)
      untaken.store(pieces, ordering: .releasing)
      helpers.untaken.add(pieces, ordering: .sequentiallyConsistent)
      helpers.wake()
      while takePiece({ nil }) {}
      helpers.wait { unfinished.load(ordering: .sequentiallyConsistent) == 0 }
      self.body = nil
    }
  }

  /// Computes a piece that nobody has taken; `false` where there is none.
  fileprivate func takePiece(_ memory: () -> UnsafeMutablePointer<Float>?) -> Bool {
    var pieces = untaken.load(ordering: .relaxed)
    while pieces > 0 {
      let (exchanged, original) = untaken.compareExchange(
        expected: pieces, desired: pieces - 1, ordering: .acquiringAndReleasing)
      guard !exchanged else { break }
      pieces = original
    }
    guard pieces > 0, let helpers else { return false }
    helpers.untaken.subtract(1, ordering: .relaxed)
    body?(pieces - 1, memory())
    if unfinished.subtract(1, ordering: .sequentiallyConsistent).newValue == 0 { helpers.wake() }
    return true
  }
}
