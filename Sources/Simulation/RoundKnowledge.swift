import Allocation
import Synchronization

/// What round 1 of a world comes to whatever the policy, found once for the runs of one draw that differ in their policy
/// alone.
final class RoundKnowledge: Sendable {
  /// U*.
  let optimum = Once<Double>()
  /// U of who knows the future.
  let clairvoyant = Once<Double?>()
  /// Each device's feasibility under the deadline.
  let feasibility = Once<[Feasibility]>()
  /// How many devices could meet the deadline on at least one block.
  let feasibleCount = Once<Int>()
}

/// A value that is found when somebody asks for it first.
final class Once<Value: Sendable>: Sendable {
  private let known = Mutex<Value?>(nil)

  /// The value; `find` may be called twice where two ask at once, and must then find the same.
  func value(_ find: () throws -> Value) rethrows -> Value {
    if let known = known.withLock({ $0 }) { return known }
    let found = try find()
    known.withLock { $0 = found }
    return found
  }
}
