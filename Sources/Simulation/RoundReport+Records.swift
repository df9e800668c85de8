import Allocation
import EventKernel
import Network
import Scenario
import Trace
import Training
import Units
import Wireless

/// A round as rows of the trace files.
extension RoundReport {
  /// Up to this many devices each has a row in every round; above, only the admitted ones have.
  public static var everyDeviceLimit: Int { 10_000 }

  /// The row of `rounds.csv`.
  public var roundRecord: RoundRecord {
    var record = RoundRecord()
    record.round = round
    record.start = start
    record.end = end
    record.duration = duration
    record.devicesFeasible = devicesFeasible
    if world.availability != nil {
      (record.devicesAvailable, record.devicesLeft) = (devicesAvailable, devicesLeft)
    }
    (record.devicesLow, record.devicesEmpty) = (devicesLow, devicesEmpty)
    (record.battery, record.batteryCharged, record.batterySpent) = (
      batteryCharge, batteries?.charged, batteries?.spent
    )
    if world.wastesEnergy { record.energyWasted = energyWasted }
    record.devicesAtWork = carried?.atWork.count
    (record.stalenessMean, record.stalenessMax) = (stalenessMean, staleness?.max())
    record.versionsKept = carried.map { $0.versions.count }
    record.devicesSelected = devices.count
    record.devicesCompleted = devicesCompleted
    record.stepLatencyMax = stepLatencyMax
    record.stepEnergy = stepEnergy
    record.roundComputeEnergy = computeEnergy
    record.roundUplinkEnergy = uplinkEnergy
    if world.downlink != nil { record.roundDownlinkEnergy = downlinkEnergy }
    if world.scenario.devices.radioSleep != nil { record.roundSleepEnergy = sleepEnergy }
    record.roundEnergy = energy
    record.serverUtilization = server?.utilization
    record.serverQueueMean = server?.queueMean
    record.timeTotal = end
    record.energyTotal = energyBefore + energy
    record.roundServerEnergy = serverEnergy
    record.bitsMean = Metric.bits.mean(of: self)
    record.powerMean = Metric.power.mean(of: self).map { Watts($0) }
    record.objective = objective
    record.objectiveOptimum = optimum
    record.optimalityGap = optimalityGap
    record.objectiveClairvoyant = clairvoyant
    record.regret = regret
    record.violations = allocation.violations.count
    record.trainLoss = learning?.trainLoss
    record.testLoss = learning?.testLoss
    record.testAccuracy = learning?.testAccuracy
    record.testAccuracyLocal = learning?.testAccuracyLocal
    return record
  }

  /// The rows of `devices.csv`, devices ascending.
  public var deviceRecords: [DeviceRecord] {
    let assignments = Dictionary(uniqueKeysWithValues: allocation.assignments.map { ($0.device, $0) })
    let admitted = devices.map { admittedRecord($0, assignments[$0.device]) }
    let isAdmitted = Set(devices.map(\.device))
    let shown =
      admitted + allocation.unlinked.filter { !isAdmitted.contains($0.device) }.map { unlinkedRecord($0) }
    guard world.fleet.count <= Self.everyDeviceLimit else { return shown.sorted { $0.device < $1.device } }
    var records = (0..<world.fleet.count).map { idleRecord(device: $0) }
    for record in shown { records[record.device] = record }
    let isShown = Set(shown.map(\.device))
    for device in records.indices where !isShown.contains(device) {
      records[device].outcome = outcome(ofIdle: device)
      if let admission = carried?.admissions[device] { records[device].start = Seconds(admission.start.seconds) }
    }
    return records
  }

  /// The rows of `events.csv`.
  public var eventRecords: [EventRecord] {
    events.map { event in
      var record = EventRecord()
      record.time = event.time
      record.kind = event.kind.name
      record.device = event.device
      record.block = event.block
      record.round = round
      record.step = event.step
      record.energy = event.energy
      if event.kind == .server || event.wait > .zero { record.wait = event.wait }
      return record
    }
  }

  /// The rows of `bcd.csv`: one per iteration of an iterative policy.
  public var iterationRecords: [IterationRecord] {
    allocation.iterations.enumerated().map { index, iteration in
      var record = IterationRecord()
      record.round = round
      record.iteration = index + 1
      record.objective = iteration.objective
      record.energy = iteration.energy
      record.assignmentsChanged = iteration.assignmentsChanged
      record.bitsChanged = iteration.bitsChanged
      record.participants = iteration.participants
      record.candidates = iteration.candidates
      record.candidateEnergy = iteration.candidateEnergy
      return record
    }
  }

  /// The rows of `gains.csv`: every device, selected or not, on every block. Above ``everyDeviceLimit`` devices, the
  /// admitted ones.
  ///
  /// - Complexity: O(devices × blocks), and so many rows.
  func forEachGain(_ body: (GainRecord) throws -> Void) rethrows {
    guard let gains = problem?.gains else { return }
    let everyDevice = world.fleet.count <= Self.everyDeviceLimit
    var record = GainRecord()
    record.round = round
    var row = Array(repeating: 0.0, count: gains.blockCount)
    for device in everyDevice ? Array(0..<world.fleet.count) : devices.map(\.device) {
      record.device = device
      row.withUnsafeMutableBufferPointer { gains.copyRow(device: device, into: $0) }
      for (block, gain) in row.enumerated() {
        record.block = block
        record.gain = gain > 0 ? Decibels(Decibel.of(gain)) : nil
        try body(record)
      }
    }
  }

  // MARK: - Devices

  /// Why a device that was not admitted was not.
  func outcome(ofIdle device: Int) -> Outcome {
    if let carried, carried.atWork.contains(device) { return .busy }
    return absence(of: device) ?? prospects.outcome(ofIdle: device, allocation)
  }

  /// Why a device could not be chosen, whatever its links; `nil` where it could.
  private func absence(of device: Int) -> Outcome? {
    if !world.isThere(device, at: allocationTime) { return .away }
    if let batteries, allocationRound == round, !batteries.suffices[device] { return .lowBattery }
    return nil
  }

  private func idleRecord(device: Int) -> DeviceRecord {
    var record = DeviceRecord()
    record.round = round
    record.device = device
    record.name = world.scenario.devices.names?[device]
    if world.scenario.hasAdapterRanks {
      record.adapterRank = world.fleet.adapterRank[device] ?? world.scenario.training.adapters?.rank
    }
    record.distance = world.fleet.distance[device]
    record.battery = batteries?.charge[device]
    return record
  }

  /// A device that the policy drew for a block on which it has no link.
  private func unlinkedRecord(_ pair: Allocation.Pair) -> DeviceRecord {
    var record = idleRecord(device: pair.device)
    record.block = pair.block
    let gain = world.channelGains(round: allocationRound, at: allocationTime).gain(
      device: pair.device, block: pair.block)
    if gain > 0 { record.gain = Decibels(Decibel.of(gain)) }
    record.outcome = absence(of: pair.device) ?? .noLink
    return record
  }

  private func admittedRecord(_ ledger: DeviceLedger, _ assignment: Assignment?) -> DeviceRecord {
    let itinerary = ledger.itinerary
    var record = idleRecord(device: itinerary.device)
    record.block = itinerary.block
    record.steps = itinerary.steps
    record.stepComputeTime = ledger.stepComputeTime
    record.stepUplinkTime = ledger.stepUplinkTime
    record.stepServerTime = itinerary.time(.server)
    if world.countsAccelerators { (record.stepWaitTime, record.roundWaitTime) = (ledger.stepWait, ledger.waitTime) }
    if world.downlink != nil {
      (record.stepDownlinkTime, record.roundDownlinkEnergy) = (ledger.stepDownlinkTime, ledger.downlinkEnergy)
    }
    record.stepLatency = ledger.stepLatency + ledger.stepWait
    record.stepEnergy = ledger.stepEnergy
    record.roundTime = ledger.time
    record.roundComputeEnergy = ledger.computeEnergy
    record.roundUplinkEnergy = ledger.uplinkEnergy
    if itinerary.sleep != nil { record.roundSleepEnergy = ledger.sleepEnergy }
    record.outcome = ledger.outcome
    if let carried {
      record.start = carried.admissions[ledger.device].map { Seconds($0.start.seconds) }
      record.staleness = round - itinerary.version
    }
    if let assignment {
      record.power = assignment.power
      record.rate = itinerary.rate
      if world.clockScales.count > 1 {
        record.clock = world.fleet[itinerary.device].clock * assignment.clockScale
      }
      if world.cuts.count > 1 { record.cut = world.cuts[assignment.cut].name }
      if world.workload.traits.hasStepOnAir {
        record.bits = assignment.bits
        record.payload = assignment.payload
      }
      let gain =
        carried.map { $0.admissions[ledger.device]?.gain }
        ?? problem?.gains.gain(device: ledger.device, block: assignment.block)
      if let gain, gain > 0 {
        record.gain = Decibels(Decibel.of(gain))
      }
    }
    if let deadline {
      switch deadline.per {
      case .step: record.stepSlack = deadline.value - ledger.stepLatency - ledger.stepWait
      case .round:
        record.stepSlack =
          (deadline.value - (ledger.played == nil ? itinerary.roundTime + ledger.waitTime : ledger.time))
          / Double(max(1, itinerary.steps))
      }
    }
    return record
  }

  /// The round whose gains decided about this one: itself, or the first where devices are admitted for good.
  var allocationRound: Int { world.workload.traits.upload == .rawData ? 1 : round }
  /// When that round began.
  var allocationTime: Seconds { allocationRound == round ? start : .zero }
}
