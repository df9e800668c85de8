import Units
import Wireless

/// P2, Eq. (28), (29) by Alg. 2: the bits of largest value at a given power and gain, and the clock where there is a choice.
struct OptionSearch {
  private let problem: Problem
  /// The levels left open, by cut.
  private let cuts: [LevelsOfCut]

  init(_ problem: Problem, _ restriction: Restriction) {
    self.problem = problem
    cuts = problem.openLevels(restriction)
  }

  /// The levels of the first cut that a device has the memory for; those of the first cut where there is none.
  private func first(of device: Int) -> [Int] {
    (cuts.first { problem.allows(cut: $0.cut, of: device) } ?? cuts.first)?.levels ?? []
  }

  /// Where a descent begins: the most bits at the first cut that the device has the memory for.
  func start(of device: Int) -> Int { first(of: device).last ?? 0 }

  /// The offer of largest value, ties going to the first level, then to the slowest clock; the fewest open bits at its
  /// own clock where none meets the deadline.
  func best(for device: Int, power: Watts, gain: Double) -> DescentOffer {
    let fastest = problem.clockScales.count - 1
    let fewest = DescentOffer(
      problem, device: device, level: first(of: device).first ?? 0, clock: fastest, power: power)
    var best = fewest
    var bestValue: Double?
    let rate = fewest.rate(gain: gain)
    for cut in cuts where problem.allows(cut: cut.cut, of: device) {
      guard let first = cut.levels.first else { continue }
      let ownClock =
        first == fewest.level
        ? fewest : DescentOffer(problem, device: device, level: first, clock: fastest, power: power)
      let reception = ownClock.reception(gain: gain)
      guard ownClock.hasTime(reception) else { continue }
      for clock in problem.clocks(of: problem.devices[device]) {
        let offer =
          clock == fastest
          ? ownClock : DescentOffer(problem, device: device, level: first, clock: clock, power: power)
        let open =
          !cut.isConvex
          ? cut.levels[...] : cut.levels.peak { offer.value(problem.levels[$0], rate: rate, reception) }
        for level in open {
          guard let value = offer.value(problem.levels[level], rate: rate, reception) else { continue }
          if bestValue.map({ value > $0 || (value == $0 && level < best.level) }) ?? true {
            (best, bestValue) = (offer.with(level, problem), value)
          }
        }
      }
    }
    return best
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
