import Dispatch
import Foundation
import Training

/// Contributions that are trained on idle threads while they are under way in the simulated network, before their merge asks for them.
///
/// At most as many as there are threads are ahead of all merges, trained or in training; with those that a merge has taken and the
/// versions that are kept there are never more than places + threads models beside the newest one and the sum. What a merge asks for and nobody has begun is
/// left to it. No number depends on what is ahead.
final class EarlyTraining: @unchecked Sendable {
  private let pool: WorkerPool
  private let train: (Replica, Contribution) -> Void
  private var list = List()
  /// Of ``list``.
  private let lock = NSLock()
  private let running = DispatchGroup()

  private struct List {
    /// Not begun yet, in the order in which they are expected to merge.
    var waiting: [Contribution] = []
    /// In training, or done and not taken.
    var ahead: [Contribution] = []
    /// Taken by a merge that is not over.
    var taken: [Contribution] = []
    /// How many may be ahead or taken.
    var limit = 0
  }

  /// - Parameter train: What fills a contribution, on any thread.
  init(_ pool: WorkerPool, train: @escaping (Replica, Contribution) -> Void) {
    self.pool = pool
    self.train = train
    pool.whenIdle = { [weak self] in self?.begin() }
  }

  /// Those who are under way, first who is expected to merge first; others are dropped.
  ///
  /// - Parameters:
  ///   - keeping: What each has kept of its own.
  ///   - limit: How many may be ahead or taken.
  func expect(
    _ participants: [RoundWork.Participant], limit: Int, keeping own: (Int) -> TrainerState.DeviceState
  ) {
    lock.withLock {
      list.limit = limit
      for contribution in list.ahead where !participants.contains(where: contribution.isOf) { contribution.drop() }
      list.ahead.removeAll { !$0.isWanted }
      list.waiting = participants.compactMap { participant in
        if list.ahead.contains(where: { $0.isOf(participant) }) { return nil }
        return list.waiting.first { $0.isOf(participant) } ?? Contribution(participant, own: own(participant.device))
      }
    }
    pool.grow(to: participants.count)
    begin()
  }

  /// Takes those of `participants` that are in training or done, and leaves the others to the caller: `nil`.
  func take(_ participants: [RoundWork.Participant]) -> [Contribution?] {
    lock.withLock {
      participants.map { participant in
        list.waiting.removeAll { $0.isOf(participant) }
        guard let place = list.ahead.firstIndex(where: { $0.isOf(participant) }) else { return nil }
        let contribution = list.ahead.remove(at: place)
        list.taken.append(contribution)
        return contribution
      }
    }
  }

  /// Lets go of what the merge took that is over.
  func endMerge() {
    lock.withLock { list.taken = [] }
    begin()
  }

  /// Those in training, or done and taken by no merge.
  var ahead: [RoundWork.Participant] { lock.withLock { list.ahead.map(\.participant) } }

  /// Waits until all are done who may be begun.
  func settle() { running.wait() }

  /// Drops all that no merge has taken.
  func expectNobody() {
    expect([], limit: 0) { _ in .init() }
  }

  /// Drops all, and waits until nobody trains.
  func stop() {
    lock.withLock {
      for contribution in list.ahead + list.taken { contribution.drop() }
      (list.waiting, list.ahead, list.taken) = ([], [], [])
    }
    running.wait()
  }

  /// Begins what may be begun, on threads of their own.
  private func begin() {
    let count = lock.withLock { min(list.waiting.count, room) }
    for _ in 0..<max(0, count) { DispatchQueue.global().async(group: running) { [self] in trainNext() } }
  }

  /// How many may be begun now.
  private var room: Int {
    min(pool.threads - list.ahead.count, list.limit - list.ahead.count - list.taken.count)
  }

  private func trainNext() {
    guard let replica = pool.takeIdle() else { return }
    let next: Contribution? = lock.withLock {
      guard !list.waiting.isEmpty, room > 0 else { return nil }
      list.ahead.append(list.waiting.removeFirst())
      return list.ahead.last
    }
    guard let next else { return pool.giveBack(replica) }
    train(replica, next)
    next.end()
    pool.giveBack(replica)
  }
}
