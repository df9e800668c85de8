import Testing
import Units
import Wireless

@testable import Allocation

@Suite("The value of a pair")
struct EdgeValuationTests {
  @Test("is the hand-computed one")
  func byHand() throws {
    // The device of Cases/tiny_p_max_binding: 5.31334250933889 s − 5.049466595440501 s − 0.11255273950113753 s leave
    // tau = 0.1513231743972511 s; 6 bits are 14450688 bit, so R = 95495538.32 bit/s, and with B = 20 MHz and
    // g = 3e-12 / 7.962143411069971e-14 = 37.678298 /W, p = (2^4.774776916 − 1) / g = 0.7 W, the cap.
    let devices = [
      DeviceConstants(
        dataShare: 0.5, powerMin: Watts(0.1), powerMax: Watts(0.7), computeTime: Seconds(5.049466595440501),
        computeEnergy: Joules(3.253227250880356), serverTime: Seconds(0.11255273950113753))
    ]
    let problem = Problem(
      devices: devices, levels: RandomProblem.linearLevels(4...32), bandwidth: Hertz(20e6),
      noise: Watts(7.962143411069971e-14), deadline: Seconds(5.31334250933889), objective: .ratio,
      gains: GainMatrix(deviceCount: 1, blockCount: 1, values: [3e-12]))
    let best = try #require(EdgeValuation(problem).best(device: 0, gain: 3e-12))
    #expect(problem.levels[best.level].bits == 6)
    #expect(abs(best.power.value - 0.7) < 1e-12)
    #expect(abs(best.energy.value - 3.3591534729584316) < 1e-12)
    #expect(abs(best.value - 0.41786642745815744) < 1e-12)
  }

  @Test("never falls as the gain grows, and the fast value is the value", arguments: ProblemKind.allCases)
  func monotone(_ kind: ProblemKind) {
    for seed in 0..<8 {
      let problem = kind.problem(devices: 4, blocks: 3, seed: seed)
      let edges = EdgeValuation(problem, restriction: kind.restriction)
      let pairs = PairValuation(edges)
      for device in 0..<4 {
        var before = -Double.infinity
        for exponent in stride(from: -16.0, through: -9, by: 0.05) {
          let gain = Decibel.ratio(10 * exponent)
          let value = edges.best(device: device, gain: gain)?.value ?? -.infinity
          #expect(value >= before - 1e-14 * abs(before), "\(kind), seed \(seed), gain \(gain)")
          before = max(before, value)
          let fast = fastValue(pairs, device: device, gain: gain)
          #expect(abs(fast - max(value, 0)) <= 1e-12 * abs(fast), "\(kind), seed \(seed), gain \(gain)")
        }
      }
    }
  }

  @Test("is that of the best of all options, each tried, to the last bit", arguments: ProblemKind.allCases)
  func searching(_ kind: ProblemKind) {
    var random = TestRandom(13)
    for seed in 0..<40 {
      let problem = kind.problem(devices: 6, blocks: 3, seed: seed)
      let edges = EdgeValuation(problem, restriction: kind.restriction)
      let each = edges.levels.map { level in
        let (bits, cut) = (problem.levels[level].bits, problem.cuts[problem.levels[level].cut].name)
        return EdgeValuation(
          problem, restriction: Restriction(bits: bits...bits, power: kind.restriction.power, cut: cut))
      }
      for device in 0..<6 {
        let gains = problem.gains.row(device: device) + [Decibel.ratio(random.uniform(-160, -90))]
        for gain in gains {
          let tried = each.compactMap { $0.best(device: device, gain: gain) }
          let best = tried.reduce(tried.first) { best, choice in
            best.map { choice.value > $0.value ? choice : $0 }
          }
          #expect(edges.best(device: device, gain: gain) == best, "\(kind), seed \(seed), device \(device), \(gain)")
        }
      }
    }
  }

  @Test("walking down from a larger gain's level finds the same as climbing")
  func walking() {
    for seed in 0..<60 {
      let kinds: [ProblemKind] = [.ratio, .difference, .cuts, .cutsAndClocks, .cutsAndMemory, .clockLevels]
      let kind = kinds[seed % kinds.count]
      let problem = kind.problem(devices: 3, blocks: 30, seed: seed)
      let pairs = PairValuation(EdgeValuation(problem))
      for device in 0..<3 {
        let row = problem.gains.row(device: device).sorted(by: >)
        guard var walker = DeviceModes(pairs, device: device, largest: row[0]) else { continue }
        for gain in row {
          guard var climber = DeviceModes(pairs, device: device, largest: row[0]) else { continue }
          let (walked, climbed) = (walker.value(gain: gain, isNext: true), climber.value(gain: gain, isNext: false))
          #expect(walked == climbed, "seed \(seed), gain \(gain)")
          #expect(walker.value(gain: gain, isNext: false) == climbed, "seed \(seed), gain \(gain)")
        }
      }
    }
  }

  @Test("a gain of 0, no time and an overflowing exponent leave nothing to choose")
  func infeasible() {
    var draw = RandomProblem(devices: 1, blocks: 1, seed: 1)
    #expect(EdgeValuation(draw.problem).best(device: 0, gain: 0) == nil)
    draw.deadline = draw.devices[0].computeTime
    #expect(EdgeValuation(draw.problem).best(device: 0, gain: 1) == nil)
    draw.deadline = draw.devices[0].computeTime + draw.devices[0].serverTime + Seconds(1e-9)
    #expect(EdgeValuation(draw.problem).best(device: 0, gain: 1e-12) == nil)
    #expect(EdgeValuation(draw.problem, restriction: Restriction(bits: 1...3)).best(device: 0, gain: 1) == nil)
  }

  @Test("a pair's best choice is as good as any bits, clock and power on a grid", arguments: ProblemKind.allCases)
  func grid(_ kind: ProblemKind) {
    guard kind != .fixedPower, kind != .cutsFixedPower else { return }
    for seed in 0..<3 {
      let problem = kind.problem(devices: 4, blocks: 2, seed: seed)
      let edges = EdgeValuation(problem, restriction: kind.restriction)
      for device in 0..<4 {
        let gain = problem.gains.gain(device: device, block: seed % 2)
        let best = edges.best(device: device, gain: gain)?.value ?? -.infinity
        let found = bestOnGrid(problem, edges.levels, device: device, gain: gain)
        #expect(best >= found - 1e-9 * abs(found), "\(kind), seed \(seed), device \(device): \(best), grid \(found)")
        // The grid is fine enough to come near wherever it comes in at all.
        if found > 0 {
          #expect(found >= best * 0.8, "\(kind), seed \(seed), device \(device): \(best), grid \(found)")
        }
      }
    }
  }

  /// The best value of all feasible points on a grid of 60 powers for each level and clock, by Eq. (9)–(17) alone.
  private func bestOnGrid(_ problem: Problem, _ levels: [Int], device: Int, gain: Double) -> Double {
    guard gain > 0 else { return -.infinity }
    var best = -Double.infinity
    for level in levels.map({ problem.levels[$0] }) where problem.allows(cut: level.cut, of: device) {
      let terms = problem.constants(of: device, cut: level.cut)
      for scale in problem.clockScales {
        for step in 0...60 {
          let power = terms.powerMin + (Double(step) / 60) * (terms.powerMax - terms.powerMin)
          let priced = Assignment(
            pricing: problem, device: device, block: 0, gain: gain, power: power, level: level, clockScale: scale)
          let time =
            terms.deadlineSteps * priced.latency.value + terms.deadlineUpload.value / priced.rate.value
          if time <= problem.deadline.value, priced.value.isFinite { best = max(best, priced.value) }
        }
      }
    }
    return best
  }

  /// The largest distance between the fast value and the best price of all options, in ulps of the larger of value and
  /// energy, over pairs of `problem` at gains of all sizes.
  private func distance(_ pairs: PairValuation, _ problem: Problem, _ levels: [Int]) -> Double {
    var most = 0.0
    for device in problem.devices.indices {
      let prices = problem.openCuts(of: device).flatMap { cut in
        problem.clocks(of: problem.devices[device]).map {
          (StepPrice(problem, device: device, clockScale: problem.clockScales[$0], cut: cut), cut)
        }
      }
      for exponent in stride(from: -16.0, through: -9, by: 0.02) {
        let gain = Decibel.ratio(10 * exponent)
        var best = (value: 0.0, size: 1e-300)
        for (price, cut) in prices {
          let reception = price.reception(gain: gain)
          for level in levels.map({ problem.levels[$0] }) where level.cut == cut {
            guard let power = price.powerControl(level.payload, gain: gain, reception).bestPower else { continue }
            let energy = price.energy(
              level.payload, power: power, rate: price.rate(power: power, gain: gain), reception)
            let value = price.value(level, energy: energy)
            if value > best.value { best = (value, max(value, energy.value)) }
          }
        }
        let fast = fastValue(pairs, device: device, gain: gain)
        most = max(most, abs(fast - best.value) / best.size.ulp)
      }
    }
    return most
  }

  @Test(
    "the fast form of a step's price is the price within 16 ulps, and that of another problem is not",
    arguments: [
      ProblemKind.ratio, .difference, .noLeastPower, .oneLevel, .perRound, .clockLevels, .cuts, .cutsAndClocks,
    ])
  func fastPath(_ kind: ProblemKind) {
    func fast(_ problem: Problem) -> PairValuation {
      PairValuation(EdgeValuation(problem, restriction: kind.restriction))
    }
    let wrongs: [WritableKeyPath<Problem, Double>] = [
      \.noise.value, \.bandwidth.value, \.deadline.value, \.devices[1].computeEnergy.value, \.devices[1].dataShare,
    ]
    var farthest = wrongs.map { _ in 0.0 }
    for seed in 0..<12 {
      let problem = kind.problem(devices: 4, blocks: 1, seed: seed)
      let pairs = fast(problem)
      #expect(
        (0..<4).allSatisfy { DeviceModes(pairs, device: $0)?.terms.allSatisfy(\.isUnimodal) ?? true },
        "\(kind), seed \(seed)")
      #expect(distance(pairs, problem, pairs.edges.levels) <= 16, "\(kind), seed \(seed)")
      for (index, wrong) in wrongs.enumerated() where seed < 4 {
        var other = problem
        other[keyPath: wrong] *= 1 + 1e-9
        farthest[index] = max(farthest[index], distance(fast(other), problem, pairs.edges.levels))
      }
    }
    #expect(farthest.allSatisfy { $0 > 1000 }, "\(kind): \(farthest)")
  }

  private func fastValue(_ pairs: PairValuation, device: Int, gain: Double) -> Double {
    guard var modes = DeviceModes(pairs, device: device, largest: gain) else { return 0 }
    return modes.value(gain: gain, isNext: false).value
  }
}
