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

  /// Whether a line through `points`, from left to right, touches a rectangle.
  static func crosses(_ points: [(x: Double, y: Double)], x: ClosedRange<Double>, y: ClosedRange<Double>) -> Bool {
    if points.count == 1 { return x.contains(points[0].x) && y.contains(points[0].y) }
    return zip(points, points.dropFirst()).contains { start, end in
      guard start.x <= x.upperBound, end.x >= x.lowerBound else { return false }
      func height(at place: Double) -> Double {
        start.x == end.x ? start.y : start.y + (end.y - start.y) * (place - start.x) / (end.x - start.x)
      }
      let heights =
        start.x == end.x
        ? [start.y, end.y] : [height(at: max(x.lowerBound, start.x)), height(at: min(x.upperBound, end.x))]
      return min(heights[0], heights[1]) <= y.upperBound && max(heights[0], heights[1]) >= y.lowerBound
    }
  }
}
