import Allocation
import EventKernel
import Network
import Scenario
import Training
import Units
import Wireless

/// A round's problem, found before the round begins.
struct PosedProblem {
  var round: Int
  var truth: Problem
  var planned: Problem
}

/// What a round is decided by.
extension Run {
  /// Eq. (22) of the next round as its policy will be told it, also after the last round, as it would be in a longer run; `nil`
  /// where nothing is left to decide, and where work is carried over.
  ///
  /// - Complexity: What a round's gains take, once per round.
  public mutating func nextProblem() -> Problem? {
    let upload = world.workload.traits.upload
    guard upload != .nothing, permanentAllocation == nil, open == nil, !world.scenario.aggregation.carries else {
      return nil
    }
    return pose(round: current + 1, beside: nil).planned
  }

  /// Simulates the next round under an answer from outside, to ``nextProblem()``; the policy is not asked.
  ///
  /// - Throws: What ``nextRound()`` throws; ``SimulationError`` where work is carried over, since decisions then fall within rounds.
  public mutating func nextRound(answering answer: Allocation) throws -> RoundReport? {
    guard !world.scenario.aggregation.carries else {
      throw SimulationError("work is carried over from round to round: who decides, does so within rounds, as a policy")
    }
    handedIn = answer
    defer { handedIn = nil }
    return try advance(events: .max)
  }

  /// The round's allocation, held against the constraints of Eq. (22).
  ///
  /// Local learning has nothing to allocate; central learning admits once, in round 1, and trains on that data ever after.
  ///
  /// - Parameter round: The round under way, where the decision falls within one.
  mutating func allocate(beside round: OpenRound? = nil) throws -> Decision {
    if world.scenario.aggregation.carries { return try allocatePlaces(beside: round) }
    problem = nil
    roundStart = Seconds(simulator.now.seconds)
    settleBatteries()
    if world.workload.traits.upload == .nothing { return Decision(allocation: Allocation(assignments: [])) }
    if let permanentAllocation { return Decision(allocation: permanentAllocation) }

    let (truth, problem) = pose(round: current, beside: nil)
    let answer = try answer(to: problem, number: current)
    posed = nil
    self.problem = truth
    let priced = world.forecastDiffers ? answer.priced(in: truth) : answer
    if world.workload.traits.upload == .rawData { permanentAllocation = priced }
    return Decision(allocation: priced, answer: answer)
  }

  /// What devices that are not at work do on blocks that nobody has; nobody begins where there is no such block.
  private mutating func allocatePlaces(beside round: OpenRound?) throws -> Decision {
    let start = Seconds(simulator.now.seconds)
    let engine = round?.engine ?? carried?.engine
    let places = openPlaces(beside: engine, round?.admissions ?? carried?.admissions ?? [])
    let (truth, planned) = pose(round: current, beside: engine)
    posed = nil
    (problem, roundStart) = (truth, start)
    guard !places.blocks.isEmpty, places.busy.count < world.fleet.count else {
      return Decision(allocation: Allocation(assignments: []), freeBlocks: places.blocks)
    }
    let (open, told) = (places.restrict(truth), places.restrict(planned))
    let answer = try answer(to: told, number: decisions + 1)
    decisions += 1
    let priced = world.forecastDiffers ? answer.priced(in: open) : answer
    let optimum = knowsOptimum ? try optimalObjective(of: open, beside: priced) : nil
    return Decision(
      allocation: places.named(priced), answer: places.named(answer), optimum: optimum, freeBlocks: places.blocks)
  }

  /// The policy's answer, or that from outside, held against the constraints of Eq. (22).
  private mutating func answer(to problem: Problem, number: Int) throws -> Allocation {
    let answer = try handedIn ?? session.allocate(problem, in: RoundContext(round: number, seed: world.seed))
    if let first = AllocationChecker.violations(of: answer, in: problem).first {
      throw SimulationError("the policy broke a constraint: \(first)")
    }
    return answer
  }

  /// The problem of a round that begins now, as it is and as its policy is told it.
  private mutating func pose(round: Int, beside engine: RoundEngine?) -> (truth: Problem, planned: Problem) {
    if let posed, posed.round == round { return (posed.truth, posed.planned) }
    settleBatteries(beside: engine)
    let start = Seconds(simulator.now.seconds)
    let truth = trueProblem(round: round, at: start)
    var planned =
      world.forecastDiffers
      ? world.plannedProblem(round: round, at: start, truth: truth, wait: world.expectedWait(last: lastWait)) : truth
    if world.forecastDiffers { planned.gains = ofCharged(planned.gains) }
    posed = PosedProblem(round: round, truth: truth, planned: planned)
    return (truth, planned)
  }
}
