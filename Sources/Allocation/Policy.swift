import Randomness

/// Decides, every round, who takes part, on which block, with which power and how many bits.
///
/// A policy is a value: the same problem and context give the same allocation. Every allocation must keep (22a–g);
/// the simulation checks that it does. One that decides by the rounds before is a ``RememberingPolicy``.
public protocol Policy: Sendable {
  /// Whether it plans with the deadline (22a). The simulation gives a policy that does not an infinite one and
  /// schedules no deadline event.
  var observesDeadline: Bool { get }

  /// What becomes of a round in which its answer breaks (22a–g).
  var violationRule: ViolationRule { get }

  /// The allocation of one round, on its own.
  ///
  /// - Throws: ``PolicyError`` when the problem is not one that the policy can answer.
  func allocate(_ problem: Problem, in context: RoundContext) throws -> Allocation

  /// The policy through a whole run, from its first round or from what a session before has kept.
  func session(resuming memory: PolicyMemory?) -> any PolicySession
}

extension Policy {
  /// Policies plan with the deadline unless they say otherwise.
  public var observesDeadline: Bool { true }

  /// A policy that breaks a constraint is at fault unless it says otherwise.
  public var violationRule: ViolationRule { .error }

  /// Every round is a problem of its own.
  public func session(resuming memory: PolicyMemory?) -> any PolicySession { SessionOfRounds(policy: self) }

  /// The policy through a whole run, from its first round.
  public func session() -> any PolicySession { session(resuming: nil) }
}

/// A policy that decides by the rounds before: all of it is its session.
public protocol RememberingPolicy: Policy {
  /// What remembers.
  associatedtype Session: PolicySession

  /// The policy through a whole run, from its first round or from what a session before has kept.
  func session(resuming memory: PolicyMemory?) -> Session
}

extension RememberingPolicy {
  /// The allocation of a run's first round.
  public func allocate(_ problem: Problem, in context: RoundContext) throws -> Allocation {
    var session: Session = session(resuming: nil)
    return try session.allocate(problem, in: context)
  }

  /// The policy through a whole run, for those who do not know which it is.
  public func session(resuming memory: PolicyMemory?) -> any PolicySession {
    let session: Session = session(resuming: memory)
    return session
  }
}

/// A policy in one run, round after round.
public protocol PolicySession {
  /// What a session of the same policy needs so that it goes on as this one would: complete at any moment, also between
  /// a round's allocation and its outcome. `nil` where no round depends on those before.
  var memory: PolicyMemory? { get }

  /// The round's allocation.
  ///
  /// - Throws: ``PolicyError`` when the problem is not one that the policy can answer; the session then stands as before.
  mutating func allocate(_ problem: Problem, in context: RoundContext) throws -> Allocation

  /// Learns what the round came to that was allocated last.
  mutating func observe(_ outcome: RoundOutcome)
}

extension PolicySession {
  /// Learns nothing.
  public mutating func observe(_ outcome: RoundOutcome) {}
}

/// A policy that takes every round on its own.
private struct SessionOfRounds<P: Policy>: PolicySession {
  let policy: P
  var memory: PolicyMemory? { nil }

  mutating func allocate(_ problem: Problem, in context: RoundContext) throws -> Allocation {
    try policy.allocate(problem, in: context)
  }
}

/// What a policy may know of the round beside the problem.
public struct RoundContext: Sendable {
  /// The round, from 1.
  public var round: Int
  /// Streams of random numbers of this run; a policy keys what it draws by the round.
  public var seed: Seed
  /// BCD's reference blocks, one per device, where the caller fixes them; drawn otherwise.
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
