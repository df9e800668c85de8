import Numerics

/// A share of draws.
public struct Proportion: Sendable, Hashable {
  /// Draws that count, ties by half.
  public let successes: Double
  /// All draws n.
  public let count: Int

  /// `successes` of `count`.
  public init(successes: Double, count: Int) {
    self.successes = successes
    self.count = count
  }

  /// The share; `nil` of nothing.
  public var share: Double? { count > 0 ? successes / Double(count) : nil }

  /// Wilson's interval, which stays within 0 and 1 and is sound near them; `nil` of nothing.
  public func interval(confidence: Double = 0.95) -> ClosedRange<Double>? {
    guard let share, let z = try? Numerics.normalQuantile((1 + confidence) / 2) else { return nil }
    let n = Double(count)
    let centre = (share + z * z / (2 * n)) / (1 + z * z / n)
    let half = z / (1 + z * z / n) * (share * (1 - share) / n + z * z / (4 * n * n)).squareRoot()
    return max(0, centre - half)...min(1, centre + half)
  }
}
