import Units

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
