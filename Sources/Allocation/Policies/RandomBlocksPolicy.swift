/// The paper's benchmark RB: devices at random on the blocks; power and bits optimal for them.
///
/// Devices and blocks are drawn without a look at the deadline, so that some blocks may stay empty; or, `feasible`, the
/// devices come in random order and each takes a random one of the free blocks on which it meets the deadline.
public struct RandomBlocksPolicy: Policy {
  /// Among which devices it draws.
  public enum Candidates: String, Sendable, CaseIterable {
    /// All devices.
    case all
    /// Those that meet the deadline on a block that is still free.
    case feasible
  }

  /// Among which devices it draws.
  public var among: Candidates

  /// Random blocks, for all devices unless said otherwise.
  public init(among: Candidates = .all) { self.among = among }

  /// A random allocation.
  ///
  /// - Throws: ``PolicyError`` where the context's devices are not those of the problem.
  public func allocate(_ problem: Problem, in context: RoundContext) throws -> Allocation {
    let valuation = EdgeValuation(problem)
    switch among {
    case .all: return Allocation(assignments: try assignments(valuation, context))
    case .feasible: return Allocation(assignments: feasibleAssignments(valuation, context))
    }
  }

  /// The registry's line.
  public static let entry = PolicyEntry(
    name: "rb", summary: "random devices on the blocks; power and bits optimal for them",
    options: [
      PolicyOption(
        "among", .choice(default: Candidates.all.rawValue, of: Candidates.allCases.map(\.rawValue)),
        "among which devices it draws: all, or those that meet the deadline on a free block")
    ],
    make: { RandomBlocksPolicy(among: Candidates(rawValue: $0.word("among")) ?? .all) })

  private func assignments(_ valuation: EdgeValuation, _ context: RoundContext) throws -> [Assignment] {
    try context.deviceOnBlock(for: valuation.problem).enumerated().compactMap { block, device in
      guard let device else { return nil }
      let gain = valuation.problem.gains.gain(device: device, block: block)
      guard let choice = valuation.best(device: device, gain: gain) else { return nil }
      return valuation.assignment(device: device, block: block, gain: gain, choice: choice)
    }
  }

  private func feasibleAssignments(_ valuation: EdgeValuation, _ context: RoundContext) -> [Assignment] {
    var stream = context.seed.stream(.randomBlocks, context.round)
    var devices = Array(valuation.problem.devices.indices)
    stream.shuffle(&devices)
    var free = Array(0..<valuation.problem.blockCount)
    var assignments: [Assignment] = []
    for device in devices where !free.isEmpty {
      let row = valuation.problem.gains.row(device: device)
      let options = free.indices.compactMap { place in
        valuation.best(device: device, gain: row[free[place]]).map { (place: place, choice: $0) }
      }
      guard !options.isEmpty else { continue }
      let (place, choice) = options[stream.integer(in: 0...options.count - 1)]
      let block = free.remove(at: place)
      assignments.append(valuation.assignment(device: device, block: block, gain: row[block], choice: choice))
    }
    return assignments
  }
}
