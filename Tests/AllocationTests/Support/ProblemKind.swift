import Units
import Wireless

@testable import Allocation

/// The kinds of problem that the optimum must be right for, each a change to the paper's defaults.
enum ProblemKind: String, CaseIterable, Sendable {
  case ratio, difference, noFading, someZeroGains, circuitPower, clockLevels, exactPayload, perRound, perRoundUpload
  case noDeadline, fixedPower, oneLevel, equalDevices, noLeastPower, cappedLink, steps, productGains
  case cuts, cutsAndClocks, cutsAndMemory, cutsPerRound, cutsFixedPower, cutsCircuitPower, cutsDifference
  case reportedRadio, reportedRadioCapped, reportedRadioSteps

  var restriction: Restriction {
    switch self {
    case .fixedPower, .cutsFixedPower: Restriction(power: .fixed(Watts(1)))
    case .oneLevel: Restriction(bits: 32...32)
    default: Restriction()
    }
  }

  /// A problem of this kind, its deadline from too tight to slack.
  func problem(devices: Int, blocks: Int, seed: Int) -> Problem {
    var random = TestRandom(seed &+ 7_000_000)
    var draw = RandomProblem(devices: devices, blocks: blocks, seed: seed, fading: self != .noFading)
    draw.deadline = Seconds(random.uniform(3.4, 9))
    switch self {
    case .ratio, .noFading, .fixedPower, .oneLevel, .cappedLink, .steps: break
    case .reportedRadio, .reportedRadioCapped, .reportedRadioSteps:
      for index in draw.devices.indices where index % 3 != 2 {
        draw.devices[index].radio = .tr38840(unit: Watts(random.uniform(0.5e-3, 3e-3)))
        if index % 3 == 1 { draw.devices[index].powerMin = Watts(random.uniform(1e-4, 1e-2)) }
        if random.integer(0...1) == 0 { draw.devices[index].powerMax = Watts(0.2) }
      }
    case .cuts, .cutsAndClocks, .cutsAndMemory, .cutsPerRound, .cutsFixedPower, .cutsCircuitPower, .cutsDifference:
      addCuts(to: &draw, seed: seed, &random)
    case .difference: draw.objective = .difference(weight: Joules(random.uniform(0.1, 200)))
    case .productGains:
      let factors = (0..<blocks).map { _ in random.uniform(0.05, 2) }
      for index in draw.gains.values.indices {
        let (device, block) = index.quotientAndRemainder(dividingBy: blocks)
        draw.gains[device, block] = draw.gains[device, 0] * (block == 0 ? 1 : factors[block])
      }
    case .someZeroGains:
      for index in draw.gains.values.indices where random.integer(0...1) == 0 {
        draw.gains[index / blocks, index % blocks] = 0
      }
    case .circuitPower:
      for index in draw.devices.indices {
        draw.devices[index].circuitPower = Watts(random.uniform(0, 0.5))
        draw.devices[index].amplifierEfficiency = random.uniform(0.2, 1)
      }
    case .clockLevels: draw.clockScales = (1...5).map { Double($0) / 5 }
    case .exactPayload:
      draw.levels = (4...32).map {
        QuantizationLevel(bits: $0, payload: Bits(RandomProblem.elements * Double($0 == 32 ? 32 : $0 + 1)))
      }
    case .perRound, .perRoundUpload:
      for index in draw.devices.indices {
        draw.devices[index].deadlineSteps = Double(random.integer(60...80))
        if self == .perRoundUpload { draw.devices[index].deadlineUpload = Bits(75_497_472) }
      }
      draw.deadline = Seconds(draw.deadline.value * 70)
    case .noDeadline: draw.deadline = .infinity
    case .equalDevices:
      for index in draw.devices.indices { draw.devices[index] = draw.devices[0] }
    case .noLeastPower:
      for index in draw.devices.indices { draw.devices[index].powerMin = .zero }
    }
    var problem = draw.problem
    if [.cappedLink, .reportedRadioCapped].contains(self) { problem.link = .shannon(gap: PowerRatio(2), cap: 4) }
    if [.steps, .reportedRadioSteps].contains(self) { problem.link = .modulationCoding(ModulationCoding()) }
    return problem
  }

  private func addCuts(to draw: inout RandomProblem, seed: Int, _ random: inout TestRandom) {
    draw.chooseCuts(2 + seed % 5, seed: seed)
    switch self {
    case .cutsAndClocks: draw.clockScales = (1...7).map { Double($0) / 7 }
    case .cutsAndMemory:
      for index in draw.devices.indices { draw.devices[index].memory = Bits(random.uniform(-2e6, 1e7)) }
    case .cutsPerRound:
      for index in draw.devices.indices { draw.devices[index].deadlineSteps = Double(random.integer(60...80)) }
      for index in draw.devices.indices where seed % 2 == 0 { draw.devices[index].deadlineUpload = Bits(75_497_472) }
      for index in draw.cuts.indices.dropFirst() where seed % 2 == 0 {
        draw.cuts[index].addedUpload = Bits(1e6 * Double(index))
      }
      draw.deadline = Seconds(draw.deadline.value * 70)
    case .cutsCircuitPower:
      for index in draw.devices.indices { draw.devices[index].circuitPower = Watts(random.uniform(0, 0.5)) }
    case .cutsDifference: draw.objective = .difference(weight: Joules(random.uniform(0.1, 200)))
    default: break
    }
  }
}
