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
    var best = DescentOffer(problem, device: device, level: first(of: device).first ?? 0, clock: fastest, power: power)
    var bestValue: Double?
    let rate = best.rate(gain: gain)
    for cut in cuts where problem.allows(cut: cut.cut, of: device) {
      guard let first = cut.levels.first else { continue }
      let fastest = DescentOffer(problem, device: device, level: first, clock: fastest, power: power)
      let reception = fastest.reception(gain: gain)
      guard fastest.hasTime(reception) else { continue }
      for clock in problem.clocks(of: problem.devices[device]) {
        let offer = DescentOffer(problem, device: device, level: first, clock: clock, power: power)
        let open =
          !cut.isConvex
          ? cut.levels[...] : cut.levels.peak { offer.with($0, problem).value(rate: rate, reception) }
        for level in open {
          let offer = offer.with(level, problem)
          guard let value = offer.value(rate: rate, reception) else { continue }
          if bestValue.map({ value > $0 || (value == $0 && level < best.level) }) ?? true {
            (best, bestValue) = (offer, value)
          }
        }
      }
    }
    return best
  }
}

/// The levels that are left open at one cut.
struct LevelsOfCut: Sendable {
  /// Index of the cut.
  let cut: Int
  /// Indices of its levels, bits ascending.
  let levels: [Int]
  /// Whether no value rises again once it fell with more bits; see ``Problem/hasConvexPayload(_:)``.
  let isConvex: Bool
}

extension Problem {
  /// The levels that a restriction leaves open, by cut, without cuts of which it leaves none.
  func openLevels(_ restriction: Restriction = Restriction()) -> [LevelsOfCut] {
    cuts.indices.compactMap { cut in
      guard restriction.allows(cut: cut, of: cuts) else { return nil }
      var open: [Int] = []
      open.reserveCapacity(levels.count / cuts.count)
      for (index, level) in levels.enumerated() where level.cut == cut && restriction.allows(bits: level.bits) {
        open.append(index)
      }
      return open.isEmpty ? nil : LevelsOfCut(cut: cut, levels: open, isConvex: hasConvexPayload(open))
    }
  }

  /// Whether the payload of these levels of one cut neither falls nor rises by less with more bits, one bit per level.
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
