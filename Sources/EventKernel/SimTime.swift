/// A point in simulated time, or the length of a span of it: a whole number of nanoseconds since the start.
///
/// Time is an integer so that sums are associative and equal on all machines: an event reached by two different sums of
/// delays stands at one time, not at two that differ in the last bit of a `Double`. One tick is one nanosecond; 64 bits
/// reach 584 years. Arithmetic saturates instead of trapping: a sum past the end is ``distantFuture``, a difference
/// below zero is ``zero``.
public struct SimTime: Comparable, Hashable, Sendable {
  /// The number of whole nanoseconds.
  public let nanoseconds: UInt64

  /// A time of a whole number of nanoseconds.
  @inlinable
  public init(nanoseconds: UInt64) {
    self.nanoseconds = nanoseconds
  }

  /// The nearest tick to a number of seconds, or the nearest end of the scale where there is none.
  ///
  /// Halves are rounded away from zero. Negative numbers become ``zero``, numbers past the end of the scale and
  /// infinity become ``distantFuture``, and so does NaN: what has no time never comes. Use ``init(checking:)`` to
  /// refuse all of these.
  @inlinable
  public init(seconds: Double) {
    if let time = SimTime(checking: seconds) {
      self = time
    } else {
      self = seconds < 0 ? .zero : .distantFuture
    }
  }

  /// The nearest tick to a number of seconds, or nil for NaN, infinities, negative numbers and those of 2^64 ns or more.
  @inlinable
  public init?(checking seconds: Double) {
    let ticks = seconds * SimTime.ticksPerSecond
    // 2^64 exactly: the first `Double` that no longer fits. What is rounded here is what the C library's round() rounds, at a
    // third of the cost.
    guard ticks > -0.5, ticks < 0x1p64 else { return nil }
    let whole = UInt64(ticks)
    self.nanoseconds = ticks - Double(whole) >= 0.5 ? whole + 1 : whole
  }

  /// The start of the simulation.
  @inlinable
  public static var zero: SimTime { SimTime(nanoseconds: 0) }

  /// The least span above zero: one nanosecond.
  @inlinable
  public static var tick: SimTime { SimTime(nanoseconds: 1) }

  /// The last time there is, 2^64 - 1 ns: about 584 years.
  @inlinable
  public static var distantFuture: SimTime { SimTime(nanoseconds: .max) }

  /// The nearest `Double` to this time in seconds.
  @inlinable
  public var seconds: Double { Double(nanoseconds) / SimTime.ticksPerSecond }

  /// The sum of two times, at most ``distantFuture``.
  @inlinable
  public static func + (time: SimTime, span: SimTime) -> SimTime {
    let (sum, overflow) = time.nanoseconds.addingReportingOverflow(span.nanoseconds)
    return SimTime(nanoseconds: overflow ? .max : sum)
  }

  /// The span from one time to an earlier one, at least ``zero``.
  @inlinable
  public static func - (time: SimTime, earlier: SimTime) -> SimTime {
    let (span, overflow) = time.nanoseconds.subtractingReportingOverflow(earlier.nanoseconds)
    return SimTime(nanoseconds: overflow ? 0 : span)
  }

  /// Adds a span, up to ``distantFuture``.
  @inlinable
  public static func += (time: inout SimTime, span: SimTime) {
    time = time + span
  }

  /// Whether one time comes before the other.
  @inlinable
  public static func < (left: SimTime, right: SimTime) -> Bool {
    left.nanoseconds < right.nanoseconds
  }

  @inlinable
  static var ticksPerSecond: Double { 1e9 }
}

extension SimTime: CustomStringConvertible {
  /// The time in seconds, as in `2.5 s`.
  public var description: String { "\(seconds) s" }
}

extension SimTime: Codable {
  /// Reads a number of nanoseconds.
  public init(from decoder: any Decoder) throws {
    self.init(nanoseconds: try decoder.singleValueContainer().decode(UInt64.self))
  }

  /// Writes the number of nanoseconds.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(nanoseconds)
  }
}
