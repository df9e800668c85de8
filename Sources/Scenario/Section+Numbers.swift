import Units

extension Section {
  /// A number of `kind` under `key`; `text` is the default as people write it, where that is not its SI value.
  func number(
    _ key: String, _ summary: String, _ kind: NumberKind, default value: Double, as text: String? = nil
  ) -> Double {
    let given = declare(key, summary, default: text ?? kind.shown(value))
    let result = given.flatMap { number(key, $0, kind) } ?? value
    note(key, kind.print(result))
    return result
  }

  /// A quantity under `key`, within `range` in SI units.
  func quantity<Unit: UnitOfMeasure>(
    _ key: String, _ summary: String, in range: ClosedRange<Double>, default value: Quantity<Unit>,
    as text: String? = nil
  ) -> Quantity<Unit> {
    Quantity(number(key, summary, .quantity(Unit.self, in: range), default: value.value, as: text))
  }

  /// A number of `kind` under `key` that may be absent, or `null`.
  func optionalNumber(_ key: String, _ summary: String, _ kind: NumberKind) -> Double? {
    guard let given = declare(key, summary, default: "null"), !given.isNull, let value = number(key, given, kind) else {
      note(key, .scalar(.null))
      return nil
    }
    note(key, kind.print(value))
    return value
  }

  /// A quantity under `key` that may be absent, or `null`.
  func optionalQuantity<Unit: UnitOfMeasure>(
    _ key: String, _ summary: String, in range: ClosedRange<Double>, of _: Unit.Type
  ) -> Quantity<Unit>? {
    optionalNumber(key, summary, .quantity(Unit.self, in: range)).map { Quantity($0) }
  }

  /// A whole number under `key` that may be absent, or `null`.
  func optionalInteger(_ key: String, _ summary: String, in range: ClosedRange<Int>) -> Int? {
    optionalNumber(key, summary, .whole(in: range)).map { Int($0) }
  }

  /// A whole number under `key`.
  func integer(_ key: String, _ summary: String, in range: ClosedRange<Int>, default value: Int) -> Int {
    Int(number(key, summary, .whole(in: range), default: Double(value)))
  }

  /// The number that `value` gives; `nil`, with an error, where it gives none.
  func number(_ key: String, _ value: YAMLValue, _ kind: NumberKind) -> Double? {
    guard let text = value.text, !value.isNull else {
      fail(key, value, "\(value.shown) is not \(kind.isWhole ? "a whole number" : "a number")")
      return nil
    }
    let number: Double
    do {
      number = try kind.parse(text)
    } catch {
      fail(key, value, "\(value.shown) \(kind.reason(error))")
      return nil
    }
    guard kind.range.contains(number) else {
      fail(key, value, "\(value.shown) is out of range; it may be from \(kind.rangeText)")
      return nil
    }
    return number
  }
}

extension NumberKind {
  /// Why a text is no such number, as the end of a sentence.
  fileprivate func reason(_ error: QuantityError) -> String {
    switch error {
    case .unknownUnit(let unit, allowed: []): "has the unit \(Diagnostic.quoted(unit)), but this number has none"
    case .notANumber where isWhole: "is not a whole number; it may be from \(rangeText)"
    case .notANumber, .notFinite: "\(error.reason); it may be from \(rangeText)"
    default: error.reason
    }
  }
}
