/// A fixed part of a sweep's runs: every n-th, from the i-th on.
public struct Shard: Sendable, Hashable, CustomStringConvertible {
  /// Which part, from 1.
  public var index: Int
  /// How many parts there are.
  public var count: Int

  /// All of it.
  public static let whole = Shard(index: 1, count: 1)

  private init(index: Int, count: Int) {
    self.index = index
    self.count = count
  }

  /// Reads `3/50`; `nil` where that is no part.
  public init?(_ text: String) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false).map { Int($0) }
    guard parts.count == 2, let index = parts[0], let count = parts[1], (1...1_000_000).contains(count),
      (1...count).contains(index)
    else { return nil }
    self.init(index: index, count: count)
  }

  /// Whether this part has the run at this place among all.
  public func has(_ place: Int) -> Bool { place % count == index - 1 }

  /// `3/50`.
  public var description: String { "\(index)/\(count)" }
}
