extension EventQueue {
  /// What is wrong with the heap, or nil; looks at every event. For tests.
  func brokenInvariant() -> String? {
    if taken > capacity { return "\(taken) of \(capacity) places are taken" }
    if capacity % 4 != 0 { return "\(capacity) places are not whole lines" }
    if UInt(bitPattern: nodes) % UInt(Self.lineBytes) != 0 { return "the lines are not aligned" }
    if let event = later.first(where: { $0.time <= horizon }) {
      return "\(event) is set aside, but not after the horizon"
    }
    if hasRoot, root.time > horizon { return "the root is after the horizon" }
    for place in 0..<taken {
      if nodes[place].time > horizon { return "the event at \(place) is after the horizon" }
      if place >= 4 {
        let parent = place / 4 - 1
        if nodes[place] < nodes[parent] { return "the event at \(place) is before its parent at \(parent)" }
      } else if hasRoot, nodes[place] < root {
        return "the event at \(place) is before the root"
      }
    }
    for place in taken..<(taken + 3) & ~3 where nodes[place] != Self.vacant {
      return "the unused place \(place) is not vacant"
    }
    return nil
  }
}
