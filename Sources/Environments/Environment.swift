import Allocation
import Network
import Randomness
import Scenario
import Simulation
import Training
import Units
import Wireless

/// One world of a scenario, played round by round by somebody outside.
///
/// ```swift
/// let environment = try Environment(scenario)
/// try environment.reset(repetition: 0)
/// while !environment.isOver { let report = try environment.step(.scores(scores(of: environment.problem))) … }
/// ```
///
/// It is a `Run` whose answers come from its caller: the same world as `airsplit run --repetition`, to the bit.
public final class Environment {
  /// The scenario.
  public let scenario: Scenario
  let options: EnvironmentOptions
  /// What an observation has of each device.
  let columns: [DeviceColumn]
  private let policy: ResolvedPolicy
  private let warnings: [String]
  private var opened: OpenedRun?
  private var recorder: Recorder?
  private var hasWritten = false
  /// Eq. (22) of the round that comes, as a policy is told it.
  public private(set) var problem: Problem?
  /// For each device the round in which it last completed one, 0 for none.
  private(set) var lastCompleted: [Int32] = []
  /// The least gains of devices with these constants.
  private var leastGains: (devices: [DeviceConstants], gains: [Double]) = ([], [])

  /// A world that is yet to be ``reset(to:)``.
  ///
  /// - Parameter warnings: What looked wrong with the scenario, for the manifest of a run that is written.
  /// - Throws: ``EnvironmentError`` where the scenario's framework has no round to decide.
  public init(
    _ scenario: Scenario, warnings: [String] = [], options: EnvironmentOptions = EnvironmentOptions()
  ) throws {
    guard scenario.framework.traits.hasStepOnAir else {
      throw EnvironmentError("framework '\(scenario.framework.rawValue)' has no step on the air, and nothing to decide")
    }
    guard !scenario.aggregation.carries else {
      throw EnvironmentError(
        "aggregation.mode '\(scenario.aggregation.mode.rawValue)' carries work over from round to round, and decisions fall within "
          + "rounds; an environment decides whole rounds: use synchronous, or deadline or quorum with rest: withdrawn; a policy, also one that "
          + "is a program or a function of Python, decides under every mode")
    }
    self.scenario = scenario
    self.options = options
    columns = DeviceColumn.columns(of: scenario)
    self.warnings = warnings
    policy =
      try options.asksPolicy
      ? ResolvedPolicy(scenario)
      : ResolvedPolicy(name: options.policyName, policy: OutsidePolicy(onViolation: options.violationRule))
  }

  /// Whether nothing is left to play: the rounds are over, or the target accuracy is reached; or it was never reset.
  public var isOver: Bool { opened?.run.isFinished ?? true }

  /// The round that comes, from 1.
  public var round: Int { (opened?.run.round ?? 0) + 1 }

  /// Simulated time so far.
  public private(set) var time = Seconds.zero

  /// The world as it was drawn; `nil` before the first reset.
  public var world: World? { opened?.run.world }

  /// What is in each battery when the round that comes begins; `nil` where energy never runs out.
  var batteryCharge: [Joules]? { opened?.run.batteryCharge }

  /// Begins the run of a seed and repetition.
  ///
  /// - Throws: What the run's first steps throw: `SimulationError`, `DatasetError`, `WeightsError`, `TraceError`.
  public func reset(to seed: Seed) throws {
    opened = nil
    problem = nil
    time = .zero
    var scenario = scenario
    scenario.seed = seed.value
    let world = try World(scenario, repetition: seed.repetition)
    var runOptions = Run.Options()
    runOptions.computesOptimum = options.computesOptimum
    runOptions.simulatesEvents = options.simulatesEvents
    runOptions.recordsEvents = options.out != nil && options.traces.needsEvents
    let trainer = try world.makeTrainer(threads: options.worlds == 1 ? options.threads : 1)
    var run = try Run(world, policy: policy.policy, trainer: trainer, options: runOptions)
    if let out = options.out {
      guard !hasWritten else {
        throw EnvironmentError("the run in '\(out)' is this one's first; it is not written anew")
      }
      hasWritten = true
      recorder = try Recorder(
        path: out, run: run, policy: policy, selection: options.traces,
        warnings: warnings + world.warnings(for: policy.policy),
        force: options.force)
    }
    lastCompleted = Array(repeating: 0, count: world.fleet.count)
    leastGains = ([], [])
    problem = run.nextProblem()
    opened = OpenedRun(run)
  }

  /// Plays the round that comes.
  ///
  /// - Parameter action: What is decided; `nil` where the scenario's own policy decides.
  /// - Throws: ``EnvironmentError`` for an action that makes no sense, upon which nothing has changed; what a run throws.
  public func step(_ action: Action?) throws -> RoundReport {
    guard let problem, let opened, !isOver else {
      throw EnvironmentError("the rounds are over, or never began: reset it first")
    }
    let played: RoundReport?
    switch (action, options.asksPolicy) {
    case (let action?, false):
      played = try opened.run.nextRound(answering: problem.allocation(of: action, onViolation: options.violationRule))
    case (nil, true): played = try opened.run.nextRound()
    case (nil, false): throw EnvironmentError("an action is needed, since the caller decides")
    case (_?, true): throw EnvironmentError("the scenario's policy decides, and an action was given")
    }
    guard let report = played else { throw EnvironmentError("the rounds are over: reset it first") }
    time = report.end
    for ledger in report.devices where !ledger.isLate { lastCompleted[ledger.device] = Int32(clamping: report.round) }
    try recorder?.record(report, of: opened.run)
    if isOver {
      try recorder?.finish(opened.run)
      recorder = nil
    }
    self.problem = opened.run.nextProblem()
    return report
  }

  /// The least gain with which each device can meet the deadline of the round that comes; infinite where none will do.
  func leastGains(of problem: Problem) -> [Double] {
    // A forecast or the model's broadcast may change what devices have from round to round.
    if problem.devices != leastGains.devices {
      leastGains.devices = problem.devices
      leastGains.gains = problem.devices.indices.map { device in
        switch Feasibility(of: device, in: problem) {
        case .noMemory, .noTime: .infinity
        case .needsGain(let least): max(least, .leastNonzeroMagnitude)
        }
      }
    }
    return leastGains.gains
  }
}

/// A run with a place of its own.
private final class OpenedRun {
  var run: Run

  init(_ run: consuming Run) { self.run = run }
}

/// The policy of a run whose answers come from outside.
public struct OutsidePolicy: Policy {
  /// What becomes of a round in which an answer breaks a constraint.
  public let violationRule: ViolationRule

  /// The policy, under this rule.
  public init(onViolation rule: ViolationRule) { violationRule = rule }

  /// There is nobody to ask.
  public func allocate(_ problem: Problem, in context: RoundContext) throws -> Allocation {
    throw PolicyError("the round's answer comes from outside, and none was handed in")
  }
}
