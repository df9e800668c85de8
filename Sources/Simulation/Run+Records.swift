import Allocation
import EventKernel
import Network
import Scenario
import Trace
import Training
import Units
import Wireless

/// The last round as rows of the trace files.
extension Run {
  /// Up to this many devices each has a row in every round; above, only the admitted ones have.
  public static var everyDeviceLimit: Int { 10_000 }

  /// The row of `rounds.csv`.
  public func roundRecord(_ result: RoundResult) -> RoundRecord {
    let itineraries = result.devices.map(\.itinerary)
    let completed = result.devices.count { !$0.isLate }
    let hasStepOnAir = world.workload.traits.hasStepOnAir
    var record = RoundRecord()
    record.round = result.round
    record.start = result.start
    record.end = result.end
    record.duration = result.duration
    record.devicesFeasible = feasibleCount()
    record.devicesSelected = result.devices.count
    record.devicesCompleted = completed
    record.stepLatencyMax = result.devices.map { $0.itinerary.stepLatency + $0.stepWait }.max()
    record.stepEnergy = itineraries.reduce(.zero) { $0 + $1.stepEnergy }
    record.roundComputeEnergy = result.computeEnergy
    record.roundUplinkEnergy = result.uplinkEnergy
    if world.downlink != nil { record.roundDownlinkEnergy = result.downlinkEnergy }
    record.roundEnergy = result.energy
    record.serverUtilization = result.server?.utilization
    record.serverQueueMean = result.server?.queueMean
    record.timeTotal = totals.summary.duration
    record.energyTotal = totals.summary.energy
    record.roundServerEnergy = result.serverEnergy
    let assignments = result.allocation.assignments
    if !assignments.isEmpty {
      let count = Double(assignments.count)
      if hasStepOnAir { record.bitsMean = assignments.reduce(0) { $0 + Double($1.bits) } / count }
      record.powerMean = assignments.reduce(.zero) { $0 + $1.power } / count
    }
    if hasStepOnAir { record.objective = result.allocation.objective }
    record.objectiveOptimum = result.optimum
    record.optimalityGap = result.optimalityGap
    record.violations = result.allocation.violations.count
    record.trainLoss = result.learning?.trainLoss
    record.testLoss = result.learning?.testLoss
    record.testAccuracy = result.learning?.testAccuracy
    record.testAccuracyLocal = result.learning?.testAccuracyLocal
    return record
  }

  /// The rows of `devices.csv`, devices ascending.
  public func deviceRecords(_ result: RoundResult) -> [DeviceRecord] {
    let assignments = Dictionary(uniqueKeysWithValues: result.allocation.assignments.map { ($0.device, $0) })
    let admitted = result.devices.map { admittedRecord($0, assignments[$0.device], round: result.round) }
    let shown = admitted + result.allocation.unlinked.map { unlinkedRecord($0, round: result.round) }
    guard world.fleet.count <= Self.everyDeviceLimit else { return shown.sorted { $0.device < $1.device } }
    var records = (0..<world.fleet.count).map { idleRecord(device: $0, round: result.round) }
    for record in shown { records[record.device] = record }
    let isShown = Set(shown.map(\.device))
    for device in records.indices where !isShown.contains(device) {
      records[device].outcome = outcomeOfIdle(device: device, result.allocation)
    }
    return records
  }

  /// The rows of `events.csv`.
  public func eventRecords(_ result: RoundResult) -> [EventRecord] {
    loggedEvents.map { happening in
      var record = EventRecord()
      record.time = happening.time
      record.kind = happening.kind.name
      record.device = happening.device
      record.block = happening.block
      record.round = result.round
      record.step = happening.step
      record.energy = happening.energy
      if happening.kind == .server || happening.wait > .zero { record.wait = happening.wait }
      return record
    }
  }

  /// The rows of `bcd.csv`: one an iteration of an iterative policy.
  public func iterationRecords(_ result: RoundResult) -> [IterationRecord] {
    result.allocation.iterations.enumerated().map { index, iteration in
      var record = IterationRecord()
      record.round = result.round
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
  func forEachGain(_ result: RoundResult, _ body: (GainRecord) throws -> Void) rethrows {
    guard let gains = problem?.gains else { return }
    let everyDevice = world.fleet.count <= Self.everyDeviceLimit
    var record = GainRecord()
    record.round = result.round
    var row = Array(repeating: 0.0, count: gains.blockCount)
    for device in everyDevice ? Array(0..<world.fleet.count) : result.devices.map(\.device) {
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

  private func idleRecord(device: Int, round: Int) -> DeviceRecord {
    var record = DeviceRecord()
    record.round = round
    record.device = device
    record.name = world.scenario.devices.names?[device]
    record.distance = world.fleet.distance[device]
    return record
  }

  /// A device that the policy drew for a block on which it has no link.
  private func unlinkedRecord(_ pair: Allocation.Pair, round: Int) -> DeviceRecord {
    var record = idleRecord(device: pair.device, round: round)
    record.block = pair.block
    let gain = world.channelGains(round: allocationRound(of: round)).gain(device: pair.device, block: pair.block)
    if gain > 0 { record.gain = Decibels(Decibel.of(gain)) }
    record.outcome = .noLink
    return record
  }

  private func admittedRecord(_ ledger: DeviceLedger, _ assignment: Assignment?, round: Int) -> DeviceRecord {
    let itinerary = ledger.itinerary
    var record = idleRecord(device: itinerary.device, round: round)
    record.block = itinerary.block
    record.steps = itinerary.steps
    record.stepComputeTime = itinerary.time(.forward) + itinerary.time(.backward)
    record.stepUplinkTime = itinerary.time(.uplink)
    record.stepServerTime = itinerary.time(.server)
    if world.countsAccelerators { (record.stepWaitTime, record.roundWaitTime) = (ledger.stepWait, ledger.waitTime) }
    if world.downlink != nil {
      (record.stepDownlinkTime, record.roundDownlinkEnergy) = (itinerary.time(.downlink), ledger.downlinkEnergy)
    }
    record.stepLatency = itinerary.stepLatency + ledger.stepWait
    record.stepEnergy = itinerary.stepEnergy
    record.roundTime = ledger.time
    record.roundComputeEnergy = ledger.computeEnergy
    record.roundUplinkEnergy = ledger.uplinkEnergy
    record.outcome = ledger.isLate ? .late : .ok
    if let assignment {
      record.power = assignment.power
      record.rate = itinerary.rate
      if world.clockScales.count > 1 {
        record.clock = world.fleet[itinerary.device].clock * assignment.clockScale
      }
      if world.workload.traits.hasStepOnAir {
        record.bits = assignment.bits
        record.payload = assignment.payload
      }
      if let gain = problem?.gains.gain(device: itinerary.device, block: assignment.block), gain > 0 {
        record.gain = Decibels(Decibel.of(gain))
      }
    }
    if let deadline {
      record.stepSlack =
        switch deadline.per {
        case .step: deadline.value - itinerary.stepLatency - ledger.stepWait
        case .round: (deadline.value - itinerary.roundTime - ledger.waitTime) / Double(max(1, itinerary.steps))
        }
    }
    return record
  }

  /// Why a device that was not admitted was not: without a link, out of time, out of power, or left out.
  func outcomeOfIdle(device: Int, _ allocation: Allocation) -> Outcome {
    if allocation.unlinked.contains(where: { $0.device == device }) { return .noLink }
    guard let problem else { return .notSelected }
    if feasibility[device] == .noTime { return .noTime }
    let best = problem.gains.rowMaximum(device: device)
    if best == 0 { return .noLink }
    return feasibility[device].allows(gain: best) ? .notSelected : .noPower
  }

  /// The round whose gains decided about a round: itself, or the first where devices are admitted for good.
  func allocationRound(of round: Int) -> Int { world.workload.traits.upload == .rawData ? 1 : round }

  /// How many devices could meet the deadline on at least one block.
  ///
  /// A row of gains is looked at only where its bound leaves the question open.
  private func feasibleCount() -> Int {
    guard let problem else { return world.workload.traits.upload == .nothing ? world.fleet.count : 0 }
    func find() -> Int {
      feasibility.indices.count { device in
        feasibility[device].allows(gain: problem.gains.upperBound(device: device))
          && feasibility[device].allows(gain: problem.gains.rowMaximum(device: device))
      }
    }
    return round == 1 && deadline != nil ? world.firstRound.feasibleCount.value(find) : find()
  }
}
