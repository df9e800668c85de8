/// The root of a run's randomness: every stream is found from it by name, never by order.
///
/// A stream's key is (seed, repetition, purpose, indices). Two policies of one seed therefore see the same devices
/// and channels, and what one thread draws does not depend on another.
public struct Seed: Sendable, Hashable {
  /// The scenario's seed.
  public var value: UInt64
  /// The repetition, 0 for a single run.
  public var repetition: UInt32

  /// The seed of one run.
  public init(_ value: UInt64, repetition: UInt32 = 0) {
    self.value = value
    self.repetition = repetition
  }
}
