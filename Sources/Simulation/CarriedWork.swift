import Allocation
import EventKernel
import Network
import Scenario
import Training
import Units
import Wireless

/// A device's work on one version of the model, where work is carried over from round to round.
struct Admission: Hashable, Codable {
  /// How it takes part, at the prices that there are.
  var assignment: Assignment
  /// The same as the policy answered.
  var answer: Assignment
  /// The gain of its block when it began.
  var gain: Double
  /// When it began.
  var start: SimTime
  /// The version that it began with.
  var version: Int
}

/// What goes on between two rounds.
struct CarriedWork: Codable {
  /// Where devices and server stand.
  var engine: RoundEngine
  /// Those at work, and those who are done and wait for a merge.
  var admissions: [Admission]
}

/// A decision that gave free blocks to idle devices.
struct PlaceChoice: Hashable, Codable {
  /// When.
  var time: SimTime
  /// The blocks that were free.
  var blocks: [Int]
  /// Who got which of them.
  var assignments: [Assignment]
  /// The decisions of the round up to it.
  var count: Int

  /// Whether some decision could be this one, by `now` on so many blocks among so many devices.
  func isPossible(at now: SimTime, blocks: Int, devices: Int) -> Bool {
    let given = assignments.map(\.block)
    return time <= now && (1...Int(Int32.max)).contains(count) && self.blocks == Set(self.blocks).sorted()
      && self.blocks.allSatisfy((0..<blocks).contains) && Set(given).count == given.count
      && given.allSatisfy(self.blocks.contains) && assignments.allSatisfy { (0..<devices).contains($0.device) }
  }
}

/// Who may begin at a decision, and where.
struct OpenPlaces {
  /// Devices that are at work, or done since the last merge.
  var busy: Set<Int>
  /// The blocks that nobody has.
  var blocks: [Int]

  /// The problem of the other devices on those blocks, which are numbered anew.
  func restrict(_ problem: Problem) -> Problem {
    var problem = problem
    problem.gains = GainsOfIdle(base: problem.gains, busy: busy)
    if blocks.count < problem.gains.blockCount { problem.gains = GainsOnSome(base: problem.gains, blocks: blocks) }
    return problem
  }

  /// The allocation with the blocks' own numbers.
  func named(_ allocation: Allocation) -> Allocation {
    var result = allocation
    for index in result.assignments.indices {
      result.assignments[index].block = blocks[result.assignments[index].block]
    }
    for index in result.unlinked.indices { result.unlinked[index].block = blocks[result.unlinked[index].block] }
    return result
  }
}

/// The gains of all devices but a few, and 0 of those, which nobody can choose then.
///
/// Bounds that rounds share stay as they are, so that what was found by them outlasts a change of who is busy.
private struct GainsOfIdle: GainSource {
  let base: any GainSource
  let upperBounds: [Double]?
  /// A bit per device, set where it is busy.
  private var marks: [UInt64]

  init(base: any GainSource, busy: Set<Int>) {
    self.base = base
    upperBounds = base.upperBounds
    marks = Array(repeating: 0, count: (base.deviceCount + 63) / 64)
    for device in busy { marks[device / 64] |= 1 << UInt64(device % 64) }
  }

  private func isBusy(_ device: Int) -> Bool { marks[device / 64] >> UInt64(device % 64) & 1 == 1 }

  var deviceCount: Int { base.deviceCount }
  var blockCount: Int { base.blockCount }
  var boundIsMaximum: Bool { upperBounds == nil && base.boundIsMaximum }

  func upperBound(device: Int) -> Double {
    upperBounds == nil && isBusy(device) ? 0 : base.upperBound(device: device)
  }
  func rowMaximum(device: Int) -> Double { isBusy(device) ? 0 : base.rowMaximum(device: device) }
  func reaches(_ gain: Double, device: Int) -> Bool { !isBusy(device) && base.reaches(gain, device: device) }
  func gain(device: Int, block: Int) -> Double { isBusy(device) ? 0 : base.gain(device: device, block: block) }

  func copyRow(device: Int, into row: UnsafeMutableBufferPointer<Double>) {
    if isBusy(device) {
      for block in 0..<blockCount { row[block] = 0 }
    } else {
      base.copyRow(device: device, into: row)
    }
  }
}

/// The gains on some blocks, which are numbered anew.
private struct GainsOnSome: GainSource {
  let base: any GainSource
  let blocks: [Int]

  var deviceCount: Int { base.deviceCount }
  var blockCount: Int { blocks.count }
  var upperBounds: [Double]? { base.upperBounds }
  // The largest gain of all blocks bounds that of some; which of these has it is not known.
  var boundIsMaximum: Bool { false }

  func upperBound(device: Int) -> Double { base.upperBound(device: device) }
  func rowMaximum(device: Int) -> Double { blocks.reduce(0) { max($0, base.gain(device: device, block: $1)) } }
  func reaches(_ gain: Double, device: Int) -> Bool {
    blocks.contains { base.gain(device: device, block: $0) >= gain }
  }
  func gain(device: Int, block: Int) -> Double { base.gain(device: device, block: blocks[block]) }

  func copyRow(device: Int, into row: UnsafeMutableBufferPointer<Double>) {
    for block in blocks.indices { row[block] = gain(device: device, block: block) }
  }
}

/// Rounds that begin while devices are at work on those before.
extension Run {
  /// Who may begin now, and where.
  func openPlaces(beside engine: RoundEngine?, _ admissions: [Admission]) -> OpenPlaces {
    let uplink = world.scenario.uplink
    var busy: Set<Int> = []
    var isFree = Array(
      repeating: true, count: min(uplink.blocks, world.scenario.aggregation.concurrency ?? uplink.blocks))
    if let engine {
      busy = Set(engine.devicesAtWork)
      for admission in admissions where busy.contains(admission.assignment.device) {
        isFree[admission.assignment.block] = false
      }
      busy.formUnion(engine.devicesDone)
    }
    return OpenPlaces(busy: busy, blocks: isFree.indices.filter { isFree[$0] })
  }

  /// An engine in which rounds begin while devices are at work.
  func engineOverRounds() -> RoundEngine {
    let blocks = world.scenario.uplink.blocks
    return RoundEngine(
      [], isSequential: false, watch: .init(deadline), accelerators: world.accelerators,
      merging: .init(world.scenario.aggregation),
      places: min(blocks, world.scenario.aggregation.concurrency ?? blocks), logsEvents: options.recordsEvents)
  }

  /// What the devices of a decision set out to do now, on the version that the round began with.
  private func begun(_ decision: Decision) -> [Itinerary] {
    var itineraries = itineraries(of: decision.allocation)
    for index in itineraries.indices { itineraries[index].version = current }
    return itineraries
  }

  /// Opens a round over what is under way.
  mutating func beginOverWork(_ decision: Decision) throws {
    let work = carried.take() ?? CarriedWork(engine: engineOverRounds(), admissions: [])
    var round = OpenRound(decision: decision, start: simulator.now, engine: work.engine)
    round.admissions = work.admissions
    note(decision, in: &round)
    let begun = begun(decision)
    try round.engine.begin(
      round: current, with: begun, in: &simulator, over: world.air(round: current),
      emptyUntil: begun.isEmpty ? nextArrival : .zero)
    open = round
  }

  /// Lets somebody begin within a round.
  mutating func decide(within round: inout OpenRound) throws {
    let decision = try allocate(beside: round)
    note(decision, in: &round)
    let begun = begun(decision)
    try round.engine.admit(
      begun, in: &simulator, over: world.air(round: current), emptyUntil: begun.isEmpty ? nextArrival : .zero)
  }

  private mutating func note(_ decision: Decision, in round: inout OpenRound) {
    let answers = Dictionary(
      uniqueKeysWithValues: (decision.answer ?? decision.allocation).assignments.map { ($0.device, $0) })
    for assignment in decision.allocation.assignments {
      let gain = problem?.gains.gain(device: assignment.device, block: assignment.block) ?? 0
      round.admissions.append(
        Admission(
          assignment: assignment, answer: answers[assignment.device] ?? assignment, gain: gain, start: simulator.now,
          version: current))
    }
    round.choice = PlaceChoice(
      time: simulator.now, blocks: decision.freeBlocks, assignments: decision.allocation.assignments,
      count: (round.choice?.count ?? 0) + 1)
    round.planned += decision.allocation.objective
    if let optimum = decision.optimum { round.optimum = (round.optimum ?? 0) + optimum }
  }

  /// Takes up what goes on between two rounds.
  ///
  /// - Throws: ``SimulationError`` where no run of this world leaves it behind.
  mutating func takeUp(_ work: CarriedWork, after round: Int) throws {
    guard isPossible(work, round: round) else { throw SimulationError("no round of this scenario comes to it") }
    carried = work
    carried?.engine.tabulate()
  }

  /// Takes up a round over devices at work at the event that it was left at.
  mutating func reopenOverWork(_ round: OpenRound) throws {
    guard round.start <= simulator.now, round.planned.isFinite,
      round.choice?.isPossible(at: simulator.now, blocks: world.scenario.uplink.blocks, devices: world.fleet.count)
        ?? true,
      isPossible(CarriedWork(engine: round.engine, admissions: round.admissions), round: current)
    else { throw SimulationError("no round of this scenario comes to it") }
    problem = trueProblem(round: current, at: roundStart)
    noteFeasibility()
    open = round
    open?.engine.tabulate()
  }

  private func isPossible(_ work: CarriedWork, round: Int) -> Bool {
    let (engine, admissions) = (work.engine, work.admissions)
    let devices = admissions.map(\.assignment.device)
    let atWork = Set(engine.devicesAtWork)
    let blocks = admissions.filter { atWork.contains($0.assignment.device) }.map(\.assignment.block)
    return Set(devices) == atWork.union(engine.devicesDone) && Set(devices).count == devices.count
      && Set(blocks).count == blocks.count
      && admissions.allSatisfy {
        world.mayHave($0.assignment) && $0.start <= simulator.now
          && $0.answer.device == $0.assignment.device && $0.gain.isFinite
      }
      && blocks.allSatisfy(openPlaces(beside: nil, []).blocks.contains)
      && engine.canFollow(
        engineOverRounds(), at: simulator.now, round: round, devices: world.fleet.count)
  }

  /// Takes apart what a round has ended and what goes on.
  mutating func carryOver(_ round: inout OpenRound) {
    let ended = Set(round.engine.ended.map(\.device))
    let rest = round.admissions.filter { !ended.contains($0.assignment.device) }
    round.admissions.removeAll { !ended.contains($0.assignment.device) }
    carried = CarriedWork(engine: round.engine, admissions: rest)
  }
}

extension OpenRound {
  /// Who ended, as it was decided at the prices that there were; U is that of all who began in the round.
  var endedAllocation: Allocation {
    var result = Allocation(
      assignments: admissions.map(\.assignment), iterations: decision.allocation.iterations,
      unlinked: decision.allocation.unlinked)
    result.violations = decision.allocation.violations
    result.objective = planned
    return result
  }
}

extension RoundEngine.Merging {
  /// When models merge by a scenario's rule.
  init(_ rule: AggregationRule) {
    guard rule.mode != .synchronous else {
      self = .everybody
      return
    }
    self.init(
      count: rule.count, span: rule.mode == .deadline ? rule.after : nil, carries: rule.carries,
      startsAnytime: rule.startsAnytime, maximumStaleness: rule.maximumStaleness)
  }
}
