import Allocation
import EventKernel
import Network
import Randomness
import Scenario
import Training
import Units
import Wireless

/// Everything that is drawn once per run and then stands still: devices, server, large-scale channel, work and sizes.
public final class World: Sendable {
  /// The scenario it was drawn from.
  public let scenario: Scenario
  /// Root of the run's randomness.
  public let seed: Seed
  /// The devices.
  public let fleet: Fleet
  /// Who holds what of the training data; `nil` where the scenario has no data set.
  public let holdings: DataHoldings?
  /// The server.
  public let server: Server
  /// Clocks a device may choose from, as shares of its own.
  public let clockScales: [Double]
  /// The work and the sizes of the scenario's framework, at the first of the model's cuts.
  public let workload: Workload
  /// The same at every cut that a device may choose.
  public let workloads: [Workload]
  /// The same of devices whose adapters have a rank of their own, which goes with one cut alone.
  private let workloadsOfRank: [Int: Workload]
  /// What devices do otherwise at every cut, as Eq. (22) takes it; one that changes nothing where there is no choice.
  public let cuts: [CutOption]
  /// Constants of each device as Eq. (22) takes them, under the scenario's deadline.
  public let terms: [DeviceConstants]
  /// What comes down on each block; `nil` where it costs nothing.
  public let downlink: Downlink?

  private let channel: RadioChannel
  /// What neighbouring cells send on the blocks; `nil` where there are none.
  public let interference: InterferenceProcess?
  /// What policies know to be heard on a block beside a device: N0 and the mean interference, which is the same on each.
  let noise: Watts
  /// For each device, the gain below which a link is in outage.
  private let leastGains: [Double]
  /// The gains of round 1, which most runs of a sweep end with; `nil` where they take much room.
  private let firstGains: (any GainSource)?
  /// The same without the links in outage.
  private let firstLinks: (any GainSource)?
  /// When devices are there; `nil`: always.
  public let availability: AvailabilityProcess?
  /// The batteries of devices; `nil`: energy never runs out.
  public let batteries: DeviceBatteries?
  /// The wait in a closed queue of devices that fill their deadline, which no round changes.
  let closedQueueWait = Once<Seconds>()
  /// What round 1 comes to whatever the policy.
  let firstRound: RoundKnowledge

  /// Gains that a world keeps for round 1.
  private static let smallCell = 100_000
  /// Gains up to which all of a round are found at once where work is carried over: a decision there looks at few of them.
  private static let fewGains = 5_000

  /// Whether a round's gains are found when somebody looks at them, and not all at once.
  private var findsGainsLate: Bool {
    scenario.aggregation.carries && fleet.count > Self.fewGains / max(1, scenario.uplink.blocks)
  }

  /// Draws the world of `repetition`.
  ///
  /// - Parameter other: A world that may have drawn some of it already; what both have in common is taken from there and
  ///   changes nothing but the time it takes.
  /// - Throws: ``SimulationError`` where a drawn value contradicts another, `DatasetError` where the scenario's data cannot
  ///   be had.
  public init(_ scenario: Scenario, repetition: UInt32 = 0, sharing other: World? = nil) throws {
    self.scenario = scenario
    let seed = Seed(scenario.seed, repetition: repetition)
    self.seed = seed
    let sibling = other.flatMap { $0.seed == seed && $0.holdsSameFleet(as: scenario) ? $0 : nil }
    if let sibling, scenario.differsAtMostInPolicy(from: sibling.scenario) {
      (holdings, fleet, server, availability) = (sibling.holdings, sibling.fleet, sibling.server, sibling.availability)
      (clockScales, workload, workloads) = (sibling.clockScales, sibling.workload, sibling.workloads)
      workloadsOfRank = sibling.workloadsOfRank
      (cuts, terms, downlink, batteries) = (sibling.cuts, sibling.terms, sibling.downlink, sibling.batteries)
      (channel, interference, noise) = (sibling.channel, sibling.interference, sibling.noise)
      (leastGains, firstGains, firstLinks) = (sibling.leastGains, sibling.firstGains, sibling.firstLinks)
      firstRound = scenario.gains == nil ? sibling.firstRound : RoundKnowledge()
      return
    }
    if let sibling {
      (holdings, fleet) = (sibling.holdings, sibling.fleet)
    } else {
      let drawn = try Fleet(drawing: scenario, seed: seed)
      holdings = try DataHoldings(scenario, drawn: drawn.samples, seed: seed)
      fleet = holdings.map { Fleet(drawn, holding: $0) } ?? drawn
    }
    server = try Server(drawing: scenario.server, seed: seed)
    clockScales = scenario.devices.clockScales
    workload = Workload(scenario)
    workloads =
      [workload]
      + scenario.otherCuts.enumerated().map { Workload(scenario, cut: $1, index: $0 + 1) }
    let ranks = Set(fleet.adapterRank.compactMap(\.self))
    workloadsOfRank = Dictionary(uniqueKeysWithValues: ranks.map { ($0, Workload(scenario, adapterRank: $0)) })
    availability =
      sibling?.availability
      ?? scenario.devices.availability.map { [count = fleet.count] availability in
        AvailabilityProcess(availability, count: count, seed: seed)
      }
    batteries = try sibling?.batteries ?? DeviceBatteries(drawing: scenario, seed: seed)
    let sharesChannel =
      sibling?.scenario.uplink == scenario.uplink && sibling?.scenario.mobility == scenario.mobility
    if let sibling, sharesChannel {
      (channel, interference, firstGains) = (sibling.channel, sibling.interference, sibling.firstGains)
    } else if scenario.movesChannel {
      let moving = ChannelProcess(
        uplink: scenario.uplink, fleet: fleet, mobility: scenario.mobility, seed: seed)
      (channel, interference, firstGains) = (.moving(moving), moving.interference, nil)
    } else {
      let drawn = Channel(uplink: scenario.uplink, fleet: fleet, seed: seed)
      channel = .still(drawn)
      interference = scenario.uplink.interference.map {
        InterferenceProcess($0, uplink: scenario.uplink, seed: seed)
      }
      firstGains = fleet.count * scenario.uplink.blocks <= Self.smallCell ? drawn.gains(round: 1) : nil
    }
    let noise = scenario.uplink.noise + (interference?.mean ?? .zero)
    self.noise = noise
    leastGains = fleet.powerMax.map { scenario.uplink.leastGain(power: $0, noise: noise) }
    firstLinks = sharesChannel ? sibling?.firstLinks : firstGains?.linked(above: leastGains)
    let (speed, clockIsFixed) = (server.speed(shareOf: scenario), scenario.devices.clockIsFixed)
    terms = fleet.indices.map { [fleet, workload, workloadsOfRank] index in
      let device = fleet[index]
      let own = device.adapterRank.flatMap { workloadsOfRank[$0] } ?? workload
      return own.constants(
        of: device, dataShare: fleet.dataShare(index), clockIsFixed: clockIsFixed[index], beside: workload, scenario,
        serverSpeed: speed)
    }
    downlink = Downlink(scenario, data: workload.gradientDownload + workload.headDownload)
    cuts = zip(workloads, scenario.models).map { [workload] in
      $0.option($1, beside: workload, scenario, serverSpeed: speed)
    }
    let isSameProblem =
      sharesChannel && sibling?.terms == terms && sibling?.workloads == workloads && sibling?.cuts == cuts
      && sibling?.clockScales == clockScales && sibling?.scenario.deadline == scenario.deadline
      && sibling?.scenario.objective == scenario.objective && sibling?.scenario.downlink == scenario.downlink
      && scenario.gains == nil && sibling?.scenario.gains == nil
    firstRound = isSameProblem ? sibling?.firstRound ?? RoundKnowledge() : RoundKnowledge()
    try checkSteps()
  }

  /// The work and the sizes of a device that cuts the model there.
  public func workload(of device: Int, cut: Int = 0) -> Workload {
    fleet.adapterRank[device].flatMap { workloadsOfRank[$0] } ?? workloads[cut]
  }

  /// Whether a world of that scenario under the same seed would be this one but for the name of the policy, which no run looks at.
  public func serves(_ scenario: Scenario) -> Bool {
    scenario.gains == nil && scenario.differsAtMostInPolicy(from: self.scenario)
  }

  /// Whether a world of `other` under the same seed has the same devices with the same samples.
  private func holdsSameFleet(as other: Scenario) -> Bool {
    scenario.devices == other.devices && scenario.training.dataset == other.training.dataset
      && scenario.training.partition == other.training.partition
      && scenario.training.takesDeviceSamples == other.training.takesDeviceSamples
  }

  /// An event counts steps up to ``Event/maximumTag``, with one more for the upload after the last.
  private func checkSteps() throws {
    for (index, samples) in fleet.samples.enumerated() {
      let steps = workload.steps(samples: samples)
      guard steps < Event<RoundEvent>.maximumTag else {
        throw SimulationError(
          scenario, at: "training.local_epochs",
          "device \(index) has \(steps) steps per round (\(workload.localEpochs) local epochs over \(samples) samples in "
            + "batches of training.batch, \(workload.batch)); at most \(Event<RoundEvent>.maximumTag - 1) can be counted"
        )
      }
    }
  }

  /// The links of a round, from 1: ``channelGains(round:at:)`` with a gain of 0 where a link is in outage.
  public func gains(round: Int, at time: Seconds = .zero) -> any GainSource {
    if round == 1, scenario.gains == nil, let firstLinks { return firstLinks }
    return channelGains(round: round, at: time).linked(above: leastGains)
  }

  /// The gains of a round, from 1, in outage or not: drawn, or the file's where the scenario names one.
  ///
  /// - Parameter time: When the round begins, which matters where the channel moves.
  public func channelGains(round: Int, at time: Seconds = .zero) -> any GainSource {
    if let file = scenario.gains, !file.rounds.isEmpty {
      return file.rounds[(round - 1) % file.rounds.count]
    }
    if round == 1, let firstGains { return firstGains }
    return switch channel {
    case .still(let channel): findsGainsLate ? channel.generatedGains(round: round) : channel.gains(round: round)
    case .moving(let channel): findsGainsLate ? channel.foundGains(at: time) : channel.gains(at: time)
    }
  }

  /// The gains of a round without small-scale fading.
  private func meanGains(at time: Seconds) -> any GainSource {
    switch channel {
    case .still(let channel): channel.meanGains
    case .moving(let channel): channel.meanGains(at: time)
    }
  }

  /// The channel where it moves; `nil` where it stands still for a round.
  var movingChannel: ChannelProcess? { if case .moving(let channel) = channel { channel } else { nil } }

  /// The gains that policies see of a round that begins at `time`: of what they know, and with what error.
  private func estimatedGains(round: Int, at time: Seconds, truth: any GainSource) -> any GainSource {
    let knowledge = scenario.channelEstimate
    guard knowledge != .perfect else { return truth }
    let seen: any GainSource =
      switch knowledge.kind {
      case .mean: meanGains(at: max(.zero, time - knowledge.delay)).linked(above: leastGains)
      case .snapshot where knowledge.delay > .zero: gains(round: round, at: max(.zero, time - knowledge.delay))
      case .snapshot: truth
      }
    return knowledge.error > 0 ? EstimatedGains(seen, error: knowledge.error, round: round, seed: seed) : seen
  }

  /// Whether policies may see other gains, another deadline or another server than there are.
  var forecastDiffers: Bool {
    scenario.channelEstimate != .perfect || scenario.deadlineMargin > 0
      || scenario.serverForecast != .none && !neverQueues
  }

  /// Whether there are the block and the cut of an assignment that a file names.
  func mayHave(_ assignment: Assignment) -> Bool {
    (0..<scenario.uplink.blocks).contains(assignment.block) && cuts.indices.contains(assignment.cut)
  }

  /// The deadline that is in force under `policy`; `nil` where the framework has no step on the air or the policy does not
  /// plan with one.
  public func deadline(for policy: any Policy) -> Scenario.Deadline? {
    workload.traits.hasStepOnAir && policy.observesDeadline ? scenario.deadline : nil
  }

  /// The problem that a policy is given: ``problem(round:at:under:)`` with gains as they are estimated, and with a deadline that
  /// leaves the scenario's margin.
  ///
  /// - Parameters:
  ///   - time: When the round begins.
  ///   - wait: What a step is expected to wait at the server.
  func plannedProblem(round: Int, at time: Seconds, truth: Problem, wait: Seconds = .zero) -> Problem {
    var problem = truth
    if wait > .zero {
      for device in problem.devices.indices { problem.devices[device].serverTime += wait }
    }
    let seen = estimatedGains(round: round, at: time, truth: truth.gains)
    problem.gains = scenario.channelEstimate == .perfect ? seen : ofPresent(seen, at: time)
    problem.deadline = truth.deadline * (1 - scenario.deadlineMargin)
    return problem
  }

  /// Eq. (22) of a round as it is, under the deadline that is in force with `policy`.
  public func problem(round: Int, for policy: any Policy) -> Problem {
    problem(round: round, under: deadline(for: policy))
  }

  /// Eq. (22) of a round as it is; without (22a) where no deadline is in force.
  ///
  /// - Parameter time: When the round begins, which matters where the channel moves.
  func problem(round: Int, at time: Seconds = .zero, under deadline: Scenario.Deadline?) -> Problem {
    let gains = ofPresent(gains(round: round, at: time), at: time)
    var problem = Problem(
      devices: terms, levels: workloads.flatMap(\.levels), cuts: cuts, clockScales: clockScales,
      bandwidth: scenario.uplink.blockBandwidth,
      noise: noise, deadline: deadline?.value ?? .infinity,
      objective: scenario.objective, gains: gains, downlink: downlink, link: scenario.uplink.link)
    if deadline?.per == .round, broadcastsModel {
      let time = broadcastTime(to: fleet.indices, gains: gains)
      for device in problem.devices.indices { problem.devices[device].deadlineBroadcast = time }
    }
    return problem
  }
}

/// The radio channel of a run.
private enum RadioChannel: Sendable {
  /// It stands still for a round.
  case still(Channel)
  /// It moves while a round is under way.
  case moving(ChannelProcess)
}

extension Scenario {
  /// Whether all else is the same: then so is the world.
  fileprivate func differsAtMostInPolicy(from other: Scenario) -> Bool {
    var other = other
    (other.policy, other.policySettings) = (policy, policySettings)
    (other.externalPolicy, other.externalPolicyRule) = (externalPolicy, externalPolicyRule)
    return other == self
  }
}

extension Server {
  /// The speed that one device sees. Where the server is shared, a device has as large a part of it as of the blocks:
  /// 1/K, or all of it where `sl` hands the whole band to the one that transmits.
  func speed(shareOf scenario: Scenario) -> FlopsPerSecond {
    speed(blocks: scenario.sendsOverWholeBand ? 1 : scenario.uplink.blocks)
  }
}

extension Scenario.Population {
  /// Clocks to choose from, as shares of a device's own: level i of L is i / L.
  var clockScales: [Double] {
    let levels = groups.map(\.clockLevels).max() ?? 1
    return (1...max(1, levels)).map { Double($0) / Double(max(1, levels)) }
  }

  /// For each device, whether its clock is not for it to choose.
  var clockIsFixed: [Bool] {
    groups.flatMap { Array(repeating: $0.clockLevels <= 1, count: $0.count) }
  }
}

/// A run that cannot be simulated as its scenario has it.
public struct SimulationError: Error, Sendable, CustomStringConvertible {
  /// One sentence for the person who wrote the scenario.
  public var description: String
  /// Whether the scenario is at fault before anything is simulated: its draws, data, policy or trainer.
  public var isBadInput: Bool

  /// An error that reads as `description`.
  public init(_ description: String, isBadInput: Bool = false) {
    self.description = description
    self.isBadInput = isBadInput
  }

  /// An error of a scenario's value at the key path `key`, with its place where the scenario gives it, or else that of the
  /// mapping in which it could stand.
  init(_ scenario: Scenario, at key: String, _ message: String) {
    var path = key.split(separator: ".")
    while !path.isEmpty, scenario.places[path.joined(separator: ".")] == nil { path.removeLast() }
    let place = scenario.places[path.joined(separator: ".")].map { "\($0): " } ?? ""
    self.init("\(place)\(key): \(message)", isBadInput: true)
  }
}
