import Units

/// How large a quantised activation is on the air: the one function that policies, events and trainer share.
public enum PayloadRule: String, Sendable, Hashable, CaseIterable {
  /// S(q) = d q, Eq. (13).
  case approximate
  /// d (q + 1) + 64, Eq. (8): q bits and a sign an element and two 32-bit range values; 32 bits go as raw float32, 32 d.
  case exact

  /// S(q) of `elements` activations at `bits` bits.
  public func payload(elements: Int, bits: Int) -> Bits {
    let d = Double(elements)
    switch self {
    case .approximate: return Bits(d * Double(bits))
    case .exact: return bits == 32 ? Bits(32 * d) : Bits(d * Double(bits + 1) + 64)
    }
  }
}
