import Units

/// What a radio draws between two times on the air, by the states of sleep of 3GPP TR 38.840 (V16.0.0, FR1, clause 8.1).
///
/// | state | units | transition, units × ms | at least |
/// |---|---|---|---|
/// | micro | 45 | 0 | |
/// | light | 20 | 100 | 6 ms |
/// | deep | 1 | 450 | 20 ms |
///
/// A span is spent in the state in which it costs least, of those that it is long enough for. Ours: the report leaves to the evaluation
/// which state a device chooses; that a device knows how long it will not be on the air makes this the least that is possible.
public struct RadioSleep: Sendable, Hashable, Codable {
  /// Watts of one of the report's units.
  public var unit: Watts

  /// Sleep whose unit is `unit` watts.
  public init(unit: Watts) { self.unit = unit }

  /// Units asleep; the energy of falling asleep and waking up, in units × seconds; the shortest span, in seconds.
  private static let states: [(power: Double, transition: Double, least: Double)] = [
    (45, 0, 0), (20, 0.1, 0.006), (1, 0.45, 0.02),
  ]

  /// What a span between two times on the air costs.
  public func energy(of span: Seconds) -> Joules {
    guard span > .zero else { return .zero }
    let costs = Self.states.lazy.filter { span.value >= $0.least }.map { $0.power * span.value + $0.transition }
    return unit * Seconds(costs.min() ?? 0)
  }
}
