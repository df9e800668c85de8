import Randomness

/// Decides, every round, who takes part, on which block, with which power and how many bits.
///
/// A policy is a value: the same problem and context give the same allocation. Every allocation must keep (22a–g);
/// the simulation checks that it does.
public protocol Policy: Sendable {
  /// Whether it plans with the deadline (22a). The simulation gives a policy that does not an infinite one and
  /// schedules no deadline event.
  var observesDeadline: Bool { get }

  /// Whether a round's allocation depends on the rounds before it, through ``RoundContext/memory``.
  var remembersRounds: Bool { get }

  /// The round's allocation.
  ///
  /// - Throws: ``PolicyError`` when the problem is not one that the policy can answer.
  func allocate(_ problem: Problem, in context: RoundContext) throws -> Allocation

  /// What the policy carries into the next round, once a round has ended.
  ///
  /// - Parameters:
  ///   - outcome: What the round came to.
  ///   - problem: The problem that the policy was given.
  ///   - context: The context that it was given, with what it carried into this round.
  func memory(after outcome: RoundOutcome, of problem: Problem, in context: RoundContext) -> PolicyMemory
}

extension Policy {
  /// Policies plan with the deadline unless they say otherwise.
  public var observesDeadline: Bool { true }

  /// Every round is a problem of its own unless a policy says otherwise.
  public var remembersRounds: Bool { false }

  /// What it carried into this round.
  public func memory(after outcome: RoundOutcome, of problem: Problem, in context: RoundContext) -> PolicyMemory {
    context.memory
  }
}

/// What a policy may know of the round beside the problem.
public struct RoundContext: Sendable {
  /// The round, from 1.
  public var round: Int
  /// Streams of random numbers of this run; a policy keys what it draws by the round.
  public var seed: Seed
  /// What the policy carried over from the round before; empty in a run's first round.
  public var memory = PolicyMemory()
  /// Whether the policy is asked for the first time in a run: before its first round, or when a run goes on.
  public var beginsRun = false
  /// BCD's reference blocks, one a device, where the caller fixes them; drawn otherwise.
  public var initialBlocks: [Int]?
  /// The device on each block (−1: none) for `rb`, where the caller fixes it; drawn otherwise.
  public var deviceOnBlock: [Int]?

  /// The context of `round`.
  public init(round: Int, seed: Seed, initialBlocks: [Int]? = nil, deviceOnBlock: [Int]? = nil) {
    self.round = round
    self.seed = seed
    self.initialBlocks = initialBlocks
    self.deviceOnBlock = deviceOnBlock
  }
}

/// Why a policy could not answer.
public struct PolicyError: Error, Sendable, CustomStringConvertible {
  /// One sentence for the person who wrote the scenario.
  public var description: String

  /// An error that reads as `description`.
  public init(_ description: String) { self.description = description }
}
