/// Places of the names beside the ends of lines: as near to the ends as they can be without lying over each other.
enum EndLabels {
  /// Height of a label.
  static let height = 14.0

  /// Where labels stand that would like to stand at `wanted`, in the same order.
  ///
  /// - Parameters:
  ///   - top: The highest place of a label's middle.
  ///   - bottom: The lowest one. Where there is too little room between the two, labels lie closer.
  static func places(_ wanted: [Double], from top: Double, to bottom: Double) -> [Double] {
    guard !wanted.isEmpty else { return [] }
    let gap = min(height, max(bottom - top, 0) / Double(max(wanted.count - 1, 1)))
    let order = wanted.indices.sorted { (wanted[$0], $0) < (wanted[$1], $1) }
    // Labels that touch move together, each group to the mean of what its labels want.
    var groups: [(first: Int, count: Int, middle: Double)] = []
    func start(_ group: (first: Int, count: Int, middle: Double)) -> Double {
      let half = gap * Double(group.count - 1) / 2
      return min(max(group.middle - half, top), max(bottom - 2 * half, top))
    }
    for (place, index) in order.enumerated() {
      groups.append((place, 1, min(max(wanted[index], top), bottom)))
      while groups.count > 1 {
        let (one, other) = (groups[groups.count - 2], groups[groups.count - 1])
        guard start(one) + gap * Double(one.count) > start(other) + 1e-9 else { break }
        let count = one.count + other.count
        let middle = (one.middle * Double(one.count) + other.middle * Double(other.count)) / Double(count)
        groups.removeLast(2)
        groups.append((one.first, count, middle))
      }
    }
    var result = wanted
    for group in groups {
      for step in 0..<group.count { result[order[group.first + step]] = start(group) + gap * Double(step) }
    }
    return result
  }
}
