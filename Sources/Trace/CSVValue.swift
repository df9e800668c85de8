import Units

/// What the fields of a column hold, as other programs need to know it.
public enum FieldType: String, Sendable, Hashable {
  /// Whole numbers that fit 64 bits.
  case integer
  /// Double-precision numbers.
  case number
  /// Words.
  case string
}

/// A value that stands in one field of a trace: how it is written and read back.
public protocol CSVValue: SendableMetatype {
  /// What a field that is not empty holds.
  static var type: FieldType { get }

  /// The SI symbol of the unit, empty for plain numbers and words.
  static var unit: String { get }

  /// Whether a field may be empty.
  static var mayBeEmpty: Bool { get }

  /// Appends one field.
  func write(to row: inout CSVRow)

  /// Reads one field, unquoted; `nil` where the text is no such value.
  init?(csv text: String)

  /// What a field of this type holds, as the end of "is not …".
  static var kind: String { get }
}

extension CSVValue {
  /// A number.
  public static var type: FieldType { .number }
  /// None.
  public static var unit: String { "" }
  /// Never.
  public static var mayBeEmpty: Bool { false }
}

extension Int: CSVValue {
  /// A whole number.
  public static var type: FieldType { .integer }
  /// Decimal digits.
  public func write(to row: inout CSVRow) { row.append(self) }
  /// Reads decimal digits.
  public init?(csv text: String) { self.init(text) }
  /// `a whole number`.
  public static var kind: String { "a whole number" }
}

extension Double: CSVValue {
  /// The shortest round-trip form; empty where not finite.
  public func write(to row: inout CSVRow) { row.append(self) }
  /// Reads a finite number.
  public init?(csv text: String) {
    guard let value = Double(text), value.isFinite else { return nil }
    self = value
  }
  /// `a number`.
  public static var kind: String { "a number" }
}

extension String: CSVValue {
  /// Words.
  public static var type: FieldType { .string }
  /// The text, quoted where needed.
  public func write(to row: inout CSVRow) { row.append(self) }
  /// The text itself.
  public init?(csv text: String) { self = text }
  /// `a text`.
  public static var kind: String { "a text" }
}

extension Quantity: CSVValue {
  /// The SI symbol.
  public static var unit: String { Unit.symbol }
  /// The SI number; the column's suffix names the unit. Bits are whole and written so.
  public func write(to row: inout CSVRow) {
    if Unit.self == Bit.self { row.append(whole: value) } else { row.append(value) }
  }
  /// Reads a finite number in the SI unit.
  public init?(csv text: String) {
    guard let value = Double(csv: text) else { return nil }
    self.init(value)
  }
  /// `a number`.
  public static var kind: String { "a number" }
}

extension Optional: CSVValue where Wrapped: CSVValue {
  /// What the value is.
  public static var type: FieldType { Wrapped.type }
  /// The value's.
  public static var unit: String { Wrapped.unit }
  /// Where there is no value.
  public static var mayBeEmpty: Bool { true }
  /// The value's field, empty for `nil`.
  public func write(to row: inout CSVRow) {
    if let self { self.write(to: &row) } else { row.appendEmpty() }
  }
  /// `nil` for an empty field, else the value.
  public init?(csv text: String) {
    if text.isEmpty {
      self = Self.none
    } else if let value = Wrapped(csv: text) {
      self = Self.some(value)
    } else {
      return nil
    }
  }
  /// What the value is, or empty.
  public static var kind: String { "\(Wrapped.kind) or empty" }
}
