/// A unit of measure: the tag that tells watts from joules.
///
/// The tag holds no value. ``Quantity`` stores a `Double` in the tag's SI unit.
public protocol UnitOfMeasure: Sendable {
  /// The SI symbol that quantities of this unit are printed with, `"W"`.
  static var symbol: String { get }

  /// The symbols that text may use, each with its factor or decibel reference.
  static var spellings: [UnitSpelling] { get }
}

/// A number with a unit, stored in SI.
///
/// Two quantities of one unit add, subtract and compare; a quantity scales by a plain number; the products and
/// quotients that the model needs (`Watts * Seconds == Joules`) stand in `Products.swift`. All else does not compile.
@frozen
public struct Quantity<Unit: UnitOfMeasure>: Hashable, Sendable {
  /// The number, in the SI unit ``UnitOfMeasure/symbol``.
  public var value: Double

  /// A quantity of `value` SI units.
  @inlinable
  public init(_ value: Double) {
    self.value = value
  }

  /// Nothing.
  @inlinable public static var zero: Self { Self(0) }

  /// Without bound: the deadline of a policy that knows none.
  @inlinable public static var infinity: Self { Self(.infinity) }

  /// Whether the number is neither infinite nor NaN.
  @inlinable public var isFinite: Bool { value.isFinite }
}

extension Quantity: Comparable {
  /// Orders quantities of one unit by their number.
  @inlinable
  public static func < (left: Self, right: Self) -> Bool { left.value < right.value }

  /// False where either is NaN: the default, `!(right < left)`, would be true.
  @inlinable
  public static func <= (left: Self, right: Self) -> Bool { left.value <= right.value }

  /// Orders quantities of one unit by their number.
  @inlinable
  public static func > (left: Self, right: Self) -> Bool { left.value > right.value }

  /// False where either is NaN: the default, `!(left < right)`, would be true.
  @inlinable
  public static func >= (left: Self, right: Self) -> Bool { left.value >= right.value }
}

extension Quantity {
  /// The sum.
  @inlinable
  public static func + (left: Self, right: Self) -> Self { Self(left.value + right.value) }

  /// The difference.
  @inlinable
  public static func - (left: Self, right: Self) -> Self { Self(left.value - right.value) }

  /// The quantity scaled by a plain number.
  @inlinable
  public static func * (left: Self, right: Double) -> Self { Self(left.value * right) }

  /// The quantity scaled by a plain number.
  @inlinable
  public static func * (left: Double, right: Self) -> Self { Self(left * right.value) }

  /// The quantity divided by a plain number.
  @inlinable
  public static func / (left: Self, right: Double) -> Self { Self(left.value / right) }

  /// The ratio of two quantities of one unit, a plain number.
  @inlinable
  public static func / (left: Self, right: Self) -> Double { left.value / right.value }

  /// Adds in place.
  @inlinable
  public static func += (left: inout Self, right: Self) { left.value += right.value }
}

extension Quantity: CustomStringConvertible {
  /// The shortest text that reads back as this number, with the SI symbol: `"0.5 W"`.
  public var description: String {
    Unit.symbol.isEmpty ? "\(value)" : "\(value) \(Unit.symbol)"
  }
}

extension Quantity: Codable {
  /// Reads a bare number, in SI units: the key that holds it names the unit.
  public init(from decoder: any Decoder) throws {
    self.init(try Double(from: decoder))
  }

  /// Writes a bare number, in SI units: the key that holds it names the unit.
  public func encode(to encoder: any Encoder) throws {
    try value.encode(to: encoder)
  }
}
