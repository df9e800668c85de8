/// The hash FNV-1a of 64 bits: the same on every machine and in every version. Against accidents, not against attackers.
public struct FNV1a: Sendable, Hashable {
  /// The hash of what was absorbed.
  public private(set) var value: UInt64 = 0xCBF2_9CE4_8422_2325

  /// What it multiplies by after each byte.
  public static let prime: UInt64 = 0x100_0000_01B3

  /// The hash of nothing.
  public init() {}

  /// Adds bytes.
  public mutating func absorb(_ bytes: ArraySlice<UInt8>) {
    var hash = value
    for byte in bytes { hash = (hash ^ UInt64(byte)) &* Self.prime }
    value = hash
  }

  /// 16 hexadecimal digits.
  public var hexadecimal: String { Self.hexadecimal(value) }

  /// A word in hexadecimal, with all its digits.
  public static func hexadecimal<Word: FixedWidthInteger & UnsignedInteger>(_ word: Word) -> String {
    let digits = String(word, radix: 16)
    return String(repeating: "0", count: Word.bitWidth / 4 - digits.count) + digits
  }
}
