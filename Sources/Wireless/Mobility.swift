import Units

/// How devices move.
public enum Mobility: Sendable, Hashable {
  /// They stand where their distance says, in a direction drawn by name; as in the paper.
  case `static`

  /// The grid in time on which positions are looked at; infinite where nothing moves.
  public var interval: Seconds {
    switch self {
    case .static: .infinity
    }
  }
}
