import EventKernel

/// A 64-bit hash of bytes that come in pieces of whatever size: ``Fingerprint`` over words of 16 bytes, the first byte on top,
/// what is left at the end as a shorter word.
///
/// One bit that differs always changes it, and so do any two words of 8 bytes but with a probability of about 2^-64. It goes
/// through more than a gigabyte per second. Against accidents, not against attackers; the number of bytes is held apart.
struct ByteHash: Sendable {
  private var fingerprint = Fingerprint()
  private var rest: UInt128 = 0
  private var restCount = 0

  /// The hash of nothing.
  init() {}

  /// The hash of `bytes`.
  init(_ bytes: [UInt8]) { bytes.withUnsafeBytes { absorb($0) } }

  /// Adds bytes.
  mutating func absorb(_ bytes: UnsafeRawBufferPointer) {
    var place = 0
    while place < bytes.count, restCount > 0 {
      add(bytes[place])
      place += 1
    }
    while bytes.count - place >= 16 {
      fingerprint.absorb(UInt128(bigEndian: bytes.loadUnaligned(fromByteOffset: place, as: UInt128.self)))
      place += 16
    }
    while place < bytes.count {
      add(bytes[place])
      place += 1
    }
  }

  private mutating func add(_ byte: UInt8) {
    rest = rest << 8 | UInt128(byte)
    restCount += 1
    guard restCount == 16 else { return }
    fingerprint.absorb(rest)
    (rest, restCount) = (0, 0)
  }

  /// 16 hexadecimal digits.
  var text: String {
    var whole = fingerprint
    if restCount > 0 { whole.absorb(rest) }
    return "\(whole)"
  }
}

/// How much of a file counts, and what that is.
public struct FileMark: Sendable, Hashable, Codable {
  /// The file's name in its run's folder.
  public var file: String
  /// The bytes that count, from the first.
  public var bytes: Int
  /// Their hash, 16 hexadecimal digits.
  public var hash: String
}
