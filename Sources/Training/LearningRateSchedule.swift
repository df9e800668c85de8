import CElementary
/// How the learning rate changes over the rounds of a run: the same for every step of a round.
public struct LearningRateSchedule: Sendable, Hashable {
  /// The course behind the warm-up.
  public enum Kind: String, Sendable, Hashable, CaseIterable {
    /// Always the full rate.
    case constant
    /// Half a cosine from the full rate down to ``LearningRateSchedule/floor`` of it in the last round.
    case cosine
  }

  /// The course.
  public var kind: Kind
  /// Rounds over which the rate rises in equal steps to its full value: in round r ≤ warmup it is r / (warmup + 1).
  public var warmupRounds: Int
  /// Share of the full rate at which a cosine ends.
  public var floor: Double

  /// A constant rate without warm-up unless more is said.
  public init(kind: Kind = .constant, warmupRounds: Int = 0, floor: Double = 0) {
    self.kind = kind
    self.warmupRounds = warmupRounds
    self.floor = floor
  }

  /// The share of the full rate in `round`, from 1, of `rounds`.
  public func factor(round: Int, of rounds: Int) -> Double {
    if round <= warmupRounds { return Double(round) / Double(warmupRounds + 1) }
    guard kind == .cosine else { return 1 }
    let span = Double(max(1, rounds - warmupRounds - 1))
    let share = min(1, Double(round - warmupRounds - 1) / span)
    return floor + (1 - floor) * (1 + elementary_cospi(share)) / 2
  }
}
