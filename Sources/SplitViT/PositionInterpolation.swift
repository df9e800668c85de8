/// Positions of a square of patches for a square of another size: bicubic with smoothing, as timm's
/// `resample_abs_pos_embed` (PyTorch's `interpolate(mode="bicubic", antialias=True)`).
///
/// Along either direction a new place is a weighted mean of old ones, w(x) = cubic((x − centre) / max(1, ratio)) with
/// Keys' kernel at a = −1/2, weights scaled to add up to 1.
struct PositionInterpolation {
  private let old: Int
  /// For each new place its first old one, and the weights from there on.
  private let rows: [(first: Int, weights: [Double])]

  /// From `old` × `old` patches to `new` × `new`.
  init(from old: Int, to new: Int) {
    self.old = old
    let ratio = Double(old) / Double(new)
    let stretch = max(1, ratio)
    rows = (0..<new).map { place in
      let centre = ratio * (Double(place) + 0.5)
      let first = max(0, Int(centre - 2 * stretch + 0.5))
      let end = min(old, Int(centre + 2 * stretch + 0.5))
      let weights = (first..<end).map { Self.cubic((Double($0) - centre + 0.5) / stretch) }
      let sum = weights.reduce(0, +)
      return (first, weights.map { $0 / sum })
    }
  }

  /// Fills new × new × width values from old × old × width ones.
  func apply(
    to given: UnsafeBufferPointer<Float>, width: Int, into values: UnsafeMutableBufferPointer<Float>
  ) {
    let new = rows.count
    for row in 0..<new {
      for column in 0..<new {
        for element in 0..<width {
          var sum = 0.0
          for (down, high) in rows[row].weights.enumerated() {
            for (right, wide) in rows[column].weights.enumerated() {
              let place = (rows[row].first + down) * old + rows[column].first + right
              sum += high * wide * Double(given[place * width + element])
            }
          }
          values[(row * new + column) * width + element] = Float(sum)
        }
      }
    }
  }

  private static func cubic(_ x: Double) -> Double {
    let a = -0.5
    let t = x.magnitude
    if t < 1 { return ((a + 2) * t - (a + 3)) * t * t + 1 }
    if t < 2 { return (((t - 5) * t + 8) * t - 4) * a }
    return 0
  }
}
