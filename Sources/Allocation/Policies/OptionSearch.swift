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

  /// The first cut that a device has the memory for; the first cut where there is none.
  private func firstCut(of device: Int) -> Int {
    cuts.firstIndex { problem.allows(cut: $0.cut, of: device) } ?? 0
  }

  /// Where a descent begins: the most bits at the first cut that the device has the memory for.
  func start(of device: Int) -> Int { cuts.isEmpty ? 0 : cuts[firstCut(of: device)].levels.last ?? 0 }

  /// Whether a device could meet the deadline with some option on a block of this gain: with the least payload of a cut, at full
  /// speed and full power. Where not, ``improve(_:of:gain:)`` is the same on all smaller gains.
  func isPossible(for device: Int, power: Watts, gain: Double) -> Bool {
    cuts.contains { cut in
      guard problem.allows(cut: cut.cut, of: device),
        let level = cut.levels.min(by: { problem.levels[$0].payload < problem.levels[$1].payload })
      else { return false }
      let offer = DescentOffer(
        problem, device: device, level: level, clock: problem.clockScales.count - 1, power: power)
      return offer.energy(gain: gain) != nil
    }
  }

  /// Gives a device the option of largest value at its power, ties going to the first level, then to the slowest clock; the fewest
  /// open bits at its own clock where none meets the deadline.
  func improve(_ offer: inout DescentOffer, of device: Int, gain: Double) {
    let fastest = problem.clockScales.count - 1
    let fewest = cuts.isEmpty ? 0 : cuts[firstCut(of: device)].levels.first ?? 0
    offer.choose(fewest, clock: fastest, problem, device: device)
    var best: (level: Int, clock: Int, value: Double)?
    var candidate = offer
    for cut in cuts where problem.allows(cut: cut.cut, of: device) {
      guard let first = cut.levels.first else { continue }
      candidate.choose(first, clock: fastest, problem, device: device)
      let reception = candidate.reception(gain: gain)
      guard candidate.hasTime(reception) else { continue }
      let rate = candidate.rate(gain: gain)
      for clock in problem.clocks(of: problem.devices[device]) {
        candidate.choose(first, clock: clock, problem, device: device)
        let open =
          !cut.isConvex
          ? cut.levels[...] : cut.levels.peak { candidate.value(problem.levels[$0], rate: rate, reception) }
        for level in open {
          guard let value = candidate.value(problem.levels[level], rate: rate, reception) else { continue }
          if best.map({ value > $0.value || (value == $0.value && level < $0.level) }) ?? true {
            best = (level, clock, value)
          }
        }
      }
    }
    if let best { offer.choose(best.level, clock: best.clock, problem, device: device) }
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
