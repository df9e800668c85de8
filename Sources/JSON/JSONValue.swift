/// A JSON value that keeps the order of its keys, for output whose bytes depend on nothing but its content.
public enum JSONValue: Sendable, Hashable {
  /// `null`.
  case null
  /// `true` or `false`.
  case bool(Bool)
  /// A whole number.
  case integer(Int)
  /// A whole number above `Int.max`, as a file of somebody else may have it.
  case unsigned(UInt64)
  /// A number, written in the shortest form that reads back; `null` where it is NaN or infinite, which JSON cannot say.
  case number(Double)
  /// A text.
  case string(String)
  /// A list.
  case array([JSONValue])
  /// A list of nothing but numbers, packed: eight bytes an element. Not equal to an ``array(_:)`` of the same.
  case numbers([Double])
  /// Keys with values, in order.
  case object([Member])

  /// A key with its value.
  public struct Member: Sendable, Hashable {
    /// The key.
    public var key: String
    /// Its value.
    public var value: JSONValue

    /// A key with its value.
    public init(_ key: String, _ value: JSONValue) {
      self.key = key
      self.value = value
    }
  }

  /// A whole number of any size that a seed may have: as text above 2^53, where many readers of JSON, JavaScript's and R's
  /// among them, round numbers without a word.
  public init(_ number: UInt64) {
    self = number <= 1 << 53 ? .integer(Int(number)) : .string("\(number)")
  }

  /// An object of those members that have a value; a value of `nil` is no member, ``null`` is one.
  public init(omittingNil members: KeyValuePairs<String, JSONValue?>) {
    self = .object(members.compactMap { key, value in value.map { Member(key, $0) } })
  }

  /// The value under `key`; `nil` where there is none or this is no object.
  public subscript(key: String) -> JSONValue? {
    members?.first { $0.key == key }?.value
  }

  /// The keys with their values, where this is an object.
  public var members: [Member]? {
    if case .object(let members) = self { members } else { nil }
  }

  /// The elements, where this is a list.
  public var elements: [JSONValue]? {
    switch self {
    case .array(let elements): elements
    case .numbers(let numbers): numbers.map(JSONValue.number)
    default: nil
    }
  }

  /// The text, where this is one.
  public var text: String? {
    if case .string(let text) = self { text } else { nil }
  }

  /// The whole number, where this is one.
  public var integer: Int? {
    if case .integer(let integer) = self { integer } else { nil }
  }

  /// The whole number that is not negative, if this is one or the text of one: a seed.
  public var whole: UInt64? {
    switch self {
    case .integer(let integer): UInt64(exactly: integer)
    case .unsigned(let integer): integer
    case .string(let text): UInt64(text)
    default: nil
    }
  }

  /// The number, whole or not, where this is one.
  public var double: Double? {
    switch self {
    case .integer(let integer): Double(integer)
    case .unsigned(let integer): Double(integer)
    case .number(let number): number
    default: nil
    }
  }

  /// The truth value, where this is one.
  public var bool: Bool? {
    if case .bool(let bool) = self { bool } else { nil }
  }
}

extension JSONValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral,
  ExpressibleByBooleanLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral, ExpressibleByNilLiteral
{
  /// A text.
  public init(stringLiteral value: String) { self = .string(value) }
  /// A whole number.
  public init(integerLiteral value: Int) { self = .integer(value) }
  /// A number.
  public init(floatLiteral value: Double) { self = .number(value) }
  /// A truth value.
  public init(booleanLiteral value: Bool) { self = .bool(value) }
  /// A list.
  public init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
  /// An object, its keys in the order of the literal.
  public init(dictionaryLiteral elements: (String, JSONValue)...) {
    self = .object(elements.map { Member($0, $1) })
  }
  /// `null`.
  public init(nilLiteral: ()) { self = .null }
}
