import Units
import Wireless

/// What a device would send, and all that its price on any block follows from.
struct DescentOffer {
  /// Index of q_n among the problem's levels.
  private(set) var level: Int
  /// Index of its clock among the problem's.
  let clock: Int
  /// p_n.
  let power: Watts
  /// What the deadline counts of it.
  private(set) var countedData: Bits
  /// What computing leaves of the deadline.
  private let timeLeft: Seconds
  private let receiver: Receiver?
  private var payload: Bits
  private var information: Double
  private let computeEnergy: Joules
  private let drawnPower: Watts
  private let dataShare: Double
  private let objective: Objective
  private let bandwidth: Hertz
  private let noise: Watts
  private let deadlineSteps: Double

  init(_ problem: Problem, _ terms: DeviceConstants, level: Int, clock: Int, power: Watts) {
    let scale = problem.clockScales[clock]
    self.level = level
    self.clock = clock
    self.power = power
    countedData = problem.countedData(of: terms, level: problem.levels[level])
    timeLeft = problem.timeLeft(of: terms, clock: clock)
    receiver = problem.receiver(terms)
    deadlineSteps = terms.deadlineSteps
    payload = problem.levels[level].payload
    information = problem.levels[level].information
    computeEnergy = terms.computeEnergy * (scale * scale)
    drawnPower = power / terms.amplifierEfficiency + terms.circuitPower
    dataShare = terms.dataShare
    objective = problem.objective
    bandwidth = problem.bandwidth
    noise = problem.noise
  }

  /// The same with other bits.
  func with(_ level: Int, _ problem: Problem, _ terms: DeviceConstants) -> DescentOffer {
    var other = self
    other.level = level
    other.countedData = problem.countedData(of: terms, level: problem.levels[level])
    other.payload = problem.levels[level].payload
    other.information = problem.levels[level].information
    return other
  }

  /// R_n on a block of this gain, Eq. (12).
  func rate(gain: Double) -> BitsPerSecond {
    StepCost.rate(bandwidth: bandwidth, gain: gain, power: power, noise: noise)
  }

  /// What it receives on a block of this gain.
  func reception(gain: Double) -> Reception { receiver?.reception(gain: gain) ?? .none }

  /// What receiving on a block of this gain, too, leaves of the deadline.
  func timeLeft(_ reception: Reception) -> Seconds {
    timeLeft - deadlineSteps * reception.stepTime - reception.onceTime
  }

  /// E_n of one step at a rate, Eq. (17); nil where the deadline (22a) is missed.
  func energy(rate: BitsPerSecond, _ reception: Reception) -> Joules? {
    let left = timeLeft(reception)
    guard left > .zero, rate > .zero, countedData / rate <= left * (1 + Problem.tolerance) else { return nil }
    return computeEnergy + drawnPower * (payload / rate) + reception.stepEnergy
  }

  /// The same on a block of this gain.
  func energy(gain: Double) -> Joules? {
    timeLeft > .zero ? energy(rate: rate(gain: gain), reception(gain: gain)) : nil
  }

  /// Its value at that energy, Eq. (21).
  func value(_ energy: Joules) -> Double {
    objective.value(dataShare: dataShare, information: information, energy: energy)
  }

  /// Its value at a rate; nil where the deadline is missed.
  func value(rate: BitsPerSecond, _ reception: Reception) -> Double? { energy(rate: rate, reception).map(value) }

  /// What P3 takes it for on a block of this gain.
  func cost(gain: Double, by criterion: MatchingCriterion) -> Double {
    let energy = energy(gain: gain)
    if criterion == .value { return energy.map { -max(0, value($0)) } ?? 0 }
    return energy?.value ?? CheapestMatching.infeasible
  }
}
