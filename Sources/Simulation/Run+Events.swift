import Allocation
import EventKernel
import Network
import Scenario
import Trace
import Training
import Units
import Wireless

/// Who takes part in a round, and how.
struct Decision: Codable {
  /// At the prices that there are.
  var allocation: Allocation
  /// As the policy answered, which learns what came of it; `nil` where it was not asked.
  var answer: Allocation?
  /// U* of what there was to decide, where work is carried over and it is known.
  var optimum: Double?
  /// The blocks that there were to give, likewise.
  var freeBlocks: [Int] = []
}

/// A round between two of its events.
struct OpenRound: Codable {
  /// What was decided.
  var decision: Decision
  /// When the round began.
  var start: SimTime
  /// Where its devices and the server stand.
  var engine: RoundEngine
  /// Those at work, done, or ended since the last merge, where work is carried over.
  var admissions: [Admission] = []
  /// U of all who began in the round, likewise.
  var planned = 0.0
  /// U* of all that was decided in the round, likewise.
  var optimum: Double?
  /// The last decision of the round, likewise.
  var choice: PlaceChoice?
  /// How long it took so far, on the wall of this process.
  var timing = TimingRecord()

  private enum CodingKeys: CodingKey { case decision, start, engine, admissions, planned, optimum, choice }
}

/// A round event by event.
extension Run {
  /// - Parameter hasAllocated: Set as soon as the round has begun and cannot be taken back.
  mutating func simulateRound(events most: UInt64, _ hasAllocated: inout Bool) throws -> RoundReport? {
    let clock = ContinuousClock()
    let began = clock.now
    if open == nil {
      let decision = try allocate()
      hasAllocated = true
      // Who misses the deadline with what he planned by an estimate, events tell.
      guard options.simulatesEvents || world.scenario.channelEstimate != .perfect || !world.isStatic else {
        noteFeasibility()
        return try closedForm(of: decision)
      }
      let allocated = clock.now
      try begin(decision)
      open?.timing.allocate = Seconds(began.duration(to: allocated) / .seconds(1))
      open?.timing.events = Seconds(allocated.duration(to: clock.now) / .seconds(1))
    }
    let before = clock.now
    if let open { tellTrainer(of: open) }
    guard var round = try play(events: most) else {
      open?.timing.events += Seconds(before.duration(to: clock.now) / .seconds(1))
      return nil
    }
    let ended = clock.now
    var work = RoundWork(
      round: current, of: round, traits: world.workload.traits, aggregation: world.scenario.aggregation,
      isLast: current == world.scenario.rounds)
    work.listsTensors = options.listsTensors
    let learning = try trainer?.train(work)
    let trained = clock.now
    noteFeasibility()
    round.timing.round = current
    round.timing.events += Seconds(before.duration(to: ended) / .seconds(1))
    round.timing.train = Seconds(ended.duration(to: trained) / .seconds(1))
    round.timing.peakMemory = trainer == nil ? 0 : ProcessMemory.peak
    var report = try report(of: round, learning)
    round.timing.total =
      round.timing.allocate + round.timing.events + Seconds(ended.duration(to: clock.now) / .seconds(1))
    report.timing = round.timing
    return report
  }

  /// What a round came to that has just ended.
  private func report(of round: OpenRound, _ learning: RoundLearning?) throws -> RoundReport {
    let (engine, duration) = (round.engine, simulator.now - round.start)
    let (start, decided) = (Seconds(round.start.seconds), round.decision.allocation)
    let carries = engine.merging.carries
    var report = RoundReport(
      prospects: prospects, round: current, start: start, end: Seconds(simulator.now.seconds),
      duration: Seconds(duration.seconds),
      allocation: carries ? round.endedAllocation : decided.counting(engine.ledgers, in: world),
      devices: engine.ended, serverEnergy: world.serverEnergy(of: engine, duration: duration),
      server: world.serverUse(of: engine, duration: duration),
      optimum: carries ? round.optimum : try optimalObjective(beside: decided),
      clairvoyant: carries ? nil : try clairvoyantObjective(beside: decided, at: start), learning: learning,
      deadline: deadline, devicesFeasible: feasibleCount(), energyBefore: totals.energy,
      ticks: (round.start, simulator.now), events: engine.loggedEvents)
    report.batteries = lastBatteries
    guard carries else { return report }
    let atWork = Set(engine.devicesAtWork)
    let others = carried?.admissions.filter { atWork.contains($0.assignment.device) } ?? []
    report.carried = RoundReport.Carried(
      admissions: round.admissions + others, atWork: engine.devicesAtWork, versions: engine.versionsInUse,
      legsUnderWay: engine.legsUnderWay, choice: round.choice)
    return report
  }

  /// A round of these devices in which nothing has happened.
  private func engine(of allocation: Allocation) -> RoundEngine {
    let itineraries = itineraries(of: allocation)
    return RoundEngine(
      itineraries, isSequential: world.workload.traits.order == .sequential, watch: .init(deadline),
      accelerators: world.accelerators, merging: .init(world.scenario.aggregation), logsEvents: options.recordsEvents,
      recordsServerOrder: trainer != nil, emptyUntil: itineraries.isEmpty ? nextArrival : .zero)
  }

  /// Opens the round that was decided.
  mutating func begin(_ decision: Decision) throws {
    if world.scenario.aggregation.carries { return try beginOverWork(decision) }
    var round = OpenRound(decision: decision, start: simulator.now, engine: engine(of: decision.allocation))
    try round.engine.begin(in: &simulator, over: world.air(round: current))
    open = round
  }

  /// Tells the trainer who is under way, where that may merge in another round than this one.
  private func tellTrainer(of round: OpenRound) {
    guard let trainer, round.engine.merging.carries else { return }
    trainer.expect(round.contributions(world.workload.traits), round: current)
  }

  /// The events of the round under way, to its last, and what they left; `nil` where it is still open after as many as are
  /// allowed.
  mutating func play(events most: UInt64) throws -> OpenRound? {
    guard var round = open.take() else { return nil }
    var (left, hasEnded) = (max(most, 1), false)
    let air = world.air(round: current)
    var isDecisionDue = false
    repeat {
      try simulator.run { event, simulator in
        left -= 1
        if try round.engine.handle(event, in: &simulator, over: air) { hasEnded = true }
        isDecisionDue = round.engine.isDecisionDue
        if hasEnded || left == 0 || isDecisionDue { simulator.stop() }
      }
      if isDecisionDue {
        try decide(within: &round)
        tellTrainer(of: round)
      }
    } while isDecisionDue && !hasEnded && left > 0
    guard hasEnded else {
      guard left == 0 else { throw SimulationError("nothing is left to happen, and devices are still at work") }
      open = round
      return nil
    }
    let ledgers = round.engine.ended
    noteKept(ledgers)
    noteBatteries(of: round.engine)
    if round.engine.merging.carries {
      carryOver(&round)
      remember(Allocation(assignments: round.admissions.map(\.answer)), ledgers)
    } else {
      remember(round.decision.answer, ledgers)
    }
    if !ledgers.isEmpty {
      lastWait = ledgers.reduce(.zero) { $0 + $1.stepWait } / Double(ledgers.count)
    }
    return round
  }

  /// Takes up a round at the event that it was left at.
  ///
  /// - Throws: ``SimulationError`` where no round of this run could stand there.
  mutating func reopen(_ round: OpenRound) throws {
    current += 1
    if world.scenario.aggregation.carries { return try reopenOverWork(round) }
    let (allocation, answer) = (round.decision.allocation, round.decision.answer)
    let devices = allocation.assignments.map(\.device)
    let admitted = (devices + allocation.unlinked.map(\.device)).sorted()
    guard devices == Set(devices).sorted(), admitted.allSatisfy(world.fleet.indices.contains),
      answer.map({ ($0.assignments.map(\.device) + $0.unlinked.map(\.device)).sorted() == admitted }) ?? true,
      allocation.assignments.allSatisfy(world.mayHave),
      round.start <= simulator.now
    else { throw SimulationError("no round of this scenario comes to it") }
    if world.workload.traits.upload == .rawData { permanentAllocation = allocation }
    roundStart = Seconds(round.start.seconds)
    recallProblem()
    guard round.engine.canFollow(engine(of: allocation), at: simulator.now) else {
      throw SimulationError("no round of this scenario comes to it")
    }
    open = round
  }
}

extension RoundEngine.DeadlineRule {
  /// What events watch over where `deadline` is in force.
  init(_ deadline: Scenario.Deadline?) {
    self = deadline.map { $0.per == .step ? .step($0.value) : .round($0.value) } ?? .none
  }
}
