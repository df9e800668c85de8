import Randomness
import Units
import Wireless

extension Instance {
  /// The problem that the instance states: times and energies by Eq. (9)–(11), payloads by Eq. (13) or as given.
  public var problem: Problem {
    let serverTime = server.time
    return Problem(
      devices: devices.map { device in
        DeviceConstants(
          dataShare: device.dataShare, powerMin: device.powerMin, powerMax: device.powerMax,
          computeTime: device.computeTime, computeEnergy: device.computeEnergy, serverTime: serverTime,
          circuitPower: device.circuitPower, amplifierEfficiency: device.amplifierEfficiency,
          deadlineSteps: device.deadlineSteps, deadlineUpload: device.deadlineUpload,
          receivePower: device.receivePower, deadlineDownload: device.deadlineDownload,
          deadlineBroadcast: device.deadlineBroadcast,
          leastClockScale: device.leastClockScale)
      },
      levels: (bitsMin...bitsMax).map { bits in
        QuantizationLevel(bits: bits, payload: payloads?[bits - bitsMin] ?? approximatePayload(bits: bits))
      },
      clockScales: clockScales, bandwidth: blockBandwidth, noise: noise, deadline: deadline, objective: objective,
      gains: gains, downlink: downlink)
  }

  /// What the policies may know beside the problem: the blocks that the file gives; what it does not give is drawn.
  public func context(round: Int = 1, seed: Seed = Seed(0)) -> RoundContext {
    RoundContext(round: round, seed: seed, initialBlocks: initialBlocks, deviceOnBlock: deviceOnBlock)
  }

  /// The settings that the file gives for the policy called `name`.
  public func settings(for name: String) -> [String: PolicySettings.Value] {
    switch name {
    case "ep", "bcd-ep": equalPower.map { ["power": .power($0)] } ?? [:]
    case "nq", "bcd-nq": unquantizedBits.map { ["bits": .integer($0)] } ?? [:]
    default: [:]
    }
  }

  /// An instance of a round's `problem`, whose devices are `fleet`.
  ///
  /// A shared server is written as the slower one that a device sees. The blocks that `context` does not give are
  /// drawn as the policies would draw them, so that a solver in any language begins where ours does.
  ///
  /// - Parameters:
  ///   - fleet: the devices of `problem`, in its order.
  ///   - deviceWork: W_n of a step.
  ///   - serverWork: W_s of a step.
  ///   - payloadAt32: the payload at 32 bits.
  /// - Throws: ``PolicyError`` where the blocks that `context` gives are not those of the problem.
  public init(
    name: String, problem: Problem, fleet: [Wireless.Device], deviceWork: Flops, server: Wireless.Server,
    serverWork: Flops, payloadAt32: Bits, context: RoundContext, equalPower: Watts? = nil, unquantizedBits: Int? = nil
  ) throws {
    precondition(fleet.count == problem.devices.count, "a device for every device of the problem")
    let blocks = problem.blockCount
    let sharers = server.sharing == .equal ? Double(max(blocks, 1)) : 1
    self.name = name
    self.devices = zip(fleet, problem.devices).map { device, terms in
      Device(
        clock: device.clock, cores: device.cores, flopsPerCycle: device.flopsPerCycle, kappa: device.kappa,
        work: deviceWork, powerMin: device.powerMin, powerMax: device.powerMax, dataShare: terms.dataShare,
        circuitPower: device.circuitPower, amplifierEfficiency: device.amplifierEfficiency,
        deadlineSteps: terms.deadlineSteps, deadlineUpload: terms.deadlineUpload,
        receivePower: terms.receivePower, deadlineDownload: terms.deadlineDownload,
        deadlineBroadcast: terms.deadlineBroadcast,
        leastClockScale: problem.clockScales.count > 1 ? terms.leastClockScale : 0)
    }
    self.server = Server(
      clock: server.clock, cores: server.cores, flopsPerCycle: server.flopsPerCycle / sharers, work: serverWork)
    self.blockBandwidth = problem.bandwidth
    self.noise = problem.noise
    self.gains = GainMatrix(
      deviceCount: fleet.count, blockCount: blocks, values: fleet.indices.flatMap { problem.gains.row(device: $0) })
    self.deadline = problem.deadline
    self.bitsMin = problem.levels[0].bits
    self.bitsMax = problem.levels[problem.levels.count - 1].bits
    self.payloadAt32 = payloadAt32
    self.clockScales = problem.clockScales
    self.downlink = problem.downlink
    self.objective = problem.objective
    self.equalPower = equalPower
    self.unquantizedBits = unquantizedBits
    self.deviceOnBlock = try context.deviceOnBlock(for: problem).map { $0 ?? -1 }
    self.initialBlocks = try context.initialBlocks(for: problem)
    let given = problem.levels.map(\.payload)
    self.payloads = given == problem.levels.map { approximatePayload(bits: $0.bits) } ? nil : given
  }

  private func approximatePayload(bits: Int) -> Bits {
    payloadAt32 * Double(bits) / 32
  }
}

extension Instance.Device {
  /// T_n^dev, Eq. (9).
  var computeTime: Seconds {
    StepCost.computeTime(work: work, speed: FlopsPerSecond(clock.value * cores * flopsPerCycle))
  }

  /// E_n^dev, Eq. (10).
  var computeEnergy: Joules {
    StepCost.computeEnergy(kappa: kappa, clock: clock, time: computeTime)
  }
}

extension Instance.Server {
  /// T^srv, Eq. (11).
  var time: Seconds {
    StepCost.serverTime(work: work, speed: FlopsPerSecond(clock.value * cores * flopsPerCycle))
  }
}
