import Synchronization
import Units
import Wireless

/// The order of devices by their bounds, kept from one round to the next where nothing that it depends on has changed.
///
/// Fading is drawn anew every round, but what bounds it is not: among a million devices, those that could be worth most
/// are the same in every round. What is kept is only a short cut, so answers do not depend on it.
public final class BoundOrderCache: Sendable {
  private let kept = Mutex<(key: Key, order: DescendingOrder)?>(nil)

  /// A cache that holds nothing yet.
  public init() {}

  /// All that the order depends on.
  struct Key: Sendable {
    private let problem: Problem
    private let restriction: Restriction
    private let bounds: [Double]

    /// The key of a problem whose source shares its bounds with other rounds; nil for other sources.
    init?(_ problem: Problem, _ restriction: Restriction) {
      guard let bounds = problem.gains.upperBounds else { return nil }
      self.problem = problem
      self.restriction = restriction
      self.bounds = bounds
    }

    /// Whether both are of the same cell. The two long arrays must be the very same ones: the key keeps them alive, so
    /// that no other array can have come to lie where they do.
    func matches(_ other: Key) -> Bool {
      let (mine, theirs) = (problem, other.problem)
      return Self.isSame(bounds, other.bounds) && Self.isSame(mine.devices, theirs.devices)
        && restriction == other.restriction && mine.levels == theirs.levels && mine.cuts == theirs.cuts
        && mine.clockScales == theirs.clockScales
        && mine.bandwidth == theirs.bandwidth && mine.noise == theirs.noise && mine.deadline == theirs.deadline
        && mine.objective == theirs.objective && mine.downlink == theirs.downlink && mine.link == theirs.link
    }

    private static func isSame<Element>(_ left: [Element], _ right: [Element]) -> Bool {
      left.withUnsafeBufferPointer { left in
        right.withUnsafeBufferPointer { right in left.baseAddress == right.baseAddress && left.count == right.count }
      }
    }
  }

  /// Takes the order out, if it is the key's: it goes on being sorted where it is used.
  func take(_ key: Key) -> DescendingOrder? {
    kept.withLock { kept in
      guard let found = kept, found.key.matches(key) else { return nil }
      kept = nil
      return found.order
    }
  }

  /// Keeps an order for the next round.
  func keep(_ order: DescendingOrder, for key: Key) {
    kept.withLock { $0 = (key, order) }
  }
}
