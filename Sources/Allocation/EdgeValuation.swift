import Units
import Wireless

/// The weight of an edge: the best that a device can do on a block of a given gain, over all options left open.
///
/// For one option (bits and clock) and the gain g = h / N0, the power of least energy that meets Eq. (22a, b) is known in
/// closed form (`PowerControl.bestPower`). The best option is kept, ties going to the fewest bits and then to the slowest clock.
///
/// With a payload S that is convex in the bits q, such as the paper's, the value rises to one maximum over q and falls, and a search
/// finds it; otherwise all bits are valued. Proof: the bits that meet the deadline are the first ones, and log2(1+q) is concave, so
/// an energy that is convex in S is enough for both kinds of Eq. (21). At a fixed power it is linear. At the best one, for Shannon's
/// rate and an amplifier, let P(R) be the power drawn at the rate R, which is convex, and p_s the power of least energy per bit P/R.
/// Where the deadline asks for no more than p_0 = max(p_min, p_s), the energy is linear. Where it asks for R = (m S + S_u)/tau, the
/// energy is P S/R = P (tau - S_u/R)/m, convex since R P' >= P from p_s on. Where the two meet, the slope does not fall: behind,
/// P/R grows too.
///
/// The best value never falls as the gain grows, whatever the restriction. Proof: fix an option and a power. A larger
/// gain gives a larger rate (12), so less uplink time (14), less energy (15) and a latency (16) that still meets the
/// deadline; so it does downwards, where there is a downlink; the compute part does not depend on the gain. Every
/// feasible (option, power) therefore stays feasible and its value, which falls with energy in both kinds of Eq.
/// (21), does not fall. The best over a set that only grows, of values that only grow, grows. (In floating point it
/// may fall by an ulp.)
public struct EdgeValuation: Sendable {
  /// What a device would do on a block.
  public struct Choice: Sendable, Hashable {
    /// Index of the level in ``Problem/levels``.
    public var level: Int
    /// Index of the clock in ``Problem/clockScales``.
    public var clock: Int
    /// p_n.
    public var power: Watts
    /// E_n of one step, Eq. (17).
    public var energy: Joules
    /// rho_n log2(1+q_n)/E_n or its difference kind, Eq. (21). The difference kind may be negative: an edge of value 0
    /// or less is better left unused.
    public var value: Double
  }

  /// The problem whose edges are valued.
  public let problem: Problem
  /// The options left open.
  public let restriction: Restriction
  /// Indices of the levels left open, ascending.
  public let levels: [Int]
  /// The levels left open, by cut.
  private let cuts: [LevelsOfCut]
  /// Whether a link and power are such that the payload alone decides over ``LevelsOfCut/isConvex``.
  private let isSmooth: Bool

  /// The valuation of `problem` under `restriction`.
  public init(_ problem: Problem, restriction: Restriction = Restriction()) {
    self.problem = problem
    self.restriction = restriction
    cuts = problem.openLevels(restriction)
    levels = cuts.flatMap(\.levels)
    isSmooth = if case .shannon = problem.link { true } else { restriction.power != .optimal }
  }

  /// Whether one of a device's options leaves it time to send on a block of its own, as far as that needs no gain.
  func hasTime(device: Int) -> Bool {
    let fastest = problem.clocks(of: problem.devices[device]).upperBound - 1
    return cuts.contains {
      problem.allows(cut: $0.cut, of: device) && price(device, clock: fastest, cut: $0.cut).timeLeft() > .zero
    }
  }

  /// The best option of `device` at the channel power gain `gain` (h, not h / N0), nil where none is feasible.
  public func best(device: Int, gain: Double) -> Choice? {
    guard gain > 0 else { return nil }
    var best: Choice?
    for cut in cuts where problem.allows(cut: cut.cut, of: device) {
      best = self.best(device: device, cut: cut, gain: gain, best)
    }
    return best
  }

  /// The better of `other` and the best option with a cut; among equals the one of the first level.
  private func best(device: Int, cut: LevelsOfCut, gain: Double, _ other: Choice?) -> Choice? {
    let clocks = problem.clocks(of: problem.devices[device])
    let fastest = price(device, clock: clocks.upperBound - 1, cut: cut.cut)
    let reception = fastest.reception(gain: gain)
    guard fastest.timeLeft(reception) > .zero else { return other }
    let fixed = fixedTransmission(fastest, gain: gain)
    let searches = isSmooth && cut.isConvex && (fixed != nil || fastest.device.radio == .amplifier)
    var best = other
    for clock in clocks {
      let price = clocks.count == 1 ? fastest : price(device, clock: clock, cut: cut.cut)
      let open =
        !searches
        ? cut.levels[...]
        : cut.levels.peak { choice(price, level: $0, clock: clock, gain: gain, reception, fixed)?.value }
      for level in open {
        guard let choice = choice(price, level: level, clock: clock, gain: gain, reception, fixed) else { continue }
        if best.map({ choice.value > $0.value || (choice.value == $0.value && level < $0.level) }) ?? true {
          best = choice
        }
      }
    }
    return best
  }

  /// The choice of the open level `levels[index]` at a clock; nil where infeasible.
  func choice(device: Int, level index: Int, clock: Int, gain: Double) -> Choice? {
    let level = levels[index]
    let price = price(device, clock: clock, cut: problem.levels[level].cut)
    return choice(
      price, level: level, clock: clock, gain: gain, price.reception(gain: gain), fixedTransmission(price, gain: gain))
  }

  /// The assignment of `device` to `block` that carries out `choice`.
  public func assignment(device: Int, block: Int, gain: Double, choice: Choice) -> Assignment {
    Assignment(
      pricing: problem, device: device, block: block, gain: gain, power: choice.power,
      level: problem.levels[choice.level], clockScale: problem.clockScales[choice.clock])
  }

  /// One option, nil where infeasible, or where it has no finite energy: a power of 0 W, which p_min = 0 allows where
  /// there is no deadline, carries nothing.
  private func choice(
    _ price: StepPrice, level: Int, clock: Int, gain: Double, _ reception: Reception, _ fixed: Transmission?
  ) -> Choice? {
    let quantization = problem.levels[level]
    let payload = quantization.payload
    let power: Watts
    let rate: BitsPerSecond
    if let fixed {
      guard price.meetsDeadline(payload, rate: fixed.rate, reception) else { return nil }
      (power, rate) = fixed
    } else {
      guard price.timeLeft(reception) > .zero,
        let best = price.powerControl(payload, gain: gain, reception).bestPower
      else { return nil }
      (power, rate) = (best, price.rate(power: best, gain: gain))
    }
    let energy = price.energy(payload, power: power, rate: rate, reception)
    let value = price.value(quantization, energy: energy)
    guard energy.isFinite, value.isFinite else { return nil }
    return Choice(level: level, clock: clock, power: power, energy: energy, value: value)
  }

  private typealias Transmission = (power: Watts, rate: BitsPerSecond)

  /// Power and rate of a pair where the restriction fixes them for all options: one logarithm a pair.
  private func fixedTransmission(_ price: StepPrice, gain: Double) -> Transmission? {
    restriction.fixedPower(of: price.device).map { ($0, price.rate(power: $0, gain: gain)) }
  }

  private func price(_ device: Int, clock: Int, cut: Int) -> StepPrice {
    StepPrice(problem, device: device, clockScale: problem.clockScales[clock], cut: cut)
  }
}
