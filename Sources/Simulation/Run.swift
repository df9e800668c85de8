import Allocation
import EventKernel
import Network
import Scenario
import Training
import Units
import Wireless

/// A whole run: rounds of allocation, events and, with a trainer, training, one after another on one clock.
///
/// ```swift
/// var run = try Run(World(scenario), policy: ResolvedPolicy(scenario).policy)
/// while let result = try run.nextRound() { print(result.round, result.allocation.objective) }
/// ```
public struct Run: ~Copyable {
  /// What a run does beside simulating.
  public struct Options: Sendable, Hashable {
    /// Whether every event is kept for the traces.
    public var recordsEvents = false
    /// Whether every tensor on the air is listed; something must be trained by a trainer that lists them.
    public var listsTensors = false
    /// Whether U* is computed beside the policy's U: `nil` where that is cheap, up to a million device-block pairs.
    public var computesOptimum: Bool?
    /// Whether each round counts the devices that could meet the deadline, which takes a look at all of them: `nil` unless work is
    /// carried over among more than ``RoundReport/everyDeviceLimit`` devices, where a round may be one device's update.
    public var countsFeasible: Bool?
    /// Whether a round's events are simulated. Without them its figures follow in closed form from the allocation, the same
    /// but for rounding; the server's energy is unknown then, and nothing can be trained.
    public var simulatesEvents = true

    /// No event kept, the optimum where it is cheap.
    public init() {}
  }

  /// The world it runs in.
  public let world: World
  /// The policy that decides.
  public let policy: any Policy
  /// The deadline that is in force; `nil` without one.
  public let deadline: Scenario.Deadline?
  /// What trains the model; `nil` where only times and energies are simulated.
  public let trainer: (any Trainer)?
  /// The round that is or was simulated last, 0 before the first.
  var current = 0
  /// The round under way, between two of its events; `nil` between rounds.
  var open: OpenRound?
  /// What goes on between two rounds, where work is carried over.
  var carried: CarriedWork?
  /// How often the policy has decided, where it does so within rounds.
  var decisions = 0
  /// The last round's problem; `nil` before the first, and where the framework has nothing to allocate.
  public internal(set) var problem: Problem?
  /// Each device's feasibility; empty before the first problem.
  private(set) var feasibility: [Feasibility] = []
  /// What it was found for, which only a model that is broadcast within the deadline changes from round to round.
  private var feasibilityTerms: [DeviceConstants] = []

  let options: Options
  private let optimum: ExactPolicy
  var simulator = Simulator<RoundEvent>()
  var totals: RunTotals
  /// The totals as they were in a run of more rounds, where the last round was evaluated only because it is the last.
  private(set) var totalsOfLonger: RunTotals?
  var permanentAllocation: Allocation?
  /// The policy in this run.
  var session: any PolicySession
  /// When the last round began, where the channel moves.
  var roundStart = Seconds.zero
  /// What a step waited for an accelerator in the last round that anybody took part in, the mean over its participants.
  var lastWait = Seconds.zero
  /// The devices whose activations the server has for good; empty where activations change.
  var keptActivations: [Bool]
  /// Batteries; `nil` where energy never runs out.
  var batteryState: BatteryState?
  /// What the last round did to them.
  var lastBatteries: RoundReport.Batteries?
  /// The next round's problem, where somebody has asked for it.
  var posed: PosedProblem?
  /// An answer from outside for the next round.
  var handedIn: Allocation?

  /// A run that is about to begin.
  ///
  /// - Throws: ``SimulationError`` where something is to be trained without events.
  public init(
    _ world: World, policy: any Policy, trainer: (any Trainer)? = nil, options: Options = Options()
  ) throws {
    self.world = world
    self.policy = policy
    deadline = world.deadline(for: policy)
    session = policy.session()
    self.trainer = trainer
    self.options = options
    guard trainer == nil || options.simulatesEvents else {
      throw SimulationError("training takes place at a round's events, and this run has none")
    }
    guard !options.listsTensors || trainer?.listsTensors == true else { throw Self.listsNoTensors(world.scenario) }
    optimum = ExactPolicy()
    keptActivations = world.workload.sendsActivationsOnce ? Array(repeating: false, count: world.fleet.count) : []
    batteryState = world.batteries.map { BatteryState(batteries: $0.first, suffices: $0.first.map($0.suffices)) }
    totals = RunTotals(
      samples: world.fleet.samples, targetAccuracy: world.scenario.training.stopAtAccuracy,
      countsViolations: policy.violationRule != .error)
  }

  /// Why there is no list of what goes over the air.
  private static func listsNoTensors(_ scenario: Scenario) -> SimulationError {
    SimulationError(
      scenario, at: "training.trainer",
      scenario.training.trainer == .none
        ? "it is none, and the trace 'tensors' lists what training sends; choose vit, or leave the trace out"
        : "the trace 'tensors' is of the trainer 'vit'; a program lists what it sends itself, those of tools/python with "
          + "--tensors FILE in their command")
  }

  /// The last round that has ended, 0 before the first.
  public var round: Int { open == nil ? current : current - 1 }

  /// Whether the run stands between two events of a round.
  public var isInRound: Bool { open != nil }

  /// Hash and number of the events popped so far.
  public var fingerprint: Fingerprint { simulator.fingerprint }

  /// Totals of the rounds simulated so far.
  public var summary: RunSummary {
    var summary = totals.finished(events: simulator.eventCount)
    summary.energyUnderWay = energyUnderWay
    return summary
  }

  /// What devices have spent by now that no round has told of, where work is carried over.
  private var energyUnderWay: Joules? {
    guard world.scenario.aggregation.carries else { return nil }
    return (open?.engine ?? carried?.engine)?.energyUnderWay(at: simulator.now) ?? .zero
  }

  /// The figures of the rounds simulated so far.
  public var metrics: RunMetrics { totals.metrics(events: simulator.eventCount) }

  /// Whether no round is left: all are done, or the test accuracy has reached the scenario's target.
  public var isFinished: Bool {
    round >= world.scenario.rounds || totals.summary.learning?.roundOfTarget != nil
  }

  /// Simulates the next round; `nil` when the run ``isFinished``.
  ///
  /// - Throws: ``SimulationError`` with the round in it, when the policy fails or breaks a constraint of Eq. (22), upon
  ///   which the run stands as it did before, or when a device would outlast simulated time; `TrainingError` with round,
  ///   device and step when training cannot go on.
  public mutating func nextRound() throws -> RoundReport? { try advance(events: .max) }

  /// Simulates the round under way, or the next one, for a number of events at most, and at least for one.
  ///
  /// - Returns: What the round came to; `nil` where it goes on, as ``isInRound`` says, or the run ``isFinished``.
  /// - Throws: What ``nextRound()`` throws.
  public mutating func advance(events most: UInt64) throws -> RoundReport? {
    guard !isFinished else { return nil }
    var hasAllocated = open != nil
    if open == nil { current += 1 }
    do {
      guard let report = try simulateRound(events: most, &hasAllocated) else { return nil }
      if isEvaluatedAsLast(report) {
        totalsOfLonger = totals
        totalsOfLonger?.add(report.withoutEvaluation)
      }
      totals.add(report)
      return report
    } catch let error as TrainingError {
      throw error
    } catch {
      defer { if !hasAllocated { current -= 1 } }
      throw SimulationError("round \(current): \(error)")
    }
  }

  /// Whether a round was evaluated though that is not due in it, because it is the last.
  func isEvaluatedAsLast(_ result: RoundReport) -> Bool {
    result.learning != nil && result.round == world.scenario.rounds
      && !result.round.isMultiple(of: max(1, world.scenario.training.evaluateEvery))
  }

  /// Passes over the rounds before `next`, which ``nextRound()`` then simulates as in a whole run: what happens in a
  /// round depends on the seed and its number. Only the clock and the totals miss the rounds passed over.
  ///
  /// Where the server keeps activations, the policy remembers rounds, the channel moves, devices come and go or work is carried
  /// over, a round depends on those before: they are then simulated, not trained.
  ///
  /// - Throws: ``SimulationError`` where a round passed over has to be simulated and that fails.
  public mutating func skip(to next: Int) throws {
    if !keptActivations.isEmpty || session.memory != nil || world.dependsOnTime || world.scenario.aggregation.carries
      || world.scenario.serverForecast == .mean && !world.neverQueues
    {
      while current < next - 1 {
        current += 1
        try begin(allocate())
        _ = try play(events: .max)
      }
    }
    try passOver(before: next)
  }

  /// Passes over the rounds before `next` without a look at them, but for who is admitted for good.
  mutating func passOver(before next: Int) throws {
    if world.workload.traits.upload == .rawData, next > 1, permanentAllocation == nil {
      current = 1
      _ = try allocate()
    }
    current = max(current, next - 1)
  }

  /// What each device could do in the last round.
  var prospects: Prospects { Prospects(world: world, problem: problem, feasibility: feasibility) }

  /// Devices that could meet the deadline on at least one block; `nil` where nobody counts them.
  func feasibleCount() -> Int? {
    let isCheap = !world.scenario.aggregation.carries || world.fleet.count <= RoundReport.everyDeviceLimit
    guard options.countsFeasible ?? isCheap else { return nil }
    return current == 1 && problem != nil && deadline != nil
      ? world.firstRound.feasibleCount.value(prospects.feasibleCount) : prospects.feasibleCount()
  }

  /// Finds the problem that the last round had, or that it had none: a run tells of it at its end.
  mutating func recallProblem() {
    let upload = world.workload.traits.upload
    let hadOne = upload != .nothing && (upload != .rawData || current == 1)
    problem = hadOne ? trueProblem(round: current, at: roundStart) : nil
    noteFeasibility()
  }

  /// Eq. (22) of a round that begins at `time`, as it is.
  func trueProblem(round: Int, at time: Seconds) -> Problem {
    var problem = world.problem(round: round, at: time, under: deadline)
    problem.gains = ofCharged(problem.gains)
    return problem
  }

  mutating func noteFeasibility() {
    guard let problem, feasibility.isEmpty || problem.devices != feasibilityTerms else { return }
    func find() -> [Feasibility] { problem.devices.indices.map { Feasibility(of: $0, in: problem) } }
    feasibility = current == 1 && deadline != nil ? world.firstRound.feasibility.value(find) : find()
    feasibilityTerms = problem.devices
  }

  /// What the round comes to without its events.
  mutating func closedForm(of decision: Decision) throws -> RoundReport {
    let allocation = decision.allocation
    let ledgers = itineraries(of: allocation).map(DeviceLedger.init(completing:))
    noteKept(ledgers)
    remember(decision.answer, ledgers)
    let isSequential = world.workload.traits.order == .sequential
    let duration =
      isSequential ? ledgers.reduce(.zero) { $0 + $1.time } : ledgers.reduce(.zero) { max($0, $1.time) }
    let start = totals.summary.duration
    guard let span = SimTime(checking: (start + duration).value), span < .distantFuture else {
      throw outlasting(ledgers, after: start, isSequential: isSequential)
    }
    return RoundReport(
      prospects: prospects, round: current, start: start, end: start + duration, duration: duration,
      allocation: allocation, devices: ledgers, serverEnergy: nil, server: nil,
      optimum: try optimalObjective(beside: allocation),
      clairvoyant: try clairvoyantObjective(beside: allocation, at: start), learning: nil, deadline: deadline,
      devicesFeasible: feasibleCount(), energyBefore: totals.energy)
  }

  /// Which device of a round in closed form outlasts simulated time, with its longest activity.
  private func outlasting(_ ledgers: [DeviceLedger], after start: Seconds, isSequential: Bool) -> any Error {
    var time = start
    for ledger in ledgers {
      time = isSequential ? time + ledger.time : start + ledger.time
      let itinerary = ledger.itinerary
      let longest = (itinerary.step + itinerary.before + itinerary.after).max { $0.time < $1.time }
      guard SimTime(seconds: time.value) == .distantFuture, let longest else { continue }
      return itinerary.outlasts(longest)
    }
    return SimulationError("simulated time ends at \(SimTime.distantFuture)")
  }

  func itineraries(of allocation: Allocation) -> [Itinerary] {
    var itineraries = world.itineraries(
      for: allocation, gains: problem?.gains ?? world.gains(round: current, at: roundStart), at: roundStart,
      isFirst: current == 1, kept: keptActivations)
    guard let batteryState else { return itineraries }
    if world.workload.traits.upload == .nothing { itineraries.removeAll { !batteryState.suffices[$0.device] } }
    // Data that went up once is at the server, whatever its device does.
    guard world.workload.traits.upload != .rawData || current == 1 else { return itineraries }
    for index in itineraries.indices { itineraries[index].battery = batteryState.batteries[itineraries[index].device] }
    return itineraries
  }

  /// Once a device has gone through its first epoch, the server has all that it will ever send.
  mutating func noteKept(_ ledgers: [DeviceLedger]) {
    guard !keptActivations.isEmpty else { return }
    for ledger in ledgers where ledger.steps >= ledger.itinerary.freshSteps { keptActivations[ledger.device] = true }
  }

  /// Hands a round that has ended to the policy, or those who ended in it.
  mutating func remember(_ answer: Allocation?, _ ledgers: [DeviceLedger]) {
    guard session.memory != nil, let answer else { return }
    let participants = ledgers.map {
      RoundOutcome.Participant(
        device: $0.device, isLate: $0.isLate, time: $0.time,
        energy: $0.energy)
    }
    session.observe(RoundOutcome(round: current, allocation: answer, participants: participants))
  }

  /// U* of what there is, not of what the policy is told, where the framework knows the objective, the policy plans with the deadline, and it is asked for or cheap.
  func optimalObjective(beside allocation: Allocation) throws -> Double? {
    guard let problem, knowsOptimum else { return nil }
    func find() throws -> Double { try optimalObjective(of: problem, beside: allocation) }
    return current == 1 ? try world.firstRound.optimum.value(find) : try find()
  }

  /// U* of a problem, which is what the policy came to where that is `exact`.
  func optimalObjective(of problem: Problem, beside allocation: Allocation) throws -> Double {
    if policy is ExactPolicy, !world.forecastDiffers { return allocation.objective }
    return optimum.allocate(problem, in: RoundContext(round: current, seed: world.seed)).objective
  }

  /// U of who knows the future, where the scenario asks for it: U* where the channel stands still.
  func clairvoyantObjective(beside allocation: Allocation, at start: Seconds) throws -> Double? {
    guard knowsClairvoyant, let problem, let deadline else { return nil }
    if world.movingChannel == nil { return try optimalObjective(beside: allocation) }
    func find() -> Double? { world.clairvoyantOptimum(of: problem, at: start, under: deadline)?.objective }
    return current == 1 ? world.firstRound.clairvoyant.value(find) : find()
  }

  /// Whether every round comes with U of who knows the future.
  var knowsClairvoyant: Bool {
    world.scenario.optimum == .clairvoyant && world.scenario.framework == .sflam && deadline != nil
  }

  /// Whether every round comes with U*.
  var knowsOptimum: Bool {
    guard world.scenario.framework == .sflam, deadline != nil, !world.playsActivities else { return false }
    let isCheap = world.fleet.count <= 1_000_000 / max(1, world.scenario.uplink.blocks)
    return policy is ExactPolicy || options.computesOptimum ?? isCheap
  }
}

extension ResolvedPolicy {
  /// A registered policy with its default settings.
  static func named(_ name: String) throws -> any Policy {
    guard let entry = PolicyRegistry.entry(named: name) else { throw SimulationError("no policy is called '\(name)'") }
    return try entry.make(PolicySettings(options: entry.options))
  }
}
