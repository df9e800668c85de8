@testable import Allocation

/// One device's modes under the fast valuation, filled for a largest gain.
struct DeviceModes {
  let pairs: PairValuation
  private(set) var terms: [PairValuation.Terms]
  private var growth: [Double]

  /// Nil where the device has no time in any mode.
  init?(_ pairs: PairValuation, device: Int, largest gain: Double = 1) {
    self.pairs = pairs
    terms = Array(repeating: PairValuation.Terms(device: device), count: pairs.modeCount)
    growth = Array(repeating: 0, count: pairs.modeCount * pairs.levelCount)
    let count = terms.withUnsafeMutableBufferPointer { terms in
      terms.baseAddress.map { pairs.terms(device: device, into: $0) } ?? 0
    }
    guard count > 0 else { return nil }
    terms.removeLast(terms.count - count)
    growth.withUnsafeMutableBufferPointer { growth in
      terms.withUnsafeMutableBufferPointer { terms in
        if let base = growth.baseAddress { pairs.fill(base, terms, gain: gain) }
      }
    }
  }

  mutating func value(gain: Double, isNext: Bool) -> (value: Double, level: Int32) {
    growth.withUnsafeBufferPointer { growth in
      terms.withUnsafeMutableBufferPointer { terms in
        guard let base = growth.baseAddress else { return (0, 0) }
        return isNext
          ? pairs.nextValue(terms, growth: base, gain: gain)
          : pairs.value(UnsafeBufferPointer(terms), growth: base, gain: gain)
      }
    }
  }
}
