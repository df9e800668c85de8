import Units

/// What a policy's session carries from one round to the next. A checkpoint keeps it, so a run that goes on decides as one
/// that was never stopped.
public struct PolicyMemory: Codable, Sendable, Hashable {
  /// Numbers that mean what the policy says they mean: a round, an average, a queue, usually one per device. Empty in a
  /// run's first round.
  public var numbers: [Double]
  /// What a policy outside this process asked to be kept, as one line of JSON; `nil` where it asked for nothing.
  public var note: String?
  /// What a policy outside this process is still to be told of the last round, as one line of JSON; `nil` where it knows all.
  public var untold: String?

  /// A memory; empty unless said otherwise.
  public init(numbers: [Double] = [], note: String? = nil, untold: String? = nil) {
    self.numbers = numbers
    self.note = note
    self.untold = untold
  }

  /// Has `count` numbers from now on: those kept, or `first` of each place where none are kept yet.
  ///
  /// - Throws: ``PolicyError`` if another number of them was kept, as by a run of other devices.
  public mutating func begin(_ count: Int, _ first: (Int) -> Double = { _ in 0 }) throws(PolicyError) {
    if numbers.isEmpty { numbers = (0..<count).map(first) }
    guard numbers.count == count else {
      throw PolicyError("\(numbers.count) numbers are kept of the rounds before; these devices need \(count)")
    }
  }
}

/// What a round came to, as a policy may learn of it once the round has ended.
public struct RoundOutcome: Sendable, Hashable {
  /// One participant.
  public struct Participant: Sendable, Hashable {
    /// n, from 0.
    public var device: Int
    /// Whether it missed the deadline.
    public var isLate: Bool
    /// Seconds from the round's start to the device's own end.
    public var time: Seconds
    /// What it spent on the whole round, computing and sending.
    public var energy: Joules

    /// A participant.
    public init(device: Int, isLate: Bool, time: Seconds, energy: Joules) {
      self.device = device
      self.isLate = isLate
      self.time = time
      self.energy = energy
    }
  }

  /// The round, from 1.
  public var round: Int
  /// What the policy answered, at the prices of the problem that it saw.
  public var allocation: Allocation
  /// Those admitted, devices ascending.
  public var participants: [Participant]

  /// The outcome of a round.
  public init(round: Int, allocation: Allocation, participants: [Participant]) {
    self.round = round
    self.allocation = allocation
    self.participants = participants
  }
}
