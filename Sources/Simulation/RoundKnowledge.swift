import Allocation
import Synchronization

/// What round 1 of a world comes to whatever the policy, found once for the runs of one draw that differ in their policy
/// alone.
final class RoundKnowledge: Sendable {
  private let optimum = Mutex<Double?>(nil)
  private let feasibility = Mutex<[Feasibility]?>(nil)

  /// U*, by `find` where nobody has asked yet.
  func optimum(_ find: () throws -> Double) rethrows -> Double {
    if let known = optimum.withLock({ $0 }) { return known }
    let found = try find()
    optimum.withLock { $0 = found }
    return found
  }

  /// Each device's feasibility under the deadline, by `find` where nobody has asked yet.
  func feasibility(_ find: () -> [Feasibility]) -> [Feasibility] {
    if let known = feasibility.withLock({ $0 }) { return known }
    let found = find()
    feasibility.withLock { $0 = found }
    return found
  }
}
