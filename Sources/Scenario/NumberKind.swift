import Units

/// What the numbers of one key may be: how they read, their limits, and how they print.
struct NumberKind: Sendable {
  /// SI value of a text.
  let parse: @Sendable (String) throws(QuantityError) -> Double
  /// The value as a scenario may write it.
  let print: @Sendable (Double) -> ResolvedNode
  /// Allowed SI values.
  let range: ClosedRange<Double>
  /// Whether only whole numbers are allowed.
  let isWhole: Bool

  /// Numbers of a unit.
  static func quantity<Unit: UnitOfMeasure>(_: Unit.Type, in range: ClosedRange<Double>) -> NumberKind {
    NumberKind(
      parse: { text throws(QuantityError) in try Quantity<Unit>(parsing: text).value },
      print: { value in
        Unit.symbol.isEmpty ? .scalar(.number(value)) : .scalar(.text(Quantity<Unit>(value).description))
      },
      range: range, isWhole: false)
  }

  /// Whole numbers without a unit.
  static func whole(in range: ClosedRange<Int>) -> NumberKind {
    NumberKind(
      parse: { text throws(QuantityError) in
        guard let value = Int(text) else {
          throw (try Quantity<One>(parsing: text)).isFinite ? .notANumber : .notFinite
        }
        return Double(value)
      },
      print: { value in Int(exactly: value).map { .scalar(.integer($0)) } ?? .scalar(.number(value)) },
      range: Double(range.lowerBound)...Double(range.upperBound), isWhole: true)
  }

  /// The range in words.
  var rangeText: String {
    "\(shown(range.lowerBound)) to \(shown(range.upperBound))"
  }

  /// The range in words, in decibels where `text`, which is out of it, is a ratio in them.
  func rangeText(beside text: String) -> String {
    guard case .scalar(.number) = print(1), text.contains("dB") else { return rangeText }
    let kind = NumberKind.quantity(DecibelUnit.self, in: Decibel.of(range.lowerBound)...Decibel.of(range.upperBound))
    return kind.rangeText
  }

  /// One value in words.
  func shown(_ value: Double) -> String {
    switch print(value) {
    case .scalar(.text(let text)): text.replacing(".0 ", with: " ")
    case .scalar(.integer(let integer)): "\(integer)"
    default: value == value.rounded() && abs(value) < 1e15 ? "\(Int(value))" : "\(value)"
    }
  }
}
