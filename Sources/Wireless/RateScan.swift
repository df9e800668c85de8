import CElementary

/// A transmission on its way through intervals of constant rate: how much is left, and how much time has passed.
///
/// Where nothing but the sum over a few intervals is asked for, one logarithm serves them all:
/// Σ log2(1 + s_i) = log2 Π (1 + s_i).
struct RateScan {
  /// Data left, in bit/Hz.
  private(set) var left: Double
  /// Seconds since the start.
  private(set) var elapsed = 0.0
  /// The interval that comes next.
  private(set) var index: Int
  /// Whether nothing is left.
  private(set) var isDone = false

  private let interval: Double
  private let first: Double
  private var counted = 0
  private var stride = 1
  private var isFirst = true
  private var untilStride = RateScan.strideLength

  /// A number of intervals that is never exceeded.
  static let lastIndex = 1 << 46

  /// The interval in which an instant lies.
  static func index(of time: Double, interval: Double) -> Int {
    let whole = (time / interval).rounded(.down)
    return whole >= 0 ? Int(min(whole, Double(lastIndex))) : 0
  }

  /// Intervals after which a look stands for twice as many.
  private static let strideLength = 1 << 20
  /// Intervals that share a logarithm, and the ratios that they may have: the product of all stays finite, and a small ratio
  /// keeps its precision.
  private static let together = 16
  private static let ratios = 1e-3...1e15

  /// `left` bit/Hz from the instant `start` on, over intervals of a length.
  init(left: Double, interval: Double, from start: Double) {
    (self.left, self.interval) = (left, interval)
    let whole = interval.isFinite ? (start / interval).rounded(.down) : 1
    index = interval.isFinite ? RateScan.index(of: start, interval: interval) : 1
    first = interval.isFinite ? min(max(0, (whole + 1) * interval - start), interval) : interval
  }

  /// How many intervals to look at next: the rest of the first one alone, then those of one group.
  var nextCount: Int {
    isFirst ? 1 : FadingProcess.groupLength - index % FadingProcess.groupLength
  }

  /// log2(1 + s).
  static func efficiency(ratio: Double) -> Double { elementary_log1p(ratio) / elementary_ln2 }

  /// Takes in as many intervals as ``nextCount`` said, of these gains times a factor as signal-to-noise ratios; `true` where
  /// the data is through.
  mutating func pass(gains: UnsafeBufferPointer<Double>, times factor: Double) -> Bool {
    if isFirst { return end(efficiency: RateScan.efficiency(ratio: gains[0] * factor)) || step(over: 1) }
    let length = interval * Double(stride)
    var item = 0
    while item < gains.count {
      let part = item..<item + min(RateScan.together, gains.count - item)
      item = part.upperBound
      var (product, largest) = (1.0, 0.0)
      for place in part {
        let ratio = gains[place] * factor
        product *= 1 + ratio
        largest = ratio > largest ? ratio : largest
      }
      if RateScan.ratios.contains(largest) {
        let carried = elementary_log2(product) * length
        if carried < left {
          left -= carried
          counted += part.count * stride
          elapsed = first + interval * Double(counted)
          continue
        }
      }
      for place in part where end(efficiency: RateScan.efficiency(ratio: gains[place] * factor)) { return true }
      if RateScan.ratios.contains(largest) {
        // What rounding left over of the product.
        (left, isDone) = (0, true)
        return true
      }
    }
    return step(over: gains.count)
  }

  /// The same of spectral efficiencies in bit/s/Hz.
  mutating func pass(efficiencies: UnsafeMutableBufferPointer<Double>) -> Bool {
    for efficiency in efficiencies where end(efficiency: efficiency) { return true }
    return step(over: efficiencies.count)
  }

  /// Passes one interval; `true` where the data ends in it.
  private mutating func end(efficiency: Double) -> Bool {
    let length = isFirst ? first : interval * Double(stride)
    let carried = efficiency * length
    if carried >= left {
      if left > 0 { elapsed += left / efficiency }
      (left, isDone) = (0, true)
      return true
    }
    left -= carried
    if !isFirst { counted += stride }
    elapsed = first + interval * Double(counted)
    return false
  }

  /// Goes on to the next group to look at; always `false`.
  private mutating func step(over count: Int) -> Bool {
    let groupLength = FadingProcess.groupLength
    let wasFirst = isFirst
    isFirst = false
    let skipped = !wasFirst && stride > 1 ? (stride - 1) * groupLength : 0
    index = min(index + count + skipped, RateScan.lastIndex)
    untilStride -= count
    // Only between groups, so that a look always stands for whole ones.
    if untilStride <= 0, index.isMultiple(of: groupLength), stride < 1 << 40 {
      (stride, untilStride) = (stride * 2, RateScan.strideLength)
    }
    return false
  }
}
