import Randomness
import Units
import Wireless

/// The allocation of frameworks that know none: device n on block n, or, where devices outnumber blocks, K devices
/// drawn anew each round and shuffled onto the blocks; one power, clipped to each device's limits; 32 bits; no deadline.
///
/// A device that has no link on its block does not take part: its upload would never end. One that has the memory for
/// several cuts takes the first, one that has it for none takes no part.
public struct FixedPolicy: Policy {
  /// The power, before it is clipped.
  public var power: Watts

  /// A fixed allocation.
  public init(power: Watts = Watts(1)) { self.power = power }

  /// It knows no deadline.
  public var observesDeadline: Bool { false }

  /// Full precision.
  public static let bits = 32

  /// The round's allocation, in time that goes with the blocks and not with the devices.
  ///
  /// - Throws: ``PolicyError`` where the problem has no level of 32 bits.
  public func allocate(_ problem: Problem, in context: RoundContext) throws -> Allocation {
    let levels = problem.levels.filter { $0.bits == Self.bits }
    guard !levels.isEmpty else {
      throw problem.noLevel(bits: "\(Self.bits)", for: "fixed", remedy: "set quantizer.bits_max to 32")
    }
    let devices = problem.devices.count
    let onBlock: [Int]
    if devices <= problem.blockCount {
      onBlock = Array(0..<devices)
    } else {
      var stream = context.seed.stream(.randomBlocks, context.round)
      onBlock = stream.choose(problem.blockCount, of: devices)
    }
    var assignments: [Assignment] = []
    var unlinked: [Allocation.Pair] = []
    for (block, device) in onBlock.enumerated() {
      let terms = problem.devices[device]
      guard let level = levels.first(where: { problem.allows(cut: $0.cut, of: device) }) else { continue }
      let assignment = Assignment(
        pricing: problem, device: device, block: block, gain: problem.gains.gain(device: device, block: block),
        power: min(max(power, terms.powerMin), terms.powerMax), level: level)
      if assignment.rate > .zero {
        assignments.append(assignment)
      } else {
        unlinked.append(Allocation.Pair(device: device, block: block))
      }
    }
    return Allocation(assignments: assignments, unlinked: unlinked)
  }

  /// The registry's line.
  public static let entry = PolicyEntry(
    name: "fixed", summary: "device n on block n, or random ones; one power, 32 bits, no deadline",
    options: [.fixedPower(follows: "ep")],
    make: { FixedPolicy(power: $0.power("power")) })
}
