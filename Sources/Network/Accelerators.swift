/// How many devices a server works for at once, and whose turn it is where more have come.
///
/// Each accelerator serves one device at a time, at the speed of Eq. (11). Ours: the paper's server serves everybody at once.
public struct Accelerators: Sendable, Hashable, Codable {
  /// Whose turn it is.
  public enum Discipline: String, Sendable, Hashable, Codable, CaseIterable {
    /// Who came first, and to the end.
    case fifo
    /// Everybody's: those at the server get equal parts of its accelerators, at most one each.
    case processorSharing = "processor-sharing"
    /// Who can afford the least delay, and to the end: the least time from the end of what is left to do to the deadline;
    /// without a deadline, who has the most left to do in the round.
    case leastSlack = "least-slack"
  }

  /// How many there are, at least 1.
  public var count: Int
  /// Whose turn it is.
  public var discipline: Discipline

  /// As many as nobody waits for.
  public static let unlimited = Accelerators(count: .max)

  /// `count` accelerators.
  public init(count: Int, discipline: Discipline = .fifo) {
    precondition(count >= 1, "a server has an accelerator")
    self.count = count
    self.discipline = discipline
  }
}
