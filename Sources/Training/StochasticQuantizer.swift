import Units

/// The stochastic quantizer of Eq. (7): an element's magnitude is rounded to one of the two levels around it, at random
/// and without bias; its sign is kept.
///
/// The levels of a tensor are u_j = lo + j (hi − lo) / (2^q − 1), j = 0…2^q − 1, with lo and hi the least and largest
/// magnitude in it. 32 bits stand for raw float32 and change nothing. This is the version to read;
/// ``PackedActivations`` makes the same numbers in bulk.
public struct StochasticQuantizer: Sendable, Hashable {
  /// q, from 1 to 32.
  public let bits: Int

  /// A quantizer of q bits.
  ///
  /// - Throws: ``QuantizerError/bits(_:)`` outside of 1…32.
  public init(bits: Int) throws(QuantizerError) {
    guard (1...32).contains(bits) else { throw .bits(bits) }
    self.bits = bits
  }

  /// Rounds a tensor, Eq. (7): |x| in [u_i, u_{i+1}) becomes u_i with probability (u_{i+1} − |x|) / (u_{i+1} − u_i).
  ///
  /// - Parameters:
  ///   - tensor: The elements, in any order; none is fine.
  ///   - uniform: Draws from [0, 1), one an element; none at 32 bits.
  /// - Throws: ``QuantizerError/notFinite(index:)`` at the first NaN or infinity.
  public func encode(_ tensor: [Float], uniform: () -> Double) throws(QuantizerError) -> QuantizedTensor {
    if let index = tensor.firstIndex(where: { !$0.isFinite }) { throw .notFinite(index: index) }
    guard bits < 32 else { return QuantizedTensor(bits: bits, content: .raw(tensor)) }
    var low = tensor.first?.magnitude ?? 0
    var high = low
    for element in tensor {
      low = min(low, element.magnitude)
      high = max(high, element.magnitude)
    }
    let last = Self.lastLevel(bits: bits)
    let span = Double(high) - Double(low)
    let scale = span > 0 ? last / span : 0
    let elements = tensor.map { element in
      let place = min((Double(element.magnitude) - Double(low)) * scale, last)
      let below = place.rounded(.down)
      let level = uniform() < place - below ? below + 1 : below
      return QuantizedTensor.Element(isNegative: element.sign == .minus, level: UInt32(level))
    }
    return QuantizedTensor(bits: bits, content: .levels(elements, low: low, high: high))
  }

  /// Lemma 1: E‖Q(A) − A‖² ≤ delta_A² / (2^q − 1)², delta_A² = (hi − lo)² / 4 summed over the elements.
  ///
  /// 0 at 32 bits, which are raw.
  public func errorBound(elements: Int, low: Double, high: Double) -> Double {
    guard bits < 32 else { return 0 }
    let step = (high - low) / Self.lastLevel(bits: bits)
    return Double(elements) * step * step / 4
  }

  /// 2^q − 1.
  static func lastLevel(bits: Int) -> Double { Double((1 << bits) - 1) }
}

/// A tensor as it goes over the air.
public struct QuantizedTensor: Sendable, Hashable {
  /// q.
  public let bits: Int
  /// What goes up.
  let content: Content

  enum Content: Sendable, Hashable {
    case raw([Float])
    case levels([Element], low: Float, high: Float)
  }

  struct Element: Sendable, Hashable {
    var isNegative: Bool
    var level: UInt32
  }

  /// Elements d.
  public var count: Int {
    switch content {
    case .raw(let elements): elements.count
    case .levels(let elements, _, _): elements.count
    }
  }

  /// Eq. (8): q bits and a sign an element, and two 32-bit range values; 32 bits an element where raw.
  public var size: Bits {
    switch content {
    case .raw(let elements): Bits(32 * Double(elements.count))
    case .levels(let elements, _, _): Bits(Double(elements.count) * Double(bits + 1) + 2 * 32)
    }
  }

  /// The tensor that the server sees: sign and level of each element.
  public func decoded() -> [Float] {
    switch content {
    case .raw(let elements): return elements
    case .levels(let elements, let low, let high):
      let last = StochasticQuantizer.lastLevel(bits: bits)
      let span = Double(high) - Double(low)
      return elements.map { element in
        // Through the share of the span, so that the last level is `high` to the bit.
        let magnitude = Float(Double(low) + Double(element.level) / last * span)
        return element.isNegative ? -magnitude : magnitude
      }
    }
  }
}

/// Why a tensor could not be quantised.
public enum QuantizerError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The number of bits is not within 1…32.
  case bits(Int)
  /// An element is NaN or infinite.
  case notFinite(index: Int)

  /// One sentence for the person who trains.
  public var description: String {
    switch self {
    case .bits(let bits): "\(bits) bits cannot be quantised to; 1 to 32 are allowed"
    case .notFinite(let index): "element \(index) of the tensor is not a finite number"
    }
  }
}
