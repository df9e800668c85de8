import Wireless

/// Devices take turns: those that have waited longest come first, ties by number, as many as can be served at once.
///
/// Who can be served together is a matroid (the sets of devices that some matching covers), so taking the next in turn
/// whenever all taken so far can still be served gives the first in turn the best there is. On which blocks: the
/// assignment of the largest objective that serves all of them; power and bits are the best of the pair.
///
/// Its memory is the round in which each device was admitted last, 0 for never.
public struct RoundRobinPolicy: RememberingPolicy {
  /// The policy; it has no settings.
  public init() {}

  /// Who comes next depends on who came before.
  public func session(resuming memory: PolicyMemory?) -> Session { Session(kept: memory ?? PolicyMemory()) }

  /// The registry's line.
  public static let entry = PolicyEntry(
    name: "round-robin", summary: "devices take turns, as many at once as can meet the deadline", options: [],
    make: { _ in RoundRobinPolicy() })
}

extension RoundRobinPolicy {
  /// The turns of a run.
  public struct Session: PolicySession {
    fileprivate var kept: PolicyMemory
    /// The rounds of the last admissions.
    public var memory: PolicyMemory? { kept }
  }
}

extension RoundRobinPolicy.Session {
  /// The round's allocation.
  public mutating func allocate(_ problem: Problem, in context: RoundContext) throws -> Allocation {
    try kept.begin(problem.devices.count)
    let last = kept.numbers
    let turn = problem.devices.indices.sorted { (last[$0], $0) < (last[$1], $1) }
    var service = Service(problem)
    for device in turn where !service.isFull { service.add(device) }
    let valuation = EdgeValuation(problem)
    let weight = valuation.countWeight()
    var costs: [Double] = []
    let devices = service.devices.sorted()
    let columns = problem.blockCount
    for device in devices { costs += problem.gains.row(device: device).map { -weight(device, $0) } }
    let pairs = DenseAssignment.minimumCost(rows: devices.count, columns: columns, costs: costs).enumerated()
      .compactMap { place, block in block.map { (device: devices[place], block: $0) } }
    return valuation.allocation(pairs) { valuation.best(device: $0, gain: $1) }
  }

  /// Those who were admitted go last.
  public mutating func observe(_ outcome: RoundOutcome) {
    for participant in outcome.participants { kept.numbers[participant.device] = Double(outcome.round) }
  }
}

/// Devices that can all be served at once, each on a block where it meets the deadline: grown one by one along
/// augmenting paths.
private struct Service {
  private let problem: Problem
  private var blocksOf: [Int: [Int]] = [:]
  private var deviceOn: [Int?]

  init(_ problem: Problem) {
    self.problem = problem
    deviceOn = Array(repeating: nil, count: problem.blockCount)
  }

  var devices: [Int] { deviceOn.compactMap(\.self) }
  var isFull: Bool { deviceOn.allSatisfy { $0 != nil } }

  /// Takes the device in if all can still be served.
  mutating func add(_ device: Int) {
    let feasibility = Feasibility(of: device, in: problem)
    guard feasibility.allows(gain: problem.gains.upperBound(device: device)) else { return }
    let row = problem.gains.row(device: device)
    blocksOf[device] = row.indices.filter { feasibility.allows(gain: row[$0]) }
    // Breadth first: a block that was looked at need not be looked at again.
    var cameFrom = [Int?](repeating: nil, count: row.count)
    var waiting = [device]
    var next = 0
    while next < waiting.count {
      let current = waiting[next]
      next += 1
      for block in blocksOf[current] ?? [] where cameFrom[block] == nil {
        cameFrom[block] = current
        guard let holder = deviceOn[block] else { return shift(to: block, cameFrom) }
        waiting.append(holder)
      }
    }
  }

  /// Moves each device of the path that ends at `block` to the block that it was on the way to.
  private mutating func shift(to block: Int, _ cameFrom: [Int?]) {
    var block: Int? = block
    while let target = block, let device = cameFrom[target] {
      block = deviceOn.firstIndex(of: device)
      deviceOn[target] = device
    }
  }
}
