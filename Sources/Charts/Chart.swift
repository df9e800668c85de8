/// A chart, to be drawn as SVG.
public struct Chart: Sendable {
  /// A chart of nothing.
  public init() {}
}
