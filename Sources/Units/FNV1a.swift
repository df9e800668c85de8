/// The hash FNV-1a of 64 bits: the same on every machine and in every version. Against accidents, not against attackers.
public struct FNV1a: Sendable, Hashable {
  /// The hash of what was absorbed.
  public private(set) var value: UInt64 = 0xCBF2_9CE4_8422_2325

  /// The hash of nothing.
  public init() {}

  /// Adds bytes.
  public mutating func absorb(_ bytes: ArraySlice<UInt8>) {
    for byte in bytes { value = (value ^ UInt64(byte)) &* 0x100_0000_01B3 }
  }

  /// 16 hexadecimal digits.
  public var hexadecimal: String { Self.hexadecimal(value) }

  /// A word in hexadecimal, with all its digits.
  public static func hexadecimal<Word: FixedWidthInteger & UnsignedInteger>(_ word: Word) -> String {
    let digits = String(word, radix: 16)
    return String(repeating: "0", count: Word.bitWidth / 4 - digits.count) + digits
  }
}
