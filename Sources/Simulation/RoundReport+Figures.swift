import Allocation
import Network
import Trace
import Training
import Units

/// What a round comes to: each figure is defined here, whoever tells of it.
extension RoundReport {
  /// Energy of all devices for computing.
  public var computeEnergy: Joules { devices.reduce(.zero) { $0 + $1.computeEnergy } }
  /// Energy of all devices for the radio.
  public var uplinkEnergy: Joules { devices.reduce(.zero) { $0 + $1.uplinkEnergy } }
  /// Energy of all devices for receiving.
  public var downlinkEnergy: Joules { devices.reduce(.zero) { $0 + $1.downlinkEnergy } }
  /// Energy of all devices for radios that are asleep.
  public var sleepEnergy: Joules { devices.reduce(.zero) { $0 + $1.sleepEnergy } }
  /// Energy of all devices.
  public var energy: Joules { computeEnergy + uplinkEnergy + downlinkEnergy + sleepEnergy }

  /// Devices that were there when the round began; `nil` where all always are.
  public var devicesAvailable: Int? { world.areThere(at: start)?.count { $0 } }
  /// Devices that left before their round was done; `nil` where none ever does.
  public var devicesLeft: Int? { world.availability.map { _ in devices.count { $0.hasLeft } } }
  /// Devices whose battery was below its reserve when that was decided; `nil` where energy never runs out.
  public var devicesLow: Int? { batteries.map { $0.suffices.count { !$0 } } }
  /// Participants whose battery ran empty before their round was done; likewise.
  public var devicesEmpty: Int? { batteries.map { _ in devices.count { $0.isEmpty } } }
  /// What is left in all batteries when the round ends; likewise.
  public var batteryCharge: Joules? { batteries.map { $0.charge.reduce(.zero, +) } }
  /// Energy of all devices that did not end the round in time, which nothing came of.
  public var energyWasted: Joules {
    devices.reduce(.zero) {
      $1.isLate ? $0 + $1.computeEnergy + $1.uplinkEnergy + $1.downlinkEnergy + $1.sleepEnergy : $0
    }
  }

  /// How many versions each of those who merged was behind, devices ascending; `nil` where all begin and merge together.
  public var staleness: [Int]? {
    carried.map { _ in devices.filter { !$0.isLate }.map { round - $0.itinerary.version } }
  }

  /// The mean of ``staleness``; `nil` also where nobody merged.
  public var stalenessMean: Double? {
    guard let staleness, !staleness.isEmpty else { return nil }
    return Double(staleness.reduce(0, +)) / Double(staleness.count)
  }

  /// Devices that ended the round in time.
  public var devicesCompleted: Int { devices.count { !$0.isLate } }
  /// The largest T_n of a participant, Eq. (16), with its mean wait; `nil` without participants.
  public var stepLatencyMax: Seconds? { devices.map { $0.stepLatency + $0.stepWait }.max() }
  /// E(t), Eq. (18): the energy of a step of all participants together.
  public var stepEnergy: Joules { devices.reduce(.zero) { $0 + $1.stepEnergy } }

  /// U of Eq. (21); `nil` where no step goes on the air.
  public var objective: Double? { world.workload.traits.hasStepOnAir ? allocation.objective : nil }
  /// 1 − U / U*; `nil` where U* is unknown or 0.
  public var optimalityGap: Double? {
    guard let optimum, optimum > 0 else { return nil }
    return 1 - allocation.objective / optimum
  }

  /// 1 − U / U of who knows the future; `nil` where that is unknown or 0.
  public var regret: Double? {
    guard let clairvoyant, clairvoyant > 0 else { return nil }
    return 1 - allocation.objective / clairvoyant
  }

  /// How long devices compute with their server: the longest of them, or all together where they follow each other.
  var computeTime: Seconds { together(devices.lazy.map { $0.computeTime + $0.serverTime }) }
  /// How long they send.
  var uplinkTime: Seconds { together(devices.lazy.map(\.uplinkTime)) }

  private func together(_ times: some Sequence<Seconds>) -> Seconds {
    world.workload.traits.order == .sequential
      ? times.reduce(.zero) { $0 + $1 } : times.reduce(.zero) { max($0, $1) }
  }

  /// Passes of the policy; `nil` where it does not iterate.
  var passes: Int? { allocation.iterations.isEmpty ? nil : allocation.iterations.count }
  /// Passes in which U fell.
  var objectiveFalls: Int? {
    passes.map { _ in
      zip(allocation.iterations, allocation.iterations.dropFirst()).count { $1.objective < $0.objective }
    }
  }
}

extension DeviceLedger {
  /// What became of an admitted device.
  var outcome: Outcome {
    hasLostLink
      ? .noLink
      : isEmpty ? .empty : hasLeft ? .left : isWithdrawn ? .withdrawn : isStale ? .stale : isLate ? .late : .ok
  }

  /// The mean wait of a step at the server, over the steps that came to it.
  var stepWait: Seconds { waitTime / Double(stepsBegun) }

  private var stepsBegun: Int { max(1, steps + (isLate ? 1 : 0)) }
  private var freshStepsBegun: Double { Double(max(1, min(stepsBegun, itinerary.freshSteps))) }

  /// The time in which a step sends: by the plan or, where the channel moves, the mean over the steps.
  var stepUplinkTime: Seconds { played.map { $0.uplinkTime / freshStepsBegun } ?? itinerary.time(.uplink) }
  /// The time in which a step receives, likewise.
  var stepDownlinkTime: Seconds { played.map { $0.downlinkTime / freshStepsBegun } ?? itinerary.time(.downlink) }
  /// The time in which a step computes: by the plan or, where computing varies, the mean over the steps.
  var stepComputeTime: Seconds {
    guard itinerary.hasJitter, let played else { return itinerary.time(.forward) + itinerary.time(.backward) }
    return played.computeTime / freshStepsBegun
  }
  /// T_n without its wait, likewise.
  var stepLatency: Seconds {
    guard played != nil else { return itinerary.stepLatency }
    let computing = stepComputeTime + itinerary.time(.server)
    return computing + stepUplinkTime + stepDownlinkTime
  }
  /// E_n, likewise.
  var stepEnergy: Joules { played.map { $0.energy / freshStepsBegun } ?? itinerary.stepEnergy }
}
