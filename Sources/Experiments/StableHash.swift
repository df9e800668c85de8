import Units

/// A hash of 128 bits for keys: FNV-1a and a second lane beside it.
struct StableHash: Sendable, Hashable {
  private var first = FNV1a()
  private var second: UInt64 = 0x6C62_272E_07BB_0142

  init() {}

  init(_ text: String) { absorb(Array(text.utf8)[...]) }

  mutating func absorb(_ bytes: ArraySlice<UInt8>) {
    first.absorb(bytes)
    for byte in bytes {
      second = (second ^ UInt64(byte)) &* 0x9E37_79B9_7F4A_7C15
      second ^= second >> 29
    }
  }

  /// 32 hexadecimal digits.
  var text: String { first.hexadecimal + FNV1a.hexadecimal(second) }
}
