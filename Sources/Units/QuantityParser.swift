/// Why a text is no quantity of the wanted unit.
public enum QuantityError: Error, Hashable, Sendable {
  /// The text does not begin with a decimal number.
  case notANumber
  /// The number is NaN or infinite, or becomes so in SI units.
  case notFinite
  /// A bare number where a unit is needed.
  case missingUnit(allowed: [String])
  /// The symbol after the number is not one of the unit's.
  case unknownUnit(String, allowed: [String])

  /// What is wrong, as the end of a sentence.
  public var reason: String {
    switch self {
    case .notANumber: "is not a number"
    case .notFinite: "is not a finite number"
    case .missingUnit(let allowed): "has no unit; use \(allowed.joined(separator: ", "))"
    case .unknownUnit(let unit, let allowed): "has the unit '\(unit)'; use \(allowed.joined(separator: ", "))"
    }
  }
}

extension Quantity {
  /// Reads `"20 MHz"`, `"-174 dBm/Hz"` or, where the unit has a bare spelling, `"1e-29"`.
  ///
  /// - Throws: ``QuantityError``.
  public init(parsing text: String) throws(QuantityError) {
    let trimmed = text.drop { $0 == " " || $0 == "\t" }
    let number = trimmed.prefix(Self.numberLength(of: trimmed))
    let unit = trimmed.dropFirst(number.count).filter { $0 != " " && $0 != "\t" }
    guard let parsed = Double(number) else {
      let lowercased = trimmed.lowercased()
      let special = ["nan", "inf", ".nan", ".inf", "-inf", "+inf", "-.inf", "+.inf", "infinity", "-infinity"]
      throw special.contains { lowercased.hasPrefix($0) } ? .notFinite : .notANumber
    }
    guard let spelling = Unit.spellings.first(where: { $0.symbol == unit }) else {
      let allowed = Unit.spellings.map(\.symbol).filter { !$0.isEmpty }
      throw unit.isEmpty ? .missingUnit(allowed: allowed) : .unknownUnit(unit, allowed: allowed)
    }
    self.init(spelling.scale.siValue(of: parsed))
    guard isFinite else { throw .notFinite }
  }

  /// The length of the decimal number that `text` begins with, 0 if there is none.
  ///
  /// An `e` belongs to the number only if digits follow it, so that a unit may begin with one.
  private static func numberLength(of text: Substring) -> Int {
    let bytes = Array(text.utf8)
    func digits(from start: Int) -> Int {
      var end = start
      while end < bytes.count, (48...57).contains(bytes[end]) { end += 1 }
      return end
    }
    func sign(at index: Int) -> Int {
      index < bytes.count && (bytes[index] == UInt8(ascii: "+") || bytes[index] == UInt8(ascii: "-")) ? 1 : 0
    }
    var end = digits(from: sign(at: 0))
    if end < bytes.count, bytes[end] == UInt8(ascii: ".") { end = digits(from: end + 1) }
    if end < bytes.count, bytes[end] == UInt8(ascii: "e") || bytes[end] == UInt8(ascii: "E") {
      let start = end + 1 + sign(at: end + 1)
      let exponentEnd = digits(from: start)
      if exponentEnd > start { end = exponentEnd }
    }
    return end
  }
}

extension UnitSpelling.Scale {
  /// The SI value of a number on this scale.
  public func siValue(of number: Double) -> Double {
    switch self {
    case .linear(let factor): number * factor
    case .decibel(let reference): reference * Decibel.ratio(number)
    }
  }
}
