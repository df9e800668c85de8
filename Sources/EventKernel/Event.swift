/// What may happen in a simulation: an enumeration of at most 256 cases.
///
/// The raw values are part of the model: of two events at the same time, the one whose kind has the lower raw value
/// happens first.
///
/// ```swift
/// enum RoundEvent: UInt8, EventKind {
///   case uplinkEnded  // at the deadline itself counts as in time
///   case deadline
/// }
/// ```
public protocol EventKind: RawRepresentable, Sendable where RawValue == UInt8 {}

/// Something that happens at a time: a value of 16 bytes whose one 128-bit key is its place in the order of events.
///
/// From the most significant bit, the key holds
///
/// | bits | field | range |
/// |---|---|---|
/// | 64 | time | ``SimTime``, nanoseconds |
/// | 8 | kind | raw value of `Kind` |
/// | 32 | entity | 0 ... 4,294,967,295 (``maximumEntity``), such as the index of a device |
/// | 24 | tag | 0 ... 16,777,215 (``maximumTag``), such as the number of a step |
///
/// So events happen in the order of time, and those of one time in the order of kind, entity and tag: ties are broken by
/// what the events mean, never by who scheduled first. Two events with the same key are the same event twice.
public struct Event<Kind: EventKind>: Comparable, Sendable {
  /// The place in the order of events: time, kind, entity, tag.
  public let key: UInt128

  /// An event of a kind at a time, about an entity.
  ///
  /// - Precondition: `entity` is in 0 ... ``maximumEntity`` and `tag` in 0 ... ``maximumTag``. Refuse what could be
  ///   larger where it enters the program: these limits are constants that input can be held against.
  @inlinable
  public init(_ kind: Kind, entity: Int, tag: Int = 0, at time: SimTime) {
    precondition(entity >= 0 && entity <= Self.maximumEntity, "an event's entity must lie in 0 ... 2^32 - 1")
    precondition(tag >= 0 && tag <= Self.maximumTag, "an event's tag must lie in 0 ... 2^24 - 1")
    let meaning =
      UInt64(kind.rawValue) << 56 | UInt64(truncatingIfNeeded: entity) << 24 | UInt64(truncatingIfNeeded: tag)
    self.key = UInt128(time.nanoseconds) << 64 | UInt128(meaning)
  }

  @inlinable
  init(key: UInt128) {
    self.key = key
  }

  /// The greatest entity an event can name, 2^32 - 1.
  @inlinable
  public static var maximumEntity: Int { 0xFFFF_FFFF }

  /// The greatest tag an event can carry, 2^24 - 1.
  @inlinable
  public static var maximumTag: Int { 0xFF_FFFF }

  /// When the event happens.
  @inlinable
  public var time: SimTime { SimTime(nanoseconds: UInt64(truncatingIfNeeded: key >> 64)) }

  /// What happens.
  @inlinable
  public var kind: Kind {
    guard let kind = Kind(rawValue: UInt8(truncatingIfNeeded: key >> 56)) else {
      preconditionFailure("the raw value of an event's kind names no case: \(Kind.self).init(rawValue:) is not exact")
    }
    return kind
  }

  /// To whom it happens.
  @inlinable
  public var entity: Int { Int(truncatingIfNeeded: UInt32(truncatingIfNeeded: key >> 24)) }

  /// A number with a meaning of the kind's own, such as a step.
  @inlinable
  public var tag: Int { Int(truncatingIfNeeded: key & 0xFF_FFFF) }

  /// Whether one event happens before the other.
  @inlinable
  public static func < (left: Event, right: Event) -> Bool {
    left.key < right.key
  }
}

extension Event: CustomStringConvertible {
  /// The event in words, as in `uplinkEnded of 7, tag 3, at 2.5 s`.
  public var description: String { "\(kind) of \(entity), tag \(tag), at \(time)" }
}
