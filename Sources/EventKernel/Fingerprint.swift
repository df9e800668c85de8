/// A 64-bit hash of the events that happened, in their order: two runs with the same fingerprint did the same.
///
/// Each 64-bit half of a key goes through one round of XXH64, `h = rotl(h + word * P2, 31) * P1`, first the time, then
/// the meaning, from the state `P5`. Reading it adds the number of events and applies XXH64's avalanche. A round
/// can be undone, in the state and in the word, so a single word that differs always changes the result; other
/// differences, the order among them, go unseen with a probability of about 2^-64. Integers alone take part: the
/// result is the same on every machine. It guards against accidents, not against an adversary.
///
/// Source: Y. Collet, "XXH64", https://github.com/Cyan4973/xxHash/blob/dev/doc/xxhash_spec.md.
public struct Fingerprint: Equatable, Sendable {
  @usableFromInline var state: UInt64 = 0x27D4_EB2F_1656_67C5

  @usableFromInline var keys: UInt64 = 0

  /// How many keys were absorbed.
  @inlinable
  public var count: UInt64 { keys }

  /// The fingerprint of nothing.
  @inlinable
  public init() {}

  /// A fingerprint that goes on from where another stood.
  init(state: UInt64, count: UInt64) {
    self.state = state
    keys = count
  }

  /// Adds a key.
  @inlinable
  public mutating func absorb(_ key: UInt128) {
    state = Self.round(state, UInt64(truncatingIfNeeded: key >> 64))
    state = Self.round(state, UInt64(truncatingIfNeeded: key))
    keys &+= 1
  }

  /// The hash of the keys so far.
  public var value: UInt64 {
    var hash = state &+ keys
    hash = (hash ^ hash &>> 33) &* Self.prime2
    hash = (hash ^ hash &>> 29) &* Self.prime3
    return hash ^ hash &>> 32
  }

  @inlinable
  static func round(_ state: UInt64, _ word: UInt64) -> UInt64 {
    let sum = state &+ word &* prime2
    return (sum &<< 31 | sum &>> 33) &* prime1
  }

  @inlinable static var prime1: UInt64 { 0x9E37_79B1_85EB_CA87 }
  @inlinable static var prime2: UInt64 { 0xC2B2_AE3D_27D4_EB4F }
  @inlinable static var prime3: UInt64 { 0x1656_67B1_9E37_79F9 }
}

extension Fingerprint: CustomStringConvertible {
  /// The value as 16 hexadecimal digits.
  public var description: String {
    let digits = String(value, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}
