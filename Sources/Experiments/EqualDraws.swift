/// Repetitions that are no draws: nothing random differs between them.
public struct EqualDraws: Error, Sendable, Hashable, CustomStringConvertible {
  /// Repetitions that came to the same.
  public var count: Int

  /// `count` repetitions that came to the same.
  public init(count: Int) { self.count = count }

  /// Two sentences for the person who asked for draws.
  public var description: String {
    "all \(count) draws come to equal figures, to the last bit. Where devices and gains come from files and neither policy "
      + "nor training draws anything, repetitions are one draw, which has no interval and no p-value"
  }
}

extension RunTable {
  /// - Throws: ``EqualDraws`` where every point with two or more runs came to the same figures in all of them.
  public func requireDifferentDraws() throws(EqualDraws) {
    let points = repeatedPoints
    if points.all > 0, points.equal == points.all { throw EqualDraws(count: mostDraws) }
  }
}
