import Units

/// A hash of 128 bits for keys: FNV-1a and a second lane beside it.
struct StableHash: Sendable, Hashable, Comparable {
  private var first = FNV1a().value
  private var second: UInt64 = 0x6C62_272E_07BB_0142

  init() {}

  init(_ text: String) { absorb(Array(text.utf8)) }

  /// Reads ``text``; `nil` where it is none.
  init?(text: ArraySlice<UInt8>) {
    guard text.count == 32, let first = UInt64(String(decoding: text.prefix(16), as: UTF8.self), radix: 16),
      let second = UInt64(String(decoding: text.suffix(16), as: UTF8.self), radix: 16)
    else { return nil }
    (self.first, self.second) = (first, second)
  }

  mutating func absorb(_ bytes: [UInt8]) {
    var (first, second) = (first, second)
    for byte in bytes {
      first = (first ^ UInt64(byte)) &* FNV1a.prime
      second = (second ^ UInt64(byte)) &* 0x9E37_79B9_7F4A_7C15
      second ^= second >> 29
    }
    (self.first, self.second) = (first, second)
  }

  /// 32 hexadecimal digits.
  var text: String { FNV1a.hexadecimal(first) + FNV1a.hexadecimal(second) }

  static func < (left: StableHash, right: StableHash) -> Bool {
    (left.first, left.second) < (right.first, right.second)
  }
}
