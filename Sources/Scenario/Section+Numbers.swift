import Units

extension Section {
  /// A number of `kind` under `key`; `text` is the default as people write it, where that is not its SI value. A key that
  /// goes with `condition` only is refused and not noted elsewhere.
  func number(
    _ key: String, _ summary: String, _ kind: NumberKind, _ value: inout Double, as text: String? = nil,
    only condition: Condition? = nil
  ) {
    guard isOpen(key, summary, default: kind.shown(value), allowed: kind.rangeText, condition) else { return }
    if let given = declare(key, summary, default: text ?? kind.shown(value), allowed: kind.rangeText),
      let number = number(key, given, kind)
    {
      value = number
    }
    note(key, kind.print(value))
  }

  /// A quantity under `key`, within `range` in SI units.
  func quantity<Unit: UnitOfMeasure>(
    _ key: String, _ summary: String, in range: ClosedRange<Double>, _ value: inout Quantity<Unit>,
    as text: String? = nil
  ) {
    var number = value.value
    self.number(key, summary, .quantity(Unit.self, in: range), &number, as: text)
    value = Quantity(number)
  }

  /// A whole number under `key`.
  func integer(
    _ key: String, _ summary: String, in range: ClosedRange<Int>, _ value: inout Int, only condition: Condition? = nil
  ) {
    guard isOpen(key, summary, default: "\(value)", allowed: NumberKind.whole(in: range).rangeText, condition) else {
      return
    }
    if let given = declare(key, summary, default: "\(value)", allowed: NumberKind.whole(in: range).rangeText),
      let number = number(key, given, .whole(in: range))
    {
      value = Int(number)
    }
    note(key, .scalar(.integer(value)))
  }

  /// A number of `kind` under `key` that may be `null`.
  func optionalNumber(_ key: String, _ summary: String, _ kind: NumberKind, _ value: inout Double?) {
    if let given = declare(key, summary, default: value.map(kind.shown) ?? "null", allowed: kind.rangeText) {
      value = given.isNull ? nil : number(key, given, kind)
    }
    note(key, value.map(kind.print) ?? .scalar(.null))
  }

  /// A quantity under `key` that may be `null`.
  func optionalQuantity<Unit: UnitOfMeasure>(
    _ key: String, _ summary: String, in range: ClosedRange<Double>, _ value: inout Quantity<Unit>?
  ) {
    var number = value?.value
    optionalNumber(key, summary, .quantity(Unit.self, in: range), &number)
    value = number.map { Quantity($0) }
  }

  /// A whole number under `key` that may be `null`.
  func optionalInteger(_ key: String, _ summary: String, in range: ClosedRange<Int>, _ value: inout Int?) {
    if let given = declare(
      key, summary, default: value.map(String.init) ?? "null", allowed: NumberKind.whole(in: range).rangeText)
    {
      value = given.isNull ? nil : number(key, given, .whole(in: range)).map { Int($0) }
    }
    note(key, value.map { .scalar(.integer($0)) } ?? .scalar(.null))
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
      fail(key, value, "\(value.shown) is out of range; it may be from \(kind.rangeText(beside: text))")
      return nil
    }
    return number
  }
}

extension NumberKind {
  /// Why a text is no such number, as the end of a sentence.
  fileprivate func reason(_ error: QuantityError) -> String {
    switch error {
    case .unknownUnit(let unit, allowed: []): "has the unit \(ShownText.quoted(unit)), but this number has none"
    case .notANumber where isWhole: "is not a whole number; it may be from \(rangeText)"
    case .notANumber, .notFinite: "\(error.reason); it may be from \(rangeText)"
    default: error.reason
    }
  }
}
