import Units
import Wireless

/// P2, Eq. (28), (29) by Alg. 2: the bits of largest value at a given power and gain, and the clock where there is a choice.
struct OptionSearch {
  private let problem: Problem
  /// Indices of the levels left open, ascending.
  let levels: [Int]
  /// Whether no value rises again once it fell with more bits; see ``Problem/hasConvexPayload(_:)``.
  private let isUnimodal: Bool

  init(_ problem: Problem, _ restriction: Restriction) {
    self.problem = problem
    levels = problem.levels.indices.filter { restriction.allows(bits: problem.levels[$0].bits) }
    isUnimodal = problem.hasConvexPayload(levels)
  }

  /// The offer of largest value, ties going to the fewest bits, then to the slowest clock; the fewest open bits at its
  /// own clock where none meets the deadline.
  func best(for device: Int, power: Watts, gain: Double) -> DescentOffer {
    let fastest = problem.clockScales.count - 1
    var best = DescentOffer(problem, device: device, level: levels.first ?? 0, clock: fastest, power: power)
    let reception = best.reception(gain: gain)
    guard best.hasTime(reception) else { return best }
    let rate = best.rate(gain: gain)
    var bestValue: Double?
    for clock in problem.clocks(of: problem.devices[device]) {
      let offer = DescentOffer(problem, device: device, level: best.level, clock: clock, power: power)
      let open = !isUnimodal ? levels[...] : levels.peak { offer.with($0, problem).value(rate: rate, reception) }
      for level in open {
        let offer = offer.with(level, problem)
        guard let value = offer.value(rate: rate, reception) else { continue }
        if bestValue.map({ value > $0 || (value == $0 && level < best.level) }) ?? true {
          (best, bestValue) = (offer, value)
        }
      }
    }
    return best
  }
}

extension Problem {
  /// Whether the payload of these levels neither falls nor rises by less with more bits, one bit a level.
  ///
  /// At a fixed power and rate energy is then convex in q and log2(1+q) concave, so both kinds of Eq. (21) rise to one
  /// maximum and fall, and the levels that meet the deadline are the first ones. Eq. (8) is not of this kind at 32 bits.
  func hasConvexPayload(_ indices: [Int]) -> Bool {
    var last = Bits.zero
    for (level, next) in zip(indices, indices.dropFirst()) {
      let step = levels[next].payload - levels[level].payload
      guard levels[next].bits == levels[level].bits + 1, step >= last else { return false }
      last = step
    }
    return true
  }
}

extension [Int] {
  /// Of levels whose value rises to a maximum and falls again, and is nil from some level on, the one with the largest,
  /// the first of equal ones; the first level where all are nil.
  func peak(_ value: (Int) -> Double?) -> ArraySlice<Int> {
    var (low, high) = (0, count)
    while high - low > 1 {
      let middle = (low + high) / 2
      if let here = value(self[middle]), let before = value(self[middle - 1]), here > before {
        low = middle
      } else {
        high = middle
      }
    }
    return self[low..<high]
  }
}
