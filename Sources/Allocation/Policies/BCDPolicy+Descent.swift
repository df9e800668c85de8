import Units
import Wireless

extension BCDPolicy {
  /// Where the descent stands: the option, power and reference block of every device.
  struct Descent {
    private let problem: Problem
    private let restriction: Restriction
    /// Indices of the levels that P2 may choose, ascending.
    private let openLevels: [Int]
    /// Index of q_n among the problem's levels.
    private(set) var levels: [Int]
    /// The block of every participant of the last matching, `nil` without one.
    private(set) var blocks: [Int?]
    private var clocks: [Int]
    private var powers: [Watts]
    /// The gain of the reference block; the block itself matters no further.
    private var gains: [Double]

    init(_ problem: Problem, restriction: Restriction, referenceBlocks: [Int]) {
      let count = problem.devices.count
      self.problem = problem
      self.restriction = restriction
      openLevels = problem.levels.indices.filter { restriction.allows(bits: problem.levels[$0].bits) }
      levels = Array(repeating: openLevels.last ?? 0, count: count)
      clocks = Array(repeating: problem.clockScales.count - 1, count: count)
      powers = problem.devices.map { restriction.fixedPower(of: $0) ?? $0.powerMax }
      blocks = Array(repeating: nil, count: count)
      gains = referenceBlocks.enumerated().map { problem.gains.gain(device: $0.offset, block: $0.element) }
    }

    /// P1, Eq. (23), (24): every device's power of least energy on its reference block; p_max where none will do. A
    /// fixed power stays.
    mutating func choosePowers(by method: PowerMethod) {
      guard case .optimal = restriction.power else { return }
      for (device, terms) in problem.devices.enumerated() {
        let control = PowerControl(
          payload: problem.countedData(of: terms, level: problem.levels[levels[device]]),
          time: problem.timeLeft(of: terms, clock: clocks[device]),
          bandwidth: problem.bandwidth, normalizedGain: gains[device] / problem.noise.value,
          powerMin: terms.powerMin, powerMax: terms.powerMax, circuitPower: terms.circuitPower,
          amplifierEfficiency: terms.amplifierEfficiency)
        switch method {
        case .sca:
          let iterated = control.successiveConvex()
          powers[device] = iterated.isFeasible ? iterated.power : terms.powerMax
        case .closedForm:
          powers[device] = control.bestPower ?? terms.powerMax
        }
      }
    }

    /// P2, Eq. (28), (29) by Alg. 2: every device's option of largest value at its power and reference block, ties
    /// going to the fewest bits; the fewest open bits at its own clock where none meets the deadline.
    mutating func chooseOptions() {
      for (device, terms) in problem.devices.enumerated() {
        let fastest = problem.clockScales.count - 1
        (levels[device], clocks[device]) = (openLevels.first ?? 0, fastest)
        guard problem.timeLeft(of: terms, clock: fastest) > .zero else { continue }
        let rate = rate(gain: gains[device], power: powers[device])
        var best: Double?
        for level in openLevels {
          for clock in problem.clocks(of: terms) {
            guard meetsDeadline(terms, level: level, clock: clock, rate: rate) else { continue }
            let value = problem.objective.value(
              dataShare: terms.dataShare, information: problem.levels[level].information,
              energy: energy(device, level: level, clock: clock, rate: rate))
            if best.map({ value > $0 }) ?? true {
              best = value
              (levels[device], clocks[device]) = (level, clock)
            }
          }
        }
      }
    }

    /// P3, Eq. (30)–(32): matches all devices to all blocks at their powers and options, makes the matched blocks the
    /// references, and returns those that meet the deadline.
    mutating func match(by criterion: MatchingCriterion, in context: RoundContext) throws -> [Assignment] {
      let matched = try criterion.pairs(problem, in: context) { price($0, gain: $1) }
      for device in blocks.indices { blocks[device] = nil }
      return matched.compactMap { device, block in
        let gain = problem.gains.gain(device: device, block: block)
        gains[device] = gain
        guard timelyRate(device, gain: gain) != nil else { return nil }
        let assignment = Assignment(
          pricing: problem, device: device, block: block, gain: gain, power: powers[device],
          level: problem.levels[levels[device]], clockScale: problem.clockScales[clocks[device]])
        if criterion == .value, assignment.value <= 0 { return nil }
        blocks[device] = block
        return assignment
      }
    }

    /// What a device costs and is worth on a block of this gain, nil where it misses the deadline.
    private func price(_ device: Int, gain: Double) -> (energy: Joules, value: Double)? {
      guard let rate = timelyRate(device, gain: gain) else { return nil }
      let energy = energy(device, level: levels[device], clock: clocks[device], rate: rate)
      let value = problem.objective.value(
        dataShare: problem.devices[device].dataShare, information: problem.levels[levels[device]].information,
        energy: energy)
      return (energy, value)
    }

    /// How many devices meet the deadline on their reference blocks, and the sum of their E_n there.
    var candidates: (count: Int, energy: Joules) {
      var count = 0
      var energy = Joules.zero
      for device in gains.indices {
        guard let price = price(device, gain: gains[device]) else { continue }
        count += 1
        energy += price.energy
      }
      return (count, energy)
    }

    /// How many devices differ.
    func changes<Choice: Equatable>(of choices: [Choice], since before: [Choice]) -> Int {
      zip(choices, before).reduce(0) { $0 + ($1.0 == $1.1 ? 0 : 1) }
    }

    private func rate(gain: Double, power: Watts) -> BitsPerSecond {
      StepCost.rate(bandwidth: problem.bandwidth, gain: gain, power: power, noise: problem.noise)
    }

    /// The rate of a device on a block of this gain, at its power; nil where its option then misses the deadline.
    private func timelyRate(_ device: Int, gain: Double) -> BitsPerSecond? {
      let terms = problem.devices[device]
      guard problem.timeLeft(of: terms, clock: clocks[device]) > .zero else { return nil }
      let rate = rate(gain: gain, power: powers[device])
      return meetsDeadline(terms, level: levels[device], clock: clocks[device], rate: rate) ? rate : nil
    }

    private func meetsDeadline(_ terms: DeviceTerms, level: Int, clock: Int, rate: BitsPerSecond) -> Bool {
      let left = problem.timeLeft(of: terms, clock: clock)
      guard rate > .zero, left > .zero else { return false }
      return problem.countedData(of: terms, level: problem.levels[level]) / rate <= left * (1 + Problem.tolerance)
    }

    private func energy(_ device: Int, level: Int, clock: Int, rate: BitsPerSecond) -> Joules {
      let terms = problem.devices[device]
      let scale = problem.clockScales[clock]
      return terms.computeEnergy * (scale * scale)
        + StepCost.uplinkEnergy(
          power: powers[device], time: problem.levels[level].payload / rate, circuitPower: terms.circuitPower,
          amplifierEfficiency: terms.amplifierEfficiency)
    }
  }
}
