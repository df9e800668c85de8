import Allocation
import Dispatch
import Network
import Scenario
import Units
import Wireless

/// What an allocator comes to that knows the future of the channel.
public struct ClairvoyantOptimum: Sendable, Hashable {
  /// U of Eq. (21) with what every step's energy comes to in the mean over the round: no allocation of fixed powers comes to
  /// more, but for a relative 1e-9.
  public var objective: Double
  /// Who would take part, with bits and powers.
  public var choices: [Choice]

  /// What one device would do.
  public struct Choice: Sendable, Hashable {
    /// n.
    public var device: Int
    /// k.
    public var block: Int
    /// q_n.
    public var bits: Int
    /// p_n, constant over the round.
    public var power: Watts
    /// The share of its clock.
    public var clockScale: Double
    /// Its part of the objective.
    public var value: Double
  }
}

extension World {
  /// The optimum of the round that begins at `start` for who knows the future: for each pair the best of all options and powers
  /// under the gains that will be (`ClairvoyantSearch`), then one matching of largest weight.
  ///
  /// That is exact: U is a sum over participants, and what a device comes to on a block does not depend on who else takes
  /// part; scenarios in which that is not so, such as a queue at the server, are refused.
  /// Pairs are shared out over the processor's cores, and no result depends on how many there are.
  ///
  /// - Returns: `nil` where the channel stands still, where (22) already knows the future, or is not the framework's.
  public func clairvoyantOptimum(round: Int, at start: Seconds, under deadline: Scenario.Deadline)
    -> ClairvoyantOptimum?
  {
    clairvoyantOptimum(of: problem(round: round, at: start, under: deadline), at: start, under: deadline)
  }

  /// The same for a round whose problem is at hand.
  func clairvoyantOptimum(
    of problem: Problem, at start: Seconds, under deadline: Scenario.Deadline
  ) -> ClairvoyantOptimum? {
    guard let channel = movingChannel else { return nil }
    let (devices, blocks) = (problem.devices.count, problem.blockCount)
    var findings = Array(repeating: ClairvoyantSearch.Finding(), count: devices * blocks)
    let options = problem.devices.indices.map { PairOptions(self, problem, device: $0) }
    findings.withUnsafeMutableBufferPointer { buffer in
      nonisolated(unsafe) let findings = buffer
      DispatchQueue.concurrentPerform(iterations: devices) { device in
        let row = problem.gains.row(device: device)
        for block in 0..<blocks where row[block] > 0 {
          let pair = ForeseenPair(
            options: options[device], track: GainTrack(channel, device: device, block: block, from: start),
            start: start.value, deadline: deadline)
          findings[device * blocks + block] = pair.best()
        }
      }
    }
    let blockOfDevice = DenseAssignment.maximumWeight(
      rows: devices, columns: blocks, weights: findings.map { $0.option == nil ? 0 : $0.value })
    var optimum = ClairvoyantOptimum(objective: 0, choices: [])
    for (device, block) in blockOfDevice.enumerated() {
      guard let block else { continue }
      let finding = findings[device * blocks + block]
      guard let index = finding.option else { continue }
      let option = options[device].all[index]
      optimum.objective += finding.value
      optimum.choices.append(
        ClairvoyantOptimum.Choice(
          device: device, block: block, bits: option.bits, power: Watts(finding.power), clockScale: option.clockScale,
          value: finding.value))
    }
    return optimum
  }
}

/// The ways in which a device could do its steps.
private struct PairOptions: Sendable {
  struct One: Sendable {
    var bits: Int
    var clockScale: Double
    var payload: Bits
    /// Before the upload and after it, in seconds.
    var before: Double
    var after: Double
    var computeEnergy: Double
    var information: Double
  }

  let all: [One]
  let steps: Int
  let constants: DeviceConstants
  let objective: Objective
  let modelUpload: Bits

  init(_ world: World, _ problem: Problem, device: Int) {
    constants = problem.devices[device]
    objective = problem.objective
    let workload = world.workload(of: device)
    steps = workload.steps(samples: world.fleet.samples[device])
    modelUpload = workload.modelUpload
    var all: [One] = []
    for clock in problem.clocks(of: constants) {
      let scale = problem.clockScales[clock]
      let (time, energy) = constants.computing(at: scale)
      let forward = time.value * workload.shareBeforeUpload
      for level in problem.levels {
        all.append(
          One(
            bits: level.bits, clockScale: scale, payload: level.payload, before: forward,
            after: constants.serverTime.value + (time.value - forward), computeEnergy: energy.value,
            information: level.information))
      }
    }
    self.all = all
  }
}

/// The steps of a device on a block under the gains that will be.
private struct ForeseenPair: ForeseenSteps {
  let options: PairOptions
  let track: GainTrack
  let start: Double
  let deadline: Scenario.Deadline

  /// What the events' deadline leaves to rounding: ticks of a nanosecond.
  private static let tick = 2e-9
  /// An upload is followed up to so many deadlines: a power at which it takes longer bounds little.
  private static let patience = 4.0

  private var limit: Double { deadline.value.value * (1 + Problem.tolerance) + ForeseenPair.tick }

  func best() -> ClairvoyantSearch.Finding {
    let (steps, constants, objective) = (options.steps, options.constants, options.objective)
    guard steps > 0 else { return ClairvoyantSearch.Finding() }
    let values = options.all.map { option in
      ClairvoyantSearch.Option { energy in
        objective.value(
          dataShare: constants.dataShare, information: option.information,
          energy: Joules(option.computeEnergy + energy / Double(steps)))
      }
    }
    let deadlines =
      deadline.per == .step
      ? ClairvoyantSearch.Deadlines(step: limit) : ClairvoyantSearch.Deadlines(round: limit)
    let least = min(constants.powerMin.value, constants.powerMax.value)
    return ClairvoyantSearch.best(
      of: values, powers: least...(constants.powerMax.value * (1 + Problem.tolerance)), steps: steps,
      deadlines: deadlines, drawn: { constants.drawnPower(Watts($0)).value }, in: self)
  }

  func follow(power: Double, option index: Int, into ends: UnsafeMutableBufferPointer<StepEnd>) -> ForeseenRound {
    let option = options.all[index]
    var round = ForeseenRound(airTime: 0, isInTime: true)
    var now = 0.0
    let isPerStep = deadline.per == .step
    for step in ends.indices {
      let patience = isPerStep ? ForeseenPair.patience * limit : limit - now
      let begin = now + option.before
      guard
        let upload = track.time(
          sending: option.payload, power: Watts(power), from: Seconds(start + begin), limit: Seconds(max(0, patience)))
      else {
        let earliest = begin + max(0, patience)
        for later in step..<ends.count { ends[later] = StepEnd(earliest: earliest, latest: .infinity) }
        round.airTime += max(0, patience)
        round.isInTime = false
        // The round's last step ends after the deadline, which the bound is to see.
        if !isPerStep { ends[ends.count - 1].earliest = .infinity }
        return round
      }
      let end = begin + upload.value + option.after
      round.airTime += upload.value
      if isPerStep, end - now > limit { round.isInTime = false }
      ends[step] = StepEnd(earliest: end, latest: end)
      now = end
    }
    guard !isPerStep else { return round }
    let upload =
      options.modelUpload > .zero
      ? track.time(
        sending: options.modelUpload, power: Watts(power), from: Seconds(start + now),
        limit: Seconds(max(0, limit - now))) : .zero
    guard let upload, now + upload.value <= limit else {
      round.isInTime = false
      ends[ends.count - 1].earliest = .infinity
      return round
    }
    return round
  }
}
