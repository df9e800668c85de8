import CPhilox

/// The root of a run's randomness: every stream is found from it by name, never by order.
///
/// A stream's key is (seed, repetition, purpose, indices). Two policies of one seed therefore see the same devices
/// and channels, and what one thread draws does not depend on another.
public struct Seed: Sendable, Hashable {
  /// The scenario's seed.
  public var value: UInt64
  /// The repetition, 0 for a single run, below ``repetitionLimit``.
  public var repetition: UInt32

  /// The seed of one run.
  public init(_ value: UInt64, repetition: UInt32 = 0) {
    self.value = value
    self.repetition = repetition
  }

  /// Repetitions that one seed has: 2²⁴, since purpose and repetition share a 32-bit word of the counter.
  public static let repetitionLimit: UInt32 = 1 << 24

  /// The stream of `purpose` with up to two indices: round and device, say, or device and attribute.
  ///
  /// Philox encrypts a 128-bit counter with the 64-bit seed. The counter holds, 32 bits each: the block within the
  /// stream, the first index, the second index, and purpose (8 bits) with repetition (24 bits). Streams of one seed with
  /// different names thus never share a counter: they are disjoint by construction, nothing is hashed.
  ///
  /// - Precondition: indices are in 0..<2³², the repetition is below ``repetitionLimit``.
  public func stream(_ purpose: Purpose, _ first: Int = 0, _ second: Int = 0) -> RandomStream {
    let name = name(purpose, first, second)
    return RandomStream(seed: value, name.first, name.second, name.third)
  }

  /// The largest of the first `count` words of a stream, as ``RandomStream/word()`` gives them, several at a time; 0 for
  /// none.
  public func largestWord(of count: Int, in purpose: Purpose, _ first: Int = 0, _ second: Int = 0) -> UInt32 {
    let name = name(purpose, first, second)
    return philox_stream_maximum(value, name.first, name.second, name.third, max(0, count))
  }

  private func name(
    _ purpose: Purpose, _ first: Int, _ second: Int
  ) -> (first: UInt32, second: UInt32, third: UInt32) {
    precondition(repetition < Seed.repetitionLimit, "a seed has 2^24 repetitions")
    return (UInt32(first), UInt32(second), UInt32(purpose.rawValue) << 24 | repetition)
  }
}
