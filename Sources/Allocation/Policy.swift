import Randomness

/// Decides, every round, who takes part, on which block, with which power and how many bits.
///
/// A policy is a value: the same problem and context give the same allocation. Every allocation must keep (22a–g);
/// the simulation checks that it does.
public protocol Policy: Sendable {
  /// Whether it plans with the deadline (22a). The simulation gives a policy that does not an infinite one and
  /// schedules no deadline event.
  var observesDeadline: Bool { get }

  /// The round's allocation.
  ///
  /// - Throws: ``PolicyError`` when the problem is not one that the policy can answer.
  func allocate(_ problem: Problem, in context: RoundContext) throws -> Allocation
}

extension Policy {
  /// Policies plan with the deadline unless they say otherwise.
  public var observesDeadline: Bool { true }
}

/// What a policy may know of the round beside the problem.
public struct RoundContext: Sendable {
  /// The round, from 1.
  public var round: Int
  /// Streams of random numbers of this run; a policy keys what it draws by the round.
  public var seed: Seed
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
