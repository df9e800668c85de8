/// One figure of a table.
public struct TableEntry<Value: Sendable & Encodable>: Sendable, Encodable {
  /// Ours, unrounded; `nil` where no rule is known that leads to the paper's.
  public let ours: Value?
  /// The paper's, as printed.
  public let paper: Value
  /// Digits that the paper prints behind the point.
  public let decimals: Int
  /// Why they differ; `nil` where ours rounds to the paper's.
  public let difference: String?

  init(_ ours: Value?, paper: Value, decimals: Int = 0, difference: String? = nil) {
    self.ours = ours
    self.paper = paper
    self.decimals = decimals
    self.difference = difference
  }

  /// Writes `ours`, `paper` and `difference`, `null` where absent.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(ours, forKey: .ours)
    try container.encode(paper, forKey: .paper)
    try container.encode(difference, forKey: .difference)
  }

  private enum CodingKeys: String, CodingKey {
    case ours
    case paper
    case difference
  }
}
