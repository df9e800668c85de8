import Randomness
import Units
import Wireless

/// One allocation problem as a file states it: what `airsplit solve` reads and `airsplit draw` writes.
///
/// An instance is a ``Problem``, and with it what the policies were given: powers, bits, first blocks.
public struct Instance: Sendable, Equatable {
  /// What the instance is called; may be empty.
  public var name: String
  /// The problem.
  public var problem: Problem
  /// The power that `ep` transmits with, where given.
  public var equalPower: Watts?
  /// The bits that `nq` sends, where given.
  public var unquantizedBits: Int?
  /// The device on each block (−1: none) for `rb`, where given.
  public var deviceOnBlock: [Int]?
  /// The reference block of each device that `bcd` begins with, where given.
  public var initialBlocks: [Int]?

  /// An instance of `problem`, of which nothing else is given.
  public init(name: String = "", problem: Problem) { (self.name, self.problem) = (name, problem) }

  /// An instance of a round's `problem`. The blocks that `context` does not give are drawn as the policies would draw them,
  /// so that a solver in any language begins where ours does.
  ///
  /// - Throws: ``PolicyError`` where the blocks that `context` gives are not those of the problem.
  public init(
    name: String, problem: Problem, context: RoundContext, equalPower: Watts? = nil, unquantizedBits: Int? = nil
  ) throws {
    self.init(name: name, problem: problem)
    self.equalPower = equalPower
    self.unquantizedBits = unquantizedBits
    deviceOnBlock = try context.deviceOnBlock(for: problem).map { $0 ?? -1 }
    initialBlocks = try context.initialBlocks(for: problem)
  }

  /// Whether a file says the same of both.
  public static func == (one: Instance, other: Instance) -> Bool { one.json == other.json }

  /// What the policies may know beside the problem: the blocks that the file gives; what it does not give is drawn.
  public func context(round: Int = 1, seed: Seed = Seed(0)) -> RoundContext {
    RoundContext(round: round, seed: seed, initialBlocks: initialBlocks, deviceOnBlock: deviceOnBlock)
  }

  /// The settings that the file gives for the policy called `name`.
  public func settings(for name: String) -> [String: PolicySettings.Value] {
    switch name {
    case "ep", "bcd-ep": equalPower.map { ["power": .power($0)] } ?? [:]
    case "nq", "bcd-nq": unquantizedBits.map { ["bits": .integer($0)] } ?? [:]
    default: [:]
    }
  }
}
