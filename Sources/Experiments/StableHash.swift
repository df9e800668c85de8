/// A hash of 128 bits that is the same on every machine and in every version: two FNV-1a lanes. Against accidents, not
/// against attackers.
struct StableHash: Sendable, Hashable {
  private var first: UInt64 = 0xCBF2_9CE4_8422_2325
  private var second: UInt64 = 0x6C62_272E_07BB_0142

  init() {}

  init(_ text: String) { absorb(Array(text.utf8)[...]) }

  mutating func absorb(_ bytes: ArraySlice<UInt8>) {
    for byte in bytes {
      first = (first ^ UInt64(byte)) &* 0x100_0000_01B3
      second = (second ^ UInt64(byte)) &* 0x9E37_79B9_7F4A_7C15
      second ^= second >> 29
    }
  }

  /// 32 hexadecimal digits.
  var text: String { Self.hexadecimal(first) + Self.hexadecimal(second) }

  /// The first lane, 16 digits: a checksum of a line.
  var short: String { Self.hexadecimal(first) }

  private static func hexadecimal(_ word: UInt64) -> String {
    let digits = String(word, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}
