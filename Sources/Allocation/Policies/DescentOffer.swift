import Units
import Wireless

/// What a device would send, and all that its price on any block follows from.
struct DescentOffer {
  /// Index of q_n among the problem's levels.
  private(set) var level: Int
  /// Index of its clock among the problem's.
  private(set) var clock: Int
  /// p_n.
  var power: Watts
  private var quantization: QuantizationLevel
  private var price: StepPrice
  /// Whether the device has the memory for the cut.
  private var fits: Bool

  init(_ problem: borrowing Problem, device: Int, level: Int, clock: Int, power: Watts) {
    (self.level, self.clock, self.power) = (level, clock, power)
    quantization = problem.levels[level]
    fits = problem.allows(cut: quantization.cut, of: device)
    price = StepPrice(problem, device: device, clockScale: problem.clockScales[clock], cut: quantization.cut)
  }

  /// Offers another option of the same device; its price is found anew only at another cut or clock.
  mutating func choose(_ level: Int, clock: Int, _ problem: borrowing Problem, device: Int) {
    let chosen = problem.levels[level]
    if clock != self.clock || chosen.cut != quantization.cut {
      self = DescentOffer(problem, device: device, level: level, clock: clock, power: power)
    } else {
      (self.level, quantization) = (level, chosen)
    }
  }

  /// R_n on a block of this gain, Eq. (12).
  func rate(gain: Double) -> BitsPerSecond { price.rate(power: power, gain: gain) }

  /// What it receives on a block of this gain.
  func reception(gain: Double) -> Reception { price.reception(gain: gain) }

  /// Whether the device can train its part, and computing and receiving leave anything of the deadline.
  func hasTime(_ reception: Reception = .none) -> Bool { fits && price.timeLeft(reception) > .zero }

  /// P1 on a block of this gain.
  func powerControl(gain: Double) -> PowerControl {
    price.powerControl(quantization.payload, gain: gain, reception(gain: gain))
  }

  /// E_n of one step at a rate, Eq. (17), of a device that ``hasTime(_:)``; nil where the deadline (22a) is missed.
  private func energy(_ level: QuantizationLevel, rate: BitsPerSecond, _ reception: Reception) -> Joules? {
    guard price.meetsDeadline(level.payload, rate: rate, reception) else { return nil }
    return price.energy(level.payload, power: power, rate: rate, reception)
  }

  /// The same on a block of this gain.
  func energy(gain: Double) -> Joules? {
    hasTime() ? energy(quantization, rate: rate(gain: gain), reception(gain: gain)) : nil
  }

  /// Its value at that energy, Eq. (21).
  func value(_ energy: Joules) -> Double { price.value(quantization, energy: energy) }

  /// Its value with other bits at the same cut, at a rate; nil where the deadline is missed.
  func value(_ level: QuantizationLevel, rate: BitsPerSecond, _ reception: Reception) -> Double? {
    energy(level, rate: rate, reception).map { price.value(level, energy: $0) }
  }

  /// What P3 takes it for on a block of this gain.
  func cost(gain: Double, by criterion: MatchingCriterion) -> Double {
    guard let energy = energy(gain: gain) else { return Self.costOfNone(by: criterion) }
    return criterion == .value ? -max(0, value(energy)) : energy.value
  }

  /// What P3 takes it for on a block on which it misses the deadline.
  static func costOfNone(by criterion: MatchingCriterion) -> Double {
    criterion == .value ? 0 : CheapestMatching.infeasible
  }
}
