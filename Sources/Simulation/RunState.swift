import Allocation
import EventKernel
import Network
import Scenario
import Trace
import Training
import Units

/// All that the rounds to come depend on, beside scenario, policy and the trainer's own state.
struct RunState: Codable {
  /// The last round that has ended.
  var round: Int
  /// The round under way, where the run stands between two of its events.
  var open: OpenRound?
  /// What goes on between two rounds, where work is carried over.
  var carried: CarriedWork?
  /// How often the policy has decided, likewise.
  var decisions: Int?
  /// Clock, fingerprint, and what is pending: deadlines that nobody missed.
  var simulator: Simulator<RoundEvent>.State
  /// The rounds so far.
  var totals: RunTotals
  /// The devices whose activations the server has for good.
  var keptActivations: [Bool]
  /// Batteries, where energy may run out.
  var batteries: BatteryState?
  /// What the policy carries into the next round.
  var memory: PolicyMemory?
  /// What a step waited at the server in the last round.
  var lastWait: Seconds?
  /// When the last round began, where the channel moves.
  var roundStart: Seconds?
}

extension Run {
  /// Where the run stands.
  var state: RunState {
    RunState(
      round: round, open: open, carried: carried, decisions: world.scenario.aggregation.carries ? decisions : nil,
      simulator: simulator.state, totals: totals, keptActivations: keptActivations,
      batteries: batteryState, memory: session.memory, lastWait: world.neverQueues ? nil : lastWait,
      roundStart: world.dependsOnTime ? roundStart : nil)
  }

  /// Goes on from `state`, under the scenario's target accuracy whatever it was before. Who is admitted for good, where the framework does that, follows from round 1 again.
  ///
  /// - Throws: ``SimulationError`` where no run of this world was ever in such a state.
  mutating func restore(_ state: RunState) throws {
    guard state.simulator.isPossible, ((state.open == nil ? 1 : 0)...world.scenario.rounds).contains(state.round),
      state.totals.canReplace(totals, after: state.round),
      state.totals.allowsTarget(world.scenario.training.stopAtAccuracy),
      state.keptActivations.count == keptActivations.count,
      isPossible(state.batteries, at: Simulator(state.simulator).now), (0...1 << 53).contains(state.decisions ?? 0),
      (state.carried != nil) == (world.scenario.aggregation.carries && state.open == nil && state.round > 0)
    else { throw SimulationError("no run of this scenario comes to it") }
    // With nothing kept, rounds are passed over without being simulated again.
    keptActivations = []
    try passOver(before: state.round + 1)
    keptActivations = state.keptActivations
    session = policy.session(resuming: state.memory)
    posed = nil
    (lastWait, roundStart) = (state.lastWait ?? .zero, state.roundStart ?? .zero)
    simulator = Simulator(state.simulator)
    decisions = state.decisions ?? 0
    batteryState = state.batteries
    totals = state.totals
    totals.setTarget(world.scenario.training.stopAtAccuracy)
    if let work = state.carried { try takeUp(work, after: state.round) }
    if let open = state.open, !isFinished { try reopen(open) }
    if isFinished { recallProblem() }
  }
}
